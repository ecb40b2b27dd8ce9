/**
 * Reads and sends the messages of an open WebSocket; handles pings and the closing handshake.
 *
 * Deno's own WebSocket delivers messages one by one without returning to the event loop while more
 * are available: under load neither timers nor other connections are served. Here the event loop runs
 * after each read, and the bytes of a message are delivered as they were received.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { setImmediate } from "node:timers";
import { closeConnection, writeAll } from "../connection.ts";
import { encodeFrame, type Frame, FrameReader, opcodes } from "./frames.ts";

/** Maximum size of a message in bytes. */
const MAX_MESSAGE = 64 * 1024 * 1024;
/** Maximum number of fragments of a message. */
const MAX_FRAGMENTS = 65_536;
/** Maximum number of pongs that wait for a peer that does not read. */
const MAX_PONGS = 16;
/** The close code of a side that no longer needs the connection. */
export const NORMAL = 1000;
/** Code for a close frame without one. */
const NO_CODE = 1005;

/** How one side closed a WebSocket. */
export interface CloseFrame {
  /** The code of RFC 6455; 1005 when there was none. */
  readonly code: number;
  /** For people, at most 123 bytes; usually empty. */
  readonly reason: string;
}

/** The text for a WebSocket that Asterisk closed. @param what Which one, such as `the ARI WebSocket`. */
export function closedByAsterisk(what: string, { code, reason }: CloseFrame): string {
  if (reason !== "") return `Asterisk closed ${what}: ${reason}`;
  return code === NO_CODE ? `Asterisk closed ${what}` : `Asterisk closed ${what}: code ${code}`;
}

interface OpenWebSocketOptions {
  /** Which side this is; a client masks what it sends. */
  readonly side: "client" | "server";
  /** Bytes that were received together with the handshake. @default none */
  readonly received?: Uint8Array;
  /** Called when anything has been received, a pong for instance. @default ignored */
  readonly onSign?: () => void;
  /** Called with each pong. @default ignored */
  readonly onPong?: () => void;
  /** Called between two reads; the next one waits for the promise it returns, which must not reject. @default never */
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
  /** Fragments of a message that is not complete. */
  #fragments: Uint8Array[] = [];
  /** Their size in bytes. */
  #size = 0;
  #isText = false;
  #closeFrame: CloseFrame | undefined;
  #written: Promise<void> = Promise.resolve();
  /** Frames that are not in a write yet. */
  #waiting: Uint8Array[] = [];
  /** Number of frames that have not been written. */
  #unwritten = 0;
  #closing = false;

  /** Takes ownership of a connection on which the handshake has succeeded. */
  constructor(connection: Deno.Conn, options: OpenWebSocketOptions) {
    const { side, received = EMPTY, pauseReading = () => undefined } = options;
    const { onSign = () => {}, onPong = () => {} } = options;
    this.#connection = connection;
    this.#masked = side === "client";
    this.#onSign = onSign;
    this.#onPong = onPong;
    this.#pauseReading = pauseReading;
    this.#frames = new FrameReader(MAX_MESSAGE, { masked: !this.#masked });
    this.#frames.room().set(received);
    this.#frames.filled(received.length);
  }

  /**
   * Reads until the closing handshake is complete, and closes the connection.
   *
   * @param onText Called with each text message, decoded and as received. The bytes are part of a larger
   * buffer that is not written to again.
   * @throws {Error} When the connection breaks, the peer violates the protocol, or `onText` throws.
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
        if (count === null) throw new Error("the connection was closed without a close frame");
        this.#frames.filled(count);
        this.#onSign();
        // A read of bytes that are available returns without a turn of the event loop, and under load
        // they always are.
        await new Promise((resolve) => setImmediate(resolve));
      }
    } finally {
      closeConnection(this.#connection);
    }
  }

  /** Sends a text message, unless the WebSocket is closing. Failures are not reported. */
  send(text: string): void {
    if (!this.#closing) this.#write(opcodes.text, encoder.encode(text));
  }

  ping(): void {
    if (!this.#closing) this.#write(opcodes.ping, EMPTY);
  }

  /** Begins the closing handshake; {@linkcode OpenWebSocket.read} returns when it is complete. */
  close({ code, reason }: CloseFrame = { code: NORMAL, reason: "" }): void {
    this.#close(new Uint8Array([code >> 8, code & 0xff, ...encoder.encode(reason)]));
  }

  /** Closes the connection without a closing handshake. */
  destroy(): void {
    closeConnection(this.#connection);
  }

  #take(frame: Frame, onText: (text: string, bytes: Uint8Array) => void): void {
    const { opcode, final, payload } = frame;
    switch (opcode) {
      case opcodes.text:
      case opcodes.binary:
      case opcodes.continuation: {
        if ((opcode === opcodes.continuation) !== (this.#fragments.length > 0)) {
          throw new Error("the fragments of a message are out of order");
        }
        if (opcode !== opcodes.continuation) this.#isText = opcode === opcodes.text;
        const message = final && this.#fragments.length === 0
          ? payload
          : this.#join(payload, final);
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
        throw new Error(`a frame has the unknown opcode ${opcode}`);
    }
  }

  /** Adds a fragment; returns the message when that was the last one. */
  #join(fragment: Uint8Array, final: boolean): Uint8Array | undefined {
    this.#fragments.push(fragment);
    this.#size += fragment.length;
    if (this.#size > MAX_MESSAGE) throw new Error(`a message is larger than ${MAX_MESSAGE} bytes`);
    if (this.#fragments.length > MAX_FRAGMENTS) {
      throw new Error(`a message has over ${MAX_FRAGMENTS} fragments`);
    }
    if (!final) return undefined;
    const message = Buffer.concat(this.#fragments, this.#size);
    this.#fragments = [];
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

  /** Writes the waiting frames; those of one turn of the event loop in a single write. */
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
      // A broken connection is noticed by the read.
    }
  }
}
