/**
 * Decodes and encodes the frames of a WebSocket (RFC 6455), for either side.
 *
 * @module
 */

/** The types of a frame. */
export const opcodes = {
  continuation: 0,
  text: 1,
  binary: 2,
  close: 8,
  ping: 9,
  pong: 10,
} as const;

/** A complete frame. */
export interface Frame {
  /** One of {@linkcode opcodes}, or an unknown one. */
  readonly opcode: number;
  /** Whether it ends its message. */
  readonly final: boolean;
  /** The payload: part of a larger buffer that is not written to again. */
  readonly payload: Uint8Array<ArrayBuffer>;
}

/** Size of a buffer in bytes. A few hundred events share one, which stays in memory until they are sent. */
const SLAB = 256 * 1024;
/** Maximum size of one read in bytes; everything else waits while the events of one read are handled. */
const MAX_READ = 128 * 1024;
/** A buffer with fewer free bytes than this is not read into any more. */
const MIN_READ = 32 * 1024;

interface FrameReaderOptions {
  /** Whether the frames are masked, as those of a client must be. @default false */
  readonly masked?: boolean;
}

/** Decodes frames from chunks of bytes. */
export class FrameReader {
  readonly #maxPayload: number;
  readonly #masked: boolean;
  #slab = new Uint8Array(SLAB);
  /** Where the next frame begins. */
  #start = 0;
  /** Where the received bytes end. */
  #end = 0;
  /** Size of the next frame in bytes, as far as it is known. */
  #wanted = 0;

  /** @param maxPayload Maximum size of the payload of one frame, in bytes. */
  constructor(maxPayload: number, { masked = false }: FrameReaderOptions = {}) {
    this.#maxPayload = maxPayload;
    this.#masked = masked;
  }

  /**
   * The buffer for the next read, to be called when {@linkcode FrameReader.next} has returned all
   * frames; {@linkcode FrameReader.filled} takes the number of bytes that were read.
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

  /** Records that so many bytes have been read into {@linkcode FrameReader.room}. */
  filled(count: number): void {
    this.#end += count;
  }

  /**
   * The next frame; undefined until more bytes are received.
   *
   * @throws {Error} When the peer violates the protocol, or the frame is too large.
   */
  next(): Frame | undefined {
    const slab = this.#slab;
    const start = this.#start;
    const available = this.#end - start;
    if (available < 2) return this.#needs(2);
    if (slab[start + 1] > 127 !== this.#masked) {
      throw new Error(
        this.#masked
          ? "a frame is not masked, as every client has to"
          : "a frame is masked, as no server may",
      );
    }
    const short = slab[start + 1] & 0x7f;
    if ((slab[start] & 0x70) !== 0) {
      throw new Error("a frame has an extension that was not negotiated");
    }
    // Control frames (opcodes from 8) must not be fragmented: the first bit of each is set.
    if ((slab[start] & 0x08) !== 0 && (slab[start] < 0x80 || short > 125)) {
      throw new Error("a control frame is too large or fragmented");
    }
    const lengthEnd = short === 127 ? 10 : short === 126 ? 4 : 2;
    const head = this.#masked ? lengthEnd + 4 : lengthEnd;
    if (available < head) return this.#needs(head);
    const length = short < 126
      ? short
      : readLength(slab, { at: start + 2, end: start + lengthEnd });
    if (length > this.#maxPayload) {
      throw new Error(`a frame is larger than ${this.#maxPayload} bytes`);
    }
    if (available < head + length) return this.#needs(head + length);
    this.#start = start + head + length;
    this.#wanted = 0;
    const payload = slab.subarray(start + head, this.#start);
    if (this.#masked) applyMask(payload, slab.subarray(start + lengthEnd, start + head));
    return { opcode: slab[start] & 0x0f, final: slab[start] > 127, payload };
  }

  #needs(bytes: number): undefined {
    this.#wanted = bytes;
  }
}

interface EncodeFrameOptions {
  /** Whether to mask the payload, as a client must. */
  readonly masked: boolean;
}

/** Encodes an unfragmented message, or a control frame, with a copy of the payload. */
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

/** Masks bytes in place, or unmasks them. */
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
