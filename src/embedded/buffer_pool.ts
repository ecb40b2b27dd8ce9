/**
 * Buffers that are used again.
 *
 * @module
 */

import { Buffer } from "node:buffer";

/** Options of {@linkcode BufferPool}. */
export interface BufferPoolOptions {
  /** Size of a buffer, in bytes. */
  readonly size: number;
  /** How many that nobody uses are kept at the most. */
  readonly keep: number;
}

/** Buffers of one size; making them anew for each write takes longer than the write. */
export class BufferPool {
  /** Size of a buffer, in bytes. */
  readonly size: number;
  readonly #keep: number;
  readonly #free: Buffer[] = [];

  constructor(options: BufferPoolOptions) {
    this.size = options.size;
    this.#keep = options.keep;
  }

  /** Hands out a buffer, with any content. */
  take(): Buffer {
    return this.#free.pop() ?? Buffer.alloc(this.size);
  }

  /** Takes a buffer back, which its user must not touch any more. */
  giveBack(buffer: Buffer): void {
    if (this.#free.length < this.#keep) this.#free.push(buffer);
  }
}
