import { callSafely } from "../common/call_safely.ts";
import type { Key } from "../protocol/key.ts";
import { eventSubscription } from "../protocol/subjects.ts";
import { busFailure } from "./bus_failure.ts";
import { BoundedQueue } from "./events/bounded_queue.ts";
import { type AriProxyGapEvent, droppedGap } from "./events/gap_notice.ts";
import type { EventHub } from "./events/hub.ts";
import type { AriEvent, AriEventType, EventOf } from "./events/model.ts";
import type { ClientLifetime } from "./lifetime.ts";

/** Options of {@linkcode EventStream}. */
export interface EventStreamOptions {
  /**
   * How many events wait for the loop at most. When one more arrives, the oldest is dropped.
   *
   * @default {1_000}
   */
  readonly buffer?: number;
  /**
   * Called once per burst of dropped events: when the first is dropped, with the count so far. The burst
   * is over when the loop has taken all that wait.
   *
   * @default none
   */
  readonly onDrop?: (dropped: number) => void;
  /**
   * Gets each gap in the events of the application, node or dialog that the stream listens to, also if
   * it filters events. A gap of dropped events is reported when the loop reaches its place. A stream of
   * all types, or of the type `AriProxyGap`, has the gaps among its events as well, in their place.
   *
   * @default none
   */
  readonly onGap?: (gap: AriProxyGapEvent) => void;
}

/** Options of {@linkcode AriClient.events}. */
export interface EventsOptions<T extends AriEventType = AriEventType> extends EventStreamOptions {
  /**
   * The type of the events.
   *
   * @default all types
   */
  readonly type?: T;
  /**
   * Several types of events; `UnknownEvent` is for all types that the library does not define.
   *
   * @default all types
   */
  readonly types?: readonly T[];
  /**
   * An entity that the events have to concern, with its kind and ID, and where they come from. Events of
   * a playback or recording concern its channel or bridge as well.
   *
   * @default all entities
   */
  readonly key?: Key;
  /**
   * Several such entities, of which an event has to concern one.
   *
   * @default all entities
   */
  readonly keys?: readonly Key[];
  /**
   * The node of the events.
   *
   * @default that of the key, else that of the client, else all nodes
   */
  readonly node?: string;
  /**
   * The dialog that they belong to; an empty one is for the events of no dialog.
   *
   * @default that of the key, else that of the client, else none
   */
  readonly dialog?: string;
  /**
   * Ends the stream when it aborts, without an error.
   *
   * @default none
   */
  readonly signal?: AbortSignal;
  /**
   * Called when the subscription is open; the stream is ready when it has succeeded, and ends with its
   * error if it fails.
   *
   * @default nothing
   */
  readonly prepare?: () => Promise<void>;
}

/** Events that a full buffer dropped. */
interface Lost<E> {
  count: number;
  readonly first: E;
  last: E;
}

/**
 * Events, one after the other, for `for await`. Delivery begins when the stream is made, so that
 * nothing is missed between that and the loop. Leaving the loop closes the stream, and so does the
 * end of its client or signal, after the events that wait have been taken; neither is an error. An error
 * that a function in its options throws becomes an uncaught error of the program, and affects no stream.
 */
export class EventStream<E extends AriEvent = AriEvent>
  implements AsyncIterableIterator<E, undefined>, AsyncDisposable {
  /**
   * Resolves when the bus has acknowledged the subscription: no event after that is missed. It
   * rejects when the bus is not connected; the stream then begins with the next connection.
   */
  readonly ready: Promise<void>;
  readonly #queue: BoundedQueue<E>;
  readonly #source: EventSource<E>;
  readonly #close: () => void;
  readonly #onGap: ((gap: AriProxyGapEvent) => void) | undefined;
  readonly #onDrop: ((dropped: number) => void) | undefined;
  #dropped = 0;
  #lost: Lost<E> | undefined;
  #bursting = false;
  #closed = false;

  /**
   * Begins to take events from a source; a client makes it, with its method `events`.
   *
   * @internal
   */
  constructor(source: EventSource<E>, options: EventStreamOptions = {}) {
    this.#queue = new BoundedQueue<E>({ limit: options.buffer ?? 1_000, drop: "oldest" });
    this.#source = source;
    this.#onDrop = options.onDrop;
    this.#onGap = options.onGap;
    const { ready, close } = source.open(
      (event) => this.#take(event),
      (failure) => this.#end(failure),
      (gap) => this.#report(gap),
    );
    this.ready = ready;
    this.#close = close;
    // A program need not await it; the stream itself does not fail with it.
    ready.catch(() => {});
    if (this.#closed) close();
  }

  /** How many events have been dropped because the loop did not keep up. */
  get dropped(): number {
    return this.#dropped;
  }

  /** How many events wait for the loop. */
  get buffered(): number {
    return this.#queue.length;
  }

  /** The next event, when it arrives. */
  async next(): Promise<IteratorResult<E, undefined>> {
    const gap = this.#lostSoFar();
    if (gap) return { done: false, value: gap };
    const next = await this.#queue.next();
    if (this.#queue.length === 0) this.#bursting = false;
    return next;
  }

  /** Closes the stream and drops the events that wait; `for await` does it when a loop is left. */
  return(): Promise<IteratorResult<E, undefined>> {
    this.#queue.clear();
    this.#lost = undefined;
    this.close();
    return Promise.resolve({ done: true, value: undefined });
  }

  /** Closes the stream; the events that wait can still be taken. */
  close(): void {
    this.#end();
  }

  /** The iterator, which it is itself. */
  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Closes the stream and drops the events that wait. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  #take(event: E): void {
    const dropped = this.#queue.push(event);
    if (dropped.length === 0 || this.#closed) return;
    for (const one of dropped) this.#lose(one);
    if (this.#bursting) return;
    this.#bursting = true;
    callSafely(() => this.#onDrop?.(this.#dropped));
  }

  #lose(event: E): void {
    this.#dropped++;
    this.#lost ??= { count: 0, first: event, last: event };
    this.#lost.count++;
    this.#lost.last = event;
  }

  /** Reports the events that are missing before the next one; returns the gap as an event if it passes the filter. */
  #lostSoFar(): E | undefined {
    if (!this.#lost) return undefined;
    const gap = droppedGap(this.#lost);
    this.#lost = undefined;
    callSafely(() => this.#onGap?.(gap));
    return this.#source.asEvent(gap);
  }

  #report(gap: AriProxyGapEvent): void {
    if (this.#closed) return;
    const event = this.#source.asEvent(gap);
    if (event) this.#take(event);
    callSafely(() => this.#onGap?.(gap));
  }

  #end(failure?: { readonly error: unknown }): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#queue.end(failure);
    // A source can end while it is being opened.
    this.#close?.();
  }
}

/** The source of an {@linkcode EventStream}. */
interface EventSource<E> {
  /**
   * Begins to deliver.
   *
   * @param deliver Takes an event.
   * @param end Ends the stream, with an error if there is one.
   * @param report Takes a gap in the events.
   */
  open(
    deliver: (event: E) => void,
    end: (failure?: { readonly error: unknown }) => void,
    report: (gap: AriProxyGapEvent) => void,
  ): {
    /** Resolves when no further event is missed. */
    readonly ready: Promise<void>;
    /** Stops the delivery. */
    close(): void;
  };
  /** A gap as an event of the stream; undefined when it does not pass the filter. */
  asEvent(gap: AriProxyGapEvent): E | undefined;
}

/**
 * The events of a place that pass the filter of the options, and the gaps among all its events.
 *
 * @param lifetime The source ends with it.
 * @throws {AriProxyError} With the code `invalid` for a place that cannot be part of a subject.
 */
export function eventSource<T extends AriEventType>(
  hub: EventHub,
  lifetime: ClientLifetime,
  options: EventsOptions<T> & {
    /** Application, node and dialog of the events. */
    readonly place: Key;
  },
): EventSource<EventOf<T>> {
  const { type, place, key = {}, keys = [key], prepare, signal } = options;
  const wanted = type === undefined ? options.types : [type, ...options.types ?? []];
  const types: ReadonlySet<string> | undefined = wanted && new Set(wanted);
  const ofType = (event: AriEvent): event is EventOf<T> => types?.has(event.type) ?? true;
  const elsewhere = (node: string | undefined) => place.node && node && node !== place.node;
  const subject = eventSubscription(place);
  return {
    asEvent: (gap) => ofType(gap) ? gap : undefined,
    open(deliver, end, report) {
      const listening = hub.listen(subject, {
        keys,
        onGap(gap) {
          if (!elsewhere(gap.asterisk_id)) report(gap);
        },
        onEvent(delivery) {
          if (elsewhere(delivery.node)) return;
          // Most events are of another type, and that is the cheapest check.
          if (types && !types.has(delivery.type) && !types.has("UnknownEvent")) return;
          const { event } = delivery;
          if (event && ofType(event)) deliver(event);
        },
      });
      const stop = () => end();
      const leave = lifetime.onEnd(stop);
      if (signal?.aborted) stop();
      else signal?.addEventListener("abort", stop);
      const close = () => {
        listening.close();
        leave();
        signal?.removeEventListener("abort", stop);
      };
      return { ready: prepared(listening.ready, prepare, end), close };
    },
  };
}

/** Resolves when a subscription is open and its preparation has succeeded. */
async function prepared(
  listening: Promise<void>,
  prepare: (() => Promise<void>) | undefined,
  end: (failure: { readonly error: unknown }) => void,
): Promise<void> {
  try {
    await listening;
  } catch (error) {
    throw busFailure(error);
  }
  try {
    await prepare?.();
  } catch (error) {
    end({ error });
    throw error;
  }
}
