/**
 * What the numbers of events tell about events that did not arrive.
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
  /** The numbers that it tells to be missing, if it is a notice of a gap. */
  readonly told?: SeqRange;
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
   * Takes an event that has arrived, and tells what has not, but for what the event tells itself. Old
   * numbers tell nothing, and neither do the copies of a dialog, whose numbers have holes.
   */
  see({ subject, marks, time, told }: Arrival): readonly Missing[] {
    if (!isProxyEventSubject(subject)) return [];
    const { node, epoch, seq } = marks;
    const name = `${subject} ${epoch}`;
    const before = this.#seen.get(name);
    if (before && seq <= before.last) return [];
    const known = this.#subjects.has(subject);
    this.#remember(name, subject, { last: seq, time }, before === undefined);
    // A numbering that begins where another one went on has been missed from its first event on.
    const first = before ? before.last + 1 : known ? 1 : seq;
    return without({ epoch, first, last: seq - 1 }, told).map((range) => ({
      ...range,
      node,
      ...(before && { from: before.time }),
      to: time,
    }));
  }

  #remember(name: string, subject: string, seen: Seen, isNew: boolean): void {
    // What was touched last stands last.
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

/** The parts of a range that another one does not cover. */
function without(range: SeqRange, told: SeqRange | undefined): SeqRange[] {
  const { epoch, first, last } = range;
  const apart = !told || told.epoch !== epoch || told.last < first || told.first > last;
  const parts = apart ? [range] : [
    { epoch, first, last: told.first - 1 },
    { epoch, first: told.last + 1, last },
  ];
  return parts.filter((part) => part.first <= part.last);
}
