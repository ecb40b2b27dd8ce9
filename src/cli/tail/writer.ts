/**
 * Where `tail` writes: aligned lines for people, the events as they came for programs.
 *
 * @module
 */
import { parseEvent } from "../../protocol/event_text.ts";
import type { FormattedEvent } from "../events/format.ts";
import { createEventPrinter } from "../events/line.ts";
import type { Io } from "../io.ts";
import { complain } from "../report_failure.ts";
import { printable, truncate } from "../table.ts";

/** Characters that may wait for a slow reader; what comes then is dropped. */
const LIMIT = 16 * 1024 * 1024;

/** Writes what comes from the bus. */
export interface TailWriter {
  /** Writes a message. Returns false when it was dropped. */
  write(subject: string, text: string): boolean;
  /** Says what was dropped and not told yet. */
  end(): void;
}

/** Options of {@linkcode createTailWriter}. */
export interface TailWriterOptions {
  /** Whether to write the events as they come on a terminal as well. @default false */
  readonly json?: boolean;
  /** Writes an event in its own way, everywhere. @default as a line for people or as it came */
  readonly format?: (event: FormattedEvent) => string;
  /** Characters that may wait for a slow reader. @default 16 Mi */
  readonly limit?: number;
}

/** Makes a writer for standard output. */
export function createTailWriter(
  { stdout, stderr, env }: Pick<Io, "stdout" | "stderr" | "env">,
  { json = false, format, limit = LIMIT }: TailWriterOptions = {},
): TailWriter {
  const color = !env("NO_COLOR") && env("TERM") !== "dumb";
  const print = createEventPrinter({ color });
  const forPeople = (subject: string, text: string): string => {
    const event = parseEvent(text);
    const line = event && typeof event.type === "string"
      ? print(event, stdout.columns)
      : truncate(`${printable(subject)}  ${printable(text)}`, stdout.columns);
    return `${line}\n`;
  };
  let lost = 0;
  const tellLost = () => {
    if (lost > 0) complain(`Lost ${lost} events: the output was read too slowly`, stderr);
    lost = 0;
  };
  return {
    end: tellLost,
    write(subject, text) {
      if (stdout.pending > limit) {
        if (lost === 0) complain("Losing events: the output is read too slowly", stderr);
        lost++;
        return false;
      }
      tellLost();
      if (format) {
        stdout.write(`${format({ subject, text, event: parseEvent(text) ?? {} })}\n`);
      } else stdout.write(stdout.isTerminal && !json ? forPeople(subject, text) : asItCame(text));
      return true;
    },
  };
}

/** On one line. Line breaks in JSON are blanks between its parts; Asterisk writes none. */
function asItCame(text: string): string {
  if (!/[\r\n]/.test(text) || parseEvent(text) === undefined) return `${text}\n`;
  return `${text.trimEnd().replace(/[\r\n]+/g, " ")}\n`;
}
