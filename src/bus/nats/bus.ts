/**
 * The bus over a NATS connection.
 *
 * @module
 */

import type { MsgHdrs, NatsConnection, Status } from "@nats-io/nats-core";
import { deadline, PermissionViolationError, TimeoutError } from "@nats-io/nats-core/internal";
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
import { Listeners } from "../base.ts";
import { encodeHeaders, NumberedHeaders } from "./nats_headers.ts";
import { NatsMessage, saysNoResponders } from "./message.ts";
import type { NatsReconnects } from "./reconnects.ts";
import { subscribeNats } from "./nats_subscription.ts";
import { Requests } from "../requests.ts";
import {
  checkPublishSubject,
  checkQueueName,
  checkSubscribeSubject,
  MAX_SUBJECT,
} from "../subjects.ts";
import { Unacknowledged } from "../pending_acks.ts";

/** The longest that a flush takes, in milliseconds. */
const FLUSH_TIMEOUT = 5_000;
/** What a server allows, until it says otherwise. */
const USUAL_MAX_PAYLOAD = 1024 * 1024;
const USUAL_MAX_PENDING = 64 * 1024 * 1024;

/** Options of {@linkcode NatsBus}. */
export interface NatsBusOptions {
  /** What the library asks for its pauses; it learns about failures there. */
  readonly reconnects: NatsReconnects;
  /** Bytes unacknowledged from which on `publish` refuses. @default 67108864 */
  readonly maxPending?: number;
}

/** A bus on a NATS connection that stands. It owns the connection. */
export class NatsBus implements Bus {
  readonly #nats: NatsConnection;
  readonly #reconnects: NatsReconnects;
  readonly maxPending: number;
  readonly #statuses = new Listeners<BusStatus>();
  /** Is told when the connection ends, for a time or for good. */
  readonly #ended = new Listeners<void>();
  readonly #unacknowledged: Unacknowledged;
  readonly #requests: Requests;
  #connected = true;
  #maxPayload: number;
  #carriesHeaders: boolean;
  #closing: Promise<void> | undefined;

  constructor(nats: NatsConnection, options: NatsBusOptions) {
    this.#nats = nats;
    this.maxPending = options.maxPending ?? USUAL_MAX_PENDING;
    this.#maxPayload = nats.info?.max_payload ?? USUAL_MAX_PAYLOAD;
    this.#carriesHeaders = nats.info?.headers ?? false;
    this.#unacknowledged = new Unacknowledged(() => nats.flush());
    this.#requests = new Requests({
      listen: (subject, onAnswer) => {
        const subscription = nats.subscribe(subject, {
          callback: (error, message) => {
            // Errors come as statuses too, and are dealt with there.
            if (error !== null) return;
            const answer = saysNoResponders(message) ? undefined : new NatsMessage(message);
            onAnswer(message.subject, answer);
          },
        });
        return () => subscription.unsubscribe();
      },
      send: (subject, data, reply, headers) =>
        this.#send(subject, data, { reply, headers: headers && encodeHeaders(headers) }),
    });
    this.#reconnects = options.reconnects;
    this.#reconnects.nats = nats;
    this.#reconnects.onFailure = (reason) => {
      if (this.#closing === undefined) this.#statuses.tell({ type: "retrying", reason });
    };
    void this.#watch();
  }

  get connected(): boolean {
    return this.#connected;
  }

  get maxPayload(): number {
    return this.#maxPayload;
  }

  get maxSubject(): number {
    return MAX_SUBJECT;
  }

  get pending(): number {
    return this.#unacknowledged.bytes;
  }

  publish(subject: string, data: Uint8Array, options?: PublishOptions): boolean {
    checkPublishSubject(subject);
    const headers = options?.headers && encodeHeaders(options.headers);
    return this.#send(subject, data, headers && { headers });
  }

  publisher(subject: string, options: PublisherOptions): BusPublisher {
    return this.#publisher(subject, new NumberedHeaders(options));
  }

  subscribe(
    subject: string,
    handler: (message: BusMessage) => void,
    options: SubscribeOptions = {},
  ): BusSubscription {
    checkSubscribeSubject(subject);
    if (options.queue !== undefined) checkQueueName(options.queue);
    this.#assertOpen();
    return subscribeNats(subject, {
      nats: this.#nats,
      handler: guardHandler(handler, (reason) => {
        this.#tellError(`The handler of ${subject} failed: ${reason}`);
      }),
      queue: options.queue,
      connected: () => this.#connected,
      roundTrip: (answer) => this.#roundTrip(answer),
    });
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

  async flush(): Promise<void> {
    this.#assertOpen();
    if (!this.#connected) throw disconnected("flush");
    try {
      await this.#roundTrip(this.#nats.flush());
    } catch (error) {
      this.#assertOpen();
      if (!this.#connected || !(error instanceof TimeoutError)) throw disconnected("flush");
      throw new BusError("timeout", `Cannot flush: no answer within ${FLUSH_TIMEOUT} ms`);
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
    this.#requests.fail(new BusError("closed", "The bus was closed"));
    if (this.#connected) {
      // What cannot be flushed in time is lost with the connection.
      await deadline(this.#nats.flush(), FLUSH_TIMEOUT).catch(() => {});
    }
    this.#connected = false;
    this.#unacknowledged.reset();
    await this.#nats.close();
    this.#ended.tell();
    this.#statuses.tell({ type: "closed" });
  }

  /** Waits for what the server answers; the library leaves that open when the connection ends. */
  async #roundTrip(answer: Promise<void>): Promise<void> {
    const { promise, reject } = deferred<never>();
    const stop = this.#ended.add(() => reject(disconnected("wait for the server")));
    try {
      await deadline(Promise.race([answer, promise]), FLUSH_TIMEOUT);
    } finally {
      stop();
    }
  }

  #publisher(subject: string, headers: NumberedHeaders): BusPublisher {
    checkPublishSubject(subject);
    const extras = { headers };
    return {
      publish: (number, data) => {
        headers.number = number;
        return this.#send(subject, data, extras);
      },
      to: (other) => this.#publisher(other, headers),
    };
  }

  #send(
    subject: string,
    data: Uint8Array,
    extras?: { readonly headers?: MsgHdrs; readonly reply?: string },
  ): boolean {
    if (data.length > this.#maxPayload) throw tooLarge(subject, data.length, this.#maxPayload);
    if (
      !this.#connected || this.#closing !== undefined ||
      this.#unacknowledged.bytes >= this.maxPending
    ) return false;
    try {
      // A server of old takes no headers; the message counts more than they do.
      this.#nats.publish(subject, data, this.#carriesHeaders ? extras : { reply: extras?.reply });
    } catch (error) {
      // The limit holds for payload and headers together.
      if (extras?.headers !== undefined && error instanceof Error) {
        throw tooLarge(subject, data.length, this.#maxPayload);
      }
      throw error;
    }
    this.#unacknowledged.add(data.length + subject.length);
    return true;
  }

  async #watch(): Promise<void> {
    for await (const status of this.#nats.status()) this.#onStatus(status);
    if (this.#closing === undefined) void this.close();
  }

  #onStatus(status: Status): void {
    switch (status.type) {
      case "staleConnection":
        this.#reconnects.reason = "the server does not answer";
        break;
      case "disconnect": {
        // The library tells this again for each attempt that fails late.
        if (!this.#connected || this.#closing !== undefined) break;
        this.#connected = false;
        this.#unacknowledged.reset();
        this.#ended.tell();
        this.#requests.fail(disconnected("wait for an answer"));
        this.#statuses.tell({ type: "disconnected", reason: this.#reconnects.reason });
        break;
      }
      case "reconnect":
        if (this.#connected || this.#closing !== undefined) break;
        this.#connected = true;
        this.#reconnects.succeeded();
        this.#maxPayload = this.#nats.info?.max_payload ?? this.#maxPayload;
        this.#carriesHeaders = this.#nats.info?.headers ?? false;
        this.#statuses.tell({ type: "connected", server: this.#nats.getServer() });
        break;
      case "ldm":
        this.#tellError(`NATS at ${status.server} is about to shut down`);
        break;
      case "error":
        this.#onError(status.error);
        break;
    }
  }

  #onError(error: Error): void {
    this.#reconnects.reason = error.message;
    if (error instanceof PermissionViolationError) {
      const refusal = new BusError("denied", `NATS does not allow it: ${error.message}`, {
        unsent: error.operation === "publish",
      });
      this.#requests.refuse(error.subject, refusal);
    }
    // While it reconnects, what the server says is the reason of the failed attempt.
    if (this.#connected) this.#tellError(error.message);
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

function disconnected(what: string): BusError {
  return new BusError("disconnected", `Cannot ${what}: the bus is disconnected`);
}

function tooLarge(subject: string, length: number, max: number): BusError {
  return new BusError(
    "too_large",
    `Cannot publish on ${subject}: ${length} bytes and the headers are over ${max} bytes`,
  );
}
