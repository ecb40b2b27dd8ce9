/**
 * The frames of a WebSocket, as its client reads and writes them.
 *
 * @module
 */

/** What a frame is. */
export const opcodes = {
  continuation: 0,
  text: 1,
  binary: 2,
  close: 8,
  ping: 9,
  pong: 10,
} as const;

/** A frame that has arrived as a whole. */
export interface Frame {
  /** One of {@linkcode opcodes}, or one that is not known. */
  readonly opcode: number;
  /** Whether it ends its message. */
  readonly final: boolean;
  /** The payload, a part of a larger buffer that is never written to again. */
  readonly payload: Uint8Array<ArrayBuffer>;
}

/** Bytes of a buffer. Several hundred events share one. */
const SLAB = 1024 * 1024;
/** Bytes of one read at the most; what takes turns with the events waits for no more than these. */
const MAX_READ = 256 * 1024;
/** A buffer with less room than this is left to the frames in it. */
const MIN_READ = 64 * 1024;

/** Takes bytes as they come and gives frames. */
export class FrameReader {
  readonly #maxPayload: number;
  #slab = new Uint8Array(SLAB);
  /** Where the next frame begins. */
  #start = 0;
  /** Where the bytes that have come end. */
  #end = 0;
  /** Bytes of the next frame, as far as they are known. */
  #wanted = 0;

  /**
   * Makes a reader.
   *
   * @param maxPayload Bytes that the payload of one frame may have.
   */
  constructor(maxPayload: number) {
    this.#maxPayload = maxPayload;
  }

  /**
   * Where the next bytes are to be read to, once {@linkcode FrameReader.next} has given all that it
   * had; {@linkcode FrameReader.filled} tells how many came.
   */
  room(): Uint8Array<ArrayBuffer> {
    const lacking = this.#start + this.#wanted > this.#slab.length;
    if (lacking || this.#slab.length - this.#end < MIN_READ) {
      const rest = this.#slab.subarray(this.#start, this.#end);
      this.#slab = new Uint8Array(Math.max(SLAB, this.#wanted + MIN_READ));
      this.#slab.set(rest);
      this.#start = 0;
      this.#end = rest.length;
    }
    return this.#slab.subarray(this.#end, this.#end + MAX_READ);
  }

  /** So many bytes have been read to the room. */
  filled(count: number): void {
    this.#end += count;
  }

  /**
   * The next frame; undefined until more bytes come.
   *
   * @throws {Error} When the bytes are not what a server may send, or the frame is too large.
   */
  next(): Frame | undefined {
    const slab = this.#slab;
    const start = this.#start;
    const available = this.#end - start;
    if (available < 2) return this.#want(2);
    const short = slab[start + 1];
    if (short > 127) throw new Error("a frame is masked, which no server does");
    if ((slab[start] & 0x70) !== 0) throw new Error("a frame has an extension nobody asked for");
    const head = short === 127 ? 10 : short === 126 ? 4 : 2;
    if (available < head) return this.#want(head);
    const length = short < 126 ? short : readLength(slab, { at: start + 2, end: start + head });
    if (length > this.#maxPayload) {
      throw new Error(`a frame is larger than ${this.#maxPayload} bytes`);
    }
    if (available < head + length) return this.#want(head + length);
    this.#start = start + head + length;
    this.#wanted = 0;
    return {
      opcode: slab[start] & 0x0f,
      final: slab[start] > 127,
      payload: slab.subarray(start + head, this.#start),
    };
  }

  #want(bytes: number): undefined {
    this.#wanted = bytes;
  }
}

/**
 * The bytes of a frame from a client, masked as they have to be.
 *
 * @param payload Up to 125 bytes, all that a control frame can have.
 */
export function controlFrame(opcode: number, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const frame = new Uint8Array(6 + payload.length);
  const mask = crypto.getRandomValues(frame.subarray(2, 6));
  frame[0] = 0x80 | opcode;
  frame[1] = 0x80 | payload.length;
  payload.forEach((byte, index) => frame[6 + index] = byte ^ mask[index & 3]);
  return frame;
}

function readLength(
  bytes: Uint8Array,
  { at, end }: { readonly at: number; readonly end: number },
): number {
  let length = 0;
  for (let index = at; index < end; index++) length = length * 256 + bytes[index];
  return length;
}
