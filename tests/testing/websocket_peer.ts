/**
 * The server's end of a WebSocket, just enough for a fake: text frames out, close and ping in.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { Buffer } from "node:buffer";
import type { Duplex } from "node:stream";

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** One accepted WebSocket. */
export interface WebSocketPeer {
  /** Sends a text message at once. */
  send(text: string): void;
  /** Breaks the connection without a closing handshake. */
  destroy(): void;
}

/** Hooks of {@linkcode acceptWebSocket}. */
export interface WebSocketPeerOptions {
  /** Value of the client's `Sec-WebSocket-Key` header. */
  readonly key: string;
  /** Whether pings and close frames are left without an answer at this moment. */
  readonly mute: () => boolean;
  /** Called with each ping, answered or not. */
  readonly onPing: () => void;
  /** Called once, when the connection is over. */
  readonly onClose: () => void;
}

/** Completes the opening handshake on the stream of an upgrade request. */
export function acceptWebSocket(stream: Duplex, options: WebSocketPeerOptions): WebSocketPeer {
  const accept = createHash("sha1").update(options.key + GUID).digest("base64");
  stream.write(
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
      `Sec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  let pending = Buffer.alloc(0);
  stream.on("data", (chunk: Uint8Array) => {
    pending = Buffer.concat([pending, chunk]);
    for (let next = takeFrame(pending); next !== undefined; next = takeFrame(pending)) {
      pending = next.rest;
      if (next.opcode === 9) options.onPing();
      if (options.mute()) continue;
      if (next.opcode === 8) stream.end(frame(8, next.payload));
      if (next.opcode === 9) stream.write(frame(10, next.payload));
    }
  });
  stream.on("error", () => stream.destroy());
  stream.on("end", () => stream.end());
  stream.once("close", options.onClose);
  return {
    send: (text) => void stream.write(frame(1, Buffer.from(text, "utf8"))),
    destroy: () => void stream.destroy(),
  };
}

/** A whole, unmasked frame. */
function frame(opcode: number, payload: Uint8Array): Uint8Array {
  const { length } = payload;
  const header = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  header[0] = 0x80 | opcode;
  if (length < 126) header[1] = length;
  else if (length < 65_536) {
    header[1] = 126;
    header.writeUInt16BE(length, 2);
  } else {
    header[1] = 127;
    header.writeBigUInt64BE(BigInt(length), 2);
  }
  return Buffer.concat([header, payload]);
}

/** The first frame of the bytes, unmasked, if it is there as a whole. */
function takeFrame(bytes: Buffer<ArrayBuffer>) {
  if (bytes.length < 2) return undefined;
  const short = bytes[1] & 0x7f;
  const extra = short === 127 ? 8 : short === 126 ? 2 : 0;
  const masked = (bytes[1] & 0x80) !== 0;
  const start = 2 + extra + (masked ? 4 : 0);
  if (bytes.length < start) return undefined;
  const length = extra === 8
    ? Number(bytes.readBigUInt64BE(2))
    : extra === 2
    ? bytes.readUInt16BE(2)
    : short;
  if (bytes.length < start + length) return undefined;
  const payload = Buffer.from(bytes.subarray(start, start + length));
  if (masked) {
    const mask = bytes.subarray(start - 4, start);
    for (let at = 0; at < length; at++) payload[at] ^= mask[at & 3];
  }
  return { opcode: bytes[0] & 0x0f, payload, rest: bytes.subarray(start + length) };
}
