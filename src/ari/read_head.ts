import { Buffer } from "node:buffer";

/** The head of an HTTP message, without the empty line at its end, and the bytes behind that. */
export interface HeadBytes {
  /** Its lines, each character a byte. */
  readonly head: string;
  /** What came behind it. */
  readonly rest: Uint8Array;
}

/** Options of {@linkcode readHead}. */
export interface ReadHeadOptions {
  /** Bytes that it has at the most. */
  readonly limit: number;
  /** What it begins with; other bytes are not read to an end that they need not have. @default anything */
  readonly begin?: string;
  /** Bytes that were read already. @default none */
  readonly before?: Uint8Array;
}

/** The connection ended before the head of a message was complete. */
export class EndOfHead extends Error {
  /** Makes the error. */
  constructor() {
    super("the connection was closed before the head of a message was complete");
    this.name = "EndOfHead";
  }
}

/**
 * Reads the head of an HTTP message.
 *
 * @returns undefined for what is too large, or begins otherwise.
 * @throws {EndOfHead} When the connection ends before it does.
 * @throws What the runtime throws when the connection breaks.
 */
export async function readHead(
  connection: Deno.Conn,
  { limit, begin = "", before = new Uint8Array() }: ReadHeadOptions,
): Promise<HeadBytes | undefined> {
  const bytes = new Uint8Array(Math.max(limit, before.length));
  bytes.set(before);
  for (let length = before.length;;) {
    const head = Buffer.from(bytes.buffer, 0, length).toString("latin1");
    const end = head.indexOf("\r\n\r\n");
    if (end >= 0) return { head: head.slice(0, end), rest: bytes.subarray(end + 4, length) };
    if (length >= limit || !begin.startsWith(head.slice(0, begin.length))) return undefined;
    const count = await connection.read(bytes.subarray(length));
    if (count === null) throw new EndOfHead();
    length += count;
  }
}
