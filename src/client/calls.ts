import type { BusSubscription } from "../bus/bus.ts";
import { guarded } from "./guarded.ts";
import type { Channel } from "./handles/channel.ts";
import { BoundedQueue } from "./events/bounded_queue.ts";
import type { StasisStartEvent } from "../protocol/api/known_events.ts";

/** A new call: a channel that has entered the application. */
export interface Call {
  /** The channel, with complete coordinates; its `untilEnd` is a signal that aborts when the call is over. */
  readonly channel: Channel;
  /** The event that told of it. */
  readonly event: StasisStartEvent;
  /** Arguments that the application was given. */
  readonly args: readonly string[];
}

/** What feeds {@linkcode Calls}. */
export interface CallSource {
  /** The subscription. */
  readonly subscription: BusSubscription;
  /** Resolves when no further call is missed. */
  readonly ready: Promise<void>;
  /** Is called when the listener leaves. */
  release(): void;
}

/** How new calls wait for the loop over {@linkcode Calls}. */
export interface CallQueueOptions {
  /**
   * How many calls wait for the loop at the most. A call that comes when so many wait is refused: it goes
   * to `onRefused` instead of the loop. It does not go to another listener, since the bus has
   * delivered it.
   *
   * @default {1_000}
   */
  readonly buffer?: number;
  /**
   * Gets each call that does not reach the loop: those for which there was no room, and those that
   * waited when the loop was left. Without it they are only counted.
   *
   * @default none
   */
  readonly onRefused?: (call: Call) => void;
}

/**
 * New calls, one after the other, for `for await`. Of all listeners of an application in the cluster
 * each call goes to exactly one. Closing it, or the end of its client or signal, leaves the group of
 * listeners; the loop still gets the calls that had been delivered until then, and ends.
 */
export class Calls implements AsyncIterableIterator<Call, undefined>, AsyncDisposable {
  /** Resolves when the bus has acknowledged the subscription. Rejects when it is not connected. */
  readonly ready: Promise<void>;
  readonly #queue: BoundedQueue<Call>;
  readonly #source: CallSource;
  readonly #onRefused: ((call: Call) => void) | undefined;
  #refused = 0;
  #left = false;
  #closing: Promise<void> | undefined;

  /**
   * Joins the listeners; a client does it, with its method `calls`.
   *
   * @internal
   * @param join Subscribes; it is given what takes a call and what is to be called when it is closed.
   */
  constructor(
    join: (take: (call: Call) => void, close: () => Promise<void>) => CallSource,
    options: CallQueueOptions = {},
  ) {
    this.#queue = new BoundedQueue<Call>({ limit: options.buffer ?? 1_000, drop: "newest" });
    this.#onRefused = options.onRefused;
    this.#source = join((call) => this.#take(call), () => this.close());
    this.ready = this.#source.ready;
    this.ready.catch(() => {});
  }

  /** How many calls have not reached the loop. */
  get refused(): number {
    return this.#refused;
  }

  /** How many calls wait for the loop. */
  get buffered(): number {
    return this.#queue.length;
  }

  /** The next call, when it comes. */
  next(): Promise<IteratorResult<Call, undefined>> {
    return this.#queue.next();
  }

  /** Leaves the listeners, and refuses the calls that wait; `for await` does it when a loop is left. */
  async return(): Promise<IteratorResult<Call, undefined>> {
    this.#left = true;
    this.#queue.clear().forEach((call) => this.#refuse(call));
    await this.close();
    return { done: true, value: undefined };
  }

  /**
   * Leaves the listeners. Resolves when no further call can come; the loop goes on with those that
   * wait.
   */
  close(): Promise<void> {
    return this.#closing ??= this.#close();
  }

  /** The iterator, which it is itself. */
  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Leaves the listeners, and refuses the calls that wait. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  async #close(): Promise<void> {
    // What asked for the end may do so while the source is still being made.
    await Promise.resolve();
    this.#source.release();
    await this.#source.subscription.drain();
    this.#queue.end();
  }

  #take(call: Call): void {
    if (this.#left) this.#refuse(call);
    else this.#queue.push(call).forEach((refused) => this.#refuse(refused));
  }

  #refuse(call: Call): void {
    this.#refused++;
    guarded(() => this.#onRefused?.(call));
  }
}
