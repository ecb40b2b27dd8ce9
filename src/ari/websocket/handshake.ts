/**
 * Dials a WebSocket server and asks it to speak WebSocket.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { createHash, randomBytes } from "node:crypto";
import { closeConnection, dial, writeAll } from "../dial.ts";
import { readHead } from "../read_head.ts";

/** Options of {@linkcode shakeHands}. */
export interface HandshakeOptions {
  /** Headers of the request. */
  readonly headers: Readonly<Record<string, string>>;
  /** Certificates to trust besides the system's, as PEM. @default none */
  readonly ca?: readonly string[];
  /** Gives up. */
  readonly signal: AbortSignal;
}

/** What the server answered to the request. */
export interface Handshake {
  /** HTTP status: 101 when it agrees, with the right proof; 0 when it spoke no HTTP. */
  readonly status: number;
  /** The connection. It is the caller's to close, whatever the status. */
  readonly connection: Deno.Conn;
  /** Bytes that came behind the answer. */
  readonly rest: Uint8Array;
}

/** Appended to the key of the request, by RFC 6455, for the proof in the answer. */
const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
/** Bytes of an answer's head at the most. */
const MAX_HEAD = 64 * 1024;

/**
 * Connects and completes the opening handshake, or learns why it is refused.
 *
 * @throws What the runtime throws when no connection comes about, the reason of the signal, or an
 * `EndOfHead`.
 */
export async function shakeHands(url: URL, options: HandshakeOptions): Promise<Handshake> {
  const { signal, headers, ca } = options;
  const connection = await dial(url, { ca, signal });
  const abort = () => closeConnection(connection);
  signal.addEventListener("abort", abort);
  try {
    const key = randomBytes(16).toString("base64");
    await writeAll(connection, Buffer.from(requestHead(url, key, headers), "latin1"));
    const { head, rest } = await readHead(connection, { limit: MAX_HEAD, begin: "HTTP/" }) ??
      { head: "", rest: new Uint8Array() };
    signal.throwIfAborted();
    return { status: statusOf(head, key), connection, rest };
  } catch (error) {
    closeConnection(connection);
    throw signal.aborted ? signal.reason : error;
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

function requestHead(url: URL, key: string, headers: Readonly<Record<string, string>>): string {
  const all = {
    "Host": url.host,
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Key": key,
    "Sec-WebSocket-Version": "13",
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `GET ${url.pathname}${url.search} HTTP/1.1\r\n${lines.join("")}\r\n`;
}

/** The status of an answer; that of one that agrees without the proof is 0. */
function statusOf(head: string, key: string): number {
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1] ?? 0);
  if (status !== 101) return status;
  return /^sec-websocket-accept:[ \t]*(\S*)/im.exec(head)?.[1] === proofOf(key) ? 101 : 0;
}

/** What a server answers to the key of a request, to prove that it speaks WebSocket. */
export function proofOf(key: string): string {
  return createHash("sha1").update(key + GUID).digest("base64");
}
