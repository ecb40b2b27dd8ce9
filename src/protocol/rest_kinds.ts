/**
 * Finds the kinds of requests that do what a call to Asterisk does, whatever its parameters.
 *
 * @module
 */
import { asteriskSegments, operations, twinOf } from "./api/lookup.ts";
import type { RestOperation } from "./api/operations.ts";
import type { Kind } from "./kinds.ts";
import { kinds, operations as rows } from "./operations.ts";
import { type AriCall, splitRoute } from "./route.ts";

/**
 * The segments of a call's path in all ways in which the same can be asked for: with the ID of what it
 * creates, and without it, which may be in the query or body as well. An ID that is not known is empty.
 */
export function waysOfCall(call: Pick<AriCall, "method" | "path">): string[][] {
  const segments = asteriskSegments(call.path);
  const operation = operations.find(call);
  const twin = operation && twinOf(operation);
  if (!twin) return [segments];
  const other = twin.length < operation.length ? segments.slice(0, -1) : [...segments, ""];
  return [segments, other];
}

/** The kinds whose call is that of the method and the path; none for what no kind does. */
export function kindsOfCall(call: Pick<AriCall, "method" | "path">): readonly Kind[] {
  const operation = operations.find(call);
  if (!operation) return [];
  const twin = twinOf(operation);
  return [operation, ...(twin ? [twin] : [])].flatMap((name) => kindsByOperation.get(name) ?? []);
}

const kindsByOperation: ReadonlyMap<RestOperation | undefined, readonly Kind[]> = Map.groupBy(
  kinds,
  (kind) => {
    const { call, made } = rows[kind];
    // The steps that stage something ask for one entity and speak of another.
    if (!call || made && call.startsWith("GET ")) return undefined;
    return operations.find(splitRoute(call));
  },
);
