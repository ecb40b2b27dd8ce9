/**
 * A connection to a broker inside the process.
 *
 * @module
 */

import {
  type Bus,
  BusError,
  type BusHeaders,
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
import { checkHeaders, numberedHeaders } from "../header_check.ts";
import type { InProcessBroker } from "../memory.ts";
import { Listeners } from "../base.ts";
import { Requests } from "../requests.ts";
import { checkPublishSubject, checkQueueName, checkSubscribeSubject } from "../subjects.ts";

/** A connection to an in-process broker, with which an outage can be played. */
export interface InProcessBus extends Bus {
  /** Loses the connection. What is on its way to this side is lost with it. */
  disconnect(): void;
  /** Restores the connection and its subscriptions. */
  reconnect(): void;
}

/** A subscription as the broker sees it. `deliver` is undefined for the notice "nobody listens". */
export interface Interest {
  /** Name of its queue group, if it is in one. */
  readonly queue?: string;
  /** Takes a message that was published on a subject that matches. */
  deliver(subject: string, message: BusMessage | undefined): void;
}

/** The one implementation of {@linkcode InProcessBus}; made by the broker's `connect`. */
export class Connection implements InProcessBus {
  readonly #broker: InProcessBroker;
  readonly #statuses = new Listeners<BusStatus>();
  readonly #requests: Requests;
  readonly #interests = new Map<Interest, string>();
  #connected = true;
  #closed = false;
  #arrived: (() => void)[] = [];
  #delivering: Promise<void> | undefined;

  readonly pending = 0;
  readonly maxPending = Infinity;

  constructor(broker: InProcessBroker) {
    this.#broker = broker;
    this.#requests = new Requests({
      listen: (subject, onAnswer) => this.#join(subject, onAnswer).close,
      send: (subject, data, replyTo, headers) => this.#send(subject, data, headers, replyTo),
    });
  }

  get connected(): boolean {
    return this.#connected;
  }

  get maxPayload(): number {
    return this.#broker.maxPayload;
  }

  get maxSubject(): number {
    return this.#broker.maxSubject;
  }

  publish(subject: string, data: Uint8Array, options?: PublishOptions): boolean {
    return this.#send(subject, data, options?.headers);
  }

  publisher(subject: string, options: PublisherOptions): BusPublisher {
    checkPublishSubject(subject, this.maxSubject);
    numberedHeaders(options, "0");
    return {
      publish: (number, data) => this.#send(subject, data, numberedHeaders(options, `${number}`)),
      to: (other) => this.publisher(other, options),
    };
  }

  subscribe(
    subject: string,
    handler: (message: BusMessage) => void,
    options: SubscribeOptions = {},
  ): BusSubscription {
    checkSubscribeSubject(subject, this.maxSubject);
    if (options.queue !== undefined) checkQueueName(options.queue);
    this.#assertOpen();
    const guarded = guardHandler(handler, (reason) => {
      this.#statuses.tell({
        type: "error",
        reason: `The handler of ${subject} failed: ${reason}`,
      });
    });
    return this.#join(
      subject,
      (_, message) => message !== undefined && guarded(message),
      options.queue,
    );
  }

  // deno-lint-ignore require-await -- what is thrown at once must reject
  async request(
    subject: string,
    data: Uint8Array,
    options: RequestOptions,
  ): Promise<BusMessage> {
    this.#assertOpen();
    return this.#requests.request(subject, data, options);
  }

  async *requestMany(
    subject: string,
    data: Uint8Array,
    options: RequestOptions & { readonly replyTo?: string },
  ): AsyncGenerator<BusMessage, void, undefined> {
    this.#assertOpen();
    yield* this.#requests.requestMany(subject, data, options);
  }

  // deno-lint-ignore require-await -- the broker has everything already, but errors must reject
  async flush(): Promise<void> {
    this.#assertOpen();
    if (!this.#connected) {
      throw new BusError("disconnected", "Cannot flush: the bus is disconnected");
    }
  }

  onStatus(listener: (status: BusStatus) => void): () => void {
    return this.#statuses.add(listener);
  }

  disconnect(): void {
    if (this.#closed || !this.#connected) return;
    this.#connected = false;
    this.#arrived = [];
    for (const [interest, subject] of this.#interests) this.#broker.leave(subject, interest);
    this.#requests.fail(
      new BusError("disconnected", "Cannot wait for an answer: the bus is disconnected"),
    );
    this.#statuses.tell({ type: "disconnected", reason: "the outage is played" });
  }

  reconnect(): void {
    if (this.#closed || this.#connected) return;
    this.#connected = true;
    for (const [interest, subject] of this.#interests) this.#broker.join(subject, interest);
    this.#statuses.tell({ type: "connected", server: "in process" });
  }

  async close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      this.#connected = false;
      this.#arrived = [];
      for (const [interest, subject] of this.#interests) this.#broker.leave(subject, interest);
      this.#interests.clear();
      this.#requests.fail(new BusError("closed", "The bus was closed"));
      this.#statuses.tell({ type: "closed" });
    }
    await this.#delivering;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #join(
    subject: string,
    onMessage: (subject: string, message: BusMessage | undefined) => void,
    queue?: string,
  ): BusSubscription {
    let open = true;
    const interest: Interest = {
      queue,
      deliver: (on, message) => {
        this.#arrived.push(() => open && !this.#closed && onMessage(on, message));
        this.#delivering ??= this.#deliver();
      },
    };
    const leave = () => {
      this.#interests.delete(interest);
      this.#broker.leave(subject, interest);
    };
    this.#interests.set(interest, subject);
    if (this.#connected) this.#broker.join(subject, interest);
    return {
      close() {
        open = false;
        leave();
      },
      drain: async () => {
        leave();
        await this.#delivering;
        open = false;
      },
    };
  }

  async #deliver(): Promise<void> {
    // A publisher must not find its own subscription called before `publish` returns.
    await undefined;
    while (this.#arrived.length > 0) {
      const batch = this.#arrived;
      this.#arrived = [];
      for (const call of batch) call();
    }
    this.#delivering = undefined;
  }

  #send(subject: string, data: Uint8Array, headers?: BusHeaders, replyTo?: string): boolean {
    checkPublishSubject(subject, this.maxSubject);
    if (headers !== undefined) checkHeaders(headers);
    if (data.length > this.maxPayload) {
      throw new BusError(
        "too_large",
        `Cannot publish on ${subject}: ${data.length} bytes are over ${this.maxPayload} bytes`,
      );
    }
    if (!this.#connected) return false;
    const receivers = this.#broker.route({
      subject,
      data,
      ...(replyTo === undefined ? {} : { replyTo }),
      ...(headers === undefined || Object.keys(headers).length === 0
        ? {}
        : { headers: { ...headers } }),
    });
    if (receivers === 0 && replyTo !== undefined) this.#broker.notify(replyTo);
    return true;
  }

  #assertOpen(): void {
    if (this.#closed) throw new BusError("closed", "The bus is closed", { unsent: true });
  }
}
