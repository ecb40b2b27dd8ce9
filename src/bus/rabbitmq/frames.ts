/**
 * Messages as frames of AMQP. The library encodes every property of every message anew and copies
 * the payload three times, which costs more than everything else that is done for an event.
 *
 * @module
 */

import { BusError, type BusHeaders, type PublisherOptions } from "../bus.ts";

/** The properties that a message has beside its content type and its delivery mode. */
export interface MessageProperties {
  /** Headers, checked already. */
  readonly headers?: BusHeaders;
  /** The correlation ID. */
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
/** Bits that flag which properties follow. */
const FLAGS = { contentType: 0x8000, headers: 0x2000, deliveryMode: 0x1000, correlationId: 0x0400 };
const CONTENT_TYPE = "application/json";
/** As the original, nothing is written to disk. */
const TRANSIENT = 1;
/** Type of a value in a table: a text. */
const TEXT = 0x53;

/** Where the table of headers is in the frame with the properties. */
const TABLE = CONTENT + 14 + 1 + CONTENT_TYPE.length;

const encoder = new TextEncoder();

/** The frame with the destination of a message. */
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
 * The frame with the properties of a message, for a payload of so many bytes.
 *
 * @throws {BusError} With the code `invalid` for a correlation ID that is too long.
 */
export function propertiesFrame(
  channel: number,
  { headers, correlationId }: MessageProperties,
  length: number,
): Uint8Array {
  const id = correlationId === undefined ? [] : short(correlationId);
  return frame(HEADER, channel, [
    ...start({ headers: headers !== undefined, correlationId: id.length > 0 }, length),
    ...(headers === undefined ? [] : table(headers)),
    TRANSIENT,
    ...id,
  ]);
}

/**
 * The frames that precede the payload of numbered messages: the one with their destination, and the
 * one with their properties. All but the number, and what depends on the payload and the channel, is
 * encoded once.
 */
export class NumberedFrames {
  readonly exchange: string;
  readonly key: string;
  readonly #options: PublisherOptions;
  readonly #route: Uint8Array;
  /** The frame with the properties up to the number. */
  readonly #properties: Uint8Array;

  /** @throws {BusError} With the code `invalid` for a name that is too long for AMQP. */
  constructor(exchange: string, key: string, options: PublisherOptions, like?: NumberedFrames) {
    this.exchange = exchange;
    this.key = key;
    this.#options = options;
    this.#route = publishFrame(0, exchange, key);
    // Behind the number come the delivery mode and the end of the frame.
    this.#properties = like === undefined
      ? propertiesFrame(0, { headers: this.headers("") }, 0).slice(0, -2)
      : like.#properties;
  }

  /** The frames of messages with the same headers that go elsewhere. */
  to(exchange: string, key: string): NumberedFrames {
    return new NumberedFrames(exchange, key, this.#options, this);
  }

  /** The headers of the message with a number. */
  headers(number: string): BusHeaders {
    return { ...this.#options.headers, [this.#options.number]: number };
  }

  /** Bytes of the frames for a number. */
  size(number: string): number {
    return this.#route.length + this.#properties.length + number.length + 2;
  }

  /**
   * Writes the frames for a payload of so many bytes.
   *
   * @returns the place behind them.
   */
  write(
    number: string,
    length: number,
    to: { readonly bytes: Uint8Array; readonly at: number; readonly channel: number },
  ): number {
    const { bytes, at, channel } = to;
    bytes.set(this.#route, at);
    const properties = at + this.#route.length;
    bytes.set(this.#properties, properties);
    for (const frame of [at, properties]) {
      bytes[frame + 1] = channel >>> 8;
      bytes[frame + 2] = channel;
    }
    const numberAt = properties + this.#properties.length;
    const end = numberAt + number.length;
    for (let index = 0; index < number.length; index++) {
      bytes[numberAt + index] = number.charCodeAt(index);
    }
    const table = properties + TABLE;
    write32(bytes, properties + 3, end + 1 - properties - CONTENT);
    write32(bytes, properties + CONTENT + 8, length);
    write32(bytes, table, end - table - 4);
    write32(bytes, numberAt - 4, number.length);
    bytes[end] = TRANSIENT;
    bytes[end + 1] = END;
    return end + 2;
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
