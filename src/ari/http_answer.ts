/**
 * Reads the answer to one HTTP request from the bytes of its connection.
 *
 * @module
 */
import { Buffer } from "node:buffer";

/** An answer as a whole. */
export interface HttpAnswer {
  /** HTTP status. */
  readonly status: number;
  /** Reason phrase; may be empty. */
  readonly reason: string;
  /** The whole body, read as UTF-8. */
  readonly body: string;
  /** Whether the connection can carry another request. */
  readonly reusable: boolean;
}

/** The bytes are no answer, or one that is too large. The text tells what is wrong with it. */
export class BadAnswer extends Error {
  override name = "BadAnswer";
}

interface Head {
  readonly status: number;
  readonly reason: string;
  readonly persistent: boolean;
  /** Bytes of the body; absent for one in chunks, infinite for one that ends with the connection. */
  readonly length?: number;
}

/** Bytes that the head of an answer, or a line between chunks, may have. */
const MAX_HEAD = 64 * 1024;
const NO_HTTP = "it is no HTTP";

/** Takes bytes as they come, and gives the answer when it is complete. */
export class AnswerReader {
  readonly #maxBody: number;
  #head: Head | undefined;
  /** What has come and is not understood yet. */
  #pending: Buffer = Buffer.alloc(0);
  #parts: Buffer[] = [];
  #size = 0;
  /** How many of the parts are copies. */
  #copied = 0;

  /**
   * Makes a reader of one answer.
   *
   * @param maxBody Bytes that the body may have.
   */
  constructor(maxBody: number) {
    this.#maxBody = maxBody;
  }

  /**
   * Takes bytes, which may be written over afterwards.
   *
   * @returns The answer, when this was the end of it.
   * @throws {BadAnswer} When it is none, or too large.
   */
  push(bytes: Uint8Array): HttpAnswer | undefined {
    const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#pending = this.#pending.length === 0 ? view : Buffer.concat([this.#pending, view]);
    while (this.#head === undefined) {
      const end = this.#pending.indexOf("\r\n\r\n");
      const text = this.#pending.toString("latin1", 0, end < 0 ? undefined : end);
      if (end < 0) {
        if (!"HTTP/".startsWith(text.slice(0, 5)) || text.length > MAX_HEAD) {
          throw new BadAnswer(NO_HTTP);
        }
        return this.#keep();
      }
      this.#pending = this.#pending.subarray(end + 4);
      const head = parseHead(text);
      // An interim answer is followed by the one that counts.
      if (head.status >= 200) this.#head = head;
    }
    return this.#head.length === undefined
      ? this.#takeChunks(this.#head)
      : this.#take(this.#head, this.#head.length);
  }

  /** The connection has ended; the answer, if that was the end of it. */
  end(): HttpAnswer | undefined {
    return this.#head?.length === Infinity ? this.#answer(this.#head) : undefined;
  }

  #take(head: Head, length: number): HttpAnswer | undefined {
    const part = this.#pending.subarray(0, length - this.#size);
    this.#pending = this.#pending.subarray(part.length);
    this.#add(part);
    return this.#size === length ? this.#answer(head) : this.#keep();
  }

  #takeChunks(head: Head): HttpAnswer | undefined {
    while (true) {
      const end = this.#pending.indexOf("\r\n");
      if (end < 0 && this.#pending.length > MAX_HEAD) throw new BadAnswer(NO_HTTP);
      if (end < 0) return this.#keep();
      const line = this.#pending.toString("latin1", 0, end);
      const size = /^[0-9a-f]{1,8}(?=\s*(?:;|$))/i.exec(line)?.[0];
      if (size === undefined) throw new BadAnswer(NO_HTTP);
      const length = parseInt(size, 16);
      if (length === 0) {
        // Behind the last chunk there may be trailers, which nobody needs, and an empty line.
        const last = this.#pending.indexOf("\r\n\r\n", end);
        if (last < 0) return this.#keep();
        this.#pending = this.#pending.subarray(last + 4);
        return this.#answer(head);
      }
      this.#check(this.#size + length);
      const begin = end + 2;
      if (this.#pending.length < begin + length + 2) return this.#keep();
      this.#add(this.#pending.subarray(begin, begin + length));
      this.#pending = this.#pending.subarray(begin + length + 2);
    }
  }

  #add(part: Buffer): void {
    this.#parts.push(part);
    this.#size += part.length;
    this.#check(this.#size);
  }

  #check(size: number): void {
    if (size > this.#maxBody) throw new BadAnswer(`it is larger than ${this.#maxBody} bytes`);
  }

  /** Copies what is not done with: the bytes belong to the connection. */
  #keep(): undefined {
    this.#pending = Buffer.from(this.#pending);
    for (; this.#copied < this.#parts.length; this.#copied++) {
      this.#parts[this.#copied] = Buffer.from(this.#parts[this.#copied]);
    }
  }

  #answer({ status, reason, persistent, length }: Head): HttpAnswer {
    const [first] = this.#parts;
    const body = this.#parts.length === 1 ? first : Buffer.concat(this.#parts, this.#size);
    return {
      status,
      reason,
      body: body.toString("utf8"),
      reusable: persistent && length !== Infinity && this.#pending.length === 0,
    };
  }
}

function parseHead(text: string): Head {
  const match = /^HTTP\/1\.([01]) (\d{3})(?: ([^\r\n]*))?/.exec(text);
  if (match === null) throw new BadAnswer(NO_HTTP);
  const [, minor, code, reason = ""] = match;
  const status = Number(code);
  const connection = field(text, "connection");
  const persistent = minor === "1" ? connection !== "close" : connection === "keep-alive";
  const head = { status, reason, persistent };
  if (status === 204 || status === 304) return { ...head, length: 0 };
  if (field(text, "transfer-encoding") !== undefined) return head;
  const length = field(text, "content-length");
  if (length !== undefined && !/^\d{1,15}$/.test(length)) throw new BadAnswer(NO_HTTP);
  return { ...head, length: length === undefined ? Infinity : Number(length) };
}

const FIELDS = {
  "connection": /\r\nconnection:[ \t]*([^\r\n]*?)[ \t]*(?:\r\n|$)/i,
  "content-length": /\r\ncontent-length:[ \t]*([^\r\n]*?)[ \t]*(?:\r\n|$)/i,
  "transfer-encoding": /\r\ntransfer-encoding:[ \t]*([^\r\n]*?)[ \t]*(?:\r\n|$)/i,
};

function field(head: string, name: keyof typeof FIELDS): string | undefined {
  return FIELDS[name].exec(head)?.[1].toLowerCase();
}
