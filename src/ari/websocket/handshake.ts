/**
 * The opening handshake of a WebSocket, on either side.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { createHash, randomBytes } from "node:crypto";
import { closeConnection, dial, readHead, writeAll } from "../connection.ts";

interface HandshakeOptions {
  readonly headers: Readonly<Record<string, string>>;
  /** Certificates to trust besides the system's, as PEM. @default none */
  readonly ca?: readonly string[];
  /** Aborts the handshake. */
  readonly signal: AbortSignal;
}

/** The result of a client's handshake. */
export interface Handshake {
  /** HTTP status: 101 for an accepted handshake with a valid key; 0 when the response is not HTTP. */
  readonly status: number;
  /** The connection. The caller has to close it, whatever the status. */
  readonly connection: Deno.Conn;
  /** Bytes that were received together with the response. */
  readonly received: Uint8Array;
}

/** Appended to the key of the request for the key of the response (RFC 6455). */
const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
/** Bytes that the head of a response may have. */
const MAX_RESPONSE_HEAD = 64 * 1024;

/**
 * Connects and performs the opening handshake as a client.
 *
 * @throws What the runtime throws when no connection can be made, the reason of the signal, or
 * `EndOfHead`.
 */
export async function performHandshake(url: URL, options: HandshakeOptions): Promise<Handshake> {
  const { signal, headers, ca } = options;
  const connection = await dial(url, { ca, signal });
  const abort = () => closeConnection(connection);
  signal.addEventListener("abort", abort);
  try {
    const key = randomBytes(16).toString("base64");
    await writeAll(connection, Buffer.from(requestHead(url, key, headers), "latin1"));
    const { head, rest: received } =
      await readHead(connection, { limit: MAX_RESPONSE_HEAD, begin: "HTTP/" }) ??
        { head: "", rest: new Uint8Array() };
    signal.throwIfAborted();
    return { status: statusOf(head, key), connection, received };
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

/** The status of a response; 0 for 101 without a valid key. */
function statusOf(head: string, key: string): number {
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1] ?? 0);
  if (status !== 101) return status;
  return /^sec-websocket-accept:[ \t]*(\S*)/im.exec(head)?.[1] === acceptKey(key) ? 101 : 0;
}

/** The key of the response, which proves that the server speaks WebSocket. */
function acceptKey(key: string): string {
  return createHash("sha1").update(key + GUID).digest("base64");
}

/** The request of a client that opens a WebSocket. */
export interface UpgradeRequest {
  /** Headers by lower-case name; of repeated ones, the last. */
  readonly headers: ReadonlyMap<string, string>;
  /** Bytes that were received together with the request. */
  readonly received: Uint8Array;
  /** The offered subprotocols. */
  readonly protocols: readonly string[];
  /** Accepts the request with one of the subprotocols. */
  accept(protocol: string): Promise<void>;
}

/** A request that does not open a WebSocket. */
export class BadUpgrade extends Error {
  override name = "BadUpgrade";
}

/** Bytes that the head of a request may have. */
const MAX_REQUEST_HEAD = 16 * 1024;

/**
 * Reads the request from a new connection.
 *
 * @throws {BadUpgrade} When it is something else, after a response with the status 400.
 * @throws What the runtime throws when the connection breaks.
 */
export async function readUpgradeRequest(connection: Deno.Conn): Promise<UpgradeRequest> {
  const read = await readHead(connection, { limit: MAX_REQUEST_HEAD });
  if (!read) {
    await refuse(connection, 400);
    throw new BadUpgrade("its head is too large");
  }
  const { head, rest: received } = read;
  const [line, ...fields] = head.split("\r\n");
  const headers = new Map(fields.map((field) => {
    const colon = field.indexOf(":");
    return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()] as const;
  }));
  const key = headers.get("sec-websocket-key");
  const asks = /^GET \S+ HTTP\/1\.1$/.test(line) && key !== undefined &&
    headers.get("upgrade")?.toLowerCase() === "websocket" &&
    headers.get("sec-websocket-version") === "13";
  if (!asks) {
    await refuse(connection, 400);
    throw new BadUpgrade("it does not open a WebSocket");
  }
  const offered = headers.get("sec-websocket-protocol") ?? "";
  return {
    headers,
    received,
    protocols: offered.split(",").map((name) => name.trim()).filter((name) => name !== ""),
    accept: (protocol) =>
      write(connection, [
        "HTTP/1.1 101 Switching Protocols",
        "Upgrade: websocket",
        "Connection: Upgrade",
        `Sec-WebSocket-Accept: ${acceptKey(key)}`,
        `Sec-WebSocket-Protocol: ${protocol}`,
      ]),
  };
}

const REASONS = { 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden" } as const;

/** Responds with a status and closes the connection. */
export async function refuse(
  connection: Deno.Conn,
  status: keyof typeof REASONS,
): Promise<void> {
  const lines = [`HTTP/1.1 ${status} ${REASONS[status]}`, "Content-Length: 0", "Connection: close"];
  if (status === 401) lines.push('WWW-Authenticate: Basic realm="ari-proxy"');
  try {
    await write(connection, lines);
  } finally {
    closeConnection(connection);
  }
}

async function write(connection: Deno.Conn, lines: readonly string[]): Promise<void> {
  await writeAll(connection, Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"));
}
