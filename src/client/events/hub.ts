import type { Bus, BusMessage, BusSubscription } from "../../bus/bus.ts";
import { readEventMarks } from "../../protocol/headers.ts";
import { decodeJson, isObject } from "../../protocol/json.ts";
import { Sequence } from "../../protocol/sequence.ts";
import { Delivery } from "./delivery.ts";
import { disconnectedGap, gapNotice, missedGap } from "./gap_notice.ts";
import { type EventListener, EventListeners } from "./event_listeners.ts";
import { eventApplication } from "../../protocol/subjects.ts";

/** One listener's share in a subscription. */
export interface Listening {
  /** Resolves when the bus delivers. @throws {BusError} As `flush` of the bus. */
  readonly ready: Promise<void>;
  /** Stops it; doing it twice does nothing. */
  close(): void;
}

interface Shared {
  readonly listeners: EventListeners;
  readonly ready: Promise<void>;
  readonly subscription: BusSubscription;
}

/**
 * Shares subscriptions: however many listen to a subject, the bus delivers an event once, it is parsed
 * once, and what its number tells is found out once.
 */
export class EventHub implements Disposable {
  readonly #bus: Bus;
  readonly #shared = new Map<string, Shared>();
  readonly #stopStatus: () => void;
  #lostAt: Date | undefined;

  constructor(bus: Bus) {
    this.#bus = bus;
    this.#stopStatus = bus.onStatus(({ type }) => {
      if (type === "disconnected") this.#lostAt ??= new Date();
      if (type === "connected") this.#back();
    });
  }

  /**
   * Gives the listener every event of a subject that concerns it, and every gap.
   *
   * @throws {BusError} As `subscribe` of the bus.
   */
  listen(subject: string, listener: EventListener): Listening {
    const shared = this.#shared.get(subject) ?? this.#open(subject);
    shared.listeners.add(listener);
    const close = () => {
      shared.listeners.delete(listener);
      if (shared.listeners.size > 0 || this.#shared.get(subject) !== shared) return;
      this.#shared.delete(subject);
      shared.subscription.close();
    };
    return { ready: shared.ready, close };
  }

  /** Ends everything. */
  [Symbol.dispose](): void {
    this.#stopStatus();
    for (const { subscription } of this.#shared.values()) subscription.close();
    this.#shared.clear();
  }

  #open(subject: string): Shared {
    const listeners = new EventListeners();
    const sequence = new Sequence();
    const subscription = this.#bus.subscribe(
      subject,
      (message) => receive(message, { listeners, sequence }),
    );
    const ready = this.#bus.flush();
    // Who listens only now and then does not look at it.
    ready.catch(() => {});
    const shared = { listeners, subscription, ready };
    this.#shared.set(subject, shared);
    return shared;
  }

  #back(): void {
    const since = this.#lostAt;
    this.#lostAt = undefined;
    if (!since) return;
    for (const [subject, { listeners }] of [...this.#shared]) {
      listeners.tell(disconnectedGap(eventApplication(subject), since));
    }
  }
}

function receive(
  { data, subject, headers }: BusMessage,
  { listeners, sequence }: { readonly listeners: EventListeners; readonly sequence: Sequence },
): void {
  const message = decodeJson(data);
  if (!isObject(message)) return;
  const notice = gapNotice(message);
  const marks = readEventMarks(headers);
  if (marks) {
    const { timestamp } = message;
    const time = typeof timestamp === "string" ? timestamp : "";
    const { epoch, first_seq: first, last_seq: last } = notice ?? {};
    const told = epoch && first && last ? { epoch, first, last } : undefined;
    for (const missing of sequence.see({ subject, marks, time, ...(told && { told }) })) {
      listeners.tell(missedGap(eventApplication(subject), missing));
    }
  }
  if (notice) listeners.tell(notice);
  else listeners.deliver(new Delivery(message));
}
