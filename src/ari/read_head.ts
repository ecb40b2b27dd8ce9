import { Buffer } from "node:buffer";

/** The head of an HTTP message, without the empty line at its end, and the bytes behind that. */
export interface Head {
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
  /** Makes the error for a connection that ends before the head does. */
  readonly ended: () => Error;
}

/**
 * Reads the head of an HTTP message.
 *
 * @returns undefined for what is too large, or begins otherwise.
 * @throws What `ended` makes, or the runtime when the connection breaks.
 */
export async function readHead(
  connection: Deno.Conn,
  { limit, begin = "", ended }: ReadHeadOptions,
): Promise<Head | undefined> {
  const bytes = new Uint8Array(limit);
  for (let length = 0; length < limit;) {
    const count = await connection.read(bytes.subarray(length));
    if (count === null) throw ended();
    length += count;
    const head = Buffer.from(bytes.buffer, 0, length).toString("latin1");
    const end = head.indexOf("\r\n\r\n");
    if (end >= 0) return { head: head.slice(0, end), rest: bytes.subarray(end + 4, length) };
    if (!begin.startsWith(head.slice(0, begin.length))) return undefined;
  }
  return undefined;
}
