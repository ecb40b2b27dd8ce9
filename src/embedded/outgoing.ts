/**
 * What is queued to be sent to a client.
 *
 * @module
 */

import { Buffer } from "node:buffer";

interface OutgoingOptions {
  /** Where small messages are gathered. */
  readonly pool: BufferPool;
  /** Bytes that may wait. */
  readonly maxPending: number;
  /** Called when more wait. */
  readonly onOverflow: () => void;
  /** Called when the connection takes no more. */
  readonly onFailure: () => void;
}

/** Buffers of one size; making them anew for each write takes longer than the write. */
export class BufferPool {
  /** Size of a buffer, in bytes. */
  readonly size: number;
  readonly #keep: number;
  readonly #free: Buffer[] = [];

  /** @param options Size of a buffer, in bytes, and how many unused ones are kept. */
  constructor({ size, keep }: { readonly size: number; readonly keep: number }) {
    this.size = size;
    this.#keep = keep;
  }

  /** Returns a buffer, with any content. */
  take(): Buffer {
    return this.#free.pop() ?? Buffer.alloc(this.size);
  }

  /** Takes a buffer back, which its user must not touch any more. */
  giveBack(buffer: Buffer): void {
    if (this.#free.length < this.#keep) this.#free.push(buffer);
  }
}

/** Bytes that go out in one write, or several when the connection takes a part only. */
interface Piece {
  readonly bytes: Buffer;
  /** The pooled buffer that the bytes are a part of. */
  readonly pooled: Buffer | undefined;
  /** Whether a frame ends with it. */
  readonly endsFrame: boolean;
}

/**
 * Joins what is sent in one turn of the event loop, and while a write is pending, into few writes. Small
 * messages are copied, so that they hold no larger buffer; large ones are shared by all receivers.
 */
export class Outgoing {
  readonly #conn: Pick<Deno.Conn, "write">;
  readonly #options: OutgoingOptions;
  /** Messages of this size and more are not copied. Half a buffer, so that all others find room. */
  readonly #large: number;
  #pieces: Piece[] = [];
  /** The piece that is being written. */
  #current: Piece | undefined;
  #buffer: Buffer | undefined;
  /** Bytes of the buffer that are used. */
  #used = 0;
  /** Bytes of the buffer that are in pieces already. */
  #cut = 0;
  #pending = 0;
  #running = false;
  #failed = false;
  #idle: PromiseWithResolvers<void> | undefined;
  #relief: PromiseWithResolvers<void> | undefined;

  constructor(conn: Pick<Deno.Conn, "write">, options: OutgoingOptions) {
    this.#conn = conn;
    this.#options = options;
    this.#large = options.pool.size / 2;
  }

  /** Bytes that wait. */
  get pending(): number {
    return this.#pending;
  }

  /** Whether half of what may wait does. */
  get pressed(): boolean {
    return this.#pending > this.#options.maxPending / 2;
  }

  /** Resolves when it is not pressed, or the connection has failed. */
  relief(): Promise<void> {
    if (!this.pressed) return Promise.resolve();
    this.#relief ??= Promise.withResolvers<void>();
    return this.#relief.promise;
  }

  /** Adds a frame of which each character is a byte. */
  add(frame: string): void {
    if (this.#failed) return;
    const buffer = this.#room(frame.length);
    this.#used = writeCharacters(frame, buffer, this.#used);
    this.#added(frame.length);
  }

  /**
   * Adds a message.
   *
   * @param line The begin of the frame, up to and with the blank before the tail; each character is
   * a byte.
   * @param tail The rest. It may be overwritten after the call.
   * @param keep Returns the rest in memory that is not overwritten; called when the rest is large.
   */
  addMessage(line: string, tail: Buffer, keep: () => Buffer): void {
    if (this.#failed) return;
    const large = tail.length >= this.#large;
    const buffer = this.#room(large ? line.length : line.length + tail.length);
    this.#used = writeCharacters(line, buffer, this.#used);
    if (large) {
      this.#closePiece({ endsFrame: false, endsBuffer: false });
      this.#pieces.push({ bytes: keep(), pooled: undefined, endsFrame: true });
    } else {
      buffer.set(tail, this.#used);
      this.#used += tail.length;
    }
    this.#added(line.length + tail.length);
  }

  /** Drops what is queued, except the rest of a frame that is being sent. */
  drop(): void {
    const rest = this.#current?.endsFrame === false ? this.#pieces.slice(0, 1) : [];
    this.#pieces = rest;
    // A pending write may still read from it, so it is not returned to the pool.
    this.#buffer = undefined;
    this.#relieve();
    this.#pending = [this.#current, ...rest].reduce((sum, it) => sum + (it?.bytes.length ?? 0), 0);
  }

  /** Resolves when nothing waits any more, be it that the connection has failed. */
  idle(): Promise<void> {
    if (!this.#running) return Promise.resolve();
    this.#idle ??= Promise.withResolvers<void>();
    return this.#idle.promise;
  }

  /** A buffer with room for `length` bytes, at most the size of a buffer. */
  #room(length: number): Buffer {
    if (this.#buffer !== undefined && this.#buffer.length - this.#used < length) {
      this.#closePiece({ endsFrame: true, endsBuffer: true });
    }
    if (this.#buffer === undefined) {
      this.#buffer = this.#options.pool.take();
      this.#used = this.#cut = 0;
    }
    return this.#buffer;
  }

  #closePiece(
    { endsFrame, endsBuffer }: { readonly endsFrame: boolean; readonly endsBuffer: boolean },
  ): void {
    const buffer = this.#buffer;
    if (buffer === undefined) return;
    this.#pieces.push({
      bytes: buffer.subarray(this.#cut, this.#used),
      pooled: endsBuffer ? buffer : undefined,
      endsFrame,
    });
    this.#cut = this.#used;
    if (endsBuffer) this.#buffer = undefined;
  }

  #added(length: number): void {
    this.#pending += length;
    if (!this.#running) {
      this.#running = true;
      // What else this turn of the event loop adds goes into the same write.
      queueMicrotask(() => void this.#run());
    }
    if (this.#pending > this.#options.maxPending) this.#options.onOverflow();
  }

  async #run(): Promise<void> {
    try {
      while ((this.#current = this.#next()) !== undefined) {
        const { bytes, pooled } = this.#current;
        for (let sent = 0; sent < bytes.length;) {
          sent += await this.#conn.write(sent === 0 ? bytes : bytes.subarray(sent));
        }
        this.#pending -= bytes.length;
        if (!this.pressed) this.#relieve();
        if (pooled !== undefined) this.#options.pool.giveBack(pooled);
      }
    } catch {
      this.#failed = true;
      this.#current = undefined;
      this.drop();
      this.#options.onFailure();
    }
    this.#running = false;
    this.#idle?.resolve();
    this.#idle = undefined;
  }

  #relieve(): void {
    this.#relief?.resolve();
    this.#relief = undefined;
  }

  #next(): Piece | undefined {
    if (this.#pieces.length === 0) this.#closePiece({ endsFrame: true, endsBuffer: true });
    return this.#pieces.shift();
  }
}

/** Writes a byte for each character; for texts this short it is much faster than `Buffer.write`. */
function writeCharacters(text: string, buffer: Buffer, start: number): number {
  for (let index = 0; index < text.length; index++) buffer[start + index] = text.charCodeAt(index);
  return start + text.length;
}
