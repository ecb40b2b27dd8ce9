/**
 * Requests to Asterisk's REST interface over an ARI WebSocket.
 *
 * Asterisk carries them out one after the other, in the order sent; the responses come on the same
 * WebSocket, in order with the events.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { aborted, AriError, badResponse, BY_CALLER, CLOSED, expired } from "../errors.ts";
import { BadResponse } from "../http/response_reader.ts";
import {
  type AriRequest,
  type AriResponse,
  type AriRest,
  requestTarget,
  type SendOptions,
} from "../rest.ts";

interface SocketRestOptions {
  /** Sends a text message on the WebSocket. */
  readonly send: (text: string) => void;
  /**
   * Sends a ping; its pong is reported by {@linkcode SocketRest.handled}.
   *
   * @default no ping is sent
   */
  readonly ping?: () => void;
  /** The peer, for messages. */
  readonly host: string;
  /** Time for an exchange, in milliseconds. @default 10_000 */
  readonly timeout?: number;
  /** Number of unanswered requests from which on it is not ready for more. @default 64 */
  readonly inFlight?: number;
  /** Time without a response after which it is not ready for more, in milliseconds. @default 100 */
  readonly stall?: number;
}

/** Size in bytes from which on Asterisk refuses a message and closes the WebSocket. */
const MAX_REQUEST = 65_535;

interface Exchange {
  readonly what: string;
  readonly options: SendOptions;
  readonly resolve: (response: AriResponse) => void;
  readonly fail: (error: AriError) => void;
}

/** A request that Asterisk has read, or will read. */
interface Sent {
  readonly what: string;
  /** When it was sent, by `performance.now()`. */
  readonly at: number;
}

/** A request is too large for a WebSocket. Nothing was sent. */
export class TooLargeForSocket extends AriError {
  /** Makes the error. */
  constructor(what: string) {
    super("invalid", `${what} not sent: a request over ${MAX_REQUEST} bytes needs HTTP`);
    this.name = "TooLargeForSocket";
  }
}

/** REST over one open WebSocket. A request is sent at once, whether the WebSocket is ready or not. */
export class SocketRest implements AriRest {
  readonly #options: SocketRestOptions;
  #onResponse = () => {};
  readonly #exchanges = new Map<number, Exchange>();
  /** The requests without a response, in the order sent; also those that their callers have aborted. */
  readonly #sent = new Map<number, Sent>();
  #last = 0;
  /** When the last response was received. */
  #answered = -Infinity;
  /** Whether a ping is pending that was sent because there was no response for too long. */
  #pinged = false;
  #broken: AriError | undefined;

  constructor(options: SocketRestOptions) {
    this.#options = options;
  }

  /** Sets what is called after each response, since the WebSocket may be ready again. */
  onResponse(listener: () => void): void {
    this.#onResponse = listener;
  }

  /** Number of requests without a response. */
  get unanswered(): number {
    return this.#sent.size;
  }

  /** The request that Asterisk is carrying out, and for how many milliseconds; undefined when there is none. */
  get oldest(): { readonly what: string; readonly since: number } | undefined {
    for (const { what, at } of this.#sent.values()) {
      return { what, since: performance.now() - Math.max(at, this.#answered) };
    }
    return undefined;
  }

  /** The number of the last request, for {@linkcode SocketRest.handled}. */
  get mark(): number {
    return this.#last;
  }

  /** Whether one more request would probably be carried out soon. */
  ready(): boolean {
    const { inFlight = 64, stall = 100, ping } = this.#options;
    const { oldest } = this;
    if (oldest === undefined || oldest.since <= stall) return this.#sent.size < inFlight;
    // If the response was lost, only a pong shows that Asterisk has completed the request.
    if (!this.#pinged) ping?.();
    this.#pinged = true;
    return false;
  }

  /** Always 0: requests queue in Asterisk. */
  get waiting(): number {
    return 0;
  }

  send(request: AriRequest, options: SendOptions = {}): Promise<AriResponse> {
    const what = `${request.method} ${request.path}`;
    const { signal, notAfter = Infinity, timeout = this.#options.timeout ?? 10_000 } = options;
    return new Promise((resolve, reject) => {
      if (this.#broken) throw this.#broken;
      if (signal?.aborted) throw aborted(what, BY_CALLER, signal.reason);
      if (Date.now() > notAfter) throw expired(what);
      const id = this.#last + 1;
      const text = encode(id, request);
      if (Buffer.byteLength(text) >= MAX_REQUEST) throw new TooLargeForSocket(what);
      const finish = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", onAbort);
        this.#exchanges.delete(id);
      };
      const exchange: Exchange = {
        what,
        options,
        resolve: (response) => {
          finish();
          resolve(response);
        },
        fail: (error) => {
          finish();
          reject(error);
        },
      };
      const onAbort = () => exchange.fail(aborted(what, BY_CALLER, signal?.reason));
      const timer = setTimeout(() => exchange.fail(this.#late(what, timeout)), timeout);
      signal?.addEventListener("abort", onAbort);
      this.#last = id;
      this.#exchanges.set(id, exchange);
      this.#sent.set(id, { what, at: performance.now() });
      this.#options.send(text);
    });
  }

  download(path: string): Promise<AriResponse> {
    const text = `Cannot read the file ${path}: Asterisk serves files over HTTP only`;
    return Promise.reject(new AriError("invalid", text));
  }

  /** Handles a response, given by its members; one without a pending request is ignored. */
  take(response: Readonly<Record<string, unknown>>): void {
    const id = Number(response.transaction_id);
    if (!this.#sent.delete(id)) return;
    this.#answered = performance.now();
    const exchange = this.#exchanges.get(id);
    if (exchange) complete(exchange, response);
    this.#onResponse();
  }

  /**
   * Handles the pong to a ping that was sent after the request with this number: Asterisk has completed
   * all requests up to that one, since it reads one message after the other.
   */
  handled(mark: number): void {
    this.#pinged = false;
    for (const id of this.#sent.keys()) {
      if (id > mark) break;
      this.#sent.delete(id);
    }
    this.#onResponse();
  }

  /** The WebSocket is closed: all pending and further requests fail. */
  fail(reason: string): void {
    const { host } = this.#options;
    this.#broken ??= new AriError("unreachable", `Cannot reach Asterisk at ${host}: ${reason}`);
    for (const [id, { fail }] of [...this.#exchanges]) {
      const what = this.#sent.get(id)?.what ?? "the request";
      const text = `Cannot complete ${what}: the WebSocket of ${host} closed before the response`;
      fail(new AriError("interrupted", text));
    }
    this.#sent.clear();
  }

  /** Aborts pending requests. */
  [Symbol.dispose](): void {
    this.#broken ??= aborted("Request", CLOSED);
    for (const { fail } of [...this.#exchanges.values()]) fail(this.#broken);
  }

  #late(what: string, timeout: number): AriError {
    const { host } = this.#options;
    const text = `No response from Asterisk at ${host}: ${what} took over ${timeout} ms`;
    return new AriError("timeout", text);
  }
}

function encode(id: number, { method, path, query, body }: AriRequest): string {
  return JSON.stringify({
    type: "RESTRequest",
    transaction_id: `${id}`,
    method,
    uri: requestTarget("", path, query).slice(1),
    ...(body !== undefined && body !== "" &&
      { content_type: "application/json", message_body: body }),
  });
}

function complete(
  { options, what, resolve, fail }: Exchange,
  response: Readonly<Record<string, unknown>>,
): void {
  const { maxBody = Infinity } = options;
  const body = textOf(response.message_body);
  const size = Buffer.byteLength(body);
  // It has been received already, since it shares the WebSocket with events; it goes no further.
  if (size > maxBody) {
    return fail(badResponse(what, new BadResponse(`${size} bytes`, "too_large")));
  }
  resolve({
    status: Number(response.status_code),
    reason: textOf(response.reason_phrase),
    body,
  });
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
