/**
 * Parses what NATS clients send, in chunks of any size.
 *
 * Texts that are compared or sent back (subjects, names of queues, ids) are strings with a character
 * for each byte, so that they leave as they came, whatever their encoding.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { LineArguments } from "./line_arguments.ts";
import { ProtocolError } from "./errors.ts";
import { Publication } from "./publication.ts";

/** Handles frames. What a method throws ends the parsing and is thrown by `push`. */
export interface FrameSink {
  /** `CONNECT`, with its options as JSON. */
  onConnect(json: string): void;
  /** `PING`. */
  onPing(): void;
  /** `PONG`. */
  onPong(): void;
  /** `SUB`. */
  onSubscribe(subject: string, sid: string, queue?: string): void;
  /** `UNSUB`. With `max` it takes effect after that many messages, counted from the subscription. */
  onUnsubscribe(sid: string, max?: number): void;
  /** `PUB` or `HPUB`. */
  onPublish(publication: Publication): void;
}

interface FrameParserOptions {
  /** The largest payload with its headers, in bytes. */
  readonly maxPayload: number;
}

/** The longest line, in bytes, without its end; as nats-server has it. */
const MAX_LINE = 4096;

const LF = 0x0a;
const CR = 0x0d;
const TAB = 0x09;
const SPACE = 0x20;
const LOWER = 0x20;
const [B, H, P, U] = [0x62, 0x68, 0x70, 0x75];

/** A publication whose body has not come in full. */
interface Unfinished {
  readonly subject: string;
  readonly tail: Buffer;
  readonly replyLength: number;
  readonly lineLength: number;
  readonly headerLength: number;
  /** Bytes of the tail that are there. */
  filled: number;
}

/**
 * Reads frames. It holds at most the line or the message that has begun: some KiB, or the largest
 * payload. A message that is complete in the pushed bytes is not copied.
 */
export class FrameParser {
  readonly #sink: FrameSink;
  readonly #maxPayload: number;
  /** The begin of a line whose end has not come. */
  #held = Buffer.alloc(0);
  #unfinished: Unfinished | undefined;
  readonly #arguments = new LineArguments(this.#held);

  constructor(sink: FrameSink, options: FrameParserOptions) {
    this.#sink = sink;
    this.#maxPayload = options.maxPayload;
  }

  /**
   * Reads the bytes that follow those pushed before. They may be overwritten afterwards.
   *
   * @throws {ProtocolError} When they are not NATS protocol. Nothing can be pushed after that.
   */
  push(bytes: Uint8Array): void {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    let at = 0;
    while (at < chunk.length) {
      if (this.#unfinished !== undefined) {
        at = this.#fill(this.#unfinished, chunk, at);
        continue;
      }
      const end = chunk.indexOf(LF, at);
      const length = (end < 0 ? chunk.length : end) - at + this.#held.length;
      // A CR may come before the end.
      if (length > MAX_LINE + 1) throw new ProtocolError("Maximum Control Line Exceeded");
      if (end < 0 || this.#held.length > 0) {
        const rest = chunk.subarray(at, end < 0 ? chunk.length : end + 1);
        this.#held = Buffer.concat([this.#held, rest]);
        if (end < 0) return;
        const line = this.#held;
        this.#held = Buffer.alloc(0);
        this.#readLine(line, 0, line.length - 1);
        at = end + 1;
      } else {
        at = this.#readLine(chunk, at, end);
      }
    }
  }

  /**
   * Reads a line, and the body that follows it in the same buffer.
   *
   * @param end Where the line's LF is.
   * @returns Where the next frame begins.
   */
  #readLine(buffer: Buffer, start: number, end: number): number {
    const stop = end > start && buffer[end - 1] === CR ? end - 1 : end;
    const first = buffer[start] | LOWER;
    if (first === P && isPub(buffer, start + 1)) {
      return this.#readPublication(buffer, start + 4, stop, end, false);
    }
    if (first === H && (buffer[start + 1] | LOWER) === P && isPub(buffer, start + 2)) {
      return this.#readPublication(buffer, start + 5, stop, end, true);
    }
    let split = start;
    while (split < stop && buffer[split] !== SPACE && buffer[split] !== TAB) split++;
    this.#readOther(buffer.toString("latin1", start, split).toUpperCase(), buffer, split, stop);
    return end + 1;
  }

  #readOther(name: string, buffer: Buffer, start: number, stop: number): void {
    switch (name) {
      case "PING":
        return this.#sink.onPing();
      case "PONG":
        return this.#sink.onPong();
      case "CONNECT":
        return this.#sink.onConnect(buffer.toString("utf8", start, stop));
      case "SUB": {
        const args = this.#split(buffer, start, stop, 2);
        const queue = args.count === 3 ? args.text(1) : undefined;
        return this.#sink.onSubscribe(args.text(0), args.text(args.count - 1), queue);
      }
      case "UNSUB": {
        const args = this.#split(buffer, start, stop, 1);
        return this.#sink.onUnsubscribe(args.text(0), args.count === 2 ? args.size(1) : undefined);
      }
      case "+OK":
        return;
      default:
        throw new ProtocolError("Unknown Protocol Operation");
    }
  }

  /** Splits a line into `least` arguments or one more; every operation has one optional argument. */
  #split(buffer: Buffer, start: number, stop: number, least: number): LineArguments {
    const args = this.#arguments;
    args.split(buffer, start, stop);
    if (args.count !== least && args.count !== least + 1) throw new ProtocolError("Parser Error");
    return args;
  }

  #readPublication(
    buffer: Buffer,
    start: number,
    stop: number,
    end: number,
    headers: boolean,
  ): number {
    const least = headers ? 3 : 2;
    const args = this.#split(buffer, start, stop, least);
    const { count } = args;
    const size = args.size(count - 1);
    if (size > this.#maxPayload) throw new ProtocolError("Maximum Payload Violation");
    const headerLength = headers ? args.size(count - 2) : 0;
    if (headerLength > size) throw new ProtocolError("Parser Error");

    const subject = args.text(0);
    const replyLength = count > least ? args.length(1) : 0;
    const emptyHeaders = headers && headerLength === 0;
    const from = args.start(1);
    const whole = end + 1 + size + 2;
    if (whole <= buffer.length && !emptyHeaders && args.isCanonical()) {
      const tail = buffer.subarray(from, whole);
      const lineLength = end + 1 - from;
      this.#publish({ subject, tail, replyLength, lineLength, headerLength, owned: false });
      return whole;
    }
    const parts = Array.from({ length: count - 1 }, (_, index) => args.text(index + 1));
    // Headers of length 0 are left out.
    if (emptyHeaders) parts.splice(-2, 1);
    const line = Buffer.from(`${parts.join(" ")}\r\n`, "latin1");
    const tail = Buffer.alloc(line.length + size + 2);
    tail.set(line);
    const lineLength = line.length;
    this.#unfinished = { subject, tail, replyLength, lineLength, headerLength, filled: lineLength };
    return end + 1;
  }

  /** Takes what the body lacks. Returns where the next frame begins. */
  #fill(unfinished: Unfinished, chunk: Buffer, at: number): number {
    const { tail, filled } = unfinished;
    const taken = chunk.copy(tail, filled, at);
    unfinished.filled += taken;
    if (unfinished.filled === tail.length) {
      this.#unfinished = undefined;
      this.#publish({ ...unfinished, owned: true });
    }
    return at + taken;
  }

  #publish(parts: ConstructorParameters<typeof Publication>[0]): void {
    const { tail } = parts;
    if (tail[tail.length - 2] !== CR || tail[tail.length - 1] !== LF) {
      throw new ProtocolError("Unknown Protocol Operation");
    }
    this.#sink.onPublish(new Publication(parts));
  }
}

/** Whether the name of the operation ends here with `ub` and a blank. */
function isPub(buffer: Buffer, at: number): boolean {
  const blank = buffer[at + 2];
  return (buffer[at] | LOWER) === U && (buffer[at + 1] | LOWER) === B &&
    (blank === SPACE || blank === TAB);
}
