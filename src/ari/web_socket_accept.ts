/**
 * The opening handshake of a WebSocket, as a server takes it.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { closeConnection, writeAll } from "./dial.ts";
import { readHead } from "./read_head.ts";
import { proofOf } from "./websocket/handshake.ts";

/** A client that asks to speak WebSocket. */
export interface UpgradeRequest {
  /** Headers by name in lower case; of one that comes twice, the last. */
  readonly headers: ReadonlyMap<string, string>;
  /** Bytes that came behind the request. */
  readonly rest: Uint8Array;
  /** The subprotocols that it offers. */
  readonly protocols: readonly string[];
  /** Agrees to one of the subprotocols. */
  accept(protocol: string): Promise<void>;
}

/** A request that no WebSocket comes of. */
export class BadUpgrade extends Error {
  override name = "BadUpgrade";
}

/** Bytes of a request's head at the most. */
const MAX_HEAD = 16 * 1024;

/**
 * Reads the request from a connection that was just accepted.
 *
 * @throws {BadUpgrade} When it asks for something else; this has been answered then.
 * @throws What the runtime throws when the connection breaks.
 */
export async function readUpgradeRequest(connection: Deno.Conn): Promise<UpgradeRequest> {
  const read = await readHead(connection, { limit: MAX_HEAD });
  if (!read) {
    await refuse(connection, 400);
    throw new BadUpgrade("its head is too large");
  }
  const { head, rest } = read;
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
    throw new BadUpgrade("it does not ask for a WebSocket");
  }
  const offered = headers.get("sec-websocket-protocol") ?? "";
  return {
    headers,
    rest,
    protocols: offered.split(",").map((name) => name.trim()).filter((name) => name !== ""),
    accept: (protocol) =>
      write(connection, [
        "HTTP/1.1 101 Switching Protocols",
        "Upgrade: websocket",
        "Connection: Upgrade",
        `Sec-WebSocket-Accept: ${proofOf(key)}`,
        `Sec-WebSocket-Protocol: ${protocol}`,
      ]),
  };
}

const REASONS = { 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden" } as const;

/** Answers with a status and closes the connection. */
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
