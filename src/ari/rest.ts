/**
 * Requests to Asterisk's REST interface over HTTP.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import {
  aborted,
  AriError,
  badResponse,
  BY_CALLER,
  CLOSED,
  expired,
  toAriError,
} from "./errors.ts";
import { parseAddress } from "./address.ts";
import { type AriDownload, download } from "./http/download.ts";
import { BadResponse } from "./http/response_reader.ts";
import { EXPIRED, HttpPool } from "./http/pool.ts";

export interface AriRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Path below the base URL; begins with `/` and is percent-encoded. It is sent unchanged. */
  readonly path: string;
  /** Query, percent-encoded, without `?`. @default none */
  readonly query?: string;
  /** Body, mostly JSON. @default none */
  readonly body?: string;
}

/** A response of Asterisk. */
export interface AriResponse {
  /** HTTP status. */
  readonly status: number;
  /** Reason phrase as Asterisk sent it, such as `Not Found`; may be empty. */
  readonly reason: string;
  /** The whole body, decoded as UTF-8, or in Base64 as `encoding` states; empty when there is none. */
  readonly body: string;
  /** How the body is encoded when it is a file and not text. */
  readonly encoding?: "base64";
}

/** Options of {@linkcode AriRest.send}. */
export interface SendOptions {
  /** Aborts the request. */
  readonly signal?: AbortSignal;
  /** Time for the whole exchange, in milliseconds. @default that of the connection */
  readonly timeout?: number;
  /**
   * Deadline for sending, in milliseconds since 1970: a request that waits for longer is not sent and
   * fails with the code `expired`.
   *
   * @default no deadline
   */
  readonly notAfter?: number;
  /**
   * Largest body of the response, in bytes as encoded: a file grows by a third in Base64. A larger one
   * fails with the code `too_large`, usually before it is read.
   *
   * @default the limit of the connection, which it cannot exceed
   */
  readonly maxBody?: number;
}

/** Asterisk's REST interface. Disposing of it aborts pending requests. */
export interface AriRest extends Disposable {
  /** Number of requests that have not been sent because too many are in flight. */
  readonly waiting: number;
  /**
   * Sends a request and reads the response, whatever its status. Only a GET is ever sent twice: when
   * an idle connection turns out to be closed.
   *
   * @throws {AriError} With any code but `denied` and `not_found`.
   */
  send(request: AriRequest, options?: SendOptions): Promise<AriResponse>;
  /**
   * Requests a file, which the caller then reads at its own pace, on a separate connection. Asterisk
   * aborts a transfer that is not read for too long; a pause of some seconds is safe.
   *
   * @returns The file, or Asterisk's response when that is a refusal.
   * @throws {AriError} As {@linkcode AriRest.send}. `timeout` is the time for the beginning of the
   * response, and for each chunk of it.
   */
  download(path: string, options?: SendOptions): Promise<AriDownload | AriResponse>;
}

/** Options of {@linkcode createRest}. */
interface RestOptions {
  /** Base URL, such as `http://127.0.0.1:8088/ari`; may hold user name and password. */
  readonly url: string;
  /** ARI user. @default the one in the URL */
  readonly username?: string;
  /** Its password. @default the one in the URL */
  readonly password?: string;
  /** Time for an exchange, including the wait for a free connection, in milliseconds. @default 10_000 */
  readonly timeout?: number;
  /** Certificates to trust besides the system's, as PEM. @default none */
  readonly ca?: readonly string[];
  /** Largest body of a response, in bytes. @default 64 MiB */
  readonly maxBody?: number;
  /**
   * Memory for responses of more than 64 KiB while they are read, in bytes; a response that does not
   * fit fails with the code `no_room`.
   *
   * @default 64 MiB
   */
  readonly responseBudget?: number;
  /**
   * Maximum number of connections; further requests wait for one. Asterisk serves 100 by default
   * (`sessionlimit` in `http.conf`), ARI WebSockets included, and closes those beyond.
   *
   * @default 64
   */
  readonly connections?: number;
  /**
   * How long an unused connection is kept, in milliseconds. It must be below Asterisk's own limit
   * (`session_keep_alive` in `http.conf`, 15 s by default), so that no request meets a closing one.
   *
   * @default 10_000
   */
  readonly idleTimeout?: number;
}

/**
 * Prepares requests to one Asterisk; nothing is connected before the first.
 *
 * @throws {AriError} With the code `invalid` when the URL cannot be used.
 */
export function createRest(options: RestOptions): AriRest {
  const address = parseAddress(options, ["http:", "https:"]);
  return new HttpRest(address, options);
}

class HttpRest implements AriRest {
  readonly #host: string;
  readonly #url: URL;
  readonly #ca: readonly string[] | undefined;
  readonly #base: string;
  readonly #fields: string;
  readonly #pool: HttpPool;
  readonly #timeout: number;
  readonly #maxBody: number;
  readonly #pending = new Set<(error: AriError) => void>();
  readonly #end = new AbortController();

  constructor(address: ReturnType<typeof parseAddress>, options: RestOptions) {
    this.#host = address.host;
    this.#url = address.url;
    this.#ca = options.ca;
    this.#base = address.url.pathname.replace(/\/+$/, "");
    // The Go original sends the content type with every request, also without a body.
    this.#fields = `Host: ${address.host}\r\nAuthorization: ${address.authorization}\r\n` +
      "Content-Type: application/json\r\n";
    this.#timeout = options.timeout ?? 10_000;
    this.#pool = new HttpPool(address.url, {
      ca: options.ca,
      connections: options.connections ?? 64,
      idleTimeout: options.idleTimeout ?? 10_000,
      responseBudget: options.responseBudget ?? 64 * 1024 * 1024,
    });
    this.#maxBody = options.maxBody ?? 64 * 1024 * 1024;
  }

  get waiting(): number {
    return this.#pool.waiting;
  }

  send(request: AriRequest, options: SendOptions = {}): Promise<AriResponse> {
    const what = `${request.method} ${request.path}`;
    const { signal, timeout = this.#timeout, notAfter, maxBody = Infinity } = options;
    return new Promise((resolve, reject) => {
      const bytes = this.#encode(request);
      if (this.#end.signal.aborted) throw aborted(what, CLOSED);
      if (signal?.aborted) throw aborted(what, BY_CALLER, signal.reason);

      let abort = (_: AriError) => {};
      let begun = false;
      const finish = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", onAbort);
        this.#pending.delete(fail);
      };
      const fail = (error: AriError) => {
        finish();
        reject(error);
        abort(error);
      };
      const onAbort = () => fail(aborted(what, BY_CALLER, signal?.reason));
      const timer = setTimeout(() => {
        fail(
          begun
            ? new AriError(
              "timeout",
              `No response from Asterisk at ${this.#host}: ${what} took over ${timeout} ms`,
            )
            : new AriError(
              "unreachable",
              `Cannot reach Asterisk at ${this.#host}: ${what} was not sent, all connections were ` +
                `busy for ${timeout} ms`,
            ),
        );
      }, timeout);
      signal?.addEventListener("abort", onAbort);
      this.#pending.add(fail);

      const attempt = (retry: boolean) => {
        abort = this.#pool.run({
          request: bytes,
          maxBody: Math.min(maxBody, this.#maxBody),
          notAfter,
          begun: () => begun = true,
          responded: ({ reusable: _, ...response }) => {
            finish();
            resolve(response);
          },
          failed: (error, reached) => {
            const failure = this.#failure(error, { what, connected: reached !== "no" });
            if (retry && reached === "reused" && failure.code === "interrupted") attempt(false);
            else fail(failure);
          },
        });
      };
      attempt(request.method === "GET");
    });
  }

  async download(path: string, options: SendOptions = {}): Promise<AriDownload | AriResponse> {
    const what = `GET ${path}`;
    const { timeout = this.#timeout } = options;
    const signal = options.signal
      ? AbortSignal.any([options.signal, this.#end.signal])
      : this.#end.signal;
    const abortedError = () =>
      aborted(what, this.#end.signal.aborted ? CLOSED : BY_CALLER, signal.reason);
    if (signal.aborted) throw abortedError();
    const target = requestTarget(this.#base, path);
    const text = `GET ${target} HTTP/1.1\r\n${this.#fields}Connection: close\r\n\r\n`;
    try {
      const request = encoder.encode(text);
      return await download(request, { url: this.#url, ca: this.#ca, timeout, signal });
    } catch (error) {
      if (signal.aborted) throw abortedError();
      throw this.#failure(error, { what, connected: false });
    }
  }

  #encode({ method, path, query, body = "" }: AriRequest): Uint8Array {
    const target = requestTarget(this.#base, path, query);
    const length = method === "GET" && body === ""
      ? ""
      : `Content-Length: ${Buffer.byteLength(body)}\r\n`;
    return encoder.encode(`${method} ${target} HTTP/1.1\r\n${this.#fields}${length}\r\n${body}`);
  }

  #failure(
    error: unknown,
    { what, connected }: { readonly what: string; readonly connected: boolean },
  ): AriError {
    if (error === EXPIRED) return expired(what);
    if (!(error instanceof BadResponse)) {
      return toAriError(error, { host: this.#host, what, connected });
    }
    return badResponse(what, error);
  }

  [Symbol.dispose](): void {
    const error = aborted("Request", CLOSED);
    this.#end.abort(error);
    for (const fail of [...this.#pending]) fail(error);
    this.#pool.close();
  }
}

const encoder = new TextEncoder();

const PATH = /^\/(?:[!$&-.0-;=@A-Z_a-z~/|]|%[0-9A-Fa-f]{2})*$/;
const QUERY = /^(?:[!$&-;=?@A-Z_a-z~[\]|]|%[0-9A-Fa-f]{2})*$/;
const DOTS = /^(?:\.|%2e){1,2}$/i;

/**
 * Builds the target of a request line from a path and a query that are percent-encoded already.
 *
 * Segments `.` and `..` are refused, also when encoded: Asterisk reads them as names, but a reverse
 * proxy in front of it would resolve them, and the request would reach another resource.
 *
 * @param base The path of the base URL, without a slash at its end.
 * @throws {AriError} With the code `invalid`.
 */
export function requestTarget(base: string, path: string, query = ""): string {
  if (!PATH.test(path)) {
    throw new AriError("invalid", "Cannot send a request: its path is not percent-encoded");
  }
  if (path.split("/").some((segment) => DOTS.test(segment))) {
    throw new AriError("invalid", "Cannot send a request: its path has a segment of dots");
  }
  if (!QUERY.test(query)) {
    throw new AriError("invalid", "Cannot send a request: its query is not percent-encoded");
  }
  return query === "" ? base + path : `${base}${path}?${query}`;
}
