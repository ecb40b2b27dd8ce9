/**
 * Requests over anything that can publish and subscribe.
 *
 * Replies come through one subscription, made with the first request, and through a separate one for a
 * request whose caller names the subject for replies. An adapter adds only what differs on its bus.
 *
 * @module
 */

import { deferred } from "../common/deferred.ts";
import { BusError, type BusHeaders, type BusMessage, type RequestOptions } from "./bus.ts";
import { checkPublishSubject } from "./subjects.ts";

/** What an adapter does for its requests. */
interface RequestWire {
  /**
   * Subscribes to replies.
   *
   * @param subject Where they arrive; its last part may be `*`.
   * @param onReply Called with the subject of a reply, and the reply, or undefined for the notice that
   * the request has no subscriber.
   * @returns A function that unsubscribes.
   */
  listen(
    subject: string,
    onReply: (subject: string, reply: BusMessage | undefined) => void,
  ): () => void;

  /**
   * Sends the request.
   *
   * @returns Whether it was accepted.
   * @throws {BusError} As `publish` does.
   */
  send(subject: string, data: Uint8Array, replyTo: string, headers?: BusHeaders): boolean;
}

/** A request in flight. */
interface Flight {
  readonly subject: string;
  reply(message: BusMessage): void;
  fail(error: unknown): void;
}

/** All requests of a connection. */
export class Requests {
  readonly #wire: RequestWire;
  readonly #prefix = `_INBOX.${crypto.randomUUID().replaceAll("-", "")}`;
  /** By the subject for the replies. */
  readonly #flights = new Map<string, Flight>();
  #stopListening: (() => void) | undefined;
  #count = 0;

  constructor(wire: RequestWire) {
    this.#wire = wire;
  }

  /** Does what {@linkcode Bus.request} promises. */
  async request(
    subject: string,
    data: Uint8Array,
    options: RequestOptions,
  ): Promise<BusMessage> {
    options.signal?.throwIfAborted();
    checkPublishSubject(subject);
    const replyTo = this.#mint();
    const { promise, resolve, reject } = deferred<BusMessage>();
    const { accept } = options;
    const reply = accept ? (message: BusMessage) => accept(message) && resolve(message) : resolve;
    this.#flights.set(replyTo, { subject, reply, fail: reject });
    const timer = setTimeout(() => {
      reject(
        new BusError(
          "timeout",
          `Cannot request ${subject}: no reply within ${options.timeout} ms`,
        ),
      );
    }, options.timeout);
    const abort = () => reject(options.signal?.reason);
    options.signal?.addEventListener("abort", abort);
    try {
      this.#send(subject, data, replyTo, options.headers);
      return await promise;
    } finally {
      clearTimeout(timer);
      options.signal?.removeEventListener("abort", abort);
      this.#flights.delete(replyTo);
    }
  }

  /** Does what {@linkcode Bus.requestMany} promises. */
  async *requestMany(
    subject: string,
    data: Uint8Array,
    options: RequestOptions & { readonly replyTo?: string },
  ): AsyncGenerator<BusMessage, void, undefined> {
    options.signal?.throwIfAborted();
    checkPublishSubject(subject);
    const replyTo = options.replyTo ?? this.#mint();
    checkPublishSubject(replyTo);
    if (this.#flights.has(replyTo)) {
      throw new BusError(
        "invalid",
        `Cannot request ${subject}: ${replyTo} is in use for other replies`,
      );
    }

    const replies: BusMessage[] = [];
    let failure: { readonly error: unknown } | undefined;
    let over = false;
    let wake = () => {};
    const flight: Flight = {
      subject,
      reply: (message) => {
        if (options.accept?.(message) === false) return;
        replies.push(message);
        wake();
      },
      fail: (error) => {
        failure ??= { error };
        wake();
      },
    };
    const stopListening = options.replyTo === undefined
      ? undefined
      : this.#wire.listen(replyTo, this.#onReply);
    this.#flights.set(replyTo, flight);
    const timer = setTimeout(() => {
      over = true;
      wake();
    }, options.timeout);
    const abort = () => flight.fail(options.signal?.reason);
    options.signal?.addEventListener("abort", abort);
    try {
      this.#send(subject, data, replyTo, options.headers);
      while (true) {
        options.signal?.throwIfAborted();
        const reply = replies.shift();
        if (reply !== undefined) yield reply;
        else if (failure !== undefined) throw failure.error;
        else if (over) return;
        else await new Promise<void>((resolve) => wake = resolve);
      }
    } finally {
      clearTimeout(timer);
      options.signal?.removeEventListener("abort", abort);
      this.#flights.delete(replyTo);
      stopListening?.();
    }
  }

  /** Ends all requests in flight. */
  fail(error: BusError): void {
    for (const flight of [...this.#flights.values()]) flight.fail(error);
  }

  /** Ends the requests that the server does not allow to be sent or replied to. */
  refuse(subject: string, error: BusError): void {
    // Without its subscription no request can get a reply; the next request subscribes again.
    const all = subject === `${this.#prefix}.*`;
    if (all) this.#stopListening = undefined;
    for (const [replyTo, flight] of [...this.#flights]) {
      if (flight.subject === subject) flight.fail(unsent(error));
      else if (all || replyTo === subject) flight.fail(error);
    }
  }

  readonly #onReply = (replyTo: string, reply: BusMessage | undefined) => {
    const flight = this.#flights.get(replyTo);
    if (flight === undefined) return;
    if (reply !== undefined) return flight.reply(reply);
    flight.fail(
      new BusError("no_responders", `Cannot request ${flight.subject}: it has no subscriber`),
    );
  };

  /** Makes a subject for replies, and subscribes if necessary. */
  #mint(): string {
    this.#stopListening ??= this.#wire.listen(`${this.#prefix}.*`, this.#onReply);
    return `${this.#prefix}.${(this.#count++).toString(36)}`;
  }

  #send(subject: string, data: Uint8Array, replyTo: string, headers?: BusHeaders): void {
    if (!this.#wire.send(subject, data, replyTo, headers)) {
      const text = `Cannot request ${subject}: the bus accepts no messages now`;
      throw new BusError("disconnected", text, { unsent: true });
    }
  }
}

/** The error of a request that the server did not deliver. */
function unsent({ code, message }: BusError): BusError {
  return new BusError(code, message, { unsent: true });
}
