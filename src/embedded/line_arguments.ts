/**
 * Splits a line of the protocol into its arguments.
 *
 * @module
 */

import type { Buffer } from "node:buffer";
import { ProtocolError } from "./errors.ts";

const CR = 0x0d;
const TAB = 0x09;
const SPACE = 0x20;
const DELETE = 0x7f;
const ZERO = 0x30;
/** A size has at most so many digits. */
const MAX_DIGITS = 9;
/** No frame has more arguments than `HPUB subject reply headers total`. */
const MAX_ARGUMENTS = 4;

/** The arguments of one line after the other; one object serves them all, since it is on the hot path. */
export class LineArguments {
  /** How many there are. */
  count = 0;
  #buffer: Buffer;
  /** Begin and end of each. */
  readonly #bounds: number[] = new Array(2 * MAX_ARGUMENTS).fill(0);
  #stop = 0;

  constructor(buffer: Buffer) {
    this.#buffer = buffer;
  }

  /**
   * Finds the arguments.
   *
   * @param start Where the name of the operation ends.
   * @param stop Where the line ends.
   * @throws {ProtocolError} When there are too many, or a control character is among them.
   */
  split(buffer: Buffer, start: number, stop: number): void {
    const bounds = this.#bounds;
    let found = 0;
    let inside = false;
    for (let at = start; at < stop; at++) {
      const byte = buffer[at];
      if (byte === SPACE || byte === TAB) {
        if (inside) bounds[found++] = at;
        inside = false;
      } else if (byte < SPACE || byte === DELETE) {
        // A CR that is sent on would break the line for the receiver.
        throw new ProtocolError("Parser Error");
      } else if (!inside) {
        if (found === bounds.length) throw new ProtocolError("Parser Error");
        bounds[found++] = at;
        inside = true;
      }
    }
    if (inside) bounds[found++] = stop;
    this.count = found / 2;
    this.#buffer = buffer;
    this.#stop = stop;
  }

  /** Where an argument begins. */
  start(index: number): number {
    return this.#bounds[2 * index];
  }

  /** How long an argument is. */
  length(index: number): number {
    return this.#bounds[2 * index + 1] - this.#bounds[2 * index];
  }

  /** An argument, a character for each byte. */
  text(index: number): string {
    return this.#buffer.toString("latin1", this.#bounds[2 * index], this.#bounds[2 * index + 1]);
  }

  /**
   * An argument that is a number.
   *
   * @throws {ProtocolError} When it is not one.
   */
  size(index: number): number {
    if (this.length(index) > MAX_DIGITS) throw new ProtocolError("Parser Error");
    let size = 0;
    for (let at = this.#bounds[2 * index]; at < this.#bounds[2 * index + 1]; at++) {
      const digit = this.#buffer[at] - ZERO;
      if (!(digit >= 0 && digit <= 9)) throw new ProtocolError("Parser Error");
      size = size * 10 + digit;
    }
    return size;
  }

  /** Whether there is one blank between arguments, and CR and LF after the last. */
  isCanonical(): boolean {
    const bounds = this.#bounds;
    const last = 2 * this.count - 1;
    for (let index = 1; index < last; index += 2) {
      if (bounds[index + 1] !== bounds[index] + 1) return false;
      if (this.#buffer[bounds[index]] !== SPACE) return false;
    }
    return bounds[last] === this.#stop && this.#buffer[this.#stop] === CR;
  }
}
