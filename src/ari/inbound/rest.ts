/**
 * REST of an Asterisk that dials: over HTTP where that can be had, else over its WebSockets.
 *
 * On a WebSocket one request waits for the other, in Asterisk; over HTTP none does.
 *
 * @module
 */
import { aborted, AriError, CLOSED } from "../errors.ts";
import type { AriDownload } from "../http/download.ts";
import type { HttpDirectory } from "./directory.ts";
import type { AriRequest, AriResponse, AriRest, SendOptions } from "../rest.ts";
import { TooLargeForSocket } from "./socket_rest.ts";
import { SocketPool, type SocketPoolOptions } from "./socket_pool.ts";

/** Options of {@linkcode InboundRest}. */
interface InboundRestOptions extends SocketPoolOptions {
  /** Where to find REST over HTTP. @default there is none */
  readonly http?: HttpDirectory;
}

/** The status with which Asterisk refuses what it gives over HTTP only, files for instance. */
const ONLY_HTTP = 406;

/** REST of an Asterisk that dials. Disposing of it leaves the sockets and HTTP alone. */
export class InboundRest implements AriRest {
  readonly #options: InboundRestOptions;
  readonly #turns: SocketPool;
  #closed = false;

  /** Makes the object; nothing is sent. */
  constructor(options: InboundRestOptions) {
    this.#options = options;
    this.#turns = new SocketPool(options);
  }

  /** Those that wait for a WebSocket. Those for HTTP are not known here: others may use that as well. */
  get waiting(): number {
    return this.#turns.waiting;
  }

  async send(request: AriRequest, options: SendOptions = {}): Promise<AriResponse> {
    const { node, http, sockets } = this.#options;
    if (this.#closed) throw aborted("Request", CLOSED);
    const overHttp = sockets().length > 0 ? http?.of(node) : undefined;
    if (!overHttp) return await this.#overSocket(request, options);
    try {
      return await overHttp.send(request, options);
    } catch (error) {
      if (!neverSent(error)) throw error;
      http?.doubt(node);
      return await this.#overSocket(request, options);
    }
  }

  async download(path: string, options: SendOptions = {}): Promise<AriDownload | AriResponse> {
    const { http, node } = this.#options;
    const rest = await http?.find(node);
    return await rest?.download(path, options) ??
      { status: ONLY_HTTP, reason: "Not Acceptable", body: NEEDS_HTTP };
  }

  /** Something has changed: a socket may be free, or gone. */
  turn(): void {
    this.#turns.turn();
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    this.#turns.fail(aborted("Request", CLOSED));
  }

  async #overSocket(request: AriRequest, options: SendOptions): Promise<AriResponse> {
    const { http, node } = this.#options;
    try {
      const answer = await this.#turns.send(request, options);
      if (answer.status !== ONLY_HTTP) return answer;
      const rest = await http?.find(node);
      return await rest?.send(request, options) ?? { ...answer, body: NEEDS_HTTP };
    } catch (error) {
      if (!(error instanceof TooLargeForSocket)) throw error;
      const rest = await http?.find(node);
      if (!rest) throw error;
      return await rest.send(request, options);
    }
  }
}

const NEEDS_HTTP = JSON.stringify({
  message: "Asterisk gives this over HTTP only; set ari.http_url, ari.username and ari.password",
});

/** Whether a request has certainly not reached Asterisk, so that it can go another way. */
function neverSent(error: unknown): boolean {
  return error instanceof AriError && (error.code === "unreachable" || error.code === "tls");
}
