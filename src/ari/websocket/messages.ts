/**
 * One end of an open WebSocket: reads and sends messages, asks and answers pings, closes.
 *
 * Deno's own WebSocket hands messages over one by one without letting anything else have its turn
 * while more are there: under load neither timers nor other connections run. Here everything else has
 * its turn after each read, and the bytes of a message are handed over as they came.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { setImmediate } from "node:timers";
import { closeConnection, writeAll } from "../connection.ts";
import { encodeFrame, type Frame, FrameReader, opcodes } from "./frames.ts";

/** Bytes that a message may have. */
const MAX_MESSAGE = 64 * 1024 * 1024;
/** Parts that a message may come in. */
const MAX_PARTS = 65_536;
/** Answers to pings that may wait for a peer that does not read. */
const MAX_PONGS = 16;
/** The code of a side that needs the connection no more. */
export const NORMAL = 1000;
/** Stands for a closing frame without a code. */
const NO_CODE = 1005;

/** How one side closed a WebSocket. */
export interface CloseFrame {
  /** The code of RFC 6455; 1005 when there was none. */
  readonly code: number;
  /** For people, 123 bytes at the most; mostly empty. */
  readonly reason: string;
}

/** Says that Asterisk closed a socket, and why. @param what Which one, as in `the event socket`. */
export function closedByAsterisk(what: string, { code, reason }: CloseFrame): string {
  if (reason !== "") return `Asterisk closed ${what}: ${reason}`;
  return code === NO_CODE ? `Asterisk closed ${what}` : `Asterisk closed ${what}: code ${code}`;
}

/** Options of {@linkcode OpenWebSocket}. */
interface OpenWebSocketOptions {
  /** Which end this is: the client's masks what it sends. */
  readonly end: "client" | "server";
  /** Bytes that came behind the handshake. @default none */
  readonly rest?: Uint8Array;
  /** Called when something has come from the other side, a pong for instance. @default ignored */
  readonly onSign?: () => void;
  /** Called with each answer to a ping. @default ignored */
  readonly onPong?: () => void;
  /** Asked between two reads for what to wait for, which must not reject. @default nothing */
  readonly pauseReading?: () => Promise<void> | undefined;
}

const encoder = new TextEncoder();
const EMPTY = new Uint8Array();

/** An open WebSocket. */
export class OpenWebSocket {
  readonly #connection: Deno.Conn;
  readonly #frames: FrameReader;
  readonly #masked: boolean;
  readonly #onSign: () => void;
  readonly #onPong: () => void;
  readonly #pauseReading: () => Promise<void> | undefined;
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  /** Parts of a message whose end has not come. */
  #parts: Uint8Array[] = [];
  /** Bytes of these parts. */
  #size = 0;
  #isText = false;
  #closeFrame: CloseFrame | undefined;
  #written: Promise<void> = Promise.resolve();
  /** Frames that have not been handed to a write yet. */
  #waiting: Uint8Array[] = [];
  /** Frames that have not been written. */
  #unwritten = 0;
  #closing = false;

  /** Takes over a connection on which the handshake has succeeded. */
  constructor(connection: Deno.Conn, options: OpenWebSocketOptions) {
    const { end, rest = EMPTY, pauseReading = () => undefined } = options;
    const { onSign = () => {}, onPong = () => {} } = options;
    this.#connection = connection;
    this.#masked = end === "client";
    this.#onSign = onSign;
    this.#onPong = onPong;
    this.#pauseReading = pauseReading;
    this.#frames = new FrameReader(MAX_MESSAGE, { masked: !this.#masked });
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
  async read(onText: (text: string, bytes: Uint8Array) => void): Promise<CloseFrame> {
    try {
      while (true) {
        for (let frame = this.#frames.next(); frame !== undefined; frame = this.#frames.next()) {
          this.#take(frame, onText);
          if (this.#closeFrame === undefined) continue;
          await this.#written;
          return this.#closeFrame;
        }
        await this.#pauseReading();
        const count = await this.#connection.read(this.#frames.room());
        if (count === null) throw new Error("the connection ended without a farewell");
        this.#frames.filled(count);
        this.#onSign();
        // When bytes are there already the read gives way to nobody, and they may always be.
        await new Promise((resolve) => setImmediate(resolve));
      }
    } finally {
      closeConnection(this.#connection);
    }
  }

  /** Sends a text message, unless the socket is closing. Nobody learns whether it arrives. */
  send(text: string): void {
    if (!this.#closing) this.#write(opcodes.text, encoder.encode(text));
  }

  /** Asks for a sign of life. */
  ping(): void {
    if (!this.#closing) this.#write(opcodes.ping, EMPTY);
  }

  /** Begins the closing handshake; {@linkcode OpenWebSocket.read} ends when it is complete. */
  close({ code, reason }: CloseFrame = { code: NORMAL, reason: "" }): void {
    this.#close(new Uint8Array([code >> 8, code & 0xff, ...encoder.encode(reason)]));
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
        if (this.#unwritten < MAX_PONGS) this.#write(opcodes.pong, payload);
        break;
      case opcodes.close:
        this.#closeFrame = {
          code: payload.length < 2 ? NO_CODE : payload[0] * 256 + payload[1],
          reason: this.#decoder.decode(payload.subarray(2)),
        };
        this.#close(payload.subarray(0, 2));
        break;
      case opcodes.pong:
        this.#onPong();
        break;
      default:
        throw new Error(`a frame of the unknown kind ${opcode}`);
    }
  }

  /** Adds a part to a message; the whole of it when that was the last one. */
  #join(part: Uint8Array, final: boolean): Uint8Array | undefined {
    this.#parts.push(part);
    this.#size += part.length;
    if (this.#size > MAX_MESSAGE) throw new Error(`a message is larger than ${MAX_MESSAGE} bytes`);
    if (this.#parts.length > MAX_PARTS) throw new Error(`a message has over ${MAX_PARTS} parts`);
    if (!final) return undefined;
    const message = Buffer.concat(this.#parts, this.#size);
    this.#parts = [];
    this.#size = 0;
    return message;
  }

  #close(payload: Uint8Array): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#write(opcodes.close, payload);
  }

  #write(opcode: number, payload: Uint8Array): void {
    const frame = encodeFrame(opcode, payload, { masked: this.#masked });
    this.#waiting.push(frame);
    if (this.#unwritten++ === 0) this.#written = this.#flush();
  }

  /** Writes what waits; what one turn of the event loop brings goes out together. */
  async #flush(): Promise<void> {
    try {
      await undefined;
      while (this.#waiting.length > 0) {
        const frames = this.#waiting;
        this.#waiting = [];
        await writeAll(this.#connection, frames.length === 1 ? frames[0] : Buffer.concat(frames));
        this.#unwritten -= frames.length;
      }
    } catch {
      // A connection that breaks is noticed where it is read; nothing can be written to it any more.
    }
  }
}
