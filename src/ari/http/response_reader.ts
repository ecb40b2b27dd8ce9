/**
 * Reads the answer to one HTTP request from the bytes of its connection.
 *
 * @module
 */
import { Buffer } from "node:buffer";

/** An answer as a whole. */
export interface HttpResponse {
  /** HTTP status. */
  readonly status: number;
  /** Reason phrase; may be empty. */
  readonly reason: string;
  /** The whole body, read as UTF-8; in Base64 where `encoding` says so. */
  readonly body: string;
  /** How the body is told, when its type says that it is no text. */
  readonly encoding?: "base64";
  /** Whether the connection can carry another request. */
  readonly reusable: boolean;
}

/**
 * The bytes are no answer (`bad_response`), or one that is not read: it is too large (`too_large`, and
 * the text is its size) or too many large ones are being read already (`no_room`). The text tells
 * what is wrong with it.
 */
export class BadResponse extends Error {
  override name = "BadResponse";

  /** Makes an error with a code. */
  constructor(
    message: string,
    readonly code: "bad_response" | "too_large" | "no_room" = "bad_response",
  ) {
    super(message);
  }
}

/** What the head of an answer says. */
export interface Head {
  /** HTTP status. */
  readonly status: number;
  /** Reason phrase; may be empty. */
  readonly reason: string;
  /** Content type, in lower case; empty when there is none. */
  readonly type: string;
  /** Whether the connection can carry another request. */
  readonly persistent: boolean;
  /** Whether the body is something else than text. */
  readonly binary: boolean;
  /** Bytes of the body; absent for one in chunks, infinite for one that ends with the connection. */
  readonly length?: number;
}

/** Bytes that the head of an answer, or a line between chunks, may have. */
const MAX_HEAD = 64 * 1024;
const NO_HTTP = "it is no HTTP";
/** Bytes of a body up to which it counts for nothing: nearly all are smaller. */
const SMALL = 64 * 1024;

/** What an answer may take. */
export interface ResponseLimits {
  /** Bytes that the body may have, as it is told: that of a file grows by a third in Base64. */
  readonly maxBody: number;
  /** What large bodies take from while they are read. @default they take as they like */
  readonly budget?: ResponseBudget;
}

/** Takes bytes as they come, and gives the answer when it is complete. */
export class ResponseReader {
  readonly #limits: ResponseLimits;
  #head: Head | undefined;
  /** What has come and is not understood yet. */
  #pending: Buffer = Buffer.alloc(0);
  #parts: Buffer[] = [];
  #size = 0;
  /** How many of the parts are copies. */
  #copied = 0;
  /** Bytes that the present chunk lacks, those of its line end included. */
  #lacking = 0;
  /** Whether the last chunk has come. */
  #trailing = false;
  /** Bytes taken from the budget. */
  #taken = 0;

  /** Makes a reader of one answer. */
  constructor(limits: ResponseLimits) {
    this.#limits = limits;
  }

  /**
   * Takes bytes, which may be written over afterwards.
   *
   * @returns The answer, when this was the end of it.
   * @throws {BadResponse} When it is none, or one that is not read; where its head tells its size, before
   * any of the body is kept.
   */
  push(bytes: Uint8Array): HttpResponse | undefined {
    const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#pending = this.#pending.length === 0 ? view : Buffer.concat([this.#pending, view]);
    while (this.#head === undefined) {
      const end = this.#pending.indexOf("\r\n\r\n");
      const text = this.#pending.toString("latin1", 0, end < 0 ? undefined : end);
      if (end < 0) {
        if (!"HTTP/".startsWith(text.slice(0, 5)) || text.length > MAX_HEAD) {
          throw new BadResponse(NO_HTTP);
        }
        return this.#keep();
      }
      this.#pending = this.#pending.subarray(end + 4);
      const head = parseHead(text);
      // An interim answer is followed by the one that counts.
      if (head.status < 200) continue;
      this.#head = head;
      if (head.length !== undefined && head.length !== Infinity) {
        this.#claim(head, head.length);
      }
    }
    return this.#head.length === undefined
      ? this.#takeChunks(this.#head)
      : this.#take(this.#head, this.#head.length);
  }

  /** The connection has ended; the answer, if that was the end of it. */
  end(): HttpResponse | undefined {
    return this.#head?.length === Infinity ? this.#answer(this.#head) : undefined;
  }

  /** Gives back what was taken from the budget. To be called when nothing more is pushed; idempotent. */
  release(): void {
    if (this.#taken > 0) this.#limits.budget?.giveBack(this.#taken);
    this.#taken = 0;
  }

  #take(head: Head, length: number): HttpResponse | undefined {
    const part = this.#pending.subarray(0, length - this.#size);
    this.#pending = this.#pending.subarray(part.length);
    if (length === Infinity) this.#claim(head, this.#size + part.length);
    this.#add(part);
    return this.#size === length ? this.#answer(head) : this.#keep();
  }

  #takeChunks(head: Head): HttpResponse | undefined {
    while (!this.#trailing) {
      if (this.#lacking > 0 && !this.#fillChunk()) return this.#keep();
      const end = this.#pending.indexOf("\r\n");
      if (end < 0 && this.#pending.length > MAX_HEAD) throw new BadResponse(NO_HTTP);
      if (end < 0) return this.#keep();
      const line = this.#pending.toString("latin1", 0, end);
      const size = /^[0-9a-f]{1,8}(?=\s*(?:;|$))/i.exec(line)?.[0];
      if (size === undefined) throw new BadResponse(NO_HTTP);
      const length = parseInt(size, 16);
      this.#claim(head, this.#size + length);
      this.#trailing = length === 0;
      this.#lacking = length === 0 ? 0 : length + 2;
      this.#pending = this.#pending.subarray(length === 0 ? end : end + 2);
    }
    // Behind the last chunk there may be trailers, which nobody needs, and an empty line.
    const last = this.#pending.indexOf("\r\n\r\n");
    if (last < 0 && this.#pending.length > MAX_HEAD) throw new BadResponse(NO_HTTP);
    if (last < 0) return this.#keep();
    this.#pending = this.#pending.subarray(last + 4);
    return this.#answer(head);
  }

  /** Takes what the present chunk lacks, as far as it is there; whether that was all. */
  #fillChunk(): boolean {
    const part = this.#pending.subarray(0, this.#lacking);
    const content = part.subarray(0, Math.max(0, this.#lacking - 2));
    if (content.length > 0) this.#add(content);
    this.#pending = this.#pending.subarray(part.length);
    this.#lacking -= part.length;
    return this.#lacking === 0;
  }

  #add(part: Buffer): void {
    this.#parts.push(part);
    this.#size += part.length;
  }

  /** Takes note that the body has so many bytes, or at least so many where its head does not say. */
  #claim({ binary, length }: Head, size: number): void {
    const { maxBody, budget } = this.#limits;
    if (size > (binary ? Math.floor(maxBody / 4) * 3 : maxBody)) {
      const least = length === size ? "" : "at least ";
      throw new BadResponse(`${least}${size} bytes`, "too_large");
    }
    if (size <= SMALL || size <= this.#taken || budget === undefined) return;
    if (!budget.take(size - this.#taken)) {
      throw new BadResponse("large answers are being read already", "no_room");
    }
    this.#taken = size;
  }

  /** Copies what is not done with: the bytes belong to the connection. */
  #keep(): undefined {
    this.#pending = Buffer.from(this.#pending);
    if (this.#copied < this.#parts.length) {
      this.#parts.push(Buffer.concat(this.#parts.splice(this.#copied)));
    }
    this.#copied = this.#parts.length;
  }

  #answer({ status, reason, persistent, binary, length }: Head): HttpResponse {
    const [first] = this.#parts;
    const body = this.#parts.length === 1 ? first : Buffer.concat(this.#parts, this.#size);
    return {
      status,
      reason,
      body: body.toString(binary ? "base64" : "utf8"),
      ...(binary && { encoding: "base64" }),
      reusable: persistent && length !== Infinity && this.#pending.length === 0,
    };
  }
}

/**
 * Reads a head.
 *
 * @param text Status line and fields, without the empty line at the end.
 * @throws {BadResponse} When it is none.
 */
export function parseHead(text: string): Head {
  const match = /^HTTP\/1\.([01]) (\d{3})(?: ([^\r\n]*))?/.exec(text);
  if (match === null) throw new BadResponse(NO_HTTP);
  const [, minor, code, reason = ""] = match;
  const status = Number(code);
  const connection = field(text, "connection");
  const persistent = minor === "1" ? connection !== "close" : connection === "keep-alive";
  const type = field(text, "content-type") ?? "";
  const binary = /^(?:audio|video|image)\/|^application\/octet-stream/.test(type);
  const head = { status, reason, type, persistent, binary };
  if (status === 204 || status === 304) return { ...head, length: 0 };
  if (field(text, "transfer-encoding") !== undefined) return head;
  const length = field(text, "content-length");
  if (length !== undefined && !/^\d{1,15}$/.test(length)) throw new BadResponse(NO_HTTP);
  return { ...head, length: length === undefined ? Infinity : Number(length) };
}

const FIELDS = {
  "connection": /\r\nconnection:[ \t]*([^\r\n]*?)[ \t]*(?:\r\n|$)/i,
  "content-type": /\r\ncontent-type:[ \t]*([^\r\n]*?)[ \t]*(?:\r\n|$)/i,
  "content-length": /\r\ncontent-length:[ \t]*([^\r\n]*?)[ \t]*(?:\r\n|$)/i,
  "transfer-encoding": /\r\ntransfer-encoding:[ \t]*([^\r\n]*?)[ \t]*(?:\r\n|$)/i,
};

function field(head: string, name: keyof typeof FIELDS): string | undefined {
  return FIELDS[name].exec(head)?.[1].toLowerCase();
}

/**
 * The bytes that large answers may take while they are read, of all connections together: each may be
 * within its own limit, and all at once would still take the memory of the machine.
 */
export class ResponseBudget {
  readonly #limit: number;
  #taken = 0;

  /**
   * Makes a budget of which nothing is taken.
   *
   * @param limit Bytes of it.
   */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Takes some bytes, if they are left; the first one may take more than there is. */
  take(bytes: number): boolean {
    if (this.#taken > 0 && this.#taken + bytes > this.#limit) return false;
    this.#taken += bytes;
    return true;
  }

  /** Gives bytes back that were taken. */
  giveBack(bytes: number): void {
    this.#taken -= bytes;
  }
}
