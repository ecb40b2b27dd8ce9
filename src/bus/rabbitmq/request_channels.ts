/**
 * The channels for requests of a session: so many requests can be under way at a time.
 *
 * @module
 */

import { deferred } from "../../common/deferred.ts";
import { BusError, type RequestOptions } from "../bus.ts";
import { openRequestChannel, type RabbitmqRequestChannel } from "./rabbitmq_request_channel.ts";
import type { RabbitmqSession } from "./session.ts";
import { errorText } from "../../common/error_text.ts";

/** So many channels at the most; a broker allows 2,047 channels on a connection unless told otherwise. */
const MOST = 1_000;
/** So many idle ones are kept. */
const IDLE = 64;
/** So many are opened at a time. Those in use get free meanwhile, so that fewer are needed in the end. */
const OPENING = 8;

interface Waiter {
  take(channel: RabbitmqRequestChannel): void;
  fail(error: unknown): void;
}

/** Lends channels, and opens them as they are needed. */
export class RabbitmqRequestChannels {
  readonly #session: RabbitmqSession;
  readonly #idle: RabbitmqRequestChannel[] = [];
  readonly #lent = new Set<RabbitmqRequestChannel>();
  readonly #waiters = new Set<Waiter>();
  #opening = 0;
  #renewing = 0;

  constructor(session: RabbitmqSession) {
    this.#session = session;
  }

  /**
   * Lends a channel, to be given back.
   *
   * @throws {BusError} With the code `timeout` when none gets free in time, and others. A signal
   * that aborts rejects with its reason.
   */
  async acquire(
    subject: string,
    { timeout, signal }: RequestOptions,
  ): Promise<RabbitmqRequestChannel> {
    while (true) {
      const channel = this.#idle.pop();
      if (channel === undefined) break;
      if (channel.open) return this.#lend(channel);
    }
    const { promise, resolve, reject } = deferred<RabbitmqRequestChannel>();
    const waiter: Waiter = {
      take: resolve,
      fail: (error) => {
        // A channel that gets free from now on is for somebody else.
        this.#waiters.delete(waiter);
        reject(error);
      },
    };
    const timer = setTimeout(() => {
      const text = `Cannot request ${subject}: too many requests are under way`;
      waiter.fail(new BusError("timeout", text, { unsent: true }));
    }, timeout);
    const abort = () => waiter.fail(signal?.reason);
    signal?.addEventListener("abort", abort);
    this.#waiters.add(waiter);
    this.#grow();
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    }
  }

  /** Takes a channel back. */
  release(channel: RabbitmqRequestChannel): void {
    this.#lent.delete(channel);
    void this.#reuse(channel);
  }

  /** Ends all requests under way. */
  fail(error: BusError): void {
    for (const waiter of [...this.#waiters]) waiter.fail(error);
    for (const channel of [...this.#lent]) channel.requests.fail(error);
  }

  async #reuse(channel: RabbitmqRequestChannel): Promise<void> {
    if (channel.open && this.#idle.length + this.#renewing >= IDLE && this.#waiters.size === 0) {
      return await channel.close();
    }
    this.#renewing++;
    try {
      await channel.renew();
    } catch {
      // The channel was closed, with the session or alone.
      channel.open = false;
    }
    this.#renewing--;
    if (channel.open) this.#offer(channel);
    else this.#grow();
  }

  #offer(channel: RabbitmqRequestChannel): void {
    const [waiter] = this.#waiters;
    if (waiter === undefined) return void this.#idle.push(channel);
    this.#waiters.delete(waiter);
    waiter.take(this.#lend(channel));
  }

  #lend(channel: RabbitmqRequestChannel): RabbitmqRequestChannel {
    this.#lent.add(channel);
    return channel;
  }

  #grow(): void {
    const { size } = this.#waiters;
    while (
      this.#opening < Math.min(OPENING, size) && this.#session.open &&
      this.#lent.size + this.#renewing + this.#idle.length + this.#opening < MOST
    ) void this.#openOne();
  }

  async #openOne(): Promise<void> {
    this.#opening++;
    try {
      this.#offer(await openRequestChannel(this.#session));
      this.#opening--;
      this.#grow();
    } catch (error) {
      this.#opening--;
      // Without any channel that could get free nobody would hear of it.
      if (this.#lent.size + this.#renewing + this.#opening > 0) return;
      const reason = errorText(error);
      const failure = new BusError("disconnected", `Cannot open a channel: ${reason}`, {
        unsent: true,
      });
      for (const waiter of [...this.#waiters]) waiter.fail(failure);
    }
  }
}
