import type { AriEvent } from "./types.ts";
import { BoundedQueue } from "./bounded_queue.ts";

/** What feeds an {@linkcode EventStream}. */
export interface EventSource<E> {
  /**
   * Begins to deliver.
   *
   * @param deliver Takes an event.
   * @param end Ends the stream, after an error with that error.
   */
  open(deliver: (event: E) => void, end: (failure?: { readonly error: unknown }) => void): {
    /** Resolves when no further event is missed. */
    readonly ready: Promise<void>;
    /** Stops the delivery. */
    close(): void;
  };
}

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
}

/**
 * Events, one after the other, for `for await`. Delivery begins when the stream is made, so that
 * nothing is missed between that and the loop. Leaving the loop closes the stream, and so does the
 * end of its client or signal, after what waits has been taken; neither is an error.
 */
export class EventStream<E extends AriEvent = AriEvent>
  implements AsyncIterableIterator<E, undefined>, AsyncDisposable {
  /**
   * Resolves when the bus has acknowledged the subscription: no event that comes later is missed. It
   * rejects when the bus is not connected; the stream then begins with the next connection.
   */
  readonly ready: Promise<void>;
  readonly #queue: BoundedQueue<E>;
  readonly #close: () => void;
  readonly #onDrop: ((dropped: number) => void) | undefined;
  #dropped = 0;
  #bursting = false;
  #closed = false;

  /** Begins to take events from a source. */
  constructor(source: EventSource<E>, options: EventStreamOptions = {}) {
    this.#queue = new BoundedQueue<E>({ limit: options.buffer ?? 1_000, drop: "oldest" });
    this.#onDrop = options.onDrop;
    const { ready, close } = source.open(
      (event) => this.#take(event),
      (failure) => this.#end(failure),
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
    const next = await this.#queue.next();
    if (this.#queue.length === 0) this.#bursting = false;
    return next;
  }

  /** Closes the stream and forgets what waits; `for await` does it when a loop is left. */
  return(): Promise<IteratorResult<E, undefined>> {
    this.#queue.clear();
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
    const dropped = this.#queue.push(event).length;
    if (dropped === 0 || this.#closed) return;
    this.#dropped += dropped;
    if (this.#bursting) return;
    this.#bursting = true;
    this.#onDrop?.(this.#dropped);
  }

  #end(failure?: { readonly error: unknown }): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#queue.end(failure);
    // A source can end while it is being opened.
    this.#close?.();
  }
}
