import { gapType } from "../../protocol/gap.ts";
import type { JsonObject } from "../../protocol/json.ts";
import { type EventLine, eventLine } from "./line.ts";
import { pad, printable, truncate, width } from "../table.ts";

/** Options of {@linkcode createEventPrinter}. */
export interface EventPrinterOptions {
  /** Whether to use colours. @default false */
  readonly color?: boolean;
}

/** The columns before what matters, with what to begin and end their colour. */
const columns = [
  ["time", "\x1b[2m", "\x1b[22m"],
  ["node", "\x1b[2m", "\x1b[22m"],
  ["application", "\x1b[36m", "\x1b[39m"],
  ["type", "\x1b[1m", "\x1b[22m"],
] as const;

/** On a terminal narrower than this, in characters, a column that tells nothing makes room. */
const wide = 120;

/**
 * Makes a function that turns events into lines of a terminal. Columns are as wide as the widest
 * value so far, so that the lines stay aligned. On a narrow terminal node and application stand there
 * only once there are several.
 */
export function createEventPrinter(
  { color = false }: EventPrinterOptions = {},
): (event: JsonObject, terminalWidth: number) => string {
  const widths: Record<keyof EventLine, number> = {
    time: 12,
    node: 0,
    application: 0,
    type: 20,
    matter: 0,
  };
  const seen = { node: new Set<string>(), application: new Set<string>() };
  return (event, terminalWidth) => {
    const line = eventLine(event);
    let left = terminalWidth;
    let result = "";
    for (const [column, begin, end] of columns) {
      const text = printable(line[column]);
      widths[column] = Math.max(widths[column], width(text));
      if (column === "node" || column === "application") {
        if (text !== "") seen[column].add(text);
        if (seen[column].size < 2 && terminalWidth < wide) continue;
      }
      const cell = truncate(`${pad(text, widths[column])}  `, left);
      left -= width(cell);
      result += color ? `${begin}${cell}${end}` : cell;
    }
    result += left > 0 ? truncate(printable(line.matter), left) : "";
    if (!color) return result.trimEnd();
    // What is missing must not be overlooked among what is there.
    return line.type === gapType ? `\x1b[33m${result}\x1b[39m` : result;
  };
}
