/**
 * Holds what Asterisk sent against what a listener of the bus got.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { Bus, BusMessage } from "../../src/bus/bus.ts";
import { readGap } from "../../src/protocol/notice.ts";
import { decodeJson, isObject } from "../../src/protocol/json.ts";
import { Received } from "./received.ts";

type GapNotice = NonNullable<ReturnType<typeof readGap>>;

/** A message of the event subject. */
export interface Entry {
  readonly subject: string;
  readonly epoch: string;
  readonly seq: number;
  /** What the test calls the event; undefined for one that is not of the test. */
  readonly mark: number | undefined;
  /** Undefined for an event of Asterisk. */
  readonly notice: GapNotice | undefined;
}

interface Sent {
  /** When it was sent at the earliest and at the latest, in milliseconds since 1970. */
  readonly begun: number;
  readonly over: number;
}

/** Options of {@linkcode EventLedger.check}. */
export interface CheckOptions {
  /**
   * Whether the listener itself was cut off from the bus: it then has no right to a notice, but sees
   * by the numbers how many events it missed.
   *
   * @default false
   */
  readonly deafened?: boolean;
}

/** The account of one application's events, of all nodes. It has to be there before the proxy is. */
export class EventLedger {
  /** What came over the bus, in order. */
  readonly entries = new Received<Entry>();
  readonly #sent = new Map<number, Sent>();

  /** Begins to listen. */
  constructor(bus: Bus, app: string) {
    bus.subscribe(`ari.event.${app}.>`, (message) => this.entries.add(entryOf(message)));
  }

  /** Asterisk has sent the event of this mark; marks rise. */
  sent(mark: number, when: Sent): void {
    this.#sent.set(mark, when);
  }

  /** The notices so far, in order. */
  get notices(): readonly GapNotice[] {
    return this.entries.items.flatMap(({ notice }) => notice ?? []);
  }

  /** Resolves when an event with this mark, or a later one, has arrived. */
  async arrived(mark: number): Promise<void> {
    await this.entries.until((all) => all.some((entry) => (entry.mark ?? -1) >= mark));
  }

  /** How many of the events that were sent have not arrived. */
  get missing(): number {
    return this.#missing().length;
  }

  /**
   * Asserts that nothing came twice or out of order, and that whatever did not come is accounted for:
   * by numbers that are left out and named in a notice, or by a notice that Asterisk was away.
   */
  check({ deafened = false }: CheckOptions = {}): void {
    const entries = this.entries.items;
    const marks = entries.flatMap(({ mark }) => mark ?? []);
    marks.reduce((before, mark) => {
      assert.ok(mark > before, `Event ${mark} came after event ${before}`);
      return mark;
    }, -1);
    const left = leftOut(entries);
    if (!deafened) left.forEach((hole) => assertNoticed(hole, this.notices));
    for (const run of runsOf(this.#missing(), [...this.#sent.keys()])) this.#account(run, left);
  }

  #missing(): number[] {
    const came = new Set(this.entries.items.map(({ mark }) => mark));
    return [...this.#sent.keys()].filter((mark) => !came.has(mark));
  }

  /** Accounts for events in a row that did not come. */
  #account(run: readonly number[], left: readonly Hole[]): void {
    const entries = this.entries.items;
    const what = `events ${run[0]} to ${run.at(-1)} of ${this.#sent.size}`;
    const after = entries.findIndex(({ mark }) => mark !== undefined && mark > run[0]);
    assert.ok(after >= 0, `Nothing came after ${what}`);
    const before = entries.findLastIndex(({ mark }, at) => at < after && mark !== undefined);
    const numbers = left.filter(({ at }) => at > before && at <= after)
      .reduce((sum, { first, last }) => sum + last - first + 1, 0);
    if (numbers >= run.length) return;
    const away = entries.slice(before + 1, after).flatMap(({ notice }) => notice ?? [])
      .filter(({ reason, first_seq }) =>
        reason === "asterisk" || reason === "started" || first_seq === undefined
      );
    const unseen = run.slice(0, run.length - numbers).filter((mark) =>
      !away.some((notice) => covers(notice, this.#sent.get(mark)))
    );
    assert.deepEqual(unseen, [], `Lost without a word: ${what}, at ${before} to ${after}`);
  }
}

/** Numbers that were left out before the entry at an index. */
interface Hole {
  readonly at: number;
  readonly epoch: string;
  readonly first: number;
  readonly last: number;
}

/** Asserts that the numbers of each subject rise, and returns what is left out. */
function leftOut(entries: readonly Entry[]): Hole[] {
  const holes: Hole[] = [];
  const last = new Map<string, Entry>();
  const begun = new Set<string>();
  entries.forEach((entry, at) => {
    const { subject, epoch, seq } = entry;
    const before = last.get(subject);
    const goesOn = before?.epoch === epoch;
    const name = `${subject} ${epoch}`;
    assert.ok(goesOn || !begun.has(name), `The numbering ${epoch} came back`);
    begun.add(name);
    last.set(subject, entry);
    const next = goesOn ? before.seq + 1 : 1;
    assert.ok(seq >= next, `Number ${seq} came where ${next} was due`);
    if (seq > next) holes.push({ at, epoch, first: next, last: seq - 1 });
  });
  return holes;
}

function assertNoticed({ epoch, first, last }: Hole, notices: readonly GapNotice[]): void {
  for (let seq = first; seq <= last; seq++) {
    const named = notices.some((notice) =>
      notice.epoch === epoch && (notice.first_seq ?? Infinity) <= seq &&
      seq <= (notice.last_seq ?? -1)
    );
    assert.ok(named, `Number ${seq} is missing, and no notice names it`);
  }
}

function covers({ from, to }: GapNotice, sent: Sent | undefined): boolean {
  const begin = from === undefined ? 0 : Date.parse(from);
  return sent !== undefined && sent.over >= begin && sent.begun <= Date.parse(to);
}

/** Puts numbers that follow each other in the whole list together. */
function runsOf(some: readonly number[], whole: readonly number[]): number[][] {
  const wanted = new Set(some);
  const runs: number[][] = [];
  whole.forEach((mark, at) => {
    if (!wanted.has(mark)) return;
    if (at > 0 && wanted.has(whole[at - 1])) runs.at(-1)?.push(mark);
    else runs.push([mark]);
  });
  return runs;
}

/** What the test calls the event in a message; -1 for one that is not of the test. */
export function markOf({ data }: BusMessage): number {
  const event = decodeJson(data);
  const { userevent } = isObject(event) ? event : {};
  return isObject(userevent) && userevent.mark !== undefined ? Number(userevent.mark) : -1;
}

function entryOf(message: BusMessage): Entry {
  const { subject, data, headers = {} } = message;
  const mark = markOf(message);
  return {
    subject,
    epoch: headers["Ari-Epoch"] ?? "",
    seq: Number(headers["Ari-Seq"]),
    mark: mark < 0 ? undefined : mark,
    notice: readGap(decodeJson(data)),
  };
}
