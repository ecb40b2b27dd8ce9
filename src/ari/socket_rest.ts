/**
 * Requests to Asterisk's REST interface over its event WebSocket.
 *
 * Asterisk carries them out one after the other, in the order sent, and the answers come on the same
 * socket, in the order of the events.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { AriError } from "./ari_error.ts";
import { BadAnswer } from "./http_answer.ts";
import { parseObject } from "./parse_object.ts";
import { requestTarget } from "./request_target.ts";
import {
  type AriAnswer,
  type AriRequest,
  type AriRest,
  badAnswer,
  expired,
  type SendOptions,
} from "./rest.ts";

/** Options of {@linkcode SocketRest}. */
export interface SocketRestOptions {
  /** Sends a text message on the socket. */
  readonly send: (text: string) => void;
  /** Whose socket it is, for messages to people. */
  readonly host: string;
  /** Time for an exchange, waiting for its turn included, in milliseconds. @default 10_000 */
  readonly timeout?: number;
  /** How many requests may be sent and not answered; further ones wait. @default 64 */
  readonly inFlight?: number;
}

/** Bytes from which on Asterisk takes no message and closes the socket. */
const MAX_REQUEST = 65_535;

interface Exchange {
  readonly what: string;
  readonly text: string;
  readonly options: SendOptions;
  sent: boolean;
  readonly resolve: (answer: AriAnswer) => void;
  readonly fail: (error: AriError) => void;
}

/** A request is too large for the socket. Nothing was sent. */
export class TooLargeForSocket extends AriError {
  /** Makes the error. */
  constructor(what: string) {
    super("invalid", `${what} not sent: a request over ${MAX_REQUEST} bytes needs HTTP`);
    this.name = "TooLargeForSocket";
  }
}

/** REST over one open WebSocket. */
export class SocketRest implements AriRest {
  readonly #options: SocketRestOptions;
  readonly #limit: number;
  readonly #exchanges = new Map<string, Exchange>();
  /** Those that have not been sent. */
  readonly #waiting = new Set<string>();
  #inFlight = 0;
  #last = 0;
  #broken: AriError | undefined;

  /** Takes a socket that is open. */
  constructor(options: SocketRestOptions) {
    this.#options = options;
    this.#limit = options.inFlight ?? 64;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  send(request: AriRequest, options: SendOptions = {}): Promise<AriAnswer> {
    const what = `${request.method} ${request.path}`;
    const { signal, timeout = this.#options.timeout ?? 10_000 } = options;
    return new Promise((resolve, reject) => {
      if (this.#broken) throw this.#broken;
      if (signal?.aborted) throw aborted(what, signal.reason);
      const id = `${++this.#last}`;
      const text = encode(id, request);
      if (Buffer.byteLength(text) >= MAX_REQUEST) throw new TooLargeForSocket(what);
      const finish = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", onAbort);
        this.#waiting.delete(id);
        this.#exchanges.delete(id);
      };
      const exchange: Exchange = {
        what,
        text,
        options,
        sent: false,
        resolve: (answer) => {
          finish();
          resolve(answer);
        },
        fail: (error) => {
          finish();
          reject(error);
        },
      };
      const giveUp = (error: AriError) => {
        exchange.fail(error);
        // What was sent keeps its place: Asterisk is still busy with it.
        if (exchange.sent) this.#abandoned.add(id);
      };
      const onAbort = () => giveUp(aborted(what, signal?.reason));
      const timer = setTimeout(() => giveUp(this.#late(exchange, timeout)), timeout);
      signal?.addEventListener("abort", onAbort);
      this.#exchanges.set(id, exchange);
      if (this.#inFlight < this.#limit) this.#dispatch(exchange);
      else this.#waiting.add(id);
    });
  }

  download(path: string): Promise<AriAnswer> {
    const text = `Cannot read the file ${path}: Asterisk gives files over HTTP only`;
    return Promise.reject(new AriError("invalid", text));
  }

  /** Requests that were given up after they had been sent, and whose answers are still to come. */
  readonly #abandoned = new Set<string>();

  /** Takes a text that came on the socket, if it is an answer; false when it is something else. */
  take(text: string): boolean {
    // A cheap test first: this runs for every event.
    if (!text.includes('"RESTResponse"')) return false;
    const response = parseObject(text);
    if (response?.type !== "RESTResponse") return false;
    const id = `${response.transaction_id}`;
    const exchange = this.#exchanges.get(id);
    if (!exchange && !this.#abandoned.delete(id)) return true;
    this.#inFlight--;
    this.#next();
    if (exchange) answerTo(exchange, response);
    return true;
  }

  /** The socket is over: all requests are given up, also those to come. */
  fail(reason: string): void {
    const { host } = this.#options;
    this.#broken ??= new AriError("unreachable", `Cannot reach Asterisk at ${host}: ${reason}`);
    for (const { sent, what, fail } of [...this.#exchanges.values()]) {
      const text = `Cannot complete ${what}: the WebSocket of ${host} ended before the answer`;
      fail(sent ? new AriError("interrupted", text) : this.#broken);
    }
    this.#abandoned.clear();
  }

  /** Gives up what is under way. */
  [Symbol.dispose](): void {
    this.#broken ??= new AriError("aborted", "Request given up: this side closed the WebSocket");
    for (const { fail } of [...this.#exchanges.values()]) fail(this.#broken);
  }

  #dispatch(exchange: Exchange): void {
    const { options: { notAfter }, what } = exchange;
    if (notAfter !== undefined && Date.now() > notAfter) return exchange.fail(expired(what));
    this.#inFlight++;
    exchange.sent = true;
    this.#options.send(exchange.text);
  }

  #next(): void {
    for (const id of this.#waiting) {
      if (this.#inFlight >= this.#limit) break;
      this.#waiting.delete(id);
      const exchange = this.#exchanges.get(id);
      if (exchange) this.#dispatch(exchange);
    }
  }

  #late({ sent, what }: Exchange, timeout: number): AriError {
    const { host } = this.#options;
    return sent
      ? new AriError(
        "timeout",
        `No answer from Asterisk at ${host}: ${what} took over ${timeout} ms`,
      )
      : new AriError(
        "unreachable",
        `Cannot reach Asterisk at ${host}: ${what} was not sent, too many requests were under way ` +
          `for ${timeout} ms`,
      );
  }
}

function encode(id: string, { method, path, query, body }: AriRequest): string {
  return JSON.stringify({
    type: "RESTRequest",
    transaction_id: id,
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
    return fail(badAnswer(what, new BadAnswer(`${size} bytes`, "too_large")));
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

function aborted(what: string, cause: unknown): AriError {
  return new AriError("aborted", `${what} given up: the caller gave up`, { cause });
}
