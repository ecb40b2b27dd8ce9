import type { Bus, BusSubscription } from "../../bus/bus.ts";
import { decodeJson, isObject, type JsonObject } from "../../protocol/json.ts";

/** Takes an event; it must not change it, since others get the same object. */
export type EventListener = (event: JsonObject) => void;

/** One listener's share in a subscription. */
export interface Listening {
  /** Resolves when the bus delivers. @throws {BusError} As `flush` of the bus. */
  readonly ready: Promise<void>;
  /** Stops it; doing it twice does nothing. */
  close(): void;
}

interface Shared {
  readonly listeners: Set<EventListener>;
  readonly ready: Promise<void>;
  readonly subscription: BusSubscription;
}

/**
 * Shares subscriptions: however many listen to a subject, the bus delivers an event once and it is
 * parsed once.
 */
export class EventHub implements Disposable {
  readonly #bus: Bus;
  readonly #shared = new Map<string, Shared>();

  constructor(bus: Bus) {
    this.#bus = bus;
  }

  /**
   * Calls the listener with every event of a subject.
   *
   * @throws {BusError} As `subscribe` of the bus.
   */
  listen(subject: string, listener: EventListener): Listening {
    const shared = this.#shared.get(subject) ?? this.#open(subject);
    // Each listener is one of its own, even when a function listens twice.
    const own: EventListener = (event) => listener(event);
    shared.listeners.add(own);
    const close = () => {
      shared.listeners.delete(own);
      if (shared.listeners.size > 0 || this.#shared.get(subject) !== shared) return;
      this.#shared.delete(subject);
      shared.subscription.close();
    };
    return { ready: shared.ready, close };
  }

  /** Ends everything. */
  [Symbol.dispose](): void {
    for (const { subscription } of this.#shared.values()) subscription.close();
    this.#shared.clear();
  }

  #open(subject: string): Shared {
    const listeners = new Set<EventListener>();
    const subscription = this.#bus.subscribe(subject, ({ data }) => {
      const event = decodeJson(data);
      if (isObject(event)) [...listeners].forEach((listener) => listener(event));
    });
    const ready = this.#bus.flush();
    // Who listens only now and then does not look at it.
    ready.catch(() => {});
    const shared = { listeners, subscription, ready };
    this.#shared.set(subject, shared);
    return shared;
  }
}
