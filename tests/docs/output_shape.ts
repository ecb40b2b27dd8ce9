/**
 * Compares what a document shows with what a command writes: times, IDs, versions, addresses and
 * durations may differ, and so may the width of columns. `…` in a line of a document matches any
 * text, and a line with nothing else for any lines.
 *
 * @module
 */

/** What differs from run to run, and its placeholder. The order counts. */
const varying: readonly (readonly [RegExp, string])[] = [
  // deno-lint-ignore no-control-regex -- colours of a terminal
  [/\u001b\[[\d;?]*[A-Za-z]/g, ""],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?/g, "<time>"],
  [/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?/g, "<time>"],
  [/\b\d\d:\d\d:\d\d\.\d+\b/g, "<clock>"],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, "<uuid>"],
  [/\b[0-7][0-9a-hjkmnp-tv-z]{25}\b/g, "<id>"],
  [/\b\d{10}\.\d+\b/g, "<id>"],
  [/^((?:S: )?H?MSG \S+ \d+) \d+.*$/g, "$1 <sizes>"],
  [/\bAri-Seq: \d+/g, "Ari-Seq: <number>"],
  [/-[0-9a-f]{8}(?=[;"\s)]|$)/g, "-<number>"],
  [/\b(127\.0\.0\.1|0\.0\.0\.0|localhost):\d+\b/g, "<address>"],
  [/\b\d+\.\d+\.\d+\b([+~][\w.+~-]*)?/g, "<version>"],
  [/\b(\d+d)?(\d+h)?(\d+m)?\d+(\.\d+)? ?m?s\b/g, "<duration>"],
  [/\s{2,}|\t/g, "  "],
  [/[-─━]{4,}/g, "───"],
];

/** A line without what differs from run to run. */
export function shapeOf(line: string): string {
  return varying.reduce((text, [pattern, word]) => text.replaceAll(pattern, word), line).trimEnd();
}

/** Whether a line that was written is the one that is shown. */
export function isShapedAs(shown: string, written: string): boolean {
  const parts = shapeOf(shown).split("…").map((part) => RegExp.escape(part));
  return new RegExp(`^${parts.join(".*")}$`).test(shapeOf(written));
}

/**
 * The first line that is shown but was not written; undefined when all were.
 *
 * @param options Whether lines may have been written besides those that are shown.
 */
export function missingLine(
  shown: readonly string[],
  written: readonly string[],
  { among }: { readonly among: boolean },
): string | undefined {
  let at = 0;
  let loose = among;
  for (const line of shown) {
    if (line.trim() === "…") {
      loose = true;
      continue;
    }
    const found = written.findIndex((text, index) => index >= at && isShapedAs(line, text));
    if (found < 0 || (!loose && found > at)) return line;
    at = found + 1;
    loose = among;
  }
  return loose || at >= written.length ? undefined : `(nothing more than ${shown.length} lines)`;
}
