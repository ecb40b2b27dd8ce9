/**
 * Paths to members of an event, such as `channel.caller.number` or `args[0]`.
 *
 * @module
 */

/** Names of members and indexes of items, from the outside to the inside. */
export type EventPath = readonly (string | number)[];

/** The value at a path; undefined when there is none. */
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
 * Parses the path that begins at an index of a text.
 *
 * @returns The path and the index of its end; undefined when no path begins there.
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

/** Replaces the escapes of a quoted text. */
export function unquote(text: string): string {
  return text.replace(/\\(.)/gsu, (_, char: string) => escapes.get(char) ?? char);
}

const escapes: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["t", "\t"],
  ["r", "\r"],
]);
