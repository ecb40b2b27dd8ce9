/**
 * The events of the bench: texts as Asterisk writes them, each with a number and the time it was
 * sent.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { channel, node } from "./channel.ts";

/** Bytes of each event. */
export const eventSize = 1200;

const numberDigits = 9;
const timeDigits = 16;
const zero = 0x30;

/** Microseconds since 1970, on a clock that all processes of a machine share. */
export function nowMicros(): number {
  return Math.round((performance.timeOrigin + performance.now()) * 1000);
}

/** Frames in one write. */
const perWrite = 50;

/** WebSocket frames for one event after the other, ready to be sent but for numbers and times. */
export class EventFrames {
  readonly #bytes: Uint8Array;
  readonly #count: number;
  readonly #stride: number;
  readonly #stampAt: number;

  /**
   * Makes the frames of an application's events.
   *
   * @param channels How many channels take turns; a divisor or a multiple of 50.
   */
  constructor(app: string, channels: number) {
    this.#count = Math.max(perWrite, channels);
    const frames = Array.from({ length: this.#count }, (_, index) => {
      return textFrame(eventText(app, index, index % channels));
    });
    this.#stride = frames[0].length;
    this.#stampAt = this.#stride - stampDistance(app);
    this.#bytes = new Uint8Array(this.#count * this.#stride);
    frames.forEach((frame, index) => this.#bytes.set(frame, index * this.#stride));
  }

  /** How many events can follow in one write when so many have been sent. */
  room(sent: number): number {
    return Math.min(perWrite, this.#count - sent % this.#count);
  }

  /** Numbers events from a number on, no more than there is room for, and returns their bytes. */
  stamp(first: number, count: number): Uint8Array {
    const time = nowMicros();
    const begin = first % this.#count * this.#stride;
    const end = begin + count * this.#stride;
    for (let at = begin + this.#stampAt, number = first; at < end; at += this.#stride) {
      writeDigits(this.#bytes, number++, { at, digits: numberDigits });
      writeDigits(this.#bytes, time, { at: at + numberDigits + 1, digits: timeDigits });
    }
    return this.#bytes.subarray(begin, end);
  }
}

/** What an event says of when it was sent. */
export interface Stamp {
  /** Its number. */
  readonly number: number;
  /** When it was sent, in microseconds since 1970. */
  readonly time: number;
}

/**
 * Reads the stamp of an event that came over the bus. Its place is looked for, since the original
 * writes events anew, in another order.
 *
 * @throws {Error} When there is none.
 */
export function readStamp({ buffer, byteOffset, length }: Uint8Array): Stamp {
  const bytes = Buffer.from(buffer, byteOffset, length);
  const found = bytes.lastIndexOf(stampName);
  if (found < 0) throw new Error(`Cannot measure events: one has no stamp: ${bytes}`);
  const at = found + stampName.length;
  return {
    number: readDigits(bytes, { at, digits: numberDigits }),
    time: readDigits(bytes, { at: at + numberDigits + 1, digits: timeDigits }),
  };
}

const stampName = '"STAMP":"';

/** Every second event is a `ChannelVarset`, which does not begin with its type. */
function eventText(app: string, index: number, of: number): string {
  const text = (filler: string) => {
    const variables = { FILLER: filler, STAMP: "0".repeat(numberDigits + 1 + timeDigits) };
    return JSON.stringify({
      ...(index % 2 === 0 ? {} : { variable: "STASISSTATUS", value: "SUCCESS" }),
      type: index % 2 === 0 ? "ChannelStateChange" : "ChannelVarset",
      timestamp: "2026-11-22T22:18:58.342+0000",
      channel: channel(of, { app, variables }),
      asterisk_id: node,
      application: app,
    });
  };
  return text("x".repeat(eventSize - text("").length));
}

/** Bytes from the number to the end of an event. */
function stampDistance(app: string): number {
  const end = `"}},"asterisk_id":"${node}","application":"${app}"}`;
  return numberDigits + 1 + timeDigits + end.length;
}

function textFrame(text: string): Uint8Array {
  const payload = new TextEncoder().encode(text);
  const frame = new Uint8Array(4 + payload.length);
  frame.set([0x81, 126, payload.length >> 8, payload.length & 0xff]);
  frame.set(payload, 4);
  return frame;
}

function writeDigits(
  bytes: Uint8Array,
  value: number,
  { at, digits }: { readonly at: number; readonly digits: number },
): void {
  for (let index = at + digits - 1; index >= at; index--) {
    const rest = Math.floor(value / 10);
    bytes[index] = zero + value - rest * 10;
    value = rest;
  }
}

function readDigits(
  bytes: Uint8Array,
  { at, digits }: { readonly at: number; readonly digits: number },
): number {
  let value = 0;
  for (let index = at; index < at + digits; index++) value = value * 10 + bytes[index] - zero;
  return value;
}
