/**
 * The bus over RabbitMQ.
 *
 * @module
 */

import { deferred } from "../../common/deferred.ts";
import { inTime } from "../../common/in_time.ts";
import { pause } from "../../common/pause.ts";
import {
  BusBase,
  closedMeanwhile,
  disconnected,
  FLUSH_TIMEOUT,
  numberedHeaders,
  USUAL_MAX_PENDING,
} from "../base.ts";
import {
  type Bus,
  BusError,
  type BusMessage,
  type BusPublisher,
  type BusSubscription,
  type PublisherOptions,
  type PublishOptions,
  type RequestOptions,
  type SubscribeOptions,
} from "../bus.ts";
import { PendingAcks } from "../pending_acks.ts";
import { checkPublishSubject, checkQueueName, checkSubscribeSubject } from "../subjects.ts";
import { NumberedFrames } from "./frames.ts";
import {
  checkAddress,
  checkMessage,
  checkSize,
  MAX_PAYLOAD,
  replyAddress,
  toTable,
} from "./message.ts";
import { PublishQueue } from "./publish_queue.ts";
import { Publishers } from "./publisher.ts";
import { type RequestChannel, RequestChannels } from "./requests.ts";
import { type Dial, runSessions, type Session } from "./session.ts";
import { Subscriber } from "./subscriber.ts";
import { exchangeOf, lastingQueue, MAX_KEY } from "./topology.ts";

/** A session in use, and what it is used with. */
interface InUse {
  readonly session: Session;
  readonly publishers: Publishers;
  readonly requests: RequestChannels;
}

/** A bus on an open session. It owns the session, and those that follow it. */
export class RabbitmqBus extends BusBase implements Bus {
  readonly maxPayload = MAX_PAYLOAD;
  readonly maxSubject = MAX_KEY;
  readonly maxPending: number;
  readonly #subscriber = new Subscriber((reason) => this.reportError(reason));
  readonly #queue = new PublishQueue((why) => {
    const reason = `A message that was to follow a subscription was not sent: ${why}`;
    this.report({ type: "error", reason, lossy: true });
  });
  readonly #pendingAcks = new PendingAcks(() => this.#roundTrip());
  readonly #closed = new AbortController();
  /** Undefined while disconnected. */
  #inUse: InUse | undefined;
  readonly #running: Promise<void>;
  readonly #started = deferred<void>();

  /** @param options What connects again, one for each server, and {@linkcode Bus.maxPending}. */
  constructor(
    session: Session,
    { dials, maxPending = USUAL_MAX_PENDING }: {
      readonly dials: readonly Dial[];
      readonly maxPending?: number;
    },
  ) {
    super();
    this.maxPending = maxPending;
    this.#running = runSessions(session, {
      dials,
      signal: this.#closed.signal,
      enter: async (next) => {
        if (await this.#enter(next) && next !== session) {
          this.report({ type: "connected", server: next.server });
        }
        this.#started.resolve();
      },
      leave: (reason) => this.#leave(reason),
      onRetry: (reason) => this.report({ type: "retrying", reason }),
    });
  }

  /** Resolves when the bus can be used. */
  get started(): Promise<void> {
    return this.#started.promise;
  }

  get connected(): boolean {
    return this.#inUse !== undefined && !this.closing;
  }

  get pending(): number {
    return this.#pendingAcks.bytes;
  }

  publish(subject: string, data: Uint8Array, options: PublishOptions = {}): boolean {
    const to = replyAddress(subject);
    checkMessage(subject, data, { headers: options.headers, to });
    const properties = { headers: options.headers, correlationId: to?.correlationId };
    return this.#send(
      subject,
      data,
      ({ publishers }) => publishers.publish(subject, to, data, properties),
    );
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
    this.assertOpen();
    const guarded = this.guarded(subject, handler);
    const { subscription, established } = queue === undefined
      ? this.#subscriber.add(subject, guarded)
      : this.#subscriber.join(subject, guarded, queue);
    if (this.#inUse !== undefined) this.#queue.wait(established);
    return subscription;
  }

  async request(subject: string, data: Uint8Array, options: RequestOptions): Promise<BusMessage> {
    const { channel, timeout, release } = await this.#borrow(subject, data, options);
    try {
      return await channel.request(subject, data, { ...options, timeout });
    } finally {
      release();
    }
  }

  async *requestMany(
    subject: string,
    data: Uint8Array,
    options: RequestOptions & { readonly replyTo?: string },
  ): AsyncGenerator<BusMessage, void, undefined> {
    if (options.replyTo !== undefined) checkPublishSubject(options.replyTo);
    const { channel, timeout, release } = await this.#borrow(subject, data, options);
    try {
      yield* channel.requestMany(subject, data, { ...options, timeout });
    } finally {
      release();
    }
  }

  async flush(): Promise<void> {
    this.assertOpen();
    const session = this.#inUse?.session;
    if (session === undefined) throw disconnected("flush");
    const { promise: late, reject } = deferred<never>();
    const timer = setTimeout(() => {
      reject(new BusError("timeout", `Cannot flush: no reply within ${FLUSH_TIMEOUT} ms`));
    }, FLUSH_TIMEOUT);
    const done = Promise.all([this.#subscriber.settled(), this.#roundTrip()]).then(() => true);
    done.catch(() => {});
    try {
      const finished = await Promise.race([done, late, session.ended.then(() => false)]);
      this.assertOpen();
      if (!finished) throw disconnected("flush");
    } catch (error) {
      this.assertOpen();
      throw session.open ? error : disconnected("flush");
    } finally {
      clearTimeout(timer);
    }
  }

  protected async shutDown(): Promise<void> {
    const inUse = this.#inUse;
    this.#closed.abort(closedMeanwhile());
    inUse?.requests.fail(closedMeanwhile());
    this.#subscriber.close();
    if (inUse?.session.open) {
      // What cannot be flushed in time is lost with the connection.
      await inTime(this.#roundTrip(), FLUSH_TIMEOUT).catch(() => {});
      await inUse.session.close();
    }
    this.#pendingAcks.reset();
    await this.#running;
    this.report({ type: "closed" });
  }

  /** Puts a session into use. @returns false when it ends meanwhile, or the bus is closed. */
  async #enter(session: Session): Promise<boolean> {
    const publishers = new Publishers(session, (reason, options) => {
      this.report({ type: "error", reason, ...options });
    });
    await publishers.ready();
    if (!session.open || this.#closed.signal.aborted) return false;
    this.#inUse = { session, publishers, requests: new RequestChannels(session) };
    session.watchBlocked(() => {
      const { blocked } = session;
      this.reportError(
        blocked === undefined
          ? `RabbitMQ at ${session.server} accepts messages again`
          : `RabbitMQ at ${session.server} accepts no messages at the moment: ${blocked}`,
      );
    });
    this.#subscriber.attach(session);
    this.#queue.wait(this.#subscriber.settled());
    return true;
  }

  #leave(reason: string): void {
    const inUse = this.#inUse;
    this.#inUse = undefined;
    this.#subscriber.detach();
    this.#queue.drop();
    this.#pendingAcks.reset();
    // That a session was there which failed at once has not been reported.
    if (inUse === undefined) return;
    inUse.requests.fail(disconnected("wait for a reply"));
    if (!this.closing) this.report({ type: "disconnected", reason });
  }

  /** Resolves when the broker has everything that was accepted before. */
  async #roundTrip(): Promise<void> {
    const inUse = this.#inUse;
    if (inUse === undefined) throw disconnected("wait for the broker");
    await Promise.race([this.#queue.passed(), inUse.session.ended]);
    await inUse.publishers.roundTrip();
  }

  /** What messages are sent with now; undefined while none are accepted. */
  #accepting(): InUse | undefined {
    if (this.closing || this.pending >= this.maxPending) return undefined;
    return this.#inUse;
  }

  /** Publishes, at once or behind the subscriptions before it. @returns whether it is accepted. */
  #send(subject: string, data: Uint8Array, publish: (inUse: InUse) => boolean): boolean {
    const inUse = this.#accepting();
    if (inUse === undefined) return false;
    const accepted = this.#queue.run(() => publish(inUse));
    if (accepted) this.#pendingAcks.add(data.length + subject.length);
    return accepted;
  }

  #publisher(
    subject: string,
    prepare: (exchange: string, key: string) => NumberedFrames,
  ): BusPublisher {
    const address = replyAddress(subject);
    checkAddress(subject, address);
    const frames = address === undefined
      ? prepare(exchangeOf(subject), subject)
      : prepare("", address.queue);
    return {
      publish: (number, data) => {
        checkSize(subject, data);
        return this.#send(
          subject,
          data,
          ({ publishers }) => publishers.publishNumbered(frames, `${number}`, data),
        );
      },
      to: (other) => this.#publisher(other, (exchange, key) => frames.to(exchange, key)),
    };
  }

  /**
   * Borrows a channel for a request that can be sent.
   *
   * @returns The channel, the time that is left for the request, and what gives the channel back.
   */
  async #borrow(subject: string, data: Uint8Array, options: RequestOptions): Promise<{
    readonly channel: RequestChannel;
    readonly timeout: number;
    readonly release: () => void;
  }> {
    this.assertOpen();
    options.signal?.throwIfAborted();
    checkMessage(subject, data, { headers: options.headers });
    const inUse = this.#accepting();
    if (inUse === undefined || inUse.session.blocked !== undefined) {
      const reason = inUse?.session.blocked;
      throw new BusError(
        "disconnected",
        `Cannot request ${subject}: the bus accepts no messages now${reason ? ` (${reason})` : ""}`,
        { unsent: true },
      );
    }
    const { requests, session } = inUse;
    const begun = performance.now();
    // It counts as pending at once, because it may have to wait for a channel.
    this.#pendingAcks.add(data.length + subject.length);
    const left = () => Math.max(0, options.timeout - (performance.now() - begun));
    const waitFor = <T>(promise: Promise<T>) =>
      this.#waitFor(promise, session, { timeout: left(), signal: options.signal });
    if (!this.#queue.empty) await waitFor(this.#queue.passed());
    const lasting = lastingQueue(subject);
    if (lasting !== undefined) {
      // When the broker does not report it, the request may still expire.
      const taken = session.isConsumed(lasting).catch(() => true);
      if (await waitFor(taken) === false) {
        throw new BusError("no_responders", `Cannot request ${subject}: it has no subscriber`);
      }
    }
    const channel = await requests.acquire(subject, { ...options, timeout: left() });
    return { channel, timeout: left(), release: () => requests.release(channel) };
  }

  /** Waits for something, but no longer than a request may take. */
  async #waitFor<T>(
    promise: Promise<T>,
    session: Session,
    options: Pick<RequestOptions, "timeout" | "signal">,
  ): Promise<T | void> {
    const done = new AbortController();
    const signals = [done.signal, session.signal, ...(options.signal ? [options.signal] : [])];
    try {
      return await Promise.race([promise, pause(options.timeout, AbortSignal.any(signals))]);
    } finally {
      done.abort();
      this.assertOpen();
    }
  }
}
