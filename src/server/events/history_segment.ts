import type { NumberedStream } from "./stream.ts";

/** An event as it was kept. */
export interface Kept {
  /** Its number. */
  readonly seq: number;
  /** When it was published, in milliseconds since 1970. */
  readonly time: number;
  /** Its text, in UTF-8; a part of the segment, valid until that is used anew. */
  readonly data: Uint8Array;
}

/** Bytes in front of each event: its number, its time, its length, and which stream it belongs to. */
const head = 24;

/** Bytes that a segment needs for an event. */
export function keptSize(data: Uint8Array): number {
  return head + data.length;
}

/**
 * Some events behind each other in one piece of memory: nothing is allocated for an event, so that
 * many of them are no work for the garbage collector, and no event holds the buffer that it came in.
 */
export class HistorySegment {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #used = 0;
  #newest = 0;
  /** The streams that have events here, by the numbers that stand in front of the events. */
  #streams: NumberedStream[] = [];

  /** Makes an empty segment with room for so many bytes. */
  constructor(size: number) {
    this.#bytes = new Uint8Array(size);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** Its room, in bytes. */
  get size(): number {
    return this.#bytes.length;
  }

  /** When its last event was published, in milliseconds since 1970; 0 while it is empty. */
  get newest(): number {
    return this.#newest;
  }

  /** Adds an event, if there is room for it. */
  add(stream: NumberedStream, { seq, time, data }: Kept): boolean {
    const at = this.#used;
    const end = at + head + data.length;
    if (end > this.#bytes.length) return false;
    let index = this.#streams.indexOf(stream);
    if (index < 0) index = this.#streams.push(stream) - 1;
    this.#view.setFloat64(at, seq);
    this.#view.setFloat64(at + 8, time);
    this.#view.setUint32(at + 16, data.length);
    this.#view.setUint32(at + 20, index);
    this.#bytes.set(data, at + head);
    this.#used = end;
    this.#newest = time;
    return true;
  }

  /** The events of a stream with a number above `after` that were published from `since` on. */
  *of(
    stream: NumberedStream,
    { after, since }: { readonly after: number; readonly since: number },
  ): Generator<Kept> {
    const index = this.#streams.indexOf(stream);
    if (index < 0) return;
    for (let at = 0, length = 0; at < this.#used; at += head + length) {
      length = this.#view.getUint32(at + 16);
      if (this.#view.getUint32(at + 20) !== index) continue;
      const seq = this.#view.getFloat64(at);
      const time = this.#view.getFloat64(at + 8);
      if (seq <= after || time < since) continue;
      yield { seq, time, data: this.#bytes.subarray(at + head, at + head + length) };
    }
  }

  /** Forgets all events. */
  clear(): void {
    this.#used = 0;
    this.#newest = 0;
    this.#streams = [];
  }
}
