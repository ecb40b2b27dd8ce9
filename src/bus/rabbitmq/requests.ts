/**
 * The channels for requests of a session: one for each request in flight.
 *
 * The responses of the original carry nothing that identifies their request; only the
 * channel that they arrive on does. The broker addresses them by the consumer, so a channel that has
 * a new consumer after each request cannot take a late response for that of the next one.
 *
 * @module
 */

import type { Channel, Message } from "amqplib";
import { deferred } from "../../common/deferred.ts";
import { errorText } from "../../common/error_text.ts";
import { BusError, type BusHeaders, type BusMessage, type RequestOptions } from "../bus.ts";
import { Requests } from "../requests.ts";
import { requestProperties, toBusMessage } from "./message.ts";
import { asBuffer } from "./publisher.ts";
import { type ChannelError, closeChannel, type Session } from "./session.ts";
import { exchangeOf } from "./topology.ts";

/** The most channels; a broker allows 2,047 on a connection by default. */
const MOST = 1_000;
/** The most idle channels that are kept. */
const IDLE = 64;
/** The most that are opened at a time. Those in use get free meanwhile, so that fewer are needed. */
const OPENING = 8;

interface Waiter {
  take(channel: RequestChannel): void;
  fail(error: unknown): void;
}

/** Lends channels, and opens them as they are needed. */
export class RequestChannels {
  readonly #session: Session;
  readonly #idle: RequestChannel[] = [];
  readonly #lent = new Set<RequestChannel>();
  readonly #waiters = new Set<Waiter>();
  #opening = 0;
  #renewing = 0;

  constructor(session: Session) {
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
  ): Promise<RequestChannel> {
    while (true) {
      const channel = this.#idle.pop();
      if (channel === undefined) break;
      if (channel.open) return this.#lend(channel);
    }
    const { promise, resolve, reject } = deferred<RequestChannel>();
    const waiter: Waiter = {
      take: resolve,
      fail: (error) => {
        // A channel that gets free after this is for another waiter.
        this.#waiters.delete(waiter);
        reject(error);
      },
    };
    const timer = setTimeout(() => {
      const text = `Cannot request ${subject}: too many requests in flight`;
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
  release(channel: RequestChannel): void {
    this.#lent.delete(channel);
    void this.#reuse(channel);
  }

  /** Ends all requests in flight, and those that wait for a channel. */
  fail(error: BusError): void {
    for (const waiter of [...this.#waiters]) waiter.fail(error);
    for (const channel of [...this.#lent]) channel.fail(error);
  }

  async #reuse(channel: RequestChannel): Promise<void> {
    if (channel.open && this.#idle.length + this.#renewing >= IDLE && this.#waiters.size === 0) {
      return await channel.close();
    }
    this.#renewing++;
    await channel.renew();
    this.#renewing--;
    if (channel.open) this.#offer(channel);
    else this.#grow();
  }

  #offer(channel: RequestChannel): void {
    const [waiter] = this.#waiters;
    if (waiter === undefined) return void this.#idle.push(channel);
    this.#waiters.delete(waiter);
    waiter.take(this.#lend(channel));
  }

  #lend(channel: RequestChannel): RequestChannel {
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
      // Where another channel can get free, the waiters go on waiting for it.
      if (this.#lent.size + this.#renewing + this.#opening > 0) return;
      const reason = errorText(error);
      const failure = new BusError("disconnected", `Cannot open a channel: ${reason}`, {
        unsent: true,
      });
      for (const waiter of [...this.#waiters]) waiter.fail(failure);
    }
  }
}

const REPLIES = "amq.rabbitmq.reply-to";

type OnReply = (subject: string, reply: BusMessage | undefined) => void;

/** A channel for one request at a time; made by {@linkcode openRequestChannel}. */
export class RequestChannel {
  readonly #requests: Requests;
  /** Time for the responses to the request, in milliseconds. */
  #timeout = 0;
  #open = true;
  readonly #channel: Channel;
  readonly #session: Session;
  readonly #prefix = crypto.randomUUID();
  #count = 0;
  #tag = "";
  #subject = "";
  #onReply: OnReply = () => {};
  /** Where responses to the request in flight go, and its correlation ID. */
  #flight: { readonly replyTo: string; readonly id: string } | undefined;

  constructor(channel: Channel, session: Session) {
    this.#channel = channel;
    this.#session = session;
    this.#requests = new Requests({
      listen: (_, onReply) => {
        this.#onReply = onReply;
        return () => {};
      },
      send: (subject, data, replyTo, headers) => this.#send(subject, data, replyTo, headers),
    });
    channel.on("return", (message) => this.#take(message, undefined));
  }

  /** Whether the channel can be used. */
  get open(): boolean {
    return this.#open;
  }

  /** Does what `Bus.request` promises. */
  request(subject: string, data: Uint8Array, options: RequestOptions): Promise<BusMessage> {
    this.#timeout = options.timeout;
    return this.#requests.request(subject, data, options);
  }

  /** Does what `Bus.requestMany` promises. */
  requestMany(
    subject: string,
    data: Uint8Array,
    options: RequestOptions & { readonly replyTo?: string },
  ): AsyncGenerator<BusMessage, void, undefined> {
    this.#timeout = options.timeout;
    return this.#requests.requestMany(subject, data, options);
  }

  /** Ends the request in flight. */
  fail(error: BusError): void {
    this.#requests.fail(error);
  }

  /** Begins to consume responses. */
  async listen(): Promise<void> {
    const onMessage = (message: Message | null) => {
      if (message !== null) this.#take(message, toBusMessage(message));
    };
    this.#tag = (await this.#channel.consume(REPLIES, onMessage, { noAck: true })).consumerTag;
  }

  /** Makes the channel ready for another request: no response to a former one arrives any more. */
  async renew(): Promise<void> {
    this.#flight = undefined;
    try {
      await this.#channel.cancel(this.#tag);
      await this.listen();
    } catch {
      // The channel was closed, with the session or alone.
      this.#open = false;
    }
  }

  /** Ends the channel. */
  async close(): Promise<void> {
    this.#open = false;
    await closeChannel(this.#channel);
  }

  /** The channel was closed, by the broker alone if there is an error. */
  onClose(error: ChannelError | undefined): void {
    this.#open = false;
    this.#requests.fail(refusal(this.#subject, error));
  }

  #send(subject: string, data: Uint8Array, replyTo: string, headers?: BusHeaders): boolean {
    // What is sent now would be carried out when nothing waits for the response any more.
    if (!this.#open || this.#session.blocked !== undefined) return false;
    const id = `${this.#prefix}.${this.#count++}`;
    const properties = requestProperties({ headers, correlationId: id, timeout: this.#timeout });
    this.#subject = subject;
    this.#flight = { replyTo, id };
    this.#channel.publish(exchangeOf(subject), subject, asBuffer(data), properties);
    return true;
  }

  #take({ properties }: Message, reply: BusMessage | undefined): void {
    if (this.#flight === undefined) return;
    const { replyTo, id } = this.#flight;
    if (properties.correlationId !== undefined && properties.correlationId !== id) return;
    this.#onReply(replyTo, reply && { ...reply, subject: replyTo });
  }
}

/** Opens a channel. @throws The error of the broker, or of the end of the session. */
async function openRequestChannel(
  session: Session,
): Promise<RequestChannel> {
  const channel = await session.channel((error) => own.onClose(error));
  const own = new RequestChannel(channel, session);
  await own.listen();
  return own;
}

function refusal(subject: string, error: ChannelError | undefined): BusError {
  switch (error?.code) {
    case 403:
      return new BusError("denied", `Cannot request ${subject}: ${error.message}`, {
        unsent: true,
      });
    case 404:
      return new BusError("no_responders", `Cannot request ${subject}: ${error.message}`);
    default:
      return new BusError(
        "disconnected",
        `Cannot wait for a reply: ${error?.message ?? "the bus is disconnected"}`,
      );
  }
}
