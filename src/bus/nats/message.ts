/**
 * Messages between NATS's form and ours.
 *
 * @module
 */

import type { Msg, MsgHdrs } from "@nats-io/nats-core";
import { MsgHdrsImpl } from "@nats-io/nats-core/internal";
import { checkHeaders, numberedHeaders } from "../base.ts";
import type { BusHeaders, BusMessage, PublisherOptions } from "../bus.ts";

/** A message as it came from NATS. It is decoded member by member, when one is read. */
export class NatsMessage implements BusMessage {
  readonly #message: Msg;
  #headers: BusHeaders | undefined;

  constructor(message: Msg) {
    this.#message = message;
  }

  get subject(): string {
    return this.#message.subject;
  }

  get data(): Uint8Array {
    return this.#message.data;
  }

  get replyTo(): string | undefined {
    return this.#message.reply || undefined;
  }

  get headers(): BusHeaders | undefined {
    return this.#headers ??= toRecord(this.#message.headers);
  }
}

/** Whether a message is the server's notice that the subject of a request has no subscriber. */
export function isNoResponders(message: Msg): boolean {
  return message.data.length === 0 && message.headers?.code === 503;
}

function toRecord(headers: MsgHdrs | undefined): BusHeaders | undefined {
  // A status of the server comes as headers without a name.
  if (headers === undefined || headers.keys().length === 0) return undefined;
  const record: Record<string, string> = {};
  // The contract has one value a name: the first.
  for (const [name, values] of headers) record[name] = values[0];
  return record;
}

const encoder = new TextEncoder();
const END = encoder.encode("\r\n\r\n");
/** Size of the buffer that many headers share, in bytes: a buffer for each costs more than its use. */
const SLAB = 64 * 1024;

/**
 * Turns headers into NATS's; undefined when there are none.
 *
 * @throws {BusError} With the code `invalid`.
 */
export function encodeHeaders(headers: BusHeaders): MsgHdrs | undefined {
  checkHeaders(headers);
  const lines = Object.keys(headers).map((name) => `${name}: ${headers[name]}\r\n`);
  if (lines.length === 0) return undefined;
  return new Encoded(encoder.encode(`NATS/1.0\r\n${lines.join("")}\r\n`));
}

/** The library reads only the bytes of headers that it sends. */
class Encoded extends MsgHdrsImpl {
  readonly #bytes: Uint8Array<ArrayBuffer>;

  constructor(bytes: Uint8Array<ArrayBuffer>) {
    super();
    this.#bytes = bytes;
  }

  override encode(): Uint8Array<ArrayBuffer> {
    return this.#bytes;
  }
}

/** Headers of numbered messages: all but the number is checked and encoded once. */
export class NumberedHeaders extends MsgHdrsImpl {
  /** The number of the message that is sent next. */
  number = 0;
  /** The encoded headers up to the number. */
  readonly #beginning: Uint8Array<ArrayBuffer>;
  #slab = new Uint8Array(0);
  /** Bytes of the slab that are taken. */
  #taken = 0;

  /** @throws {BusError} With the code `invalid`. */
  constructor(options: PublisherOptions) {
    super();
    numberedHeaders(options, "0");
    const { headers, number } = options;
    const lines = Object.keys(headers).map((name) => `${name}: ${headers[name]}\r\n`);
    this.#beginning = encoder.encode(`NATS/1.0\r\n${lines.join("")}${number}: `);
  }

  /** The bytes for the number. They are not overwritten. */
  override encode(): Uint8Array<ArrayBuffer> {
    const digits = `${this.number}`;
    const start = this.#beginning.length;
    const bytes = this.#take(start + digits.length + END.length);
    bytes.set(this.#beginning);
    for (let index = 0; index < digits.length; index++) {
      bytes[start + index] = digits.charCodeAt(index);
    }
    bytes.set(END, start + digits.length);
    return bytes;
  }

  #take(length: number): Uint8Array<ArrayBuffer> {
    if (this.#taken + length > this.#slab.length) {
      this.#slab = new Uint8Array(Math.max(SLAB, length));
      this.#taken = 0;
    }
    return this.#slab.subarray(this.#taken, this.#taken += length);
  }
}
