/**
 * The bus over RabbitMQ.
 *
 * @module
 */

import { deferred } from "../../common/deferred.ts";
import {
  type Bus,
  BusError,
  type BusMessage,
  type BusPublisher,
  type BusStatus,
  type BusSubscription,
  type PublisherOptions,
  type PublishOptions,
  type RequestOptions,
  type SubscribeOptions,
} from "../bus.ts";
import { guardHandler } from "../guard_handler.ts";
import { numberedHeaders } from "../header_check.ts";
import { Listeners } from "../base.ts";
import { RabbitmqRequests } from "./requests.ts";
import { checkAddress, checkMessage, checkSize, MAX_PAYLOAD } from "./rabbitmq_check.ts";
import { RabbitmqPublishOrder } from "./publish_queue.ts";
import { NumberedFrames } from "./frames.ts";
import { replyAddress, toTable } from "./message.ts";
import type { RabbitmqSession } from "./session.ts";
import { type Dial, liveOn } from "./rabbitmq_sessions.ts";
import { disconnected, RabbitmqChannels } from "./rabbitmq_channels.ts";
import { RabbitmqSubscriptions } from "./subscriber.ts";
import { exchangeOf, MAX_KEY } from "./topology.ts";
import { checkQueueName, checkSubscribeSubject } from "../subjects.ts";
import { Unacknowledged } from "../pending_acks.ts";
import { inTime } from "../../common/in_time.ts";

/** The longest that a flush takes, in milliseconds. */
const FLUSH_TIMEOUT = 5_000;
const USUAL_MAX_PENDING = 64 * 1024 * 1024;

/** Options of {@linkcode RabbitmqBus}. */
export interface RabbitmqBusOptions {
  /** Ways to connect again, one for each server. */
  readonly dials: readonly Dial[];
  /** Bytes not known to have arrived from which on `publish` refuses. @default 67108864 */
  readonly maxPending?: number;
}

/** A bus on a session that stands. It owns the session, and those that follow it. */
export class RabbitmqBus implements Bus {
  readonly maxPayload = MAX_PAYLOAD;
  readonly maxSubject = MAX_KEY;
  readonly maxPending: number;
  readonly #statuses = new Listeners<BusStatus>();
  readonly #subscriptions = new RabbitmqSubscriptions((reason) => this.#tellError(reason));
  readonly #line = new RabbitmqPublishOrder((why) => {
    const reason = `A message that was to follow a subscription was not sent: ${why}`;
    this.#statuses.tell({ type: "error", reason, lossy: true });
  });
  readonly #unacknowledged = new Unacknowledged(() => this.#roundTrip());
  readonly #requests = new RabbitmqRequests({
    accepting: () => this.#accepting(),
    line: this.#line,
    onPending: (bytes) => this.#unacknowledged.add(bytes),
    assertOpen: () => this.#assertOpen(),
  });
  readonly #closed = new AbortController();
  /** Undefined while disconnected. */
  #channels: RabbitmqChannels | undefined;
  readonly #running: Promise<void>;
  readonly #started = deferred<void>();
  #closing: Promise<void> | undefined;

  constructor(session: RabbitmqSession, options: RabbitmqBusOptions) {
    this.maxPending = options.maxPending ?? USUAL_MAX_PENDING;
    this.#running = liveOn(session, {
      dials: options.dials,
      signal: this.#closed.signal,
      enter: async (next) => {
        if (await this.#enter(next) && next !== session) {
          this.#statuses.tell({ type: "connected", server: next.server });
        }
        this.#started.resolve();
      },
      leave: (reason) => this.#leave(reason),
      onRetry: (reason) => this.#statuses.tell({ type: "retrying", reason }),
    });
  }

  /** Resolves when the bus can be used. */
  get started(): Promise<void> {
    return this.#started.promise;
  }

  get connected(): boolean {
    return this.#channels !== undefined && this.#closing === undefined;
  }

  get pending(): number {
    return this.#unacknowledged.bytes;
  }

  publish(subject: string, data: Uint8Array, options: PublishOptions = {}): boolean {
    const to = replyAddress(subject);
    checkMessage(subject, data, { headers: options.headers, to });
    const properties = { headers: options.headers, correlationId: to?.correlationId };
    const channels = this.#accepting();
    if (channels === undefined) return false;
    const accepted = this.#line.run(() => channels.publish({ subject, to, data, properties }));
    if (accepted) this.#unacknowledged.add(data.length + subject.length);
    return accepted;
  }

  publisher(subject: string, options: PublisherOptions): BusPublisher {
    toTable(numberedHeaders(options, `${Number.MAX_SAFE_INTEGER}`));
    return this.#publisher(subject, (exchange, key) => new NumberedFrames(exchange, key, options));
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
    const { subscription, known } = queue === undefined
      ? this.#subscriptions.add(subject, guarded)
      : this.#subscriptions.join(subject, guarded, { group: queue });
    if (this.#channels !== undefined) this.#line.wait(known);
    return subscription;
  }

  request(subject: string, data: Uint8Array, options: RequestOptions): Promise<BusMessage> {
    return this.#requests.request(subject, data, options);
  }

  requestMany(
    subject: string,
    data: Uint8Array,
    options: RequestOptions & { readonly replyTo?: string },
  ): AsyncIterable<BusMessage> {
    return this.#requests.requestMany(subject, data, options);
  }

  async flush(): Promise<void> {
    this.#assertOpen();
    const session = this.#channels?.session;
    if (session === undefined) throw disconnected("flush");
    const { promise: late, reject } = deferred<never>();
    const timer = setTimeout(() => {
      reject(new BusError("timeout", `Cannot flush: no answer within ${FLUSH_TIMEOUT} ms`));
    }, FLUSH_TIMEOUT);
    const done = Promise.all([this.#subscriptions.settled(), this.#roundTrip()]).then(() => true);
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

  async #close(): Promise<void> {
    const channels = this.#channels;
    this.#closed.abort(new BusError("closed", "The bus was closed"));
    channels?.pool.fail(new BusError("closed", "The bus was closed"));
    this.#subscriptions.close();
    if (channels?.session.open) {
      // What cannot be flushed in time is lost with the connection.
      await inTime(this.#roundTrip(), FLUSH_TIMEOUT).catch(() => {});
      await channels.session.close();
    }
    this.#unacknowledged.reset();
    await this.#running;
    this.#statuses.tell({ type: "closed" });
  }

  #publisher(
    subject: string,
    prepare: (exchange: string, key: string) => NumberedFrames,
  ): BusPublisher {
    const address = replyAddress(subject);
    checkAddress(subject, address);
    const [exchange, key] = address ? ["", address.queue] : [exchangeOf(subject), subject];
    const frames = prepare(exchange, key);
    return {
      publish: (number, data) => {
        checkSize(subject, data);
        const channels = this.#accepting();
        if (channels === undefined) return false;
        const text = `${number}`;
        const accepted = this.#line.run(() => channels.publishNumbered(frames, text, data));
        if (accepted) this.#unacknowledged.add(data.length + subject.length);
        return accepted;
      },
      to: (other) => this.#publisher(other, (exchange, key) => frames.to(exchange, key)),
    };
  }

  /** Puts a session into use. @returns false when it ends meanwhile, or the bus is closed. */
  async #enter(session: RabbitmqSession): Promise<boolean> {
    const channels = new RabbitmqChannels(session, (reason, options) => {
      this.#statuses.tell({ type: "error", reason, ...options });
    });
    await channels.ready();
    if (!session.open || this.#closed.signal.aborted) return false;
    this.#channels = channels;
    session.onBlocked = () => {
      const { blocked } = session;
      this.#tellError(
        blocked === undefined
          ? `RabbitMQ at ${session.server} takes messages again`
          : `RabbitMQ at ${session.server} takes no messages at the moment: ${blocked}`,
      );
    };
    this.#subscriptions.attach(session);
    this.#line.wait(this.#subscriptions.settled());
    return true;
  }

  #leave(reason: string): void {
    const channels = this.#channels;
    this.#channels = undefined;
    this.#subscriptions.detach();
    this.#line.drop();
    this.#unacknowledged.reset();
    // A session that failed at once has told nobody that it was there.
    if (channels === undefined) return;
    channels.pool.fail(disconnected("wait for an answer"));
    if (this.#closing === undefined) this.#statuses.tell({ type: "disconnected", reason });
  }

  /** Resolves when the broker has everything that was accepted before. */
  async #roundTrip(): Promise<void> {
    const channels = this.#channels;
    if (channels === undefined) throw disconnected("wait for the broker");
    await Promise.race([this.#line.passed(), channels.session.ended]);
    await channels.roundTrip();
  }

  /** Where messages go now; undefined while none are accepted. */
  #accepting(): RabbitmqChannels | undefined {
    if (this.#closing !== undefined || this.pending >= this.maxPending) return undefined;
    return this.#channels;
  }

  #tellError(reason: string): void {
    this.#statuses.tell({ type: "error", reason });
  }

  #assertOpen(): void {
    if (this.#closing !== undefined) {
      throw new BusError("closed", "The bus is closed", { unsent: true });
    }
  }
}
