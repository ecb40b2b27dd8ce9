/**
 * Requests to Asterisk's REST interface over HTTP.
 *
 * @module
 */
import http from "node:http";
import https from "node:https";
import type { Socket } from "node:net";
import { Buffer } from "node:buffer";
import { AriError } from "./ari_error.ts";
import { parseAddress } from "./address.ts";
import { fault } from "./fault.ts";
import { requestTarget } from "./request_target.ts";

/** A request to ARI. */
export interface AriRequest {
  /** The HTTP method. */
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Path below the base URL; begins with `/` and is percent-encoded. It is sent as it is. */
  readonly path: string;
  /** Query, percent-encoded, without `?`. @default none */
  readonly query?: string;
  /** Body, mostly JSON. @default none */
  readonly body?: string;
}

/** What Asterisk answered. */
export interface AriAnswer {
  /** HTTP status. */
  readonly status: number;
  /** Reason phrase as Asterisk sent it, such as `Not Found`; may be empty. */
  readonly reason: string;
  /** The whole body, read as UTF-8; empty when there is none. */
  readonly body: string;
}

/** Options of {@linkcode AriRest.send}. */
export interface SendOptions {
  /** Gives the request up. */
  readonly signal?: AbortSignal;
  /** Time for the whole exchange, in milliseconds. @default the one of {@linkcode RestOptions} */
  readonly timeout?: number;
}

/** Asterisk's REST interface. Disposing of it gives up what is under way. */
export interface AriRest extends Disposable {
  /**
   * Sends a request and reads the answer, whatever its status. Only a GET is ever sent twice: when
   * a connection that lay idle turns out to be closed.
   *
   * @throws {AriError} With any code but `denied` and `not_found`.
   */
  send(request: AriRequest, options?: SendOptions): Promise<AriAnswer>;
}

/** Options of {@linkcode createRest}. */
export interface RestOptions {
  /** Base URL, such as `http://127.0.0.1:8088/ari`; may hold user name and password. */
  readonly url: string;
  /** ARI user. @default the one in the URL */
  readonly username?: string;
  /** Its password. @default the one in the URL */
  readonly password?: string;
  /** Time for an exchange, waiting for a free connection included, in milliseconds. @default 10_000 */
  readonly timeout?: number;
  /** Certificates to trust instead of the system's, as PEM. @default the system's */
  readonly ca?: readonly string[];
  /** Largest body of an answer, in bytes. @default 64 MiB */
  readonly maxBody?: number;
  /**
   * Most connections at a time; further requests wait for one. Asterisk serves 100 in all by
   * default (`sessionlimit` in `http.conf`), event sockets included, and cuts off what goes beyond.
   *
   * @default 32
   */
  readonly connections?: number;
  /**
   * How long an unused connection is kept, in milliseconds. It must be below Asterisk's own limit
   * (`session_keep_alive` in `http.conf`, 15 s by default), lest a request meets a closing one.
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

/** What is known of a pooled connection. */
interface Line {
  connected: boolean;
}

class HttpRest implements AriRest {
  readonly #host: string;
  readonly #base: string;
  readonly #to: http.RequestOptions;
  readonly #request: typeof http.request;
  readonly #agent: http.Agent;
  readonly #connectEvent: "connect" | "secureConnect";
  readonly #timeout: number;
  readonly #maxBody: number;
  readonly #lines = new WeakMap<Socket, Line>();
  readonly #underway = new Set<(error: AriError) => void>();
  #closed = false;

  constructor(address: ReturnType<typeof parseAddress>, options: RestOptions) {
    const { url } = address;
    const secure = url.protocol === "https:";
    const pool = {
      keepAlive: true,
      maxSockets: options.connections ?? 32,
      timeout: options.idleTimeout ?? 10_000,
    };
    this.#host = address.host;
    this.#base = url.pathname.replace(/\/+$/, "");
    this.#connectEvent = secure ? "secureConnect" : "connect";
    this.#request = secure ? https.request : http.request;
    this.#agent = secure
      ? new https.Agent({ ...pool, ca: options.ca === undefined ? undefined : [...options.ca] })
      : new http.Agent(pool);
    this.#to = {
      agent: this.#agent,
      host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
      port: url.port === "" ? (secure ? 443 : 80) : Number(url.port),
      // The Go original sends the content type with every request, also without a body.
      headers: { "Authorization": address.authorization, "Content-Type": "application/json" },
    };
    this.#timeout = options.timeout ?? 10_000;
    this.#maxBody = options.maxBody ?? 64 * 1024 * 1024;
  }

  send(request: AriRequest, options: SendOptions = {}): Promise<AriAnswer> {
    const what = `${request.method} ${request.path}`;
    const { signal, timeout = this.#timeout } = options;
    return new Promise((resolve, reject) => {
      const target = requestTarget(this.#base, request.path, request.query);
      if (this.#closed) throw aborted(what, "the connection to Asterisk is closed");
      if (signal?.aborted) throw aborted(what, "the caller gave up", signal.reason);

      let current: http.ClientRequest | undefined;
      const finish = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", onAbort);
        this.#underway.delete(fail);
      };
      const fail = (error: AriError) => {
        finish();
        reject(error);
        current?.destroy();
      };
      const succeed = (answer: AriAnswer) => {
        finish();
        resolve(answer);
      };
      const onAbort = () => fail(aborted(what, "the caller gave up", signal?.reason));
      const timer = setTimeout(() => {
        const text = `No answer from Asterisk at ${this.#host}: ${what} took over ${timeout} ms`;
        fail(new AriError("timeout", text));
      }, timeout);
      signal?.addEventListener("abort", onAbort);
      this.#underway.add(fail);

      const attempt = (retry: boolean) => {
        current = this.#exchange({ request, target, what }, {
          answered: succeed,
          failed: (error, stale) => {
            if (stale && retry && this.#underway.has(fail)) attempt(false);
            else fail(error);
          },
        });
      };
      attempt(request.method === "GET");
    });
  }

  #exchange(
    { request, target, what }: { request: AriRequest; target: string; what: string },
    { answered, failed }: {
      answered: (answer: AriAnswer) => void;
      failed: (error: AriError, stale: boolean) => void;
    },
  ): http.ClientRequest {
    const { method, body = "" } = request;
    const headers = method === "GET" && body === ""
      ? this.#to.headers
      : { ...this.#to.headers, "Content-Length": Buffer.byteLength(body) };
    let line: Line | undefined;
    let reused = false;
    const sent = this.#request({ ...this.#to, method, path: target, headers }, (answer) => {
      const chunks: Uint8Array[] = [];
      let size = 0;
      answer.on("data", (chunk: Uint8Array) => {
        size += chunk.length;
        if (size > this.#maxBody) {
          const text = `Bad answer to ${what}: it is larger than ${this.#maxBody} bytes`;
          failed(new AriError("bad_answer", text), false);
        } else chunks.push(chunk);
      });
      answer.on("end", () => {
        const status = answer.statusCode ?? 0;
        const reason = answer.statusMessage ?? "";
        answered({ status, reason, body: Buffer.concat(chunks, size).toString("utf8") });
      });
      answer.on("error", (error) => {
        failed(fault(error, { host: this.#host, what, connected: true }), false);
      });
    });
    sent.on("socket", (socket) => {
      line = this.#lineOf(socket);
      reused = line.connected;
      // Deno sends a request again by itself, a POST included, when a reused connection breaks or is
      // destroyed, and an originate would make two calls. Without this mark it does not.
      sent.reusedSocket = false;
    });
    sent.on("error", (error) => {
      const connected = line?.connected ?? false;
      const problem = fault(error, { host: this.#host, what, connected });
      failed(problem, problem.code === "interrupted" && reused);
    });
    sent.end(body);
    return sent;
  }

  #lineOf(socket: Socket): Line {
    const known = this.#lines.get(socket);
    if (known !== undefined) return known;
    const line = { connected: false };
    this.#lines.set(socket, line);
    socket.once(this.#connectEvent, () => line.connected = true);
    return line;
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    for (const fail of [...this.#underway]) {
      fail(new AriError("aborted", "Request given up: the connection to Asterisk is closed"));
    }
    this.#agent.destroy();
  }
}

function aborted(what: string, why: string, cause?: unknown): AriError {
  return new AriError("aborted", `${what} given up: ${why}`, { cause });
}
