/**
 * Carries the NATS protocol of `@nats-io/nats-core` over Deno's TCP and TLS sockets.
 *
 * It exports what the JSR package `@nats-io/transport-deno` exports, and is imported under that
 * name, so that the import map alone decides which of the two is used.
 *
 * @module
 */

import type { ConnectionOptions, NatsConnection, TlsOptions } from "@nats-io/nats-core";
import {
  checkOptions,
  type Deferred,
  deferred,
  extractProtocolMessage,
  INFO,
  NatsConnectionImpl,
  type Server,
  setTransportFactory,
  type Transport,
} from "@nats-io/nats-core/internal";
import { type Link, TcpLink } from "./tcp_link.ts";

/** Bytes of one read buffer. Reads of 64 KiB halve the rate at which messages come in. */
const SLAB = 1024 * 1024;
/** A buffer with less room than this is not filled further, in bytes. */
const MIN_READ = 256 * 1024;
/** The most bytes that are joined to one write. */
const MAX_WRITE = 256 * 1024;
/** A server that has not finished its first line after so many bytes is not a NATS server. */
const MAX_INFO = 256 * 1024;
const SERVER_CLOSED = "the server closed the connection";

/** Options of {@linkcode connect} beyond those of every transport. */
interface DenoConnectionOptions extends ConnectionOptions {
  /** Ends the connection or the dial in progress, and all that follow. */
  signal?: AbortSignal;
  /**
   * Called with why a connection ended. The library does not report that of one that ends before the
   * server has admitted the client; it waits until the time for the dial is over.
   */
  onEnd?: (reason?: Error) => void;
}

class DenoTransport implements Transport {
  readonly lang = "deno";
  readonly version = Deno.version.deno;
  closeError?: Error;

  readonly #closed: Deferred<void | Error> = deferred<void | Error>();
  readonly #dial = new AbortController();
  #link?: Link;
  #established = false;
  #onEnd?: (reason?: Error) => void;
  #release = () => {};
  #encrypted = false;
  #done = false;
  #slab = new Uint8Array(SLAB);
  /** Bytes of the slab that are taken. */
  #taken = 0;
  #outgoing: Uint8Array[] = [];
  #writing = false;
  /** Where frames are joined; one write is over before the next is made. */
  #joined = new Uint8Array(0);

  get isClosed(): boolean {
    return this.#done;
  }

  async connect(server: Server, options: DenoConnectionOptions): Promise<void> {
    try {
      options.signal?.throwIfAborted();
      const abort = () => this.#shut(toError(options.signal?.reason));
      options.signal?.addEventListener("abort", abort);
      // The signal outlives this connection, and must not hold it.
      this.#release = () => options.signal?.removeEventListener("abort", abort);
      this.#hold(await dial(server, { signal: this.#dial.signal, tls: options.tls }));
      const host = server.tlsName || server.hostname;
      if (options.tls?.handshakeFirst) await this.#encrypt(host);
      const info = await this.#readInfo();
      checkOptions(info, options);
      if (!this.#encrypted && (options.tls || info.tls_required)) await this.#encrypt(host);
      if (this.#done) throw this.closeError ?? new Error("the connection was closed");
      this.#established = true;
      this.#onEnd = options.onEnd;
    } catch (error) {
      this.#shut(toError(error));
      throw this.closeError ?? error;
    }
  }

  async *[Symbol.asyncIterator](): AsyncIterableIterator<Uint8Array> {
    // Stays true when the reader leaves the loop, which it does when it cannot parse the bytes.
    let left = true;
    let reason = new Error("the server sent what is not NATS protocol");
    try {
      // What came with the server's first line is in the slab already.
      if (this.#taken > 0) yield this.#slab.subarray(0, this.#taken);
      while (!this.#done) {
        const bytes = await this.#read();
        if (bytes === null) {
          reason = new Error(SERVER_CLOSED);
          break;
        }
        yield bytes;
      }
      left = false;
    } catch (error) {
      left = false;
      reason = toError(error);
    } finally {
      this.#shut(reason);
      // The library waits for this before it writes the bytes to the console, where they do not
      // belong: they are data of others in the output of the program.
      if (left) await new Promise<never>(() => {});
    }
  }

  isEncrypted(): boolean {
    return this.#encrypted;
  }

  send(frame: Uint8Array): void {
    if (this.#done || this.#link === undefined) return;
    this.#outgoing.push(frame);
    if (!this.#writing) {
      this.#writing = true;
      void this.#write(this.#link);
    }
  }

  close(error?: Error): Promise<void> {
    this.#shut(error);
    return Promise.resolve();
  }

  disconnect(): void {
    this.#shut();
  }

  discard(): void {
    this.#shut();
  }

  /** Resolves when a connection that was open has ended, and never after a failed dial. */
  closed(): Promise<void | Error> {
    return this.#closed;
  }

  #hold(link: Link): void {
    this.#link = link;
    if (this.#done) {
      link.close();
      throw this.closeError ?? new Error("the connection was closed");
    }
  }

  async #encrypt(host: string): Promise<void> {
    const link = await this.#link?.encrypt(host);
    if (link === undefined) return;
    this.#hold(link);
    this.#encrypted = true;
  }

  async #readInfo(): Promise<Parameters<typeof checkOptions>[0]> {
    while (this.#taken < MAX_INFO) {
      if (await this.#read() === null) throw new Error(SERVER_CLOSED);
      const line = extractProtocolMessage(this.#slab.subarray(0, this.#taken));
      if (line === "") continue;
      const match = INFO.exec(line);
      if (match === null) break;
      return JSON.parse(match[1]);
    }
    throw new Error("the server does not speak NATS");
  }

  async #read(): Promise<Uint8Array | null> {
    if (this.#link === undefined) return null;
    if (SLAB - this.#taken < MIN_READ) {
      this.#slab = new Uint8Array(SLAB);
      this.#taken = 0;
    }
    const slab = this.#slab;
    const start = this.#taken;
    const length = await this.#link.read(slab.subarray(start));
    if (length === null) return null;
    this.#taken = start + length;
    return slab.subarray(start, start + length);
  }

  async #write(link: Link): Promise<void> {
    try {
      while (this.#outgoing.length > 0 && !this.#done) {
        const frames = this.#outgoing;
        this.#outgoing = [];
        for (let next = 0; next < frames.length && !this.#done;) {
          const [joined, after] = this.#join(frames, next);
          next = after;
          for (let sent = 0; sent < joined.length;) {
            sent += await link.write(sent === 0 ? joined : joined.subarray(sent));
          }
        }
      }
    } catch (error) {
      this.#shut(toError(error));
    }
    this.#writing = false;
  }

  /** Joins frames from an index on, as many as go into one write; returns the index that follows. */
  #join(frames: readonly Uint8Array[], from: number): [Uint8Array, number] {
    let length = frames[from].length;
    let after = from + 1;
    while (after < frames.length && length + frames[after].length <= MAX_WRITE) {
      length += frames[after++].length;
    }
    if (after === from + 1) return [frames[from], after];
    if (this.#joined.length === 0) this.#joined = new Uint8Array(MAX_WRITE);
    let offset = 0;
    for (let index = from; index < after; index++) {
      this.#joined.set(frames[index], offset);
      offset += frames[index].length;
    }
    return [this.#joined.subarray(0, length), after];
  }

  #shut(error?: Error): void {
    if (this.#done) return;
    this.#done = true;
    this.closeError = error;
    this.#outgoing = [];
    this.#release();
    this.#dial.abort(error);
    this.#link?.close();
    if (!this.#established) return;
    this.#onEnd?.(error);
    this.#closed.resolve(error);
  }
}

/**
 * Connects to a NATS server over TCP, or TLS where the server or the options ask for it.
 *
 * @throws The error of the last server tried, when none of them can be reached.
 */
export function connect(options: DenoConnectionOptions = {}): Promise<NatsConnection> {
  setTransportFactory({ factory: () => new DenoTransport() });
  return NatsConnectionImpl.connect(options);
}

/** Connects over TCP. */
async function dial(
  address: { readonly hostname: string; readonly port: number },
  { signal, tls }: { readonly signal: AbortSignal; readonly tls?: TlsOptions | null },
): Promise<Link> {
  const { hostname, port } = address;
  const [ca, cert, key] = await Promise.all([
    tls?.ca ?? contents(tls?.caFile),
    tls?.cert ?? contents(tls?.certFile),
    tls?.key ?? contents(tls?.keyFile),
  ]);
  if (cert !== undefined || key !== undefined) {
    // Deno shows no certificate when it encrypts an open connection; node:tls does.
    const { dialWithCertificate } = await import("./certificate_link.ts");
    return await dialWithCertificate({ hostname, port }, { signal, ca, cert, key });
  }
  const connection = await Deno.connect({ hostname, port, signal });
  connection.setNoDelay(true);
  return new TcpLink(connection, ca);
}

async function contents(path: string | undefined): Promise<string | undefined> {
  return path === undefined ? undefined : await Deno.readTextFile(path);
}

function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
