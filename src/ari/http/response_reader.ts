/**
 * Parses the response to one HTTP request from the bytes of its connection.
 *
 * @module
 */
import { Buffer } from "node:buffer";

/** A complete response. */
export interface HttpResponse {
  readonly status: number;
  /** Reason phrase; may be empty. */
  readonly reason: string;
  /** The whole body, decoded as UTF-8, or in Base64 as `encoding` states. */
  readonly body: string;
  /** How the body is encoded when its content type is not text. */
  readonly encoding?: "base64";
  /** Whether the connection can carry another request. */
  readonly reusable: boolean;
}

/**
 * The bytes are not an HTTP response (`bad_response`), or the response is over a limit: it is too large
 * (`too_large`, the message is its size) or does not fit beside other large ones (`no_room`).
 */
export class BadResponse extends Error {
  override name = "BadResponse";

  constructor(
    message: string,
    readonly code: "bad_response" | "too_large" | "no_room" = "bad_response",
  ) {
    super(message);
  }
}

/** The head of a response. */
export interface Head {
  readonly status: number;
  /** Reason phrase; may be empty. */
  readonly reason: string;
  /** Content type, in lower case; empty when there is none. */
  readonly type: string;
  /** Whether the connection can carry another request. */
  readonly persistent: boolean;
  /** Whether the body is something other than text. */
  readonly binary: boolean;
  /** Size of the body in bytes; absent when it is chunked, infinite when it ends with the connection. */
  readonly length?: number;
}

/** Maximum size of the head of a response, or of a line between chunks, in bytes. */
const MAX_HEAD = 64 * 1024;
const NO_HTTP = "it is not HTTP";
/** Size in bytes up to which a body does not count in the budget; nearly all are smaller. */
const SMALL = 64 * 1024;

/** Limits of a response. */
export interface ResponseLimits {
  /** Maximum size of the body in bytes, as encoded: a file grows by a third in Base64. */
  readonly maxBody: number;
  /** Memory for large bodies while they are read. @default unlimited */
  readonly budget?: ResponseBudget;
}

/** Parses a response from chunks of bytes. */
export class ResponseReader {
  readonly #limits: ResponseLimits;
  #head: Head | undefined;
  /** Bytes that are not parsed yet. */
  #pending: Buffer = Buffer.alloc(0);
  #parts: Buffer[] = [];
  #size = 0;
  /** Number of the parts that are copies. */
  #copied = 0;
  /** Bytes missing from the current chunk, including its line end. */
  #lacking = 0;
  /** Whether the last chunk has been received. */
  #trailing = false;
  /** Bytes reserved in the budget. */
  #taken = 0;

  constructor(limits: ResponseLimits) {
    this.#limits = limits;
  }

  /**
   * Parses the next bytes; the buffer may be reused afterwards.
   *
   * @returns The response, when it is complete.
   * @throws {BadResponse} When it is malformed or over a limit; where its head has its size, before any
   * of the body is kept.
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
      // An interim response is followed by the final one.
      if (head.status < 200) continue;
      this.#head = head;
      if (head.length !== undefined && head.length !== Infinity) {
        this.#reserve(head, head.length);
      }
    }
    return this.#head.length === undefined
      ? this.#takeChunks(this.#head)
      : this.#take(this.#head, this.#head.length);
  }

  /** The connection was closed; returns the response, if that was the end of it. */
  end(): HttpResponse | undefined {
    return this.#head?.length === Infinity ? this.#response(this.#head) : undefined;
  }

  /** Releases the reserved bytes. To be called after the last {@linkcode ResponseReader.push}; idempotent. */
  release(): void {
    if (this.#taken > 0) this.#limits.budget?.release(this.#taken);
    this.#taken = 0;
  }

  #take(head: Head, length: number): HttpResponse | undefined {
    const part = this.#pending.subarray(0, length - this.#size);
    this.#pending = this.#pending.subarray(part.length);
    if (length === Infinity) this.#reserve(head, this.#size + part.length);
    this.#add(part);
    return this.#size === length ? this.#response(head) : this.#keep();
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
      this.#reserve(head, this.#size + length);
      this.#trailing = length === 0;
      this.#lacking = length === 0 ? 0 : length + 2;
      this.#pending = this.#pending.subarray(length === 0 ? end : end + 2);
    }
    // The last chunk is followed by optional trailers, which are ignored, and an empty line.
    const last = this.#pending.indexOf("\r\n\r\n");
    if (last < 0 && this.#pending.length > MAX_HEAD) throw new BadResponse(NO_HTTP);
    if (last < 0) return this.#keep();
    this.#pending = this.#pending.subarray(last + 4);
    return this.#response(head);
  }

  /** Consumes what is missing from the current chunk, as far as it is there; returns whether it is complete. */
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

  /** Checks the size of the body, or of what is known of it, and reserves it in the budget. */
  #reserve({ binary, length }: Head, size: number): void {
    const { maxBody, budget } = this.#limits;
    if (size > (binary ? Math.floor(maxBody / 4) * 3 : maxBody)) {
      const least = length === size ? "" : "at least ";
      throw new BadResponse(`${least}${size} bytes`, "too_large");
    }
    if (size <= SMALL || size <= this.#taken || budget === undefined) return;
    if (!budget.reserve(size - this.#taken)) {
      throw new BadResponse("other large responses are being read", "no_room");
    }
    this.#taken = size;
  }

  /** Copies what is still needed: the buffer belongs to the connection. */
  #keep(): undefined {
    this.#pending = Buffer.from(this.#pending);
    if (this.#copied < this.#parts.length) {
      this.#parts.push(Buffer.concat(this.#parts.splice(this.#copied)));
    }
    this.#copied = this.#parts.length;
  }

  #response({ status, reason, persistent, binary, length }: Head): HttpResponse {
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
 * Parses a head.
 *
 * @param text Status line and fields, without the empty line at the end.
 * @throws {BadResponse} When it is malformed.
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
 * The memory that large responses may use while they are read, on all connections together: each may
 * be within its own limit while all of them at once would exhaust the machine.
 */
export class ResponseBudget {
  readonly #limit: number;
  #taken = 0;

  /** @param limit Size in bytes. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Reserves some bytes if they are available; a single response may exceed the limit. */
  reserve(bytes: number): boolean {
    if (this.#taken > 0 && this.#taken + bytes > this.#limit) return false;
    this.#taken += bytes;
    return true;
  }

  /** Releases bytes that were reserved. */
  release(bytes: number): void {
    this.#taken -= bytes;
  }
}
