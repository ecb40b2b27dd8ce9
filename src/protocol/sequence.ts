/**
 * Finds events that did not arrive, by the numbers of those that did.
 *
 * @module
 */
import type { EventMarks } from "./headers.ts";
import { isProxyEventSubject } from "./subjects.ts";

/** Numbers of one numbering, from the first to the last. */
interface SeqRange {
  /** The numbering. */
  readonly epoch: string;
  /** The first number. */
  readonly first: number;
  /** The last number. */
  readonly last: number;
}

/** An event that has arrived. */
interface Arrival {
  /** Subject that it was published on. */
  readonly subject: string;
  /** Its number. */
  readonly marks: EventMarks;
  /** When it happened, in the form of Asterisk. */
  readonly time: string;
  /** The missing numbers that it reports, if it is a gap notice. */
  readonly reported?: SeqRange;
}

/** Events that did not arrive. */
export interface Missing extends SeqRange {
  /** Node that they came from. */
  readonly node: string;
  /** Time of the last event before them; absent when none has been seen of this numbering. */
  readonly from?: string;
  /** Time of the first event after them. */
  readonly to: string;
}

interface Seen {
  readonly last: number;
  readonly time: string;
}

/** Watches the numbers of the events on any number of subjects. */
export class Sequence {
  readonly #seen = new Map<string, Seen>();
  readonly #subjects = new Map<string, number>();
  readonly #limit: number;

  /**
   * Begins with nothing seen: the first event of a subject has no others before it.
   *
   * @param options `limit` is how many numberings are kept; beyond that those that were silent for
   * longest are dropped. 10,000 by default.
   */
  constructor({ limit = 10_000 }: { readonly limit?: number } = {}) {
    this.#limit = limit;
  }

  /**
   * Records an event that has arrived and returns what has not, except for what the event reports itself.
   * Old numbers are ignored, and so are the copies of a dialog, whose numbers have gaps.
   */
  see({ subject, marks, time, reported }: Arrival): readonly Missing[] {
    if (!isProxyEventSubject(subject)) return [];
    const { node, epoch, seq } = marks;
    const name = `${subject} ${epoch}`;
    const before = this.#seen.get(name);
    if (before && seq <= before.last) return [];
    const known = this.#subjects.has(subject);
    this.#record(name, subject, { last: seq, time }, before === undefined);
    // A numbering that begins where another one went on has been missed from its first event on.
    const first = before ? before.last + 1 : known ? 1 : seq;
    return without({ epoch, first, last: seq - 1 }, reported).map((range) => ({
      ...range,
      node,
      ...(before && { from: before.time }),
      to: time,
    }));
  }

  #record(name: string, subject: string, seen: Seen, isNew: boolean): void {
    // A map keeps the order of insertion: the first one was silent for longest.
    this.#seen.delete(name);
    this.#seen.set(name, seen);
    if (!isNew) return;
    this.#subjects.set(subject, (this.#subjects.get(subject) ?? 0) + 1);
    if (this.#seen.size <= this.#limit) return;
    const [oldest] = this.#seen.keys();
    this.#seen.delete(oldest);
    const of = oldest.slice(0, oldest.lastIndexOf(" "));
    const left = (this.#subjects.get(of) ?? 1) - 1;
    if (left > 0) this.#subjects.set(of, left);
    else this.#subjects.delete(of);
  }
}

/** The parts of a range outside another one. */
function without(range: SeqRange, reported: SeqRange | undefined): SeqRange[] {
  const { epoch, first, last } = range;
  const apart = !reported || reported.epoch !== epoch || reported.last < first ||
    reported.first > last;
  const parts = apart ? [range] : [
    { epoch, first, last: reported.first - 1 },
    { epoch, first: reported.last + 1, last },
  ];
  return parts.filter((part) => part.first <= part.last);
}
