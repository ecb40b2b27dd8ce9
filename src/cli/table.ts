/**
 * Text for terminals: tables, lists of names and values, without control characters.
 *
 * @module
 */
import { isObject } from "../protocol/json.ts";

/** Options of {@linkcode tableLines}. */
interface TableOptions {
  /** The maximum width, in characters. @default unlimited */
  readonly columns?: number;
  /** Headings of the columns that are left out when it is too wide, in this order. @default none */
  readonly spare?: readonly string[];
}

/**
 * Lines of a table, with a line of headings, columns padded and separated by two blanks. An empty
 * column is left out.
 */
export function tableLines(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  { columns = Infinity, spare = [] }: TableOptions = {},
): string[] {
  const all = [headings, ...rows.map((row) => row.map(printable))];
  const widths = headings.map((_, column) => Math.max(...all.map((row) => width(row[column]))));
  let kept = headings.map((_, column) => column).filter((column) =>
    rows.length === 0 || rows.some((row) => row[column])
  );
  for (const heading of spare) {
    const total = kept.reduce((sum, column) => sum + widths[column] + 2, -2);
    if (total <= columns) break;
    kept = kept.filter((column) => headings[column] !== heading);
  }
  return all.map((row) =>
    kept.map((column) => pad(row[column], widths[column])).join("  ").trimEnd()
  );
}

/** Lines of names and values: nested members have names with dots. */
export function memberLines(value: unknown): string[] {
  const members = flatten(value, "");
  const widest = Math.max(0, ...members.map(([name]) => width(name)));
  return members.map(([name, text]) => `${pad(name, widest)}  ${text}`.trimEnd());
}

/** A number and its noun, which takes an `s` in the plural. */
export function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

// Control characters, line ends, and characters that change the direction of writing.
const CONTROL = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** The text with control characters, which a terminal would interpret, replaced. */
export function printable(text: string): string {
  return text.replace(CONTROL, "\ufffd");
}

/** The text on one line, control characters escaped as `\n` or `\u001b`. */
export function escaped(text: string): string {
  return text.replace(CONTROL, (character) => {
    const quoted = JSON.stringify(character).slice(1, -1);
    if (quoted !== character) return quoted;
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

/** Number of characters. */
export function width(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** The text, with blanks up to a width. */
export function pad(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - width(text)));
}

/** The text, cut to a width; the last character is then an ellipsis. */
export function truncate(text: string, columns: number): string {
  if (width(text) <= columns) return text;
  return columns > 0 ? `${[...text].slice(0, columns - 1).join("")}…` : "";
}

function flatten(value: unknown, name: string): [string, string][] {
  const below = (key: string | number) => name === "" ? `${key}` : `${name}.${key}`;
  if (Array.isArray(value)) {
    if (value.every((item) => typeof item !== "object")) {
      return [[name, printable(value.join(", "))]];
    }
    return value.flatMap((item, index) => flatten(item, below(index)));
  }
  if (isObject(value)) {
    return Object.entries(value).flatMap(([key, item]) => flatten(item, below(printable(key))));
  }
  return value === null || value === undefined || value === ""
    ? []
    : [[name, printable(String(value))]];
}
