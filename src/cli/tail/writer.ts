/**
 * Writes what `tail` shows: aligned lines for people, the events as they came for programs.
 *
 * @module
 */
import { parseEvent } from "../../protocol/event_text.ts";
import type { FormattedEvent } from "../events/format.ts";
import { createEventPrinter } from "../events/line.ts";
import type { Io } from "../io.ts";
import { complain } from "../errors.ts";
import { printable, truncate } from "../table.ts";

/** Writes messages of the bus. When too much waits for a slow reader, messages are dropped. */
export interface TailWriter {
  /** Writes a message. Returns false when it is dropped. */
  write(subject: string, text: string): boolean;
  /** Reports what was dropped since the last report. */
  end(): void;
}

/**
 * Creates a writer for standard output.
 *
 * @param options.json Whether to write the events as they came on a terminal as well.
 * @param options.format Writes an event by a template.
 * @param options.limit Characters that may wait for a slow reader. @default 16 Mi
 */
export function createTailWriter(
  { stdout, stderr, env }: Pick<Io, "stdout" | "stderr" | "env">,
  { json = false, format, limit = 16 * 1024 * 1024 }: {
    readonly json?: boolean;
    readonly format?: (event: FormattedEvent) => string;
    readonly limit?: number;
  } = {},
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
  const reportLost = () => {
    if (lost > 0) complain(`Lost ${lost} events: the output was read too slowly`, stderr);
    lost = 0;
  };
  return {
    end: reportLost,
    write(subject, text) {
      if (stdout.pending > limit) {
        if (lost === 0) complain("Losing events: the output is read too slowly", stderr);
        lost++;
        return false;
      }
      reportLost();
      if (format) {
        stdout.write(`${format({ subject, text, event: parseEvent(text) ?? {} })}\n`);
      } else stdout.write(stdout.isTerminal && !json ? forPeople(subject, text) : asItCame(text));
      return true;
    },
  };
}

/** On one line. Asterisk writes no line breaks between the members; others may. */
function asItCame(text: string): string {
  if (!/[\r\n]/.test(text) || parseEvent(text) === undefined) return `${text}\n`;
  return `${text.trimEnd().replace(/[\r\n]+/g, " ")}\n`;
}
