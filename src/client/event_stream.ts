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
   * How many events wait for the loop at the most. When one more comes, the oldest is dropped.
   *
   * @default {1_000}
   */
  readonly buffer?: number;
  /**
   * Is told once per burst that events are being dropped: when the first is, with the count so far.
   * The burst is over when the loop has taken all that wait.
   *
   * @default none
   */
  readonly onDrop?: (dropped: number) => void;
  /**
   * Is told of each gap in the events of the application, node or dialog that the stream listens to,
   * also if it lets only some events pass. What a full buffer dropped is told when the loop comes to
   * where it is missing. A stream of all types, or of the type `AriProxyGap`, has the gaps among its
   * events as well, in their place.
   *
   * @default none
   */
  readonly onGap?: (gap: AriProxyGapEvent) => void;
}

/** Options of {@linkcode AriClient.events}. */
export interface EventsOptions<T extends AriEventType = AriEventType> extends EventStreamOptions {
  /**
   * The one type of events wanted.
   *
   * @default all types
   */
  readonly type?: T;
  /**
   * The types of events wanted; `UnknownEvent` is for all that the library does not know.
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
   * The node that they come from.
   *
   * @default that of the key, else that of the client, else all nodes
   */
  readonly node?: string;
  /**
   * The dialog that they belong to; an empty one asks for the events of no dialog in particular.
   *
   * @default that of the key, else that of the client, else none in particular
   */
  readonly dialog?: string;
  /**
   * Ends the stream when it aborts, without an error.
   *
   * @default none
   */
  readonly signal?: AbortSignal;
  /**
   * What has to succeed, once the subscription stands, for the stream to be ready; if it fails, the
   * stream ends with its error.
   *
   * @default nothing
   */
  readonly prepare?: () => Promise<void>;
}

/** Events that found no room. */
interface Lost<E> {
  count: number;
  readonly first: E;
  last: E;
}

/**
 * Events, one after the other, for `for await`. Delivery begins when the stream is made, so that
 * nothing is missed between that and the loop. Leaving the loop closes the stream, and so does the
 * end of its client or signal, after what waits has been taken; neither is an error. What a function
 * in its options throws becomes an uncaught error of the program, and disturbs no stream.
 */
export class EventStream<E extends AriEvent = AriEvent>
  implements AsyncIterableIterator<E, undefined>, AsyncDisposable {
  /**
   * Resolves when the bus has acknowledged the subscription: no event that comes later is missed. It
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
      (gap) => this.#tell(gap),
    );
    this.ready = ready;
    this.#close = close;
    // Who does not look at it is told nothing; the stream itself does not fail with it.
    ready.catch(() => {});
    if (this.#closed) close();
  }

  /** How many events have been dropped since the loop did not keep up. */
  get dropped(): number {
    return this.#dropped;
  }

  /** How many events wait for the loop. */
  get buffered(): number {
    return this.#queue.length;
  }

  /** The next event, when it comes. */
  async next(): Promise<IteratorResult<E, undefined>> {
    const gap = this.#lostSoFar();
    if (gap) return { done: false, value: gap };
    const next = await this.#queue.next();
    if (this.#queue.length === 0) this.#bursting = false;
    return next;
  }

  /** Closes the stream and forgets what waits; `for await` does it when a loop is left. */
  return(): Promise<IteratorResult<E, undefined>> {
    this.#queue.clear();
    this.#lost = undefined;
    this.close();
    return Promise.resolve({ done: true, value: undefined });
  }

  /** Takes no more events; those that wait can still be taken. */
  close(): void {
    this.#end();
  }

  /** The iterator, which it is itself. */
  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Closes the stream and forgets what waits. */
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

  /** Tells of what is missing before the next event, and returns it as an event if that is wanted. */
  #lostSoFar(): E | undefined {
    if (!this.#lost) return undefined;
    const gap = droppedGap(this.#lost);
    this.#lost = undefined;
    callSafely(() => this.#onGap?.(gap));
    return this.#source.asEvent(gap);
  }

  #tell(gap: AriProxyGapEvent): void {
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

/** What feeds an {@linkcode EventStream}. */
interface EventSource<E> {
  /**
   * Begins to deliver.
   *
   * @param deliver Takes an event.
   * @param end Ends the stream, after an error with that error.
   * @param tell Takes a gap in the events.
   */
  open(
    deliver: (event: E) => void,
    end: (failure?: { readonly error: unknown }) => void,
    tell: (gap: AriProxyGapEvent) => void,
  ): {
    /** Resolves when no further event is missed. */
    readonly ready: Promise<void>;
    /** Stops the delivery. */
    close(): void;
  };
  /** A gap as an event of the stream; undefined when such events are not wanted. */
  asEvent(gap: AriProxyGapEvent): E | undefined;
}

/**
 * The events that pass the options, from a place, and the gaps among all events of the place.
 *
 * @param lifetime The source ends with it.
 * @throws {AriProxyError} With the code `invalid` for a place that cannot be part of a subject.
 */
export function eventSource<T extends AriEventType>(
  hub: EventHub,
  lifetime: ClientLifetime,
  options: EventsOptions<T> & {
    /** Application, node and dialog that they come from. */
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
    open(deliver, end, tell) {
      const listening = hub.listen(subject, {
        keys,
        onGap(gap) {
          if (!elsewhere(gap.asterisk_id)) tell(gap);
        },
        onEvent(delivery) {
          if (elsewhere(delivery.node)) return;
          // Most events are of another type, and that is the cheapest to see.
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

/** Resolves when a subscription stands and what has to be done for it has succeeded. */
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
