/**
 * The lanes of a session: so many requests can be under way at a time.
 *
 * @module
 */

import { deferred } from "../../common/deferred.ts";
import { BusError, type RequestOptions } from "../bus.ts";
import { openLane, type RabbitmqLane } from "./rabbitmq_lane.ts";
import type { RabbitmqSession } from "./rabbitmq_session.ts";
import { errorText } from "../../common/error_text.ts";

/** So many lanes at the most; a broker allows 2,047 channels on a connection unless told otherwise. */
const MOST = 1_000;
/** So many idle ones are kept. */
const IDLE = 64;
/** So many are opened at a time. Those in use get free meanwhile, so that fewer are needed in the end. */
const OPENING = 8;

interface Waiter {
  take(lane: RabbitmqLane): void;
  fail(error: unknown): void;
}

/** Lends lanes, and opens them as they are needed. */
export class RabbitmqLanes {
  readonly #session: RabbitmqSession;
  readonly #idle: RabbitmqLane[] = [];
  readonly #lent = new Set<RabbitmqLane>();
  readonly #waiters = new Set<Waiter>();
  #opening = 0;
  #renewing = 0;

  constructor(session: RabbitmqSession) {
    this.#session = session;
  }

  /**
   * Lends a lane, to be given back.
   *
   * @throws {BusError} With the code `timeout` when none gets free in time, and others. A signal
   * that aborts rejects with its reason.
   */
  async acquire(subject: string, { timeout, signal }: RequestOptions): Promise<RabbitmqLane> {
    while (true) {
      const lane = this.#idle.pop();
      if (lane === undefined) break;
      if (lane.open) return this.#lend(lane);
    }
    const { promise, resolve, reject } = deferred<RabbitmqLane>();
    const waiter: Waiter = {
      take: resolve,
      fail: (error) => {
        // A lane that gets free from now on is for somebody else.
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

  /** Takes a lane back. */
  release(lane: RabbitmqLane): void {
    this.#lent.delete(lane);
    void this.#reuse(lane);
  }

  /** Ends all requests under way. */
  fail(error: BusError): void {
    for (const waiter of [...this.#waiters]) waiter.fail(error);
    for (const lane of [...this.#lent]) lane.requests.fail(error);
  }

  async #reuse(lane: RabbitmqLane): Promise<void> {
    if (lane.open && this.#idle.length + this.#renewing >= IDLE && this.#waiters.size === 0) {
      return await lane.close();
    }
    this.#renewing++;
    try {
      await lane.renew();
    } catch {
      // The channel was closed, with the session or alone.
      lane.open = false;
    }
    this.#renewing--;
    if (lane.open) this.#offer(lane);
    else this.#grow();
  }

  #offer(lane: RabbitmqLane): void {
    const [waiter] = this.#waiters;
    if (waiter === undefined) return void this.#idle.push(lane);
    this.#waiters.delete(waiter);
    waiter.take(this.#lend(lane));
  }

  #lend(lane: RabbitmqLane): RabbitmqLane {
    this.#lent.add(lane);
    return lane;
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
      this.#offer(await openLane(this.#session));
      this.#opening--;
      this.#grow();
    } catch (error) {
      this.#opening--;
      // Without any lane that could get free nobody would hear of it.
      if (this.#lent.size + this.#renewing + this.#opening > 0) return;
      const reason = errorText(error);
      const failure = new BusError("disconnected", `Cannot open a channel: ${reason}`, {
        unsent: true,
      });
      for (const waiter of [...this.#waiters]) waiter.fail(failure);
    }
  }
}
