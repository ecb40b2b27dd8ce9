import { readEventHead } from "../../common/event_head.ts";
import { parseEvent } from "../../protocol/event_text.ts";
import { gapType, readGap } from "../../protocol/notice.ts";
import { type EventMarks, readEventMarks } from "../../protocol/headers.ts";
import { Sequence } from "../../protocol/sequence.ts";
import { eventLine } from "../events/line.ts";
import type { EventMessage, EventRecorder } from "../events/recorder.ts";
import type { Io } from "../io.ts";
import { complain } from "../errors.ts";
import type { TailFilter } from "./filter.ts";
import type { TailWriter } from "./writer.ts";

/** Options of {@linkcode TailView}. */
interface TailViewOptions {
  /** The process. */
  readonly io: Pick<Io, "stderr">;
  /** Which messages are shown. */
  readonly filter: TailFilter;
  /** Writes them. */
  readonly writer: TailWriter;
  /** Records them. @default nothing is recorded */
  readonly recorder?: EventRecorder;
  /** Whether a program reads them, and not a person at a terminal. @default false */
  readonly forProgram?: boolean;
  /** Whether they are written by a template. @default false */
  readonly formatted?: boolean;
  /** After how many events it ends. @default Infinity */
  readonly count?: number;
  /** Whether it ends when the call of the filter is over. @default false */
  readonly untilOver?: boolean;
}

/** How long after the end of its last channel a call may go on with another one, in milliseconds. */
const settleTime = 1_000;

/** Shows messages, until `--count` or `--until-over` is fulfilled. */
export class TailView implements Disposable {
  readonly #options: TailViewOptions;
  readonly #sequence = new Sequence();
  readonly #enough = new AbortController();
  #shown = 0;
  #live = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Creates a view that has shown nothing. */
  constructor(options: TailViewOptions) {
    this.#options = options;
  }

  /** How many events were shown, without notices. */
  get shown(): number {
    return this.#shown;
  }

  /** Aborts when no more is to be shown. */
  get enough(): AbortSignal {
    return this.#enough.signal;
  }

  /** Ends the history: from here on a call can be over. */
  goLive(): void {
    this.#live = true;
    this.#checkCall();
  }

  /** Shows a message, unless the filter leaves it out. */
  readonly take = (message: EventMessage): void => {
    const { filter, writer, recorder, count = Infinity } = this.#options;
    const { subject, text, headers } = message;
    if (this.#enough.signal.aborted) return;
    const isGap = readEventHead(text).type === gapType;
    const marks = readEventMarks(headers);
    if (marks) this.#checkNumber(subject, marks, isGap ? text : undefined);
    // A notice that is asked for by its name is an event like any other.
    const isNotice = isGap && !filter.namesGaps;
    if (!isNotice && !filter.accepts(text)) return;
    // A filter leaves no notice out: the events that it asks for may be among the missing ones.
    recorder?.write(message);
    if (isNotice) return this.#notify(message);
    if (writer.write(subject, text)) this.#shown++;
    if (this.#shown >= count) this.#enough.abort();
    else this.#checkCall();
  };

  /** Stops the timer. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }

  /** Reports the numbers that are missing before an event, unless the event is the notice of them. */
  #checkNumber(subject: string, marks: EventMarks, noticeText: string | undefined): void {
    const notice = noticeText === undefined ? undefined : readGap(parseEvent(noticeText));
    const { epoch, first_seq: first, last_seq: last } = notice ?? {};
    const reported = epoch && first && last ? { epoch, first, last } : undefined;
    const arrival = { subject, marks, time: "", ...(reported && { reported }) };
    for (const { first, last } of this.#sequence.see(arrival)) {
      const text = `Missed events on ${subject}: numbers ${first} to ${last} did not arrive`;
      complain(text, this.#options.io.stderr);
    }
  }

  /** Shows a notice, on standard error where a program would take it for an event. */
  #notify({ subject, text }: EventMessage): void {
    const { io, filter, writer, forProgram = false, formatted = false } = this.#options;
    if (!formatted && !(forProgram && filter.isSelective)) return void writer.write(subject, text);
    const { application, node, matter } = eventLine(parseEvent(text) ?? {});
    complain(`${application} on ${node}: ${matter.replaceAll("  ", ", ")}`, io.stderr);
  }

  #checkCall(): void {
    const { filter, untilOver } = this.#options;
    if (!untilOver || !this.#live) return;
    clearTimeout(this.#timer);
    if (filter.over) this.#timer = setTimeout(() => this.#enough.abort(), settleTime);
  }
}
