import type { NumberedStream } from "./stream.ts";
import { Gap, type MissingPart } from "./gap.ts";

/** A notice that is due. */
export interface DueNotice {
  /** Where it belongs. */
  readonly stream: NumberedStream;
  /** What it tells of. */
  readonly missing: Gap;
  /** Its number. */
  readonly seq: number;
}

/** What is missing from streams and has not been told to listeners. */
export class PendingGaps {
  /** Notices that have their numbers, in order. */
  #numbered: DueNotice[] = [];
  /** Streams with something missing that has no number yet, so that more can join it. */
  readonly #open = new Set<NumberedStream>();

  /** Whether there is nothing to tell. */
  get empty(): boolean {
    return this.#open.size === 0 && this.#numbered.length === 0;
  }

  /** The notice to publish next. Until {@linkcode PendingGaps.done} says so it may become another one. */
  get next(): DueNotice | undefined {
    if (this.#numbered.length > 0) return this.#numbered[0];
    for (const stream of this.#open) {
      if (stream.missing) return { stream, missing: stream.missing, seq: stream.seq + 1 };
    }
    return undefined;
  }

  /** Takes note that the notice which came next was published, or never can be. */
  done({ stream, missing, seq }: DueNotice): void {
    if (this.#numbered[0]?.missing === missing) {
      this.#numbered.shift();
      return;
    }
    stream.seq = seq;
    stream.missing = undefined;
    this.#open.delete(stream);
  }

  /** Takes what is missing between the last event that left the stream and the next one. */
  add(stream: NumberedStream, missing: Gap): void {
    if (stream.missing) stream.missing.join(missing);
    else stream.missing = missing;
    this.#open.add(stream);
  }

  /** Takes an event for which there is no room; it uses up a number. */
  giveUp(stream: NumberedStream, data: Uint8Array, dialogs: readonly string[]): void {
    const seq = ++stream.seq;
    if (!stream.missing) {
      const before = stream.published;
      const numbers = [seq, seq] as const;
      this.add(stream, new Gap({ reason: "overflow", before, end: data, numbers }));
    }
    stream.missing?.giveUp(seq, data, dialogs);
  }

  /**
   * Takes what was published and may be lost, and what notices told that may be lost as well. The
   * notice gets its number at once, and so its place before what is yet to be given up.
   */
  doubt(
    stream: NumberedStream,
    part: Pick<MissingPart, "detail" | "end">,
    dialogs: Iterable<string>,
  ): void {
    const { sent, safe, told, arrived } = stream;
    const lost = new Gap({
      ...part,
      reason: "bus",
      before: arrived,
      numbers: [safe + 1, sent],
      doubtful: true,
    });
    lost.concern(dialogs);
    const missing = told ?? lost;
    if (told) told.join(lost);
    if (stream.missing) missing.join(stream.missing);
    stream.missing = undefined;
    stream.told = undefined;
    stream.safe = sent;
    this.#open.delete(stream);
    this.#numbered.push({ stream, missing, seq: ++stream.seq });
  }
}
