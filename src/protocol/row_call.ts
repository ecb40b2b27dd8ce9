/**
 * What the columns of a row make of a request: its input, and its call to Asterisk.
 *
 * @module
 */
import { entities, type EntityKind } from "./entity.ts";
import { errorTexts, invalid } from "./errors.ts";
import { isObject } from "./json.ts";
import type { Coordinates } from "./key.ts";
import type { Kind, Payload } from "./kinds.ts";
import type { MintKind } from "./mint.ts";
import type { Input, Operation } from "./operation.ts";
import { operations } from "./operations.ts";
import type { Request } from "./request.ts";
import { type AriCall, fillRoute, routeNames, type RouteValues } from "./route.ts";

/** What a request is completed with. */
export interface Completion {
  /** The proxy. */
  readonly self: Coordinates;
  /** Makes an ID. */
  mint(kind: MintKind): string;
}

/**
 * The call to Asterisk that carries out a request: for kinds that only look whether something is
 * there, that look; undefined for those that need none.
 *
 * @throws {AriProxyError} When the request cannot be carried out.
 */
export function mainCall<K extends Kind>(
  request: Request<K>,
  completion: Completion,
): AriCall | undefined {
  const row: Operation<K> = operations[request.kind];
  const input = completeInput(row, request, completion);
  return callOf(row, input) ?? (row.probe && fillRoute(row.probe, { id: input.id }));
}

/** The call that the request itself tells, or the one of the row; undefined when there is none. */
export function callOf<K extends Kind>(
  row: Operation<K>,
  input: Input<Payload<K>>,
): AriCall | undefined {
  if (row.given) return row.given(input);
  return row.call && fillRoute(row.call, pathValues(row, input), {
    query: row.query?.(input),
    body: row.body?.(input),
  });
}

/** Kind of the entity that the key's ID names. */
export function about<K extends Kind>(row: Operation<K>): EntityKind {
  return row.about ?? row.entity;
}

/**
 * What the columns see of a request, with what was left to the proxy filled in.
 *
 * @throws {AriProxyError} With the text for the answer, when the request cannot be carried out.
 */
export function completeInput<K extends Kind>(
  row: Operation<K>,
  { key, payload }: Request<K>,
  { self, mint }: Completion,
): Input<Payload<K>> {
  const given: Input<Payload<K>> = { id: key.id ?? "", key, payload, self };
  const refusal = row.refuse?.(given);
  if (refusal) throw invalid(refusal);
  const input = { ...given, ...row.complete?.(given, mint) };
  if (!input.id && needsId(row)) {
    const { what, missing } = entities[about(row)];
    throw invalid(row.noId ?? errorTexts.noId(missing ?? what));
  }
  return input;
}

/** Tells whether a kind is about an entity that the key has to name. */
function needsId<K extends Kind>(row: Operation<K>): boolean {
  const inRoute = [row.call, row.probe].some((route) => route && routeNames(route).includes("id"));
  const ofOne = row.class === "data" || row.class === "get";
  return inRoute || row.noId !== undefined ||
    (ofOne && row.reply !== "keys" && !["asterisk", "history"].includes(row.entity));
}

/** Values for the braces of a route: the ID, the texts of the payload, and what the row adds. */
function pathValues<K extends Kind>(
  row: Operation<K>,
  input: Input<Payload<K>>,
): RouteValues {
  const values: Record<string, string> = {};
  const payload: unknown = input.payload;
  for (const [name, value] of Object.entries(isObject(payload) ? payload : {})) {
    if (typeof value === "string") values[name] = value;
  }
  return { ...values, id: input.id, ...row.path?.(input) };
}
