/**
 * What the adapters share: statuses and their listeners, guarded handlers, a life that ends once, the
 * check of headers, and credentials that change.
 *
 * @module
 */

import { callSafely } from "../common/call_safely.ts";
import { errorText } from "../common/error_text.ts";
import {
  BusError,
  type BusHeaders,
  type BusMessage,
  type BusStatus,
  type PublisherOptions,
} from "./bus.ts";

/** The longest that a flush or a drain takes, in milliseconds. */
export const FLUSH_TIMEOUT = 5_000;
/** Unacknowledged bytes from which on `publish` refuses, by default. */
export const USUAL_MAX_PENDING = 64 * 1024 * 1024;

/** A set of listeners. One that throws does not keep the others from being called. */
export class Listeners<T> {
  readonly #listeners = new Set<(value: T) => void>();

  /** Adds a listener. Returns a function that removes it. */
  add(listener: (value: T) => void): () => void {
    // Wrapped, so that one function added twice is called twice and removed once.
    const own = (value: T) => listener(value);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  /** Calls all listeners. A failure of one is its owner's affair. */
  notify(value: T): void {
    for (const listener of [...this.#listeners]) callSafely(() => listener(value), () => {});
  }
}

/** The part of a bus that does not depend on what carries the messages. */
export abstract class BusBase implements AsyncDisposable {
  readonly #statuses = new Listeners<BusStatus>();
  #closing: Promise<void> | undefined;
  #isClosing = false;

  onStatus(listener: (status: BusStatus) => void): () => void {
    return this.#statuses.add(listener);
  }

  close(): Promise<void> {
    this.#isClosing = true;
    return this.#closing ??= this.shutDown();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Closes the connection and reports it; called once. */
  protected abstract shutDown(): Promise<void>;

  /** Whether `close` has been called. */
  protected get closing(): boolean {
    return this.#isClosing;
  }

  /** @throws {BusError} With the code `closed`. */
  protected assertOpen(): void {
    if (this.#isClosing) throw new BusError("closed", "The bus is closed", { unsent: true });
  }

  protected report(status: BusStatus): void {
    this.#statuses.notify(status);
  }

  protected reportError(reason: string): void {
    this.report({ type: "error", reason });
  }

  /** Wraps a handler: what it throws, or its promise is rejected with, becomes a status. */
  protected guarded(
    subject: string,
    handler: (message: BusMessage) => void,
  ): (message: BusMessage) => void {
    const fail = (error: unknown) =>
      this.reportError(`The handler of ${subject} failed: ${errorText(error)}`);
    return (message) => callSafely(() => handler(message), fail);
  }
}

/** The error of what cannot be done without a connection. */
export function disconnected(what: string): BusError {
  return new BusError("disconnected", `Cannot ${what}: the bus is disconnected`);
}

/** The error of requests in flight when the bus is closed. */
export function closedMeanwhile(): BusError {
  return new BusError("closed", "The bus was closed");
}

const NAME = /^[!-9;-~]+$/;
// deno-lint-ignore no-control-regex -- these are what must not be in it
const BAD_VALUE = /[\x00-\x1f\x7f]|^\s|\s$/;

/**
 * Checks that headers arrive as they are sent: names are printable ASCII without blanks and colons;
 * values have no control characters and neither begin nor end with a blank.
 *
 * @throws {BusError} With the code `invalid`.
 */
export function checkHeaders(headers: BusHeaders): void {
  for (const name in headers) {
    if (!NAME.test(name)) {
      throw new BusError("invalid", `Cannot send the header ${JSON.stringify(name)}: bad name`);
    }
    if (BAD_VALUE.test(headers[name])) {
      throw new BusError("invalid", `Cannot send the header ${name}: bad value`);
    }
  }
}

/**
 * Returns the headers of a numbered message, the number last.
 *
 * @throws {BusError} With the code `invalid` when they would not arrive as they are sent.
 */
export function numberedHeaders(options: PublisherOptions, number: string): BusHeaders {
  const { headers, number: name } = options;
  if (Object.hasOwn(headers, name)) {
    throw new BusError("invalid", `Cannot send the header ${name}: it has two values`);
  }
  const all = { ...headers, [name]: number };
  checkHeaders(all);
  return all;
}

/**
 * A credential or certificate: a text, or a function that returns it and is called at each attempt to
 * connect, because it may change while the program runs. What the function throws counts as a failure
 * of that attempt, or the former text is used.
 */
export type ChangingText = string | (() => string);

/** The text at this moment. */
export function currentText(source: ChangingText): string {
  return typeof source === "string" ? source : source();
}
