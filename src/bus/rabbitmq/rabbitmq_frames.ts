/**
 * Messages as frames of AMQP. The library encodes every property of every message anew and copies
 * the payload three times, which costs more than everything else that is done for an event.
 *
 * @module
 */

import { BusError, type BusHeaders } from "../bus.ts";
import { HeadersBeforeNumber, lastNumber } from "../numbered_headers.ts";

/** The properties that a message has beside its content type and its delivery mode. */
export interface MessageProperties {
  /** Headers, checked already. */
  readonly headers?: BusHeaders;
  /** The correlation id. */
  readonly correlationId?: string;
}

/** Bytes of a frame around its content: kind, channel and length before it, a mark behind it. */
export const OVERHEAD = 8;
/** Where the content of a frame begins. */
const CONTENT = 7;
const END = 0xce;
const [METHOD, HEADER, BODY] = [1, 2, 3];
/** The class `basic` and its method `publish`. */
const [BASIC, PUBLISH] = [60, 40];
/** Bits that say which properties follow. */
const FLAGS = { contentType: 0x8000, headers: 0x2000, deliveryMode: 0x1000, correlationId: 0x0400 };
const CONTENT_TYPE = "application/json";
/** As the original, nothing is written to disk. */
const TRANSIENT = 1;
/** Type of a value in a table: a text. */
const TEXT = 0x53;

const encoder = new TextEncoder();

/** The frame that says where a message goes. */
export function publishFrame(channel: number, exchange: string, key: string): Uint8Array {
  const names = [short(exchange), short(key)];
  const content = [...u16(BASIC), ...u16(PUBLISH), ...u16(0), ...names.flat(), 0];
  return frame(METHOD, channel, content);
}

/**
 * Writes the frames of a payload.
 *
 * @param to Where: the bytes, the place, and the bytes that the content of one frame may have.
 * @returns the place behind them.
 */
export function writeBody(
  channel: number,
  data: Uint8Array,
  to: { readonly bytes: Uint8Array; readonly at: number; readonly maxContent: number },
): number {
  const { bytes, maxContent } = to;
  let { at } = to;
  for (let from = 0; from < data.length; from += maxContent) {
    const part = data.length <= maxContent ? data : data.subarray(from, from + maxContent);
    at = begin(bytes, at, { kind: BODY, channel, length: part.length });
    bytes.set(part, at);
    at += part.length;
    bytes[at++] = END;
  }
  return at;
}

/** Bytes of the frames of a payload. */
export function bodySize(length: number, maxContent: number): number {
  return length + Math.ceil(length / maxContent) * OVERHEAD;
}

/**
 * Encodes the frames with a message's properties. Numbered messages differ in their last header
 * alone, a number, so what precedes it is encoded once.
 */
export class PropertyFrames {
  readonly #channel: number;
  readonly #before = new HeadersBeforeNumber();
  /** The last frame of a numbered message; what precedes its number stays. */
  #frame = new Uint8Array(0);
  /** Where the length of the table is, and that of the number. */
  #tableAt = 0;
  #numberAt = 0;

  /** Makes an encoder for a channel. */
  constructor(channel: number) {
    this.#channel = channel;
  }

  /**
   * The frame for a payload of so many bytes. It holds until the next call.
   *
   * @throws {BusError} With the code `invalid` for a correlation id that does not go into it.
   */
  encode({ headers, correlationId }: MessageProperties, length: number): Uint8Array {
    const names = headers === undefined ? [] : Object.keys(headers);
    const number = headers && lastNumber(headers, names);
    if (headers === undefined || correlationId !== undefined || number === undefined) {
      const id = correlationId === undefined ? [] : short(correlationId);
      return frame(HEADER, this.#channel, [
        ...start({ headers: headers !== undefined, correlationId: id.length > 0 }, length),
        ...(headers === undefined ? [] : table(headers)),
        TRANSIENT,
        ...id,
      ]);
    }
    if (!this.#before.match(headers, names)) this.#begin(headers, names);
    return this.#finish(number, length);
  }

  #begin(headers: BusHeaders, names: readonly string[]): void {
    this.#before.keep(headers, names);
    const last = names[names.length - 1];
    const before = table({ ...headers, [last]: "" });
    const head = start({ headers: true, correlationId: false }, 0);
    this.#tableAt = CONTENT + head.length;
    this.#numberAt = this.#tableAt + before.length - 4;
    const room = Array.from({ length: 64 }, () => 0);
    this.#frame = frame(HEADER, this.#channel, [...head, ...before, ...room]);
  }

  #finish(number: string, length: number): Uint8Array {
    const end = this.#numberAt + 4 + number.length;
    if (end + 2 > this.#frame.length) {
      const larger = new Uint8Array(end + 2 + number.length);
      larger.set(this.#frame);
      this.#frame = larger;
    }
    const bytes = this.#frame;
    write32(bytes, 3, end + 1 - CONTENT);
    write32(bytes, CONTENT + 8, length);
    write32(bytes, this.#tableAt, end - this.#tableAt - 4);
    write32(bytes, this.#numberAt, number.length);
    for (let index = 0; index < number.length; index++) {
      bytes[this.#numberAt + 4 + index] = number.charCodeAt(index);
    }
    bytes[end] = TRANSIENT;
    bytes[end + 1] = END;
    return bytes.subarray(0, end + 2);
  }
}

/** Class, length of the payload, which properties follow, and the first of them. */
function start(
  { headers, correlationId }: { readonly headers: boolean; readonly correlationId: boolean },
  length: number,
): number[] {
  const flags = FLAGS.contentType | FLAGS.deliveryMode |
    (headers ? FLAGS.headers : 0) | (correlationId ? FLAGS.correlationId : 0);
  return [
    ...u16(BASIC),
    ...u16(0),
    ...u32(0),
    ...u32(length),
    ...u16(flags),
    ...short(CONTENT_TYPE),
  ];
}

function table(headers: BusHeaders): number[] {
  const entries = Object.entries(headers).flatMap(([name, value]) => {
    const text = encoder.encode(value);
    return [...short(name), TEXT, ...u32(text.length), ...text];
  });
  return [...u32(entries.length), ...entries];
}

function frame(
  kind: number,
  channel: number,
  content: readonly number[],
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(OVERHEAD + content.length);
  begin(bytes, 0, { kind, channel, length: content.length });
  bytes.set(content, CONTENT);
  bytes[bytes.length - 1] = END;
  return bytes;
}

/** Writes what precedes the content of a frame; returns where that goes. */
function begin(
  bytes: Uint8Array,
  at: number,
  { kind, channel, length }: {
    readonly kind: number;
    readonly channel: number;
    readonly length: number;
  },
): number {
  bytes[at] = kind;
  bytes[at + 1] = channel >>> 8;
  bytes[at + 2] = channel;
  write32(bytes, at + 3, length);
  return at + CONTENT;
}

/** A text of up to 255 bytes. */
function short(text: string): number[] {
  const bytes = encoder.encode(text);
  if (bytes.length > 255) {
    throw new BusError("invalid", `Cannot publish: ${text.slice(0, 80)}… is over 255 bytes`);
  }
  return [bytes.length, ...bytes];
}

function u16(value: number): number[] {
  return [value >>> 8 & 0xff, value & 0xff];
}

function u32(value: number): number[] {
  return [...u16(value >>> 16), ...u16(value & 0xffff)];
}

function write32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}
