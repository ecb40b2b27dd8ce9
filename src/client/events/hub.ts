import type { Bus, BusMessage, BusSubscription } from "../../bus/bus.ts";
import { callSafely } from "../../common/call_safely.ts";
import type { EntityRef } from "../../protocol/entity.ts";
import { eventEntities } from "../../protocol/event_entities.ts";
import { readEventMarks } from "../../protocol/headers.ts";
import { decodeJson, isObject, type JsonObject } from "../../protocol/json.ts";
import { type Key, keysMatch } from "../../protocol/key.ts";
import { Sequence } from "../../protocol/sequence.ts";
import { eventApplication } from "../../protocol/subjects.ts";
import { type AriProxyGapEvent, disconnectedGap, gapNotice, missedGap } from "./gap_notice.ts";
import { type AriEvent, originOf, toEvent } from "./model.ts";

/** One listener's share in a subscription. */
interface Listening {
  /** Resolves when the bus delivers. @throws {BusError} As `flush` of the bus. */
  readonly ready: Promise<void>;
  /** Stops it; calling it again has no effect. */
  close(): void;
}

interface Shared {
  readonly listeners: EventListeners;
  readonly ready: Promise<void>;
  readonly subscription: BusSubscription;
}

/**
 * Shares subscriptions: with any number of listeners to a subject, the bus delivers an event once, and
 * it is parsed and its number checked once.
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

  /** Closes all subscriptions. */
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
    // Not every listener awaits it.
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
      listeners.report(disconnectedGap(eventApplication(subject), since));
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
    const reported = epoch && first && last ? { epoch, first, last } : undefined;
    for (const missing of sequence.see({ subject, marks, time, ...(reported && { reported }) })) {
      listeners.report(missedGap(eventApplication(subject), missing));
    }
  }
  if (notice) listeners.report(notice);
  else listeners.deliver(new Delivery(message));
}

/** A listener to a subject. */
interface EventListener {
  /** Entities, one of which an event has to be about. @default all events */
  readonly keys?: readonly Key[];
  /** Takes an event. */
  onEvent(delivery: Delivery): void;
  /** Called when events are missing, whatever entities they may have been about. */
  onGap(gap: AriProxyGapEvent): void;
}

/**
 * The listeners to a subject. Those to some entities only are looked up by ID, so that an event costs
 * nothing for all others. One that throws does not affect the others.
 */
class EventListeners {
  readonly #all = new Set<EventListener>();
  readonly #ofAllEntities = new Set<EventListener>();
  readonly #byId = new Map<string, Set<EventListener>>();

  /** How many there are. */
  get size(): number {
    return this.#all.size;
  }

  /** Adds a listener. */
  add(listener: EventListener): void {
    this.#all.add(listener);
    for (const id of idsOf(listener) ?? []) {
      const others = this.#byId.get(id);
      if (others) others.add(listener);
      else this.#byId.set(id, new Set([listener]));
    }
    if (!idsOf(listener)) this.#ofAllEntities.add(listener);
  }

  /** Removes a listener. */
  delete(listener: EventListener): void {
    this.#all.delete(listener);
    this.#ofAllEntities.delete(listener);
    for (const id of idsOf(listener) ?? []) {
      const others = this.#byId.get(id);
      others?.delete(listener);
      if (others?.size === 0) this.#byId.delete(id);
    }
  }

  /** Passes an event to the listeners that it concerns. */
  deliver(delivery: Delivery): void {
    for (const listener of this.#ofAllEntities) callSafely(() => listener.onEvent(delivery));
    if (this.#byId.size === 0) return;
    const found = new Set<EventListener>();
    for (const { id = "" } of delivery.entities) {
      for (const listener of this.#byId.get(id) ?? []) {
        if (delivery.concerns(listener.keys ?? [])) found.add(listener);
      }
    }
    for (const listener of found) callSafely(() => listener.onEvent(delivery));
  }

  /** Passes a gap to all listeners. */
  report(gap: AriProxyGapEvent): void {
    for (const listener of this.#all) callSafely(() => listener.onGap(gap));
  }
}

/** The IDs of a listener's entities; undefined when any event concerns it. */
function idsOf({ keys }: EventListener): readonly string[] | undefined {
  const ids = keys?.map(({ id = "" }) => id);
  return ids?.every((id) => id) ? ids : undefined;
}

/** An event for its listeners. What they need of it is derived once. */
class Delivery {
  /** The event as it arrived; it must not be changed, since all listeners get the same object. */
  readonly message: JsonObject;
  /** Its type; empty when it has none. */
  readonly type: string;
  #event: { readonly value: AriEvent | undefined } | undefined;
  #entities: readonly Key[] | undefined;

  constructor(message: JsonObject) {
    this.message = message;
    this.type = this.#text("type");
  }

  /** Its node; empty when it has none. */
  get node(): string {
    return this.#text("asterisk_id");
  }

  /** The event as a listener gets it; undefined for what is not an event. */
  get event(): AriEvent | undefined {
    this.#event ??= { value: toEvent(this.message) };
    return this.#event.value;
  }

  /**
   * Keys of the entities that it is about. Other than for dialogs, those of a playback or recording
   * include its channel or bridge.
   */
  get entities(): readonly Key[] {
    return this.#entities ??= this.#findEntities();
  }

  /** Returns whether it is about one of the entities. */
  concerns(keys: readonly Key[]): boolean {
    return keys.some((key) => this.entities.some((entity) => keysMatch(key, entity)));
  }

  #findEntities(): readonly Key[] {
    const origin = originOf({
      application: this.#text("application"),
      asterisk_id: this.node,
      dialog: this.#text("dialog"),
    });
    const target = targetOf(this.message);
    const entities = [...eventEntities(this.message), ...(target ? [target] : [])];
    return entities.map((entity) => ({ ...origin, ...entity }));
  }

  #text(name: string): string {
    const value = this.message[name];
    return typeof value === "string" ? value : "";
  }
}

/**
 * The channel or bridge that a playback or recording in an event is made on, which its `target_uri`
 * names; undefined for other events.
 */
function targetOf({ playback, recording }: JsonObject): EntityRef | undefined {
  const made = isObject(playback) ? playback : recording;
  const uri = isObject(made) ? made.target_uri : undefined;
  const [, kind, id] = typeof uri === "string" ? /^(channel|bridge):(.+)$/s.exec(uri) ?? [] : [];
  return kind === "channel" || kind === "bridge" ? { kind, id } : undefined;
}
