import { type GapReason, gapText } from "../../protocol/gap.ts";
import { decodeJson, isObject } from "../../protocol/json.ts";
import { utcTime } from "../../protocol/time.ts";
import type { NumberedStream } from "./stream.ts";

/**
 * A moment: milliseconds since 1970, or the bytes of an event, which tells when it happened; they
 * are read only when the moment is asked for. Undefined when it is not known.
 */
export type Moment = number | Uint8Array | undefined;

/** A part of what is missing. */
export interface MissingPart {
  /** Why it is missing. */
  readonly reason: GapReason;
  /** One line for people. @default none, where the cause tells enough */
  readonly detail?: string;
  /** The last event before the part. */
  readonly before: Moment;
  /** Its end. */
  readonly end: Moment;
  /** First and last number, where the events have numbers. */
  readonly numbers?: readonly [first: number, last: number];
  /** Whether the events may have arrived. @default false */
  readonly doubtful?: boolean;
}

/** From the gravest cause to the least. */
const gravity: readonly GapReason[] = ["overflow", "too_large", "asterisk", "started", "bus"];

/** How many dialogs a notice goes to at the most. */
const maxDialogs = 100_000;
const maxDetails = 4;

/** Events that are missing in one place, for one cause or several: what one notice tells of. */
export class Gap {
  readonly #dialogs = new Set<string>();
  readonly #reasons = new Set<GapReason>();
  readonly #details = new Set<string>();
  readonly #before: Moment;
  #end: Moment;
  #numbers: readonly [number, number] | undefined;
  #doubtful: boolean;
  /** Whether all that is missing has numbers. */
  #numbered: boolean;
  /** How many were given up because too many waited. */
  #givenUp = 0;

  /** Makes it of its first part. */
  constructor(part: MissingPart) {
    this.#before = part.before;
    this.#end = part.end;
    this.#numbers = part.numbers;
    this.#doubtful = part.doubtful ?? false;
    this.#numbered = part.numbers !== undefined;
    this.#reasons.add(part.reason);
    if (part.detail) this.#details.add(part.detail);
  }

  /** The gravest cause. */
  get reason(): GapReason {
    return gravity.find((reason) => this.#reasons.has(reason)) ?? "asterisk";
  }

  /** When it ended. */
  get end(): Moment {
    return this.#end;
  }

  /** The dialogs whose copies are among the missing. */
  get dialogs(): readonly string[] {
    return [...this.#dialogs];
  }

  /** Takes one more event that was given up for want of room. It costs little. */
  giveUp(seq: number, event: Uint8Array, dialogs: readonly string[]): void {
    this.#reasons.add("overflow");
    this.#givenUp++;
    this.#numbers = [this.#numbers?.[0] ?? seq, seq];
    this.#end = event;
    this.concern(dialogs);
  }

  /** Takes note that copies for dialogs are missing. */
  concern(dialogs: Iterable<string>): void {
    for (const dialog of dialogs) {
      if (this.#dialogs.size >= maxDialogs) return;
      this.#dialogs.add(dialog);
    }
  }

  /** Takes what is missing later, or overlaps, into the same notice. */
  join(later: Gap): void {
    later.#reasons.forEach((reason) => this.#reasons.add(reason));
    for (const detail of later.#details) {
      if (this.#details.size < maxDetails) this.#details.add(detail);
    }
    this.concern(later.#dialogs);
    if (later.#numbers) {
      const [first, last] = later.#numbers;
      const [ownFirst, ownLast] = this.#numbers ?? later.#numbers;
      this.#numbers = [Math.min(first, ownFirst), Math.max(last, ownLast)];
    }
    this.#end = later.#end;
    this.#doubtful ||= later.#doubtful;
    this.#numbered &&= later.#numbered;
    this.#givenUp += later.#givenUp;
  }

  /** The text of the notice, with the time at which it is made. */
  text({ app, node, epoch }: NumberedStream, now: number): string {
    const timestamp = wireTimeOf(now);
    const [first_seq, last_seq] = this.#numbers ?? [];
    const details = [...this.#details];
    if (this.#givenUp > 0) {
      details.push(`Gave up ${this.#givenUp} events: too many waited for the bus`);
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
      certain: !this.#doubtful,
      asterisk_id: node,
      application: app,
    });
  }

  get #count(): number | undefined {
    if (!this.#numbers || !this.#numbered || this.#doubtful) return undefined;
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

/** Milliseconds since 1970 as Asterisk writes times. */
function wireTimeOf(millis: number): string {
  return new Date(millis).toISOString().replace("Z", "+0000");
}
