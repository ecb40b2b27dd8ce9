/**
 * Places in an event, as in `channel.caller.number` or `args[0]`.
 *
 * @module
 */

/** Names of members and numbers of items, from the outside to the inside. */
export type EventPath = readonly (string | number)[];

/** What stands in an event at a path; undefined when nothing does. */
export function valueAt(event: unknown, path: EventPath): unknown {
  let value = event;
  for (const step of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) {
      return undefined;
    }
    value = Reflect.get(value, step);
  }
  return value;
}

const step = /\.?([\p{L}_][\p{L}\p{N}_-]*)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]/uy;

/**
 * Reads a path from a text.
 *
 * @param text The text.
 * @param from Where the path begins.
 * @returns The path and where it ends; undefined when no path begins there.
 */
export function readPath(
  text: string,
  from = 0,
): { readonly path: EventPath; readonly end: number } | undefined {
  const path: (string | number)[] = [];
  step.lastIndex = from;
  let end = from;
  for (let match = step.exec(text); match; match = step.exec(text)) {
    const [whole, name, index, quoted] = match;
    // The first part has no dot, and two names have one between them.
    if (name !== undefined && whole.startsWith(".") === (path.length === 0)) break;
    if (name === undefined && path.length === 0) break;
    path.push(index !== undefined ? Number(index) : name ?? unquote(quoted));
    end = step.lastIndex;
  }
  return path.length > 0 ? { path, end } : undefined;
}

/** The text that stands in a string with escapes. */
export function unquote(text: string): string {
  return text.replace(/\\(.)/gsu, (_, char: string) => escapes.get(char) ?? char);
}

const escapes: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["t", "\t"],
  ["r", "\r"],
]);
