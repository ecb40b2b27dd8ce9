/**
 * The way of messages to the broker past the library, which keeps everything else of the channel.
 *
 * @module
 */

import { nextTick } from "node:process";
import {
  bodySize,
  type MessageProperties,
  OVERHEAD,
  PropertyFrames,
  publishFrame,
  writeBody,
} from "./rabbitmq_frames.ts";

/** Bytes of a buffer, in which messages are gathered. */
const SLAB = 128 * 1024;
/** How many routes are remembered; answers have a new one for each caller. */
const MAX_ROUTES = 256;

/** Options of {@linkcode RabbitmqFrameWriter}. */
export interface RabbitmqFrameWriterOptions {
  /** Number of the channel; nothing else with content is sent on it. */
  readonly channel: number;
  /** Bytes that a frame may have. */
  readonly frameMax: number;
  /** Takes bytes to the broker, in order. */
  readonly write: (bytes: Uint8Array) => void;
}

/** Sends messages on a channel. What one turn of the event loop brings goes out together. */
export class RabbitmqFrameWriter {
  readonly #channel: number;
  readonly #maxContent: number;
  readonly #write: (bytes: Uint8Array) => void;
  readonly #properties: PropertyFrames;
  readonly #routes = new Map<string, Uint8Array>();
  #slab = new Uint8Array(0);
  /** The part of the slab that is filled and not written. */
  #start = 0;
  #end = 0;
  #due = false;

  /** Makes a writer with nothing in it. */
  constructor({ channel, frameMax, write }: RabbitmqFrameWriterOptions) {
    this.#channel = channel;
    this.#maxContent = frameMax - OVERHEAD;
    this.#write = write;
    this.#properties = new PropertyFrames(channel);
  }

  /**
   * Sends a message.
   *
   * @throws {BusError} With the code `invalid` for a name that AMQP does not take.
   */
  publish(exchange: string, key: string, data: Uint8Array, properties: MessageProperties): void {
    const route = this.#route(exchange, key);
    const head = this.#properties.encode(properties, data.length);
    const body = bodySize(data.length, this.#maxContent);
    const bytes = this.#room(route.length + head.length + body);
    bytes.set(route, this.#end);
    bytes.set(head, this.#end + route.length);
    const at = this.#end + route.length + head.length;
    this.#end = writeBody(this.#channel, data, { bytes, at, maxContent: this.#maxContent });
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

  /** The slab, with room for so many bytes at its end. What was written is never written over. */
  #room(length: number): Uint8Array {
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
