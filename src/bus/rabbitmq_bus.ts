/**
 * The bus over RabbitMQ.
 *
 * @module
 */

import { backoff } from "../common/backoff.ts";
import { pause } from "../common/pause.ts";
import {
  type Bus,
  BusError,
  type BusHeaders,
  type BusMessage,
  type BusStatus,
  type BusSubscription,
  type PublishOptions,
  type RequestOptions,
  type SubscribeOptions,
} from "./bus.ts";
import { guardHandler } from "./guard_handler.ts";
import { Listeners } from "./listeners.ts";
import { RabbitmqInbox } from "./rabbitmq_inbox.ts";
import type { RabbitmqLane } from "./rabbitmq_lane.ts";
import { RabbitmqLanes } from "./rabbitmq_lanes.ts";
import { RabbitmqLine } from "./rabbitmq_line.ts";
import { RabbitmqMember } from "./rabbitmq_member.ts";
import { publishProperties, replyAddress, toTable } from "./rabbitmq_message.ts";
import { RabbitmqPublisher } from "./rabbitmq_publisher.ts";
import type { RabbitmqSession } from "./rabbitmq_session.ts";
import {
  bindingsOf,
  checkRoutingKey,
  exchangeOf,
  groupQueue,
  lastingQueue,
} from "./rabbitmq_topology.ts";
import { checkPublishSubject, checkQueueName, checkSubscribeSubject } from "./subject_check.ts";
import { Unacknowledged } from "./unacknowledged.ts";

/** The longest that a flush takes, in milliseconds. */
const FLUSH_TIMEOUT = 5_000;
/** What a broker takes unless it is set up otherwise, in bytes; it does not tell. */
const MAX_PAYLOAD = 16 * 1024 * 1024;
const USUAL_MAX_PENDING = 64 * 1024 * 1024;
/** Pauses between attempts to reconnect, in milliseconds. */
const PAUSES = { first: 100, max: 5_000 };

/** Options of {@linkcode RabbitmqBus}. */
export interface RabbitmqBusOptions {
  /**
   * Ways to connect again, one for each server. They reject with a {@linkcode BusError}, or when the
   * signal aborts.
   */
  readonly dials: readonly ((signal: AbortSignal) => Promise<RabbitmqSession>)[];
  /** Bytes not known to have arrived from which on `publish` refuses. @default 67108864 */
  readonly maxPending?: number;
}

/** What lives as long as a session. */
interface Station {
  readonly session: RabbitmqSession;
  /** For all but answers. */
  readonly publisher: RabbitmqPublisher;
  /** For answers: whoever sends a request says where they go, so their channel may be closed. */
  readonly answers: RabbitmqPublisher;
  readonly lanes: RabbitmqLanes;
}

/** A bus on a session that stands. It owns the session, and those that follow it. */
export class RabbitmqBus implements Bus {
  readonly maxPayload = MAX_PAYLOAD;
  readonly #dials: RabbitmqBusOptions["dials"];
  readonly #maxPending: number;
  readonly #statuses = new Listeners<BusStatus>();
  readonly #inbox = new RabbitmqInbox((reason) => this.#tellError(reason));
  readonly #members = new Set<RabbitmqMember>();
  readonly #line = new RabbitmqLine();
  readonly #unacknowledged = new Unacknowledged(() => this.#roundTrip());
  readonly #closed = new AbortController();
  /** Undefined while disconnected. */
  #station: Station | undefined;
  readonly #running: Promise<void>;
  readonly #started = Promise.withResolvers<void>();
  #closing: Promise<void> | undefined;

  constructor(session: RabbitmqSession, options: RabbitmqBusOptions) {
    this.#dials = options.dials;
    this.#maxPending = options.maxPending ?? USUAL_MAX_PENDING;
    this.#running = this.#run(session);
  }

  /** Resolves when the bus can be used. */
  get started(): Promise<void> {
    return this.#started.promise;
  }

  get connected(): boolean {
    return this.#station !== undefined && this.#closing === undefined;
  }

  get pending(): number {
    return this.#unacknowledged.bytes;
  }

  publish(subject: string, data: Uint8Array, options: PublishOptions = {}): boolean {
    const to = replyAddress(subject);
    this.#check(subject, data, options.headers, to !== undefined);
    const properties = publishProperties(options.headers, to?.correlationId);
    const station = this.#accepting();
    if (station === undefined) return false;
    const accepted = this.#line.run(() =>
      to === undefined
        ? station.publisher.publish(exchangeOf(subject), subject, data, properties)
        : station.answers.publish("", to.queue, data, properties)
    );
    if (accepted) this.#unacknowledged.add(data.length + subject.length);
    return accepted;
  }

  subscribe(
    subject: string,
    handler: (message: BusMessage) => void,
    { queue }: SubscribeOptions = {},
  ): BusSubscription {
    checkSubscribeSubject(subject);
    if (queue !== undefined) checkQueueName(queue);
    this.#assertOpen();
    const guarded = guardHandler(handler, (reason) => {
      this.#tellError(`The handler of ${subject} failed: ${reason}`);
    });
    if (queue !== undefined) return this.#join(subject, queue, guarded);
    const { subscription, known } = this.#inbox.add(subject, guarded);
    if (this.#station !== undefined) this.#line.wait(known);
    return subscription;
  }

  async request(
    subject: string,
    data: Uint8Array,
    options: RequestOptions,
  ): Promise<BusMessage> {
    const { lane, lanes } = await this.#lane(subject, data, options);
    try {
      return await lane.requests.request(subject, data, { ...options, timeout: lane.patience });
    } finally {
      lanes.release(lane);
    }
  }

  async *requestMany(
    subject: string,
    data: Uint8Array,
    options: RequestOptions & { readonly replyTo?: string },
  ): AsyncGenerator<BusMessage, void, undefined> {
    if (options.replyTo !== undefined) checkPublishSubject(options.replyTo);
    const { lane, lanes } = await this.#lane(subject, data, options);
    try {
      yield* lane.requests.requestMany(subject, data, { ...options, timeout: lane.patience });
    } finally {
      lanes.release(lane);
    }
  }

  async flush(): Promise<void> {
    this.#assertOpen();
    const session = this.#station?.session;
    if (session === undefined) throw disconnected("flush");
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      reject(new BusError("timeout", `Cannot flush: no answer within ${FLUSH_TIMEOUT} ms`));
    }, FLUSH_TIMEOUT);
    const done = Promise.all([this.#known(), this.#roundTrip()]).then(() => true);
    done.catch(() => {});
    try {
      const finished = await Promise.race([done, late, session.ended.then(() => false)]);
      this.#assertOpen();
      if (!finished) throw disconnected("flush");
    } catch (error) {
      this.#assertOpen();
      throw session.open ? error : disconnected("flush");
    } finally {
      clearTimeout(timer);
    }
  }

  onStatus(listener: (status: BusStatus) => void): () => void {
    return this.#statuses.add(listener);
  }

  close(): Promise<void> {
    return this.#closing ??= this.#close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #join(subject: string, group: string, handler: (message: BusMessage) => void): BusSubscription {
    bindingsOf(subject);
    groupQueue(subject, group);
    const member = new RabbitmqMember({
      subject,
      group,
      handler,
      onError: (reason) => this.#tellError(reason),
      onEnd: () => this.#members.delete(member),
    });
    this.#members.add(member);
    if (this.#station !== undefined) {
      member.attach(this.#station.session);
      this.#line.wait(member.settled);
    }
    return member;
  }

  async #close(): Promise<void> {
    const station = this.#station;
    this.#closed.abort(new BusError("closed", "The bus was closed"));
    station?.lanes.fail(new BusError("closed", "The bus was closed"));
    this.#inbox.close();
    for (const member of [...this.#members]) member.close();
    if (station?.session.open) {
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, FLUSH_TIMEOUT);
      // What cannot be flushed in time is lost with the connection.
      await Promise.race([this.#roundTrip().catch(() => {}), late]);
      clearTimeout(timer);
      await station.session.close();
    }
    this.#unacknowledged.reset();
    await this.#running;
    this.#statuses.tell({ type: "closed" });
  }

  /** Lives one session after the other, until the bus is closed. */
  async #run(first: RabbitmqSession): Promise<void> {
    for (let session: RabbitmqSession | undefined = first; session !== undefined;) {
      if (await this.#enter(session) && session !== first) {
        this.#statuses.tell({ type: "connected", server: session.server });
      }
      this.#started.resolve();
      if (this.#closed.signal.aborted) await session.close();
      const reason = await session.ended;
      this.#leave(reason);
      await session.gone;
      session = await this.#reconnect();
    }
  }

  /** Puts a session into use. @returns false when it ends meanwhile, or the bus is closed. */
  async #enter(session: RabbitmqSession): Promise<boolean> {
    const onError = (reason: string) => this.#tellError(reason);
    const station = {
      session,
      publisher: new RabbitmqPublisher(session, onError),
      answers: new RabbitmqPublisher(session, onError),
      lanes: new RabbitmqLanes(session),
    };
    await Promise.race([
      Promise.all([station.publisher.ready, station.answers.ready]),
      session.ended,
    ]);
    if (!session.open || this.#closed.signal.aborted) return false;
    this.#station = station;
    session.onBlocked = () => {
      const { blocked } = session;
      this.#tellError(
        blocked === undefined
          ? `RabbitMQ at ${session.server} takes messages again`
          : `RabbitMQ at ${session.server} takes no messages at the moment: ${blocked}`,
      );
    };
    this.#inbox.attach(session);
    for (const member of this.#members) member.attach(session);
    this.#line.wait(this.#known());
    return true;
  }

  #leave(reason: string): void {
    const station = this.#station;
    this.#station = undefined;
    this.#line.drop();
    this.#unacknowledged.reset();
    // A session that failed at once has told nobody that it was there.
    if (station === undefined) return;
    station.lanes.fail(disconnected("wait for an answer"));
    if (this.#closing === undefined) this.#statuses.tell({ type: "disconnected", reason });
  }

  async #reconnect(): Promise<RabbitmqSession | undefined> {
    const { signal } = this.#closed;
    for (let round = 0; !signal.aborted; round++) {
      await pause(backoff(round, PAUSES), signal).catch(() => {});
      for (const dial of this.#dials) {
        if (signal.aborted) break;
        try {
          return await dial(signal);
        } catch (error) {
          if (signal.aborted) break;
          const reason = error instanceof Error ? error.message : String(error);
          this.#statuses.tell({ type: "retrying", reason });
        }
      }
    }
  }

  /** Resolves when the broker knows of all subscriptions, or has refused them once. */
  async #known(): Promise<void> {
    const members = [...this.#members].map(({ settled }) => settled);
    await Promise.all([...members, this.#inbox.settled()]);
  }

  /** Resolves when the broker has everything that was accepted before. */
  async #roundTrip(): Promise<void> {
    const station = this.#station;
    if (station === undefined) throw disconnected("wait for the broker");
    await Promise.race([this.#line.passed(), station.session.ended]);
    await Promise.all([station.publisher.roundTrip(), station.answers.roundTrip()]);
  }

  /** Lends a lane for a request that can be sent. What time is left for it is the lane's patience. */
  async #lane(
    subject: string,
    data: Uint8Array,
    options: RequestOptions,
  ): Promise<{ readonly lane: RabbitmqLane; readonly lanes: RabbitmqLanes }> {
    this.#assertOpen();
    options.signal?.throwIfAborted();
    this.#check(subject, data, options.headers);
    if (options.headers !== undefined) toTable(options.headers);
    const station = this.#accepting();
    if (station === undefined || station.session.blocked !== undefined) {
      const reason = station?.session.blocked;
      throw new BusError(
        "disconnected",
        `Cannot request ${subject}: the bus takes nothing now${reason ? ` (${reason})` : ""}`,
      );
    }
    const { lanes } = station;
    const begun = performance.now();
    // It counts as pending at once, because it may have to wait for a lane.
    this.#unacknowledged.add(data.length + subject.length);
    const left = () => Math.max(0, options.timeout - (performance.now() - begun));
    if (!this.#line.empty) {
      await this.#inTime(this.#line.passed(), station.session, options);
    }
    const lasting = lastingQueue(subject);
    if (lasting !== undefined) {
      // When the broker does not tell, the request may still expire.
      const taken = station.session.isConsumed(lasting).catch(() => true);
      if (await this.#inTime(taken, station.session, options) === false) {
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
    options: RequestOptions,
  ): Promise<T | void> {
    const done = new AbortController();
    const signals = [done.signal, session.signal, ...(options.signal ? [options.signal] : [])];
    try {
      return await Promise.race([wait, pause(options.timeout, AbortSignal.any(signals))]);
    } finally {
      done.abort();
      this.#assertOpen();
    }
  }

  /** Where messages go now; undefined while none are accepted. */
  #accepting(): Station | undefined {
    if (this.#closing !== undefined || this.pending >= this.#maxPending) return undefined;
    return this.#station;
  }

  #check(subject: string, data: Uint8Array, headers?: BusHeaders, isReply = false): void {
    checkPublishSubject(subject);
    if (!isReply) checkRoutingKey(subject);
    if (headers !== undefined) toTable(headers);
    if (data.length > MAX_PAYLOAD) {
      throw new BusError(
        "too_large",
        `Cannot publish on ${subject}: ${data.length} bytes are over ${MAX_PAYLOAD} bytes`,
      );
    }
  }

  #tellError(reason: string): void {
    this.#statuses.tell({ type: "error", reason });
  }

  #assertOpen(): void {
    if (this.#closing !== undefined) throw new BusError("closed", "The bus is closed");
  }
}

function disconnected(what: string): BusError {
  return new BusError("disconnected", `Cannot ${what}: the bus is disconnected`);
}
