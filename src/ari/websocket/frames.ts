/**
 * The frames of a WebSocket, as either side reads and writes them.
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

/** Bytes of a buffer. A few hundred events share one, and are kept with it until they are sent. */
const SLAB = 256 * 1024;
/** Bytes of one read at the most; what takes turns with the events waits for no more than these. */
const MAX_READ = 128 * 1024;
/** A buffer with less room than this is left to the frames in it. */
const MIN_READ = 32 * 1024;

/** Options of {@linkcode FrameReader}. */
interface FrameReaderOptions {
  /** Whether the frames are masked, as those of a client have to be. @default false */
  readonly masked?: boolean;
}

/** Takes bytes as they come and gives frames. */
export class FrameReader {
  readonly #maxPayload: number;
  readonly #masked: boolean;
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
  constructor(maxPayload: number, { masked = false }: FrameReaderOptions = {}) {
    this.#maxPayload = maxPayload;
    this.#masked = masked;
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
   * @throws {Error} When the bytes are not what the other side may send, or the frame is too large.
   */
  next(): Frame | undefined {
    const slab = this.#slab;
    const start = this.#start;
    const available = this.#end - start;
    if (available < 2) return this.#want(2);
    if (slab[start + 1] > 127 !== this.#masked) {
      throw new Error(
        this.#masked
          ? "a frame is not masked, which every client does"
          : "a frame is masked, which no server does",
      );
    }
    const short = slab[start + 1] & 0x7f;
    if ((slab[start] & 0x70) !== 0) throw new Error("a frame has an extension nobody asked for");
    // The first bit of a frame that is whole is set, and so is the fourth bit of a kind of control.
    if ((slab[start] & 0x08) !== 0 && (slab[start] < 0x80 || short > 125)) {
      throw new Error("a control frame is too large or in parts");
    }
    const lengthEnd = short === 127 ? 10 : short === 126 ? 4 : 2;
    const head = this.#masked ? lengthEnd + 4 : lengthEnd;
    if (available < head) return this.#want(head);
    const length = short < 126
      ? short
      : readLength(slab, { at: start + 2, end: start + lengthEnd });
    if (length > this.#maxPayload) {
      throw new Error(`a frame is larger than ${this.#maxPayload} bytes`);
    }
    if (available < head + length) return this.#want(head + length);
    this.#start = start + head + length;
    this.#wanted = 0;
    const payload = slab.subarray(start + head, this.#start);
    if (this.#masked) applyMask(payload, slab.subarray(start + lengthEnd, start + head));
    return { opcode: slab[start] & 0x0f, final: slab[start] > 127, payload };
  }

  #want(bytes: number): undefined {
    this.#wanted = bytes;
  }
}

/** Options of {@linkcode encodeFrame}. */
interface EncodeFrameOptions {
  /** Whether to mask the payload, as a client has to. */
  readonly masked: boolean;
}

/** The bytes of a frame that is a whole message, or a control frame, with a copy of the payload. */
export function encodeFrame(
  opcode: number,
  payload: Uint8Array,
  { masked }: EncodeFrameOptions,
): Uint8Array<ArrayBuffer> {
  const { length } = payload;
  const lengthEnd = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const head = masked ? lengthEnd + 4 : lengthEnd;
  const frame = new Uint8Array(head + length);
  frame[0] = 0x80 | opcode;
  frame[1] = lengthEnd === 2 ? length : lengthEnd === 4 ? 126 : 127;
  if (lengthEnd > 2) {
    for (let at = lengthEnd - 1, rest = length; at > 1; at--) {
      frame[at] = rest % 256;
      rest = Math.floor(rest / 256);
    }
  }
  frame.set(payload, head);
  if (masked) {
    frame[1] |= 0x80;
    const mask = crypto.getRandomValues(frame.subarray(lengthEnd, head));
    applyMask(frame.subarray(head), mask);
  }
  return frame;
}

/** Masks bytes in place, or takes the mask off. */
function applyMask(bytes: Uint8Array, mask: Uint8Array): void {
  const [first, second, third, fourth] = mask;
  const { length } = bytes;
  const whole = length - length % 4;
  for (let at = 0; at < whole; at += 4) {
    bytes[at] ^= first;
    bytes[at + 1] ^= second;
    bytes[at + 2] ^= third;
    bytes[at + 3] ^= fourth;
  }
  for (let at = whole; at < length; at++) bytes[at] ^= mask[at - whole];
}

function readLength(
  bytes: Uint8Array,
  { at, end }: { readonly at: number; readonly end: number },
): number {
  let length = 0;
  for (let index = at; index < end; index++) length = length * 256 + bytes[index];
  return length;
}
