/**
 * Connections over TCP or TLS, and the head of the HTTP message that comes first on them.
 *
 * @module
 */
import { Buffer } from "node:buffer";

/** Options of {@linkcode dial}. */
interface DialOptions {
  /** Certificates to trust besides the system's, as PEM. @default none */
  readonly ca?: readonly string[];
  /** Aborts the attempt. */
  readonly signal: AbortSignal;
}

/**
 * Connects to the host of a URL: over TLS for `https:` and `wss:`, else over TCP.
 *
 * @throws What the runtime throws when no connection comes about, or the reason of the signal.
 */
export async function dial(url: URL, { ca = [], signal }: DialOptions): Promise<Deno.Conn> {
  signal.throwIfAborted();
  const secure = url.protocol === "https:" || url.protocol === "wss:";
  const hostname = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const port = url.port !== "" ? Number(url.port) : secure ? 443 : 80;
  let connection: Deno.Conn | undefined;
  const abort = () => connection && closeConnection(connection);
  signal.addEventListener("abort", abort);
  try {
    const tcp = await Deno.connect({ hostname, port, signal });
    connection = tcp;
    if (!secure) return tcp;
    const tls = await Deno.startTls(tcp, { hostname, caCerts: [...ca] });
    connection = tls;
    signal.throwIfAborted();
    await tls.handshake();
    return tls;
  } catch (error) {
    abort();
    throw signal.aborted ? signal.reason : error;
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

export async function writeAll(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let sent = 0; sent < bytes.length;) sent += await connection.write(bytes.subarray(sent));
}

/** Closes a connection; it may be closed already. */
export function closeConnection(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch {
    // Closed already.
  }
}

/** The head of an HTTP message, without the empty line at its end, and the bytes behind that. */
interface HeadBytes {
  /** Its lines; each character is a byte. */
  readonly head: string;
  /** The bytes that followed it. */
  readonly rest: Uint8Array;
}

/** Options of {@linkcode readHead}. */
interface ReadHeadOptions {
  /** Its maximum size in bytes. */
  readonly limit: number;
  /** What it has to begin with; anything else is not read to its end. @default anything */
  readonly begin?: string;
  /** Bytes that were read already. @default none */
  readonly before?: Uint8Array;
}

/** The connection was closed before the head of a message was complete. */
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
 * @returns undefined when it is too large or does not begin as required.
 * @throws {EndOfHead} When the connection is closed before it is complete.
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
