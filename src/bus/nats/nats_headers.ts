/**
 * Headers in NATS's form, made cheaply where message after message has almost the same ones.
 *
 * @module
 */

import type { MsgHdrs } from "@nats-io/nats-core";
import { MsgHdrsImpl } from "@nats-io/nats-core/internal";
import type { BusHeaders } from "../bus.ts";
import { checkHeaders } from "../header_check.ts";
import { HeadersBeforeNumber, lastNumber } from "../numbered_headers.ts";

const encoder = new TextEncoder();
const END = encoder.encode("\r\n\r\n");
/** Bytes of the buffer that many headers share, as one of its own for each costs more than its use. */
const SLAB = 64 * 1024;

/**
 * Encodes headers. Numbered messages differ in their last header alone, a number, so what precedes
 * it is checked and encoded once.
 */
export class NatsHeaders {
  readonly #encoded = new Encoded();
  readonly #before = new HeadersBeforeNumber();
  /** The encoded headers up to the value of the last one. */
  #beginning = new Uint8Array(0);
  #slab = new Uint8Array(0);
  /** Bytes of the slab that are taken. */
  #taken = 0;

  /**
   * Turns headers into NATS's; undefined when there are none. They hold until the next call.
   *
   * @throws {BusError} With the code `invalid`.
   */
  encode(headers: BusHeaders): MsgHdrs | undefined {
    const names = Object.keys(headers);
    if (names.length === 0) return undefined;
    const value = lastNumber(headers, names);
    if (value === undefined) {
      checkHeaders(headers);
      const last = headers[names[names.length - 1]];
      this.#encoded.bytes = encoder.encode(`${upToLast(headers, names)}${last}\r\n\r\n`);
      return this.#encoded;
    }
    if (!this.#before.match(headers, names)) {
      checkHeaders(headers);
      this.#before.keep(headers, names);
      this.#beginning = encoder.encode(upToLast(headers, names));
    }
    const start = this.#beginning.length;
    const bytes = this.#take(start + value.length + END.length);
    bytes.set(this.#beginning);
    for (let index = 0; index < value.length; index++) {
      bytes[start + index] = value.charCodeAt(index);
    }
    bytes.set(END, start + value.length);
    this.#encoded.bytes = bytes;
    return this.#encoded;
  }

  #take(length: number): Uint8Array<ArrayBuffer> {
    if (this.#taken + length > this.#slab.length) {
      this.#slab = new Uint8Array(Math.max(SLAB, length));
      this.#taken = 0;
    }
    return this.#slab.subarray(this.#taken, this.#taken += length);
  }
}

function upToLast(headers: BusHeaders, names: readonly string[]): string {
  const last = names.length - 1;
  const lines = names.slice(0, last).map((name) => `${name}: ${headers[name]}\r\n`);
  return `NATS/1.0\r\n${lines.join("")}${names[last]}: `;
}

/** The library asks for the bytes and nothing else of headers that it sends. */
class Encoded extends MsgHdrsImpl {
  bytes = new Uint8Array(0);

  override encode(): Uint8Array<ArrayBuffer> {
    return this.bytes;
  }
}
