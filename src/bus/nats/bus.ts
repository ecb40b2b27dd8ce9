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
  type BusSubscription,
  type PublisherOptions,
  type PublishOptions,
  type RequestOptions,
  type SubscribeOptions,
} from "../bus.ts";
import {
  BusBase,
  closedMeanwhile,
  disconnected,
  FLUSH_TIMEOUT,
  Listeners,
  USUAL_MAX_PENDING,
} from "../base.ts";
import { PendingAcks } from "../pending_acks.ts";
import { Requests } from "../requests.ts";
import {
  checkPublishSubject,
  checkQueueName,
  checkSubscribeSubject,
  MAX_SUBJECT,
} from "../subjects.ts";
import { encodeHeaders, isNoResponders, NatsMessage, NumberedHeaders } from "./message.ts";
import type { NatsReconnects } from "./reconnects.ts";

/** The payload that a server allows by default. */
const USUAL_MAX_PAYLOAD = 1024 * 1024;

/** A bus on an open NATS connection, which it owns. */
export class NatsBus extends BusBase implements Bus {
  readonly #nats: NatsConnection;
  readonly #reconnects: NatsReconnects;
  readonly maxPending: number;
  /** Called when the connection ends, for a time or for good. */
  readonly #ended = new Listeners<void>();
  readonly #pendingAcks: PendingAcks;
  readonly #requests: Requests;
  #connected = true;
  #maxPayload: number;
  #carriesHeaders: boolean;

  /** @param options What returns the pauses of the library, and {@linkcode Bus.maxPending}. */
  constructor(
    nats: NatsConnection,
    { reconnects, maxPending = USUAL_MAX_PENDING }: {
      readonly reconnects: NatsReconnects;
      readonly maxPending?: number;
    },
  ) {
    super();
    this.#nats = nats;
    this.maxPending = maxPending;
    this.#maxPayload = nats.info?.max_payload ?? USUAL_MAX_PAYLOAD;
    this.#carriesHeaders = nats.info?.headers ?? false;
    this.#pendingAcks = new PendingAcks(() => nats.flush());
    this.#requests = new Requests({
      listen: (subject, onReply) => {
        const subscription = nats.subscribe(subject, {
          callback: (error, message) => {
            // Errors are reported as statuses too, and handled there.
            if (error !== null) return;
            const reply = isNoResponders(message) ? undefined : new NatsMessage(message);
            onReply(message.subject, reply);
          },
        });
        return () => subscription.unsubscribe();
      },
      send: (subject, data, reply, headers) =>
        this.#send(subject, data, { reply, headers: headers && encodeHeaders(headers) }),
    });
    this.#reconnects = reconnects;
    reconnects.watch(nats, (reason) => {
      if (!this.closing) this.report({ type: "retrying", reason });
    });
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
    return this.#pendingAcks.bytes;
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
    this.assertOpen();
    const guarded = this.guarded(subject, handler);
    let open = true;
    const subscription = this.#nats.subscribe(subject, {
      queue: options.queue,
      callback: (error, message) => {
        if (error === null && open) guarded(new NatsMessage(message));
      },
    });
    const close = () => {
      if (!open) return;
      open = false;
      subscription.unsubscribe();
    };
    let draining: Promise<void> | undefined;
    const drain = async () => {
      // The pong to the ping that follows comes after everything that the server had delivered.
      if (open && this.#connected) await this.#roundTrip(subscription.drain()).catch(() => {});
      close();
    };
    return { close, drain: () => draining ??= drain() };
  }

  // deno-lint-ignore require-await -- what is thrown at once must reject
  async request(
    subject: string,
    data: Uint8Array,
    options: RequestOptions,
  ): Promise<BusMessage> {
    this.assertOpen();
    return this.#requests.request(subject, data, options);
  }

  async *requestMany(
    subject: string,
    data: Uint8Array,
    options: RequestOptions & { readonly replyTo?: string },
  ): AsyncGenerator<BusMessage, void, undefined> {
    this.assertOpen();
    yield* this.#requests.requestMany(subject, data, options);
  }

  async flush(): Promise<void> {
    this.assertOpen();
    if (!this.#connected) throw disconnected("flush");
    try {
      await this.#roundTrip(this.#nats.flush());
    } catch (error) {
      this.assertOpen();
      if (!this.#connected || !(error instanceof TimeoutError)) throw disconnected("flush");
      throw new BusError("timeout", `Cannot flush: no reply within ${FLUSH_TIMEOUT} ms`);
    }
  }

  protected async shutDown(): Promise<void> {
    this.#requests.fail(closedMeanwhile());
    if (this.#connected) {
      // What cannot be flushed in time is lost with the connection.
      await deadline(this.#nats.flush(), FLUSH_TIMEOUT).catch(() => {});
    }
    this.#connected = false;
    this.#pendingAcks.reset();
    await this.#nats.close();
    this.#ended.notify();
    this.report({ type: "closed" });
  }

  /** Waits for a pong; the library never settles that promise when the connection ends. */
  async #roundTrip(pong: Promise<void>): Promise<void> {
    const { promise, reject } = deferred<never>();
    const stop = this.#ended.add(() => reject(disconnected("wait for the server")));
    try {
      await deadline(Promise.race([pong, promise]), FLUSH_TIMEOUT);
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
      !this.#connected || this.closing || this.#pendingAcks.bytes >= this.maxPending
    ) return false;
    try {
      // An old server takes no headers; the message matters more than they do.
      this.#nats.publish(subject, data, this.#carriesHeaders ? extras : { reply: extras?.reply });
    } catch (error) {
      // The limit holds for payload and headers together.
      if (extras?.headers !== undefined && error instanceof Error) {
        throw tooLarge(subject, data.length, this.#maxPayload);
      }
      throw error;
    }
    this.#pendingAcks.add(data.length + subject.length);
    return true;
  }

  async #watch(): Promise<void> {
    for await (const status of this.#nats.status()) this.#onStatus(status);
    if (!this.closing) void this.close();
  }

  #onStatus(status: Status): void {
    switch (status.type) {
      case "staleConnection":
        this.#reconnects.recordReason("the server does not respond");
        break;
      case "disconnect": {
        // The library reports this again for each attempt that fails late.
        if (!this.#connected || this.closing) break;
        this.#connected = false;
        this.#pendingAcks.reset();
        this.#ended.notify();
        this.#requests.fail(disconnected("wait for a reply"));
        this.report({ type: "disconnected", reason: this.#reconnects.reason });
        break;
      }
      case "reconnect":
        if (this.#connected || this.closing) break;
        this.#connected = true;
        this.#reconnects.succeeded();
        this.#maxPayload = this.#nats.info?.max_payload ?? this.#maxPayload;
        this.#carriesHeaders = this.#nats.info?.headers ?? false;
        this.report({ type: "connected", server: this.#nats.getServer() });
        break;
      case "ldm":
        this.reportError(`NATS at ${status.server} is about to shut down`);
        break;
      case "error":
        this.#onError(status.error);
        break;
    }
  }

  #onError(error: Error): void {
    this.#reconnects.recordReason(error.message);
    if (error instanceof PermissionViolationError) {
      const refusal = new BusError("denied", `NATS does not allow it: ${error.message}`, {
        unsent: error.operation === "publish",
      });
      this.#requests.refuse(error.subject, refusal);
    }
    // While it reconnects, the server's error is the reason of the failed attempt.
    if (this.#connected) this.reportError(error.message);
  }
}

function tooLarge(subject: string, length: number, max: number): BusError {
  return new BusError(
    "too_large",
    `Cannot publish on ${subject}: ${length} bytes and the headers are over ${max} bytes`,
  );
}
