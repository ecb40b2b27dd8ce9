/**
 * The client's end of an open WebSocket: reads messages, answers pings, closes.
 *
 * Deno's own WebSocket hands messages over one by one without letting anything else have its turn
 * while more are there: under load neither timers nor other connections run. Here everything else has
 * its turn after each read, and the bytes of a message are handed over as they came.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { setImmediate } from "node:timers";
import { closeConnection, writeAll } from "./dial.ts";
import { controlFrame, type Frame, FrameReader, opcodes } from "./web_socket_frames.ts";
import type { Handshake } from "./web_socket_handshake.ts";

/** Bytes that a message may have. */
const MAX_MESSAGE = 64 * 1024 * 1024;
const NORMAL = 1000;
/** Stands for a closing frame without a code. */
export const NO_CODE = 1005;

/** How the other side closed a WebSocket. */
export interface Farewell {
  /** The code of RFC 6455; 1005 when there was none. */
  readonly code: number;
  /** For people; mostly empty. */
  readonly reason: string;
}

/** An open WebSocket. */
export class WebSocketClient {
  readonly #connection: Deno.Conn;
  readonly #frames = new FrameReader(MAX_MESSAGE);
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  /** Parts of a message whose end has not come. */
  #parts: Uint8Array[] = [];
  #isText = false;
  #farewell: Farewell | undefined;
  #written: Promise<void> = Promise.resolve();
  #closing = false;

  /** Takes over a connection on which the handshake has succeeded. */
  constructor({ connection, rest }: Handshake) {
    this.#connection = connection;
    this.#frames.room().set(rest);
    this.#frames.filled(rest.length);
  }

  /**
   * Reads until the end, and leaves nothing open.
   *
   * @param onText Called with each text message, decoded and as it came. The bytes are the
   * receiver's to keep; they are part of a larger buffer.
   * @throws {Error} When the connection breaks, the other side breaks the rules, or `onText` throws.
   */
  async read(onText: (text: string, bytes: Uint8Array) => void): Promise<Farewell> {
    try {
      while (true) {
        for (let frame = this.#frames.next(); frame !== undefined; frame = this.#frames.next()) {
          this.#take(frame, onText);
          if (this.#farewell === undefined) continue;
          await this.#written;
          return this.#farewell;
        }
        const count = await this.#connection.read(this.#frames.room());
        if (count === null) throw new Error("the connection ended without a farewell");
        this.#frames.filled(count);
        // When bytes are there already the read gives way to nobody, and they may always be.
        await new Promise((resolve) => setImmediate(resolve));
      }
    } finally {
      closeConnection(this.#connection);
    }
  }

  /** Begins the closing handshake; {@linkcode WebSocketClient.read} ends when it is complete. */
  close(): void {
    this.#close(new Uint8Array([NORMAL >> 8, NORMAL & 0xff]));
  }

  /** Breaks the connection. */
  destroy(): void {
    closeConnection(this.#connection);
  }

  #take(frame: Frame, onText: (text: string, bytes: Uint8Array) => void): void {
    const { opcode, final, payload } = frame;
    switch (opcode) {
      case opcodes.text:
      case opcodes.binary:
      case opcodes.continuation: {
        if ((opcode === opcodes.continuation) !== (this.#parts.length > 0)) {
          throw new Error("the parts of a message are out of order");
        }
        if (opcode !== opcodes.continuation) this.#isText = opcode === opcodes.text;
        const message = final && this.#parts.length === 0 ? payload : this.#join(payload, final);
        if (message !== undefined && this.#isText) onText(this.#decoder.decode(message), message);
        break;
      }
      case opcodes.ping:
        this.#write(controlFrame(opcodes.pong, payload));
        break;
      case opcodes.close:
        this.#farewell = {
          code: payload.length < 2 ? NO_CODE : payload[0] * 256 + payload[1],
          reason: this.#decoder.decode(payload.subarray(2)),
        };
        this.#close(payload.subarray(0, 2));
        break;
      case opcodes.pong:
        break;
      default:
        throw new Error(`a frame of the unknown kind ${opcode}`);
    }
  }

  /** Adds a part to a message; the whole of it when that was the last one. */
  #join(part: Uint8Array, final: boolean): Uint8Array | undefined {
    this.#parts.push(part);
    const length = this.#parts.reduce((sum, { length }) => sum + length, 0);
    if (length > MAX_MESSAGE) throw new Error(`a message is larger than ${MAX_MESSAGE} bytes`);
    if (!final) return undefined;
    const message = Buffer.concat(this.#parts, length);
    this.#parts = [];
    return message;
  }

  #close(payload: Uint8Array): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#write(controlFrame(opcodes.close, payload));
  }

  #write(frame: Uint8Array): void {
    // A connection that breaks is noticed where it is read.
    this.#written = this.#written.then(() => writeAll(this.#connection, frame)).catch(() => {});
  }
}
