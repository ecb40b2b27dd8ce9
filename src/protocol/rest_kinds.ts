/**
 * Finds the kinds of requests that do what a call to Asterisk does, whatever its parameters.
 *
 * @module
 */
import { asteriskSegments } from "./find_operation.ts";
import type { Kind } from "./kinds.ts";
import { kinds, operations } from "./operations.ts";
import { type AriCall, isPlaceholder, splitRoute } from "./route.ts";

/** Calls by POST whose path can also end in the ID of what they make. */
const making: readonly (readonly string[])[] = [
  ["channels"],
  ["channels", "*", "play"],
  ["channels", "*", "snoop"],
  ["bridges"],
  ["bridges", "*", "play"],
];
/** What stands in the place of such an ID and is none, but a call of its own. */
const calls = ["create", "externalMedia"];

/**
 * The segments of a call's path in all ways in which the same can be asked for: with the ID of what it
 * makes, and without it, which may stand in the query or body as well. An ID that is not told is empty.
 */
export function waysOfCall({ method, path }: Pick<AriCall, "method" | "path">): string[][] {
  const segments = asteriskSegments(path);
  if (method !== "POST") return [segments];
  if (makes(segments)) return [segments, [...segments, ""]];
  const shorter = segments.slice(0, -1);
  const [last = ""] = segments.slice(-1);
  return makes(shorter) && !calls.includes(last) ? [segments, shorter] : [segments];
}

function makes(segments: readonly string[]): boolean {
  return making.some((parts) =>
    parts.length === segments.length &&
    parts.every((part, i) => part === "*" || part === segments[i])
  );
}

/**
 * The kinds whose call has the method and the path; none for what no kind does.
 *
 * An ID of what is made may be missing from the path, or stand at its end: Asterisk takes it in
 * both ways.
 */
export function kindsOfCall({ method, path }: Pick<AriCall, "method" | "path">): Kind[] {
  const segments = asteriskSegments(path);
  let best = "";
  let found: Kind[] = [];
  for (const kind of kinds) {
    const fit = fitOf(kind, method, segments);
    if (fit === undefined || fit < best) continue;
    if (fit > best) found = [];
    best = fit;
    found.push(kind);
  }
  return found;
}

/**
 * How a path fits a kind's route, a letter for each segment: `w` for a word that is the same, `v` for
 * a value. Of two routes Asterisk takes the one with the earlier word, which is the greater text.
 */
function fitOf(kind: Kind, method: string, segments: readonly string[]): string | undefined {
  const { call, complete, made } = operations[kind];
  // The steps that stage something ask for one entity and speak of another.
  if (call === undefined || made && call.startsWith("GET ")) return undefined;
  const { method: verb, segments: parts } = splitRoute(call);
  if (verb !== method) return undefined;
  if (complete && parts.length === segments.length + 1 && isPlaceholder(parts.at(-1))) parts.pop();
  if (complete && parts.length === segments.length - 1 && !isPlaceholder(parts.at(-1))) {
    parts.push("{id}");
  }
  if (parts.length !== segments.length) return undefined;
  const fits = parts.map((part, i) =>
    isPlaceholder(part) ? "v" : part === segments[i] ? "w" : undefined
  );
  return fits.includes(undefined) ? undefined : fits.join("");
}
