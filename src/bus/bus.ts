/**
 * The contract of a message bus: bytes by subject.
 *
 * Subjects are dot-separated; in a subscription `*` matches one part and a final `>` one part or more.
 * A part is one character or more, but no blanks and control characters; a subject is not longer than
 * {@linkcode Bus.maxSubject}. The contract below holds for every adapter and is tested by one suite over all of them
 * (`tests/bus/contract.ts`):
 *
 * - **Order.** Messages of one publisher on one subject reach a subscription in the order published.
 * - **Delivery.** A message goes to every subscription that matches its subject; of those that name
 *   the same queue group exactly one gets it, where the members of a group have complete subjects and
 *   at most one with wildcards, the same for all. There is no acknowledgement and no storage: a client
 *   that is not subscribed gets nothing.
 * - **No waiting.** `publish` never waits and does not throw when there is no connection; it returns false
 *   when the message was not accepted (see {@linkcode Bus.publish}).
 * - **Reconnection.** Once connected, an adapter reconnects until it is closed, with growing jittered pauses,
 *   and restores its subscriptions under the same objects. What others published meanwhile is lost.
 * - **Handlers** are called one after the other per subscription and must not throw; what they throw
 *   is reported as a status of type `error` and never ends the subscription.
 * - **Close** is idempotent. It flushes what was accepted, ends all subscriptions and rejects
 *   requests in flight with the code `closed`.
 *
 * @module
 */

/**
 * Headers of a message. Names are printable ASCII without blanks and colons, are case-sensitive and
 * have one value. Values have no control characters, and no blanks at either end.
 */
export type BusHeaders = Readonly<Record<string, string>>;

/** A message as it came from the bus. */
export interface BusMessage {
  /** The subject it was published on. */
  readonly subject: string;
  /**
   * The payload. It belongs to the receiver; copy what is kept for long, because it may be a small
   * part of a large buffer.
   */
  readonly data: Uint8Array;
  /** The subject for replies; absent when the sender expects none. */
  readonly replyTo?: string;
  /** Headers; absent when there are none. */
  readonly headers?: BusHeaders;
}

/** Options of {@linkcode Bus.publish}. */
export interface PublishOptions {
  /** Headers to send along. */
  readonly headers?: BusHeaders;
}

/** Options of {@linkcode Bus.publisher}. */
export interface PublisherOptions {
  /** Headers that every message has. */
  readonly headers: BusHeaders;
  /** Name of the header with the number of the message; it follows the others. */
  readonly number: string;
}

/** Publishes numbered messages with the same headers; see {@linkcode Bus.publisher}. */
export interface BusPublisher {
  /**
   * Publishes a message as {@linkcode Bus.publish} does.
   *
   * @param number Value of the number header, a whole number from 0 on.
   * @returns false when it was not accepted.
   * @throws {BusError} With the code `too_large`.
   */
  publish(number: number, data: Uint8Array): boolean;
  /**
   * Returns a publisher with the same headers on another subject.
   *
   * @throws {BusError} With the code `invalid` when the subject cannot be published on.
   */
  to(subject: string): BusPublisher;
}

/** Options of {@linkcode Bus.subscribe}. */
export interface SubscribeOptions {
  /** Name of the queue group to join; without one the subscription gets every message. */
  readonly queue?: string;
}

/** Options of {@linkcode Bus.request} and {@linkcode Bus.requestMany}. */
export interface RequestOptions {
  /** Time for the replies, in milliseconds. */
  readonly timeout: number;
  /** Aborts the request; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Headers to send along. */
  readonly headers?: BusHeaders;
  /**
   * Whether a message on the reply subject is a reply; others are ignored. On NATS the
   * acknowledgement of a JetStream stream over the subject of the request arrives there as well.
   *
   * @default every message is accepted
   */
  readonly accept?: (message: BusMessage) => boolean;
}

/** A subscription. Closing it twice does nothing, and no handler is called after it is closed. */
export interface BusSubscription {
  /** Stops the delivery. Messages that were received but not handled yet are dropped. */
  close(): void;
  /**
   * Unsubscribes and resolves when every message that the server had delivered until then has been
   * handled, so that no message of a queue group is lost. While disconnected it is the same as `close`.
   * It never rejects and takes at most 5 s.
   */
  drain(): Promise<void>;
}

/** What an adapter reports about its connection. */
export type BusStatus =
  /** The connection is open (again). `server` is host and port, without credentials. */
  | { readonly type: "connected"; readonly server: string }
  /** The connection is lost and is being restored. */
  | { readonly type: "disconnected"; readonly reason: string }
  /** An attempt to reconnect failed; the next follows. */
  | { readonly type: "retrying"; readonly reason: string }
  /** A failure that does not end the connection. */
  | {
    readonly type: "error";
    readonly reason: string;
    /** Whether messages that were accepted may be lost by it. @default false */
    readonly lossy?: boolean;
  }
  /** The bus is closed for good. */
  | { readonly type: "closed" };

/** A connection to a message bus. */
export interface Bus extends AsyncDisposable {
  /** Whether the connection is open. */
  readonly connected: boolean;
  /** The largest payload that the bus accepts at this moment, in bytes. */
  readonly maxPayload: number;
  /** The longest subject that the bus accepts, in bytes of UTF-8; it does not change. */
  readonly maxSubject: number;
  /** Bytes accepted and not acknowledged by the server yet; see {@linkcode Bus.publish}. */
  readonly pending: number;
  /** Bytes of {@linkcode Bus.pending} from which on `publish` refuses. */
  readonly maxPending: number;

  /**
   * Sends a message, without waiting. The payload is not copied: do not change it afterwards.
   *
   * @returns false when it was not accepted and will not arrive: the bus is
   * disconnected or closed, or {@linkcode Bus.pending} has reached
   * {@linkcode Bus.maxPending}. A message that was accepted can still be lost when the connection breaks.
   * @throws {BusError} With the code `too_large` when the payload is over
   * {@linkcode Bus.maxPayload} (on some buses together with the headers), or `invalid` when the
   * subject cannot be published on or a header cannot be sent.
   */
  publish(subject: string, data: Uint8Array, options?: PublishOptions): boolean;

  /**
   * Prepares the publishing of many messages that differ in a number and in their payload alone:
   * subject and headers are checked and encoded once. It holds nothing and need not be closed; it
   * outlives connections.
   *
   * @throws {BusError} With the code `invalid` when the subject cannot be published on or a header
   * cannot be sent.
   */
  publisher(subject: string, options: PublisherOptions): BusPublisher;

  /**
   * Delivers the messages of a subject. It may be called while disconnected and takes effect with
   * the next connection.
   *
   * @throws {BusError} With the code `invalid` or `closed`.
   */
  subscribe(
    subject: string,
    handler: (message: BusMessage) => void,
    options?: SubscribeOptions,
  ): BusSubscription;

  /**
   * Sends a request and waits for its first reply. It is sent once and never again. When the
   * connection is lost meanwhile, it rejects at once, and whether it was carried out is unknown.
   *
   * @throws {BusError} With the code `no_responders`, `timeout`, `disconnected` (also where `publish`
   * returns false for another reason), `denied`, `too_large`, `invalid` or `closed`.
   */
  request(subject: string, data: Uint8Array, options: RequestOptions): Promise<BusMessage>;

  /**
   * Sends a request to all subscribers, when the iteration begins, and yields the replies in order of
   * arrival, until the timeout is over (which ends the iteration without an error) or the
   * caller leaves the loop.
   *
   * @throws {BusError} As for {@linkcode Bus.request}, except `timeout`.
   */
  requestMany(
    subject: string,
    data: Uint8Array,
    options: RequestOptions & {
      /** Subject for the replies, new for each request. @default one of the adapter */
      readonly replyTo?: string;
    },
  ): AsyncIterable<BusMessage>;

  /**
   * Waits until the server has everything that was accepted so far, and all subscriptions.
   *
   * @throws {BusError} With the code `disconnected`, `closed` or `timeout` (5 s).
   */
  flush(): Promise<void>;

  /** Calls the listener at each change of the connection. Returns a function that stops it. */
  onStatus(listener: (status: BusStatus) => void): () => void;

  /** Flushes if connected, for at most 5 s, and closes. */
  close(): Promise<void>;
}

/** Why a bus refused or failed; see the methods of {@linkcode Bus}. */
export type BusErrorCode =
  | "no_responders"
  | "timeout"
  | "disconnected"
  | "unreachable"
  | "denied"
  | "too_large"
  | "invalid"
  | "closed";

/** Options of {@linkcode BusError}. */
export interface BusErrorOptions extends ErrorOptions {
  /**
   * Whether it is certain that the message has not been delivered.
   *
   * @default {false} except for `no_responders`, `unreachable`, `too_large` and `invalid`
   */
  readonly unsent?: boolean;
}

/** An error of the bus. Its text never contains credentials. */
export class BusError extends Error {
  /** The reason, for programs. */
  readonly code: BusErrorCode;
  /** Whether it is certain that the message has not been delivered. */
  readonly unsent: boolean;

  /** Makes an error with a code. */
  constructor(code: BusErrorCode, message: string, options: BusErrorOptions = {}) {
    const { unsent = unsentCodes.includes(code), ...rest } = options;
    super(message, rest);
    this.name = "BusError";
    this.code = code;
    this.unsent = unsent;
  }
}

const unsentCodes: readonly BusErrorCode[] = [
  "no_responders",
  "unreachable",
  "too_large",
  "invalid",
];
