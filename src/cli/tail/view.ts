import { readEventHead } from "../../common/event_head.ts";
import { parseEvent } from "../../protocol/event_text.ts";
import { gapType } from "../../protocol/gap.ts";
import { readEventMarks } from "../../protocol/headers.ts";
import { eventLine } from "../events/line.ts";
import type { EventRecorder } from "../events/recorder.ts";
import type { Io } from "../io.ts";
import { complain } from "../report_failure.ts";
import type { TailFilter } from "./filter.ts";
import type { EventMessage } from "../events/recorder.ts";
import { watchNumbers } from "./tail_numbers.ts";
import type { TailWriter } from "./writer.ts";

/** What messages are shown with. */
export interface TailViewOptions {
  /** The process around it. */
  readonly io: Pick<Io, "stderr">;
  /** Which of them are wanted. */
  readonly filter: TailFilter;
  /** Where they go. */
  readonly writer: TailWriter;
  /** Where they go besides. @default nowhere */
  readonly recorder?: EventRecorder;
  /** Whether a program reads them, and not a person at a terminal. @default false */
  readonly forProgram?: boolean;
  /** Whether they are written by a template. @default false */
  readonly formatted?: boolean;
  /** How many events are wanted. @default Infinity */
  readonly count?: number;
  /** Whether to end when the call that is wanted is over. @default false */
  readonly untilOver?: boolean;
}

/** How long after the end of the last channel a call may go on with another one, in milliseconds. */
const settleTime = 1_000;

/** Shows messages, until there are enough of them. */
export class TailView implements Disposable {
  readonly #options: TailViewOptions;
  readonly #watch: ReturnType<typeof watchNumbers>;
  readonly #enough = new AbortController();
  #shown = 0;
  #live = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Begins with nothing shown. */
  constructor(options: TailViewOptions) {
    this.#options = options;
    this.#watch = watchNumbers(options.io);
  }

  /** How many events were shown, notices not counted. */
  get shown(): number {
    return this.#shown;
  }

  /** Aborts when all that was wanted has been shown. */
  get enough(): AbortSignal {
    return this.#enough.signal;
  }

  /** Takes note that the past has been shown: from now on a call can come to its end. */
  goLive(): void {
    this.#live = true;
    this.#look();
  }

  /** Shows a message if it is wanted. */
  readonly take = (message: EventMessage): void => {
    const { filter, writer, recorder, count = Infinity } = this.#options;
    const { subject, text, headers } = message;
    if (this.#enough.signal.aborted) return;
    const isGap = readEventHead(text).type === gapType;
    const marks = readEventMarks(headers);
    if (marks) this.#watch({ subject, marks, notice: isGap ? text : undefined });
    // One that is asked for by its name is an event as any other.
    const isNotice = isGap && !filter.namesGaps;
    if (!isNotice && !filter.wants(text)) return;
    // Who filters wants to know all the more that something may have been missed.
    recorder?.write(message);
    if (isNotice) return this.#notify(message);
    if (writer.write(subject, text)) this.#shown++;
    if (this.#shown >= count) this.#enough.abort();
    else this.#look();
  };

  /** A program that reads what it has asked for gets nothing else between it. */
  #notify({ subject, text }: EventMessage): void {
    const { io, filter, writer, forProgram = false, formatted = false } = this.#options;
    if (!formatted && !(forProgram && filter.isSelective)) return void writer.write(subject, text);
    const { application, node, matter } = eventLine(parseEvent(text) ?? {});
    complain(`${application} on ${node}: ${matter.replaceAll("  ", ", ")}`, io.stderr);
  }

  /** Ends. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }

  #look(): void {
    const { filter, untilOver } = this.#options;
    if (!untilOver || !this.#live) return;
    clearTimeout(this.#timer);
    if (filter.over) this.#timer = setTimeout(() => this.#enough.abort(), settleTime);
  }
}
