/**
 * Requests: when they may be sent, and on which lane.
 *
 * @module
 */

import { pause } from "../../common/pause.ts";
import { BusError, type BusMessage, type RequestOptions } from "../bus.ts";
import { checkMessage } from "./rabbitmq_check.ts";
import type { RabbitmqLane } from "./rabbitmq_lane.ts";
import type { RabbitmqLanes } from "./rabbitmq_lanes.ts";
import type { RabbitmqLine } from "./rabbitmq_line.ts";
import type { RabbitmqSession } from "./rabbitmq_session.ts";
import type { RabbitmqStation } from "./rabbitmq_station.ts";
import { lastingQueue } from "./rabbitmq_topology.ts";
import { checkPublishSubject } from "../subject_check.ts";

/** Options of {@linkcode RabbitmqAsker}. */
export interface RabbitmqAskerOptions {
  /** Where messages go now; undefined while none are accepted. */
  readonly accepting: () => RabbitmqStation | undefined;
  /** What a request has to wait for. */
  readonly line: RabbitmqLine;
  /** Is told of bytes to be sent. */
  readonly onPending: (bytes: number) => void;
  /** Throws when the bus is closed. */
  readonly assertOpen: () => void;
}

/** A lane for one request, with its owner. What time is left for it is the lane's patience. */
interface Loan {
  readonly lane: RabbitmqLane;
  readonly lanes: RabbitmqLanes;
}

/** Sends requests. */
export class RabbitmqAsker {
  readonly #options: RabbitmqAskerOptions;

  constructor(options: RabbitmqAskerOptions) {
    this.#options = options;
  }

  /** Does what `Bus.request` promises. */
  async request(subject: string, data: Uint8Array, options: RequestOptions): Promise<BusMessage> {
    const { lane, lanes } = await this.#borrow(subject, data, options);
    try {
      return await lane.requests.request(subject, data, { ...options, timeout: lane.patience });
    } finally {
      lanes.release(lane);
    }
  }

  /** Does what `Bus.requestMany` promises. */
  async *requestMany(
    subject: string,
    data: Uint8Array,
    options: RequestOptions & { readonly replyTo?: string },
  ): AsyncGenerator<BusMessage, void, undefined> {
    if (options.replyTo !== undefined) checkPublishSubject(options.replyTo);
    const { lane, lanes } = await this.#borrow(subject, data, options);
    try {
      yield* lane.requests.requestMany(subject, data, { ...options, timeout: lane.patience });
    } finally {
      lanes.release(lane);
    }
  }

  /** Borrows a lane for a request that can be sent. */
  async #borrow(subject: string, data: Uint8Array, options: RequestOptions): Promise<Loan> {
    const { accepting, line, onPending, assertOpen } = this.#options;
    assertOpen();
    options.signal?.throwIfAborted();
    checkMessage(subject, data, { headers: options.headers });
    const station = accepting();
    if (station === undefined || station.session.blocked !== undefined) {
      const reason = station?.session.blocked;
      throw new BusError(
        "disconnected",
        `Cannot request ${subject}: the bus takes nothing now${reason ? ` (${reason})` : ""}`,
        { unsent: true },
      );
    }
    const { lanes, session } = station;
    const begun = performance.now();
    // It counts as pending at once, because it may have to wait for a lane.
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
    const lane = await lanes.acquire(subject, { ...options, timeout: left() });
    lane.patience = left();
    return { lane, lanes };
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
