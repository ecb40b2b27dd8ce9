/**
 * The socket of a client: how much is read at a time, and how it ends.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { setImmediate as nextTurn } from "node:timers/promises";
import { type BufferPool, Outgoing } from "./outgoing.ts";

/** Sizes of the read buffer, which grows while reads fill it, and how much is read in one turn. */
const READ = { first: 16 * 1024, max: 256 * 1024, turn: 32 * 1024 };
/** Longest pause after a read that lets a lagging consumer catch up, in milliseconds. */
const MAX_STALL = 10;
/** Time for a client to read why its connection is closed, in milliseconds. */
const LINGER = 1_000;

interface ClientSocketOptions {
  /** Buffers for what goes out. */
  readonly pool: BufferPool;
  /** Bytes that may wait to go out. */
  readonly maxPending: number;
  /** Called when more wait. */
  readonly onOverflow: () => void;
}

/** The TCP connection of a client, read and written frame by frame. */
export class ClientSocket {
  /** What goes out. */
  readonly outgoing: Outgoing;
  readonly #conn: Deno.TcpConn;
  #lagging: Outgoing | undefined;
  #linger: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(conn: Deno.TcpConn, options: ClientSocketOptions) {
    this.#conn = conn;
    this.outgoing = new Outgoing(conn, { ...options, onFailure: () => this.close() });
  }

  /** The client's address. */
  get address(): string {
    return this.#conn.remoteAddr.hostname;
  }

  /**
   * Reads until the socket is closed by either side. It never rejects.
   *
   * @param onBytes Gets bytes that are overwritten after the call.
   */
  async read(onBytes: (bytes: Uint8Array) => void): Promise<void> {
    try {
      this.#conn.setNoDelay(true);
      await this.#readAll(onBytes);
    } catch {
      // The connection is broken or was closed.
    }
    this.close();
    await this.outgoing.idle();
  }

  /**
   * Makes the next read wait briefly for another client, so that a lagging consumer can catch up and is
   * not disconnected by a burst.
   */
  stallFor(lagging: Outgoing): void {
    this.#lagging ??= lagging;
  }

  /**
   * Closes when everything is sent and the client has closed too, or after a second. Until then what
   * arrives is to be dropped: when a socket is closed with unread bytes, the client loses what was sent
   * last.
   */
  finish(): void {
    this.#linger ??= setTimeout(() => this.close(), LINGER);
    void this.outgoing.idle().then(() => this.#conn.closeWrite()).catch(() => this.close());
  }

  /** Closes at once; idempotent. */
  close(): void {
    clearTimeout(this.#linger);
    if (this.#closed) return;
    this.#closed = true;
    try {
      this.#conn.close();
    } catch {
      // It has closed itself.
    }
  }

  async #readAll(onBytes: (bytes: Uint8Array) => void): Promise<void> {
    let buffer = Buffer.alloc(READ.first);
    let sinceTurn = 0;
    for (;;) {
      const length = await this.#conn.read(buffer);
      if (length === null) return;
      onBytes(buffer.subarray(0, length));
      if (length === buffer.length && length < READ.max) buffer = Buffer.alloc(2 * length);
      sinceTurn += length;
      if (this.#lagging !== undefined) {
        await this.#stall(this.#lagging);
      } else if (sinceTurn >= READ.turn) {
        // A read of bytes that have arrived resolves without a turn of the event loop, and one client
        // that sends without a pause would block all others.
        await nextTurn();
        sinceTurn = 0;
      }
    }
  }

  async #stall(lagging: Outgoing): Promise<void> {
    this.#lagging = undefined;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, MAX_STALL);
    await Promise.race([promise, lagging.relief()]);
    clearTimeout(timer);
  }
}
