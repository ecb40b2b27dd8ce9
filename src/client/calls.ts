import type { BusMessage, BusSubscription } from "../bus/bus.ts";
import { callSafely } from "../common/call_safely.ts";
import type { StasisStartEvent } from "../protocol/api/known_events.ts";
import { decodeJson, isObject } from "../protocol/json.ts";
import { callsQueue, eventSubscription } from "../protocol/subjects.ts";
import { busFailure } from "./bus_failure.ts";
import type { ClusterClient, SharedConnection } from "./cluster.ts";
import { BoundedQueue } from "./events/bounded_queue.ts";
import { type AriProxyGapEvent, gapNotice } from "./events/gap_notice.ts";
import { originOf, toEvent } from "./events/model.ts";
import { Channel } from "./handles/channel.ts";
import type { ClientLifetime } from "./lifetime.ts";

/** A new call: a channel that has entered the application. */
export interface Call {
  /** The channel, with complete coordinates; its `untilEnd` is a signal that aborts when the call is over. */
  readonly channel: Channel;
  /** The event of the new call. */
  readonly event: StasisStartEvent;
  /** Arguments that the application was given. */
  readonly args: readonly string[];
}

/** Options of {@linkcode AriClient.calls}. */
export interface ListenOptions {
  /**
   * How many calls wait for the loop at most. A call that arrives when so many wait is refused: it goes
   * to `onRefused` instead of the loop. It does not go to another listener, since the bus has
   * delivered it.
   *
   * @default {1_000}
   */
  readonly buffer?: number;
  /**
   * Gets each call that does not reach the loop: those for which the buffer was full, and those that
   * waited when the loop was left. Without it they are only counted.
   *
   * @default none
   */
  readonly onRefused?: (call: Call) => void;
  /**
   * Gets each gap that a proxy reports: calls may be among the missing events. As with calls, one of
   * the listeners in the cluster gets it. An outage of the client's own connection shows in its status.
   *
   * @default none
   */
  readonly onGap?: (gap: AriProxyGapEvent) => void;
  /**
   * Leaves the group of listeners when it aborts, without an error.
   *
   * @default none
   */
  readonly signal?: AbortSignal;
}

/**
 * New calls, one after the other, for `for await`. Of all listeners of an application in the cluster
 * each call goes to exactly one: they share a queue group. Closing it, or the end of its client or
 * signal, leaves the group; the loop still gets the calls that had been delivered until then, and ends.
 */
export class Calls implements AsyncIterableIterator<Call, undefined>, AsyncDisposable {
  /** Resolves when the bus has acknowledged the subscription. Rejects when it is not connected. */
  readonly ready: Promise<void>;
  readonly #client: ClusterClient;
  readonly #options: ListenOptions;
  readonly #queue: BoundedQueue<Call>;
  readonly #subscription: BusSubscription;
  /** Removes what closes it. */
  readonly #release: () => void;
  #refused = 0;
  #left = false;
  #closing: Promise<void> | undefined;

  /**
   * Joins the listeners; a client does it, with its method `calls`.
   *
   * @internal
   */
  constructor(
    { client, app, shared, lifetime }: {
      readonly client: ClusterClient;
      /** Application of the calls. */
      readonly app: string;
      readonly shared: SharedConnection;
      readonly lifetime: ClientLifetime;
    },
    options: ListenOptions = {},
  ) {
    const { buffer: limit = 1_000, signal } = options;
    const { bus } = shared;
    this.#client = client;
    this.#options = options;
    this.#queue = new BoundedQueue<Call>({ limit, drop: "newest" });
    const subject = eventSubscription({ app, node: client.node });
    const queue = callsQueue(app);
    this.#subscription = bus.subscribe(subject, (message) => this.#receive(message), { queue });
    const close = () => void shared.whileClosing(this.close());
    const leave = lifetime.onEnd(close);
    if (signal?.aborted) close();
    else signal?.addEventListener("abort", close);
    this.#release = () => {
      leave();
      signal?.removeEventListener("abort", close);
    };
    this.ready = bus.flush().catch((error) => {
      throw busFailure(error);
    });
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

  /** The next call, when it arrives. */
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
   * Leaves the listeners. Resolves when no further call can arrive; the loop continues with those that
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
    // It may be closed while it is constructed.
    await Promise.resolve();
    this.#release();
    await this.#subscription.drain();
    this.#queue.end();
  }

  #receive({ data }: BusMessage): void {
    const message = decodeJson(data);
    if (!isObject(message)) return;
    const gap = gapNotice(message);
    if (gap) return callSafely(() => this.#options.onGap?.(gap));
    const event = toEvent(message);
    if (event?.type !== "StasisStart") return;
    const key = { kind: "channel", id: event.channel.id, ...originOf(event) };
    const call = { channel: new Channel(this.#client, key), event, args: event.args };
    if (this.#left) this.#refuse(call);
    else this.#queue.push(call).forEach((refused) => this.#refuse(refused));
  }

  #refuse(call: Call): void {
    this.#refused++;
    callSafely(() => this.#options.onRefused?.(call));
  }
}
