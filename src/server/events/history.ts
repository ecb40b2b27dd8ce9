import { invalid } from "../../protocol/errors.ts";
import type {
  EventHistoryData,
  EventHistoryPayload,
  KeptEvent,
} from "../../protocol/kinds/event_history.ts";
import type { NumberedStream } from "./numbering.ts";

/** Options of {@linkcode History}. */
export interface HistoryOptions {
  /**
   * How many bytes of events are kept; 0 for none.
   *
   * @default {8_388_608}
   */
  readonly size?: number;
  /**
   * How long an event is kept at most, in milliseconds.
   *
   * @default {600_000}
   */
  readonly age?: number;
  /** Returns the time, in milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
}

const firstSegment = 64 * 1024;
const largestSegment = 1024 * 1024;

/** The largest response, in bytes: larger ones would delay events. */
const maxPage = 256 * 1024;
/** Bytes of a response besides the events. */
const pageFrame = 2_048;
/** Bytes of an event in a response besides its text. */
const eventFrame = 80;

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** The last events that a proxy has published, limited by size and age. */
export class History {
  readonly #size: number;
  readonly #age: number;
  readonly #now: () => number;
  #segments: HistorySegment[] = [];
  /** Bytes of all segments. */
  #bytes = 0;

  /** Makes an empty history. */
  constructor(options: HistoryOptions = {}) {
    this.#size = options.size ?? 8 * 1024 * 1024;
    this.#age = options.age ?? 600_000;
    this.#now = options.now ?? Date.now;
  }

  /** Whether any events are kept. */
  get enabled(): boolean {
    return this.#size > 0;
  }

  /** Memory used, in bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Keeps an event that was published. */
  keep(stream: NumberedStream, seq: number, data: Uint8Array): void {
    if (this.#size === 0) return;
    const now = this.#now();
    const last = this.#segments[this.#segments.length - 1];
    const kept = { seq, time: now, data };
    if (last?.add(stream, kept)) return;
    this.#begin(keptSize(data), now)?.add(stream, kept);
  }

  /**
   * A part of the events of a stream.
   *
   * @param room The largest response with it, in bytes.
   * @throws {AriProxyError} With the code `invalid` for a malformed time.
   */
  page(
    stream: NumberedStream,
    query: EventHistoryPayload,
    room: number,
  ): EventHistoryData {
    const { epoch, limit = Infinity } = query;
    const now = this.#now();
    const wanted = query.since ? Date.parse(query.since) : 0;
    if (!Number.isFinite(wanted)) {
      throw invalid("Malformed request: event_history.since must be a time in ISO 8601");
    }
    const since = Math.max(wanted, now - this.#age);
    const after = epoch === undefined || epoch === stream.epoch ? query.after ?? 0 : 0;
    const events: KeptEvent[] = [];
    let left = Math.min(maxPage, room) - pageFrame;
    let last = after;
    let more = false;
    for (const { seq, time, data } of this.#of(stream, { after, since })) {
      const event = decoder.decode(data);
      const size = encoder.encode(JSON.stringify(event)).length + eventFrame;
      const fits = size <= room - pageFrame;
      // The first one may be larger than a part should be.
      if (events.length >= limit || fits && size > left && events.length > 0) {
        more = true;
        break;
      }
      last = seq;
      if (!fits) continue;
      left -= size;
      events.push({ seq, time: new Date(time).toISOString(), event });
    }
    const [oldest] = this.#of(stream, { after: 0, since: now - this.#age });
    return {
      application: stream.app,
      node: stream.node,
      epoch: stream.epoch,
      last_seq: last,
      more,
      ...(oldest && { kept_from: new Date(oldest.time).toISOString() }),
      events,
    };
  }

  *#of(
    stream: NumberedStream,
    range: { readonly after: number; readonly since: number },
  ): Generator<Kept> {
    for (const segment of this.#segments) {
      if (segment.newest >= range.since) yield* segment.of(stream, range);
    }
  }

  /** A segment with room for an event; undefined for one that is too large to be kept. */
  #begin(length: number, now: number): HistorySegment | undefined {
    if (length > this.#size) return undefined;
    const old = this.#segments.findIndex((segment) => segment.newest >= now - this.#age);
    this.#drop(old < 0 ? this.#segments.length : old);
    const grown = Math.min(2 * (this.#segments.at(-1)?.size ?? firstSegment / 2), largestSegment);
    const size = Math.max(length, Math.min(grown, this.#size));
    while (this.#bytes + size > this.#size) {
      const [oldest] = this.#segments;
      if (oldest.size === size) {
        this.#segments.shift();
        oldest.clear();
        this.#segments.push(oldest);
        return oldest;
      }
      this.#drop(1);
    }
    const segment = new HistorySegment(size);
    this.#segments.push(segment);
    this.#bytes += size;
    return segment;
  }

  #drop(count: number): void {
    for (const { size } of this.#segments.splice(0, count)) this.#bytes -= size;
  }
}

/** An event as it was kept. */
interface Kept {
  /** Its number. */
  readonly seq: number;
  /** When it was published, in milliseconds since 1970. */
  readonly time: number;
  /** Its text, in UTF-8; a view into the segment, valid until that is reused. */
  readonly data: Uint8Array;
}

/** Bytes in front of each event: its number, its time, its length, and which stream it belongs to. */
const head = 24;

/** Bytes that a segment needs for an event. */
function keptSize(data: Uint8Array): number {
  return head + data.length;
}

/**
 * Some events in one block of memory: no object is allocated for an event, so that the garbage collector
 * has no work with them, and none keeps the buffer alive that it was received in.
 */
class HistorySegment {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #used = 0;
  #newest = 0;
  /** The streams that have events here, by the numbers in front of the events. */
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

  /** Removes all events. */
  clear(): void {
    this.#used = 0;
    this.#newest = 0;
    this.#streams = [];
  }
}
