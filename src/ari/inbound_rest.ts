/**
 * REST of an Asterisk that dials: over one of its WebSockets, and over HTTP what those refuse.
 *
 * @module
 */
import { AriError } from "./ari_error.ts";
import { readInfo } from "./asterisk_info.ts";
import type { AriDownload } from "./download.ts";
import type { AriAnswer, AriRequest, AriRest, SendOptions } from "./rest.ts";
import { TooLargeForSocket } from "./socket_rest.ts";

/** Options of {@linkcode InboundRest}. */
export interface InboundRestOptions {
  /** Asterisk's entity id. */
  readonly node: string;
  /** The socket for the next request; undefined when none is open. */
  readonly socket: () => AriRest | undefined;
  /** REST over HTTP, perhaps that of another Asterisk. @default there is none */
  readonly http?: AriRest;
}

/** The status with which Asterisk refuses what it gives over HTTP only, files for instance. */
const ONLY_HTTP = 406;

/** REST of an Asterisk that dials. Disposing of it leaves the sockets and HTTP alone. */
export class InboundRest implements AriRest {
  readonly #options: InboundRestOptions;
  #closed = false;

  /** Makes the object; nothing is sent. */
  constructor(options: InboundRestOptions) {
    this.#options = options;
  }

  /** Those that wait for HTTP are not known here: others may use that as well. */
  get waiting(): number {
    return this.#options.socket()?.waiting ?? 0;
  }

  async send(request: AriRequest, options: SendOptions = {}): Promise<AriAnswer> {
    const { node, socket } = this.#options;
    if (this.#closed) {
      throw new AriError("aborted", "Request given up: the connection to Asterisk is closed");
    }
    const rest = socket();
    if (!rest) {
      throw new AriError("unreachable", `Cannot reach Asterisk ${node}: it has no WebSocket open`);
    }
    try {
      const answer = await rest.send(request, options);
      if (answer.status !== ONLY_HTTP) return answer;
      return await this.#overHttp(request, options) ?? { ...answer, body: NEEDS_HTTP };
    } catch (error) {
      const answer = error instanceof TooLargeForSocket && await this.#overHttp(request, options);
      if (answer) return answer;
      throw error;
    }
  }

  async download(path: string, options: SendOptions = {}): Promise<AriDownload | AriAnswer> {
    const http = await this.#http(options);
    return await http?.download(path, options) ??
      { status: ONLY_HTTP, reason: "Not Acceptable", body: NEEDS_HTTP };
  }

  [Symbol.dispose](): void {
    this.#closed = true;
  }

  /** The answer over HTTP; undefined when that leads to no Asterisk, or to another one. */
  async #overHttp(request: AriRequest, options: SendOptions): Promise<AriAnswer | undefined> {
    const http = await this.#http(options);
    return await http?.send(request, options);
  }

  async #http(options: SendOptions): Promise<AriRest | undefined> {
    const { http, node } = this.#options;
    if (!http) return undefined;
    const { system } = await readInfo(http, options);
    return system.entity_id === node ? http : undefined;
  }
}

const NEEDS_HTTP = JSON.stringify({
  message: "Asterisk gives this over HTTP only; set ari.http_url, ari.username and ari.password",
});
