/**
 * Requests: when they may be sent, and on which channel.
 *
 * @module
 */

import { pause } from "../../common/pause.ts";
import { BusError, type BusMessage, type RequestOptions } from "../bus.ts";
import { checkMessage } from "./rabbitmq_check.ts";
import type { RabbitmqRequestChannel } from "./rabbitmq_request_channel.ts";
import type { RabbitmqRequestChannels } from "./request_channels.ts";
import type { RabbitmqPublishOrder } from "./publish_queue.ts";
import type { RabbitmqSession } from "./session.ts";
import type { RabbitmqChannels } from "./rabbitmq_channels.ts";
import { lastingQueue } from "./topology.ts";
import { checkPublishSubject } from "../subjects.ts";

/** Options of {@linkcode RabbitmqRequests}. */
export interface RabbitmqRequestsOptions {
  /** Where messages go now; undefined while none are accepted. */
  readonly accepting: () => RabbitmqChannels | undefined;
  /** What a request has to wait for. */
  readonly line: RabbitmqPublishOrder;
  /** Is told of bytes to be sent. */
  readonly onPending: (bytes: number) => void;
  /** Throws when the bus is closed. */
  readonly assertOpen: () => void;
}

/** A channel for one request, with its owner. What time is left for it is the channel's patience. */
interface Loan {
  readonly channel: RabbitmqRequestChannel;
  readonly pool: RabbitmqRequestChannels;
}

/** Sends requests. */
export class RabbitmqRequests {
  readonly #options: RabbitmqRequestsOptions;

  constructor(options: RabbitmqRequestsOptions) {
    this.#options = options;
  }

  /** Does what `Bus.request` promises. */
  async request(subject: string, data: Uint8Array, options: RequestOptions): Promise<BusMessage> {
    const { channel, pool } = await this.#borrow(subject, data, options);
    try {
      return await channel.requests.request(subject, data, {
        ...options,
        timeout: channel.patience,
      });
    } finally {
      pool.release(channel);
    }
  }

  /** Does what `Bus.requestMany` promises. */
  async *requestMany(
    subject: string,
    data: Uint8Array,
    options: RequestOptions & { readonly replyTo?: string },
  ): AsyncGenerator<BusMessage, void, undefined> {
    if (options.replyTo !== undefined) checkPublishSubject(options.replyTo);
    const { channel, pool } = await this.#borrow(subject, data, options);
    try {
      yield* channel.requests.requestMany(subject, data, { ...options, timeout: channel.patience });
    } finally {
      pool.release(channel);
    }
  }

  /** Borrows a channel for a request that can be sent. */
  async #borrow(subject: string, data: Uint8Array, options: RequestOptions): Promise<Loan> {
    const { accepting, line, onPending, assertOpen } = this.#options;
    assertOpen();
    options.signal?.throwIfAborted();
    checkMessage(subject, data, { headers: options.headers });
    const channels = accepting();
    if (channels === undefined || channels.session.blocked !== undefined) {
      const reason = channels?.session.blocked;
      throw new BusError(
        "disconnected",
        `Cannot request ${subject}: the bus takes nothing now${reason ? ` (${reason})` : ""}`,
        { unsent: true },
      );
    }
    const { pool, session } = channels;
    const begun = performance.now();
    // It counts as pending at once, because it may have to wait for a channel.
    onPending(data.length + subject.length);
    const left = () => Math.max(0, options.timeout - (performance.now() - begun));
    const inTime = <T>(wait: Promise<T>) =>
      this.#inTime(wait, session, { timeout: left(), signal: options.signal });
    if (!line.empty) await inTime(line.passed());
    const lasting = lastingQueue(subject);
    if (lasting !== undefined) {
      // When the broker does not tell, the request may still expire.
      const taken = session.isConsumed(lasting).catch(() => true);
      if (await inTime(taken) === false) {
        throw new BusError("no_responders", `Cannot request ${subject}: nobody listens there`);
      }
    }
    const channel = await pool.acquire(subject, { ...options, timeout: left() });
    channel.patience = left();
    return { channel, pool };
  }

  /** Waits for something, but no longer than a request may take. */
  async #inTime<T>(
    wait: Promise<T>,
    session: RabbitmqSession,
    options: Pick<RequestOptions, "timeout" | "signal">,
  ): Promise<T | void> {
    const done = new AbortController();
    const signals = [done.signal, session.signal, ...(options.signal ? [options.signal] : [])];
    try {
      return await Promise.race([wait, pause(options.timeout, AbortSignal.any(signals))]);
    } finally {
      done.abort();
      this.#options.assertOpen();
    }
  }
}
