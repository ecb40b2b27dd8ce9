/**
 * Text in lines of a width.
 *
 * @module
 */
import { pad, width as widthOf } from "../table.ts";

/** The widest that the first of two columns gets; what is longer has a line of its own. */
const WIDEST_NAME = 26;

/** Words in lines of at most a width, unless a word is longer than that. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter((word) => word !== "")) {
    const last = lines.at(-1);
    if (last === undefined || widthOf(last) + 1 + widthOf(word) > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/** Names and what they are, in two columns that are indented. */
export function twoColumns(
  rows: readonly (readonly [name: string, text: string])[],
  width: number,
): string[] {
  const widest = Math.max(0, ...rows.map(([name]) => widthOf(name)));
  const column = Math.min(widest, WIDEST_NAME) + 4;
  return rows.flatMap(([name, text]) => {
    const lines = wrap(text, width - column);
    const alone = widthOf(name) + 4 > column;
    const first = alone ? [`  ${name}`] : [`${pad(`  ${name}`, column)}${lines.shift() ?? ""}`];
    return [...first, ...lines.map((line) => `${" ".repeat(column)}${line}`)]
      .map((line) => line.trimEnd());
  });
}
