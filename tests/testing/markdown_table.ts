/**
 * Tables in Markdown, formatted.
 *
 * @module
 */
import { pad, width } from "../../src/cli/table.ts";

/** A table with aligned columns, a line end behind each line. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => width(row[column]))));
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |\n`;
  const [first, ...body] = all.map((row) => line(row.map((cell, i) => pad(cell, widths[i]))));
  return [first, line(widths.map((columns) => "-".repeat(columns))), ...body].join("");
}
