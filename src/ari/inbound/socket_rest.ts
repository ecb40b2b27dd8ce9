/**
 * Requests to Asterisk's REST interface over its event WebSocket.
 *
 * Asterisk carries them out one after the other, in the order sent, and the answers come on the same
 * socket, in the order of the events.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { aborted, AriError, badResponse, expired, GIVEN_UP } from "../errors.ts";
import { BadResponse } from "../http/response_reader.ts";
import {
  type AriRequest,
  type AriResponse,
  type AriRest,
  requestTarget,
  type SendOptions,
} from "../rest.ts";

/** Options of {@linkcode SocketRest}. */
interface SocketRestOptions {
  /** Sends a text message on the socket. */
  readonly send: (text: string) => void;
  /**
   * Sends a ping, whose answer is told by {@linkcode SocketRest.handled}.
   *
   * @default none is sent
   */
  readonly ping?: () => void;
  /** Whose socket it is, for messages to people. */
  readonly host: string;
  /** Time for an exchange, in milliseconds. @default 10_000 */
  readonly timeout?: number;
  /** How many requests may be sent and not answered before it is not ready for more. @default 64 */
  readonly inFlight?: number;
  /** How long it is ready for more without an answer, in milliseconds. @default 100 */
  readonly stall?: number;
}

/** Bytes from which on Asterisk takes no message and closes the socket. */
const MAX_REQUEST = 65_535;

interface Exchange {
  readonly what: string;
  readonly options: SendOptions;
  readonly resolve: (answer: AriResponse) => void;
  readonly fail: (error: AriError) => void;
}

/** A request that Asterisk has, or will have read. */
interface Sent {
  readonly what: string;
  /** When it was sent. */
  readonly at: number;
}

/** A request is too large for the socket. Nothing was sent. */
export class TooLargeForSocket extends AriError {
  /** Makes the error. */
  constructor(what: string) {
    super("invalid", `${what} not sent: a request over ${MAX_REQUEST} bytes needs HTTP`);
    this.name = "TooLargeForSocket";
  }
}

/** REST over one open WebSocket. A request is sent at once, whether the socket is ready or not. */
export class SocketRest implements AriRest {
  /** Called when an answer has come, so that the socket may be ready again. */
  onAnswer: () => void = () => {};
  readonly #options: SocketRestOptions;
  readonly #exchanges = new Map<number, Exchange>();
  /** What Asterisk is still to answer, in the order sent; also what its caller has given up. */
  readonly #sent = new Map<number, Sent>();
  #last = 0;
  /** When the last answer came. */
  #answered = -Infinity;
  /** Whether a ping is under way that was sent because nothing moved. */
  #asked = false;
  #broken: AriError | undefined;

  /** Takes a socket that is open. */
  constructor(options: SocketRestOptions) {
    this.#options = options;
  }

  /** How many requests Asterisk has not answered. */
  get unanswered(): number {
    return this.#sent.size;
  }

  /** The request that Asterisk is at, and for how many milliseconds; undefined when all are answered. */
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
    // If the answer was lost, only a pong shows that Asterisk is done with the request.
    if (!this.#asked) ping?.();
    this.#asked = true;
    return false;
  }

  /** None waits here: what is sent waits in Asterisk. */
  get waiting(): number {
    return 0;
  }

  send(request: AriRequest, options: SendOptions = {}): Promise<AriResponse> {
    const what = `${request.method} ${request.path}`;
    const { signal, notAfter = Infinity, timeout = this.#options.timeout ?? 10_000 } = options;
    return new Promise((resolve, reject) => {
      if (this.#broken) throw this.#broken;
      if (signal?.aborted) throw aborted(what, GIVEN_UP, signal.reason);
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
        resolve: (answer) => {
          finish();
          resolve(answer);
        },
        fail: (error) => {
          finish();
          reject(error);
        },
      };
      const onAbort = () => exchange.fail(aborted(what, GIVEN_UP, signal?.reason));
      const timer = setTimeout(() => exchange.fail(this.#late(what, timeout)), timeout);
      signal?.addEventListener("abort", onAbort);
      this.#last = id;
      this.#exchanges.set(id, exchange);
      this.#sent.set(id, { what, at: performance.now() });
      this.#options.send(text);
    });
  }

  download(path: string): Promise<AriResponse> {
    const text = `Cannot read the file ${path}: Asterisk gives files over HTTP only`;
    return Promise.reject(new AriError("invalid", text));
  }

  /** Takes the members of a response that came on the socket; one to no request is ignored. */
  take(response: Readonly<Record<string, unknown>>): void {
    const id = Number(response.transaction_id);
    if (!this.#sent.delete(id)) return;
    this.#answered = performance.now();
    const exchange = this.#exchanges.get(id);
    if (exchange) answerTo(exchange, response);
    this.onAnswer();
  }

  /**
   * Asterisk has answered a ping that was sent behind the request with this number, so it is done
   * with all up to that one: it reads one message after the other.
   */
  handled(mark: number): void {
    this.#asked = false;
    for (const id of this.#sent.keys()) {
      if (id > mark) break;
      this.#sent.delete(id);
    }
    this.onAnswer();
  }

  /** The socket is over: all requests are given up, also those to come. */
  fail(reason: string): void {
    const { host } = this.#options;
    this.#broken ??= new AriError("unreachable", `Cannot reach Asterisk at ${host}: ${reason}`);
    for (const [id, { fail }] of [...this.#exchanges]) {
      const what = this.#sent.get(id)?.what ?? "the request";
      const text = `Cannot complete ${what}: the WebSocket of ${host} ended before the answer`;
      fail(new AriError("interrupted", text));
    }
    this.#sent.clear();
  }

  /** Gives up what is under way. */
  [Symbol.dispose](): void {
    this.#broken ??= new AriError("aborted", "Request given up: this side closed the WebSocket");
    for (const { fail } of [...this.#exchanges.values()]) fail(this.#broken);
  }

  #late(what: string, timeout: number): AriError {
    const { host } = this.#options;
    const text = `No answer from Asterisk at ${host}: ${what} took over ${timeout} ms`;
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

function answerTo(
  { options, what, resolve, fail }: Exchange,
  response: Readonly<Record<string, unknown>>,
): void {
  const { maxBody = Infinity } = options;
  const body = textOf(response.message_body);
  const size = Buffer.byteLength(body);
  // It has come already, since it shares its way with events; at least nothing more is made of it.
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
