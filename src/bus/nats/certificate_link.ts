/**
 * A connection that can show a client's certificate.
 *
 * @module
 */

import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls, type ConnectionOptions } from "node:tls";
import { once } from "node:events";
import { deferred } from "../../common/deferred.ts";
import { trustedContext } from "../trusted_context.ts";
import type { Link } from "./tcp_link.ts";

/**
 * Connects over TCP; encrypted later, the connection shows the certificate.
 *
 * @param options PEM texts: the authorities to trust besides those that Node trusts, the client's
 * certificate and its key.
 */
export async function dialWithCertificate(
  address: { readonly hostname: string; readonly port: number },
  options: {
    readonly signal: AbortSignal;
    readonly ca?: string;
    readonly cert?: string;
    readonly key?: string;
  },
): Promise<Link> {
  const { signal, ca, ...own } = options;
  const certificate = trustedContext(ca === undefined ? own : { ca, ...own });
  const socket = connectTcp({ host: address.hostname, port: address.port, noDelay: true });
  const abort = () => socket.destroy();
  signal.addEventListener("abort", abort);
  try {
    await once(socket, "connect", { signal });
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    signal.removeEventListener("abort", abort);
  }
  return new NodeLink(socket, certificate);
}

class NodeLink implements Link {
  readonly #socket: Socket;
  readonly #certificate: ConnectionOptions;
  /** Bytes from the socket that have not been read. */
  #left = new Uint8Array(0);
  #error: Error | undefined;

  constructor(socket: Socket, certificate: ConnectionOptions) {
    this.#socket = socket;
    this.#certificate = certificate;
    // An error event without a listener would end the process.
    socket.on("error", (error) => this.#error ??= error);
  }

  async read(buffer: Uint8Array): Promise<number | null> {
    while (this.#left.length === 0) {
      const chunk: Uint8Array<ArrayBuffer> | null = this.#socket.read();
      if (chunk !== null) this.#left = chunk;
      else if (this.#error !== undefined) throw this.#error;
      else if (this.#socket.readableEnded || this.#socket.destroyed) return null;
      else await this.#stir();
    }
    const part = this.#left.subarray(0, buffer.length);
    buffer.set(part);
    this.#left = this.#left.subarray(part.length);
    return part.length;
  }

  write(bytes: Uint8Array): Promise<number> {
    const { promise, resolve, reject } = deferred<number>();
    this.#socket.write(bytes, (error) => error ? reject(error) : resolve(bytes.length));
    return promise;
  }

  close(): void {
    this.#socket.destroy();
  }

  async encrypt(host: string): Promise<Link> {
    const socket = connectTls({
      socket: this.#socket,
      host,
      // The name sent to the server must not be an address; the certificate is checked against `host`.
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ...this.#certificate,
      // Otherwise the variable NODE_TLS_REJECT_UNAUTHORIZED can switch it off.
      rejectUnauthorized: true,
    });
    const link = new NodeLink(socket, {});
    try {
      await once(socket, "secureConnect");
    } catch (error) {
      socket.destroy();
      throw error;
    }
    return link;
  }

  /** Resolves when there is something to read, or never will be. */
  #stir(): Promise<void> {
    const { promise, resolve } = deferred<void>();
    const events = ["readable", "end", "error", "close"];
    const done = () => {
      for (const event of events) this.#socket.removeListener(event, done);
      resolve();
    };
    for (const event of events) this.#socket.on(event, done);
    return promise;
  }
}
