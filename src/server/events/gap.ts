/**
 * What one notice of missing events reports.
 *
 * @module
 */
import { type GapReason, gapText } from "../../protocol/notice.ts";
import { decodeJson, isObject } from "../../protocol/json.ts";
import type { Coordinates } from "../../protocol/key.ts";
import { utcTime } from "../../protocol/time.ts";

/**
 * A moment: milliseconds since 1970, or the bytes of an event, which are parsed for its time only when
 * that is needed. Undefined when it is not known.
 */
export type Moment = number | Uint8Array | undefined;

/** Missing events with one cause. */
export interface GapPart {
  readonly reason: GapReason;
  /** One line for people. @default none, where the cause is enough */
  readonly detail?: string;
  /** The last event before them. */
  readonly before: Moment;
  readonly end: Moment;
  /** First and last number, where the events have numbers. */
  readonly numbers?: readonly [first: number, last: number];
  /** Whether the events may have reached listeners. @default false */
  readonly uncertain?: boolean;
}

/** From the most severe cause to the least. */
const severity: readonly GapReason[] = ["overflow", "too_large", "asterisk", "started", "bus"];

/** How many dialogs a notice goes to at most. */
const maxDialogs = 100_000;
const maxDetails = 4;

/** Events that are missing in one place, for one cause or several. */
export class Gap {
  readonly #dialogs = new Set<string>();
  readonly #reasons = new Set<GapReason>();
  readonly #details = new Set<string>();
  readonly #before: Moment;
  #end: Moment;
  #numbers: readonly [number, number] | undefined;
  #uncertain: boolean;
  /** Whether all that is missing has numbers. */
  #numbered: boolean;
  /** How many events were dropped because the queue was full. */
  #dropped = 0;

  /** Makes a gap of its first part. */
  constructor(part: GapPart) {
    this.#before = part.before;
    this.#end = part.end;
    this.#numbers = part.numbers;
    this.#uncertain = part.uncertain ?? false;
    this.#numbered = part.numbers !== undefined;
    this.#reasons.add(part.reason);
    if (part.detail) this.#details.add(part.detail);
  }

  /** The most severe cause. */
  get reason(): GapReason {
    return severity.find((reason) => this.#reasons.has(reason)) ?? "asterisk";
  }

  /** The moment of the last missing event. */
  get end(): Moment {
    return this.#end;
  }

  /** The dialogs whose copies are missing. */
  get dialogs(): readonly string[] {
    return [...this.#dialogs];
  }

  /** Adds an event that was dropped because the queue was full. Cheap. */
  addDropped(seq: number, event: Uint8Array, dialogs: readonly string[]): void {
    this.#reasons.add("overflow");
    this.#dropped++;
    this.#numbers = [this.#numbers?.[0] ?? seq, seq];
    this.#end = event;
    this.addDialogs(dialogs);
  }

  /** Adds dialogs whose copies are missing. */
  addDialogs(dialogs: Iterable<string>): void {
    for (const dialog of dialogs) {
      if (this.#dialogs.size >= maxDialogs) return;
      this.#dialogs.add(dialog);
    }
  }

  /** Adds a gap that is later or overlaps, so that one notice reports both. */
  join(later: Gap): void {
    later.#reasons.forEach((reason) => this.#reasons.add(reason));
    for (const detail of later.#details) {
      if (this.#details.size < maxDetails) this.#details.add(detail);
    }
    this.addDialogs(later.#dialogs);
    if (later.#numbers) {
      const [first, last] = later.#numbers;
      const [ownFirst, ownLast] = this.#numbers ?? later.#numbers;
      this.#numbers = [Math.min(first, ownFirst), Math.max(last, ownLast)];
    }
    this.#end = later.#end;
    this.#uncertain ||= later.#uncertain;
    this.#numbered &&= later.#numbered;
    this.#dropped += later.#dropped;
  }

  /**
   * The text of the notice.
   *
   * @param now Its timestamp, in milliseconds since 1970.
   */
  text({ app, node, epoch }: Coordinates & { readonly epoch: string }, now: number): string {
    const timestamp = wireTimeOf(now);
    const [first_seq, last_seq] = this.#numbers ?? [];
    const details = [...this.#details];
    if (this.#dropped > 0) {
      details.push(`Dropped ${this.#dropped} events: the queue for the bus was full`);
    }
    return gapText({
      timestamp,
      reason: this.reason,
      detail: details.join("; "),
      from: this.#reasons.has("started") ? undefined : timeOf(this.#before),
      to: timeOf(this.#end) ?? timestamp,
      epoch,
      first_seq,
      last_seq,
      count: this.#count,
      certain: !this.#uncertain,
      asterisk_id: node,
      application: app,
    });
  }

  get #count(): number | undefined {
    if (!this.#numbers || !this.#numbered || this.#uncertain) return undefined;
    const [first, last] = this.#numbers;
    return last - first + 1;
  }
}

function timeOf(moment: Moment): string | undefined {
  if (moment === undefined) return undefined;
  if (typeof moment === "number") return wireTimeOf(moment);
  const event = decodeJson(moment);
  return isObject(event) ? utcTime(event.timestamp) : undefined;
}

/** Milliseconds since 1970 in the format of Asterisk's times. */
function wireTimeOf(millis: number): string {
  return new Date(millis).toISOString().replace("Z", "+0000");
}
