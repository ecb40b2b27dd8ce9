/**
 * Sends messages to the broker, bypassing the library, which does everything else on the channel.
 *
 * @module
 */

import { nextTick } from "node:process";
import {
  bodySize,
  type MessageProperties,
  type NumberedFrames,
  OVERHEAD,
  propertiesFrame,
  publishFrame,
  writeBody,
} from "./frames.ts";

/** Size of a buffer in which messages are gathered, in bytes. */
const SLAB = 128 * 1024;
/** How many routes are cached; responses have a new one for each caller. */
const MAX_ROUTES = 256;

/** Sends messages on a channel. What one turn of the event loop brings goes out together. */
export class FrameWriter {
  readonly #channel: number;
  readonly #maxContent: number;
  readonly #write: (bytes: Uint8Array) => void;
  readonly #routes = new Map<string, Uint8Array>();
  #slab = new Uint8Array(0);
  /** The part of the slab that is filled and not written. */
  #start = 0;
  #end = 0;
  #due = false;

  /**
   * @param options Number of the channel, on which nothing else with content is sent; bytes that a
   * frame may have; and what sends bytes to the broker, in order.
   */
  constructor({ channel, frameMax, write }: {
    readonly channel: number;
    readonly frameMax: number;
    readonly write: (bytes: Uint8Array) => void;
  }) {
    this.#channel = channel;
    this.#maxContent = frameMax - OVERHEAD;
    this.#write = write;
  }

  /**
   * Sends a message.
   *
   * @throws {BusError} With the code `invalid` for a name that AMQP does not take.
   */
  publish(exchange: string, key: string, data: Uint8Array, properties: MessageProperties): void {
    const route = this.#route(exchange, key);
    const head = propertiesFrame(this.#channel, properties, data.length);
    const bytes = this.#room(route.length + head.length, data);
    bytes.set(route, this.#end);
    bytes.set(head, this.#end + route.length);
    this.#finish(data, this.#end + route.length + head.length);
  }

  /** Sends a numbered message. */
  publishNumbered(frames: NumberedFrames, number: string, data: Uint8Array): void {
    const bytes = this.#room(frames.size(number), data);
    const to = { bytes, at: this.#end, channel: this.#channel };
    this.#finish(data, frames.write(number, data.length, to));
  }

  /** Writes the payload behind the frames that precede it. */
  #finish(data: Uint8Array, at: number): void {
    const to = { bytes: this.#slab, at, maxContent: this.#maxContent };
    this.#end = writeBody(this.#channel, data, to);
    if (this.#due) return;
    this.#due = true;
    nextTick(() => {
      this.#due = false;
      this.#flush();
    });
  }

  #route(exchange: string, key: string): Uint8Array {
    const name = `${exchange} ${key}`;
    const known = this.#routes.get(name);
    if (known !== undefined) return known;
    const made = publishFrame(this.#channel, exchange, key);
    if (this.#routes.size >= MAX_ROUTES) this.#routes.clear();
    this.#routes.set(name, made);
    return made;
  }

  /**
   * The slab, with room for so many bytes and a payload at its end. What was written is never
   * overwritten.
   */
  #room(head: number, data: Uint8Array): Uint8Array {
    const length = head + bodySize(data.length, this.#maxContent);
    if (this.#end + length > this.#slab.length) {
      this.#flush();
      this.#slab = new Uint8Array(Math.max(SLAB, length));
      this.#start = this.#end = 0;
    }
    return this.#slab;
  }

  #flush(): void {
    if (this.#start === this.#end) return;
    const bytes = this.#slab.subarray(this.#start, this.#end);
    this.#start = this.#end;
    this.#write(bytes);
  }
}
