/**
 * REST of an Asterisk that connects to this program: over HTTP where it can be reached, else over its
 * WebSockets.
 *
 * Asterisk carries out the requests of one WebSocket one after the other; over HTTP none waits for
 * another.
 *
 * @module
 */
import { aborted, AriError, CLOSED } from "../errors.ts";
import type { AriDownload } from "../http/download.ts";
import type { HttpDirectory } from "./directory.ts";
import type { AriRequest, AriResponse, AriRest, SendOptions } from "../rest.ts";
import { TooLargeForSocket } from "./socket_rest.ts";
import { SocketPool, type SocketPoolOptions } from "./socket_pool.ts";

interface InboundRestOptions extends SocketPoolOptions {
  /** REST over HTTP. @default none */
  readonly http?: HttpDirectory;
}

/** The status with which Asterisk refuses what it serves over HTTP only, such as files. */
const ONLY_HTTP = 406;

/** Disposing of it closes neither the WebSockets nor HTTP. */
export class InboundRest implements AriRest {
  readonly #options: InboundRestOptions;
  readonly #pool: SocketPool;
  #closed = false;

  constructor(options: InboundRestOptions) {
    this.#options = options;
    this.#pool = new SocketPool(options);
  }

  /** Number of requests that wait for a WebSocket; those for HTTP are not counted, since others use it too. */
  get waiting(): number {
    return this.#pool.waiting;
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
      http?.forget(node);
      return await this.#overSocket(request, options);
    }
  }

  async download(path: string, options: SendOptions = {}): Promise<AriDownload | AriResponse> {
    const { http, node } = this.#options;
    const rest = await http?.find(node);
    return await rest?.download(path, options) ??
      { status: ONLY_HTTP, reason: "Not Acceptable", body: NEEDS_HTTP };
  }

  /** Sends waiting requests; to be called when a WebSocket may be free, or is gone. */
  dispatch(): void {
    this.#pool.dispatch();
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    this.#pool.fail(aborted("Request", CLOSED));
  }

  async #overSocket(request: AriRequest, options: SendOptions): Promise<AriResponse> {
    const { http, node } = this.#options;
    try {
      const response = await this.#pool.send(request, options);
      if (response.status !== ONLY_HTTP) return response;
      const rest = await http?.find(node);
      return await rest?.send(request, options) ?? { ...response, body: NEEDS_HTTP };
    } catch (error) {
      if (!(error instanceof TooLargeForSocket)) throw error;
      const rest = await http?.find(node);
      if (!rest) throw error;
      return await rest.send(request, options);
    }
  }
}

const NEEDS_HTTP = JSON.stringify({
  message: "Asterisk serves this over HTTP only; set ari.http_url, ari.username and ari.password",
});

/** Whether a request has certainly not reached Asterisk, so that it can be sent otherwise. */
function neverSent(error: unknown): boolean {
  return error instanceof AriError && (error.code === "unreachable" || error.code === "tls");
}
