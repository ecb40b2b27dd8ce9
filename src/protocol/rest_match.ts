/**
 * Finds the kind of request that does what a call to Asterisk's REST interface does, so that the
 * call can go to proxies that know kinds only.
 *
 * What a row makes of its payload is found out by trying: each text of the payload gets a mark, and
 * the marks are looked for in the query and body that the row makes.
 *
 * @module
 */
import { isObject, type JsonObject } from "./json.ts";
import type { Kind, Payload } from "./kinds.ts";
import type { Operation } from "./operation.ts";
import { kinds, operations } from "./operations.ts";
import { type RestMethod, restSegments } from "./rest.ts";
import type { AnyShape } from "./shape.ts";

/** A request that stands for a call. */
export interface RestMatch {
  /** Its kind. */
  readonly kind: Kind;
  /** ID for its key; empty when the call names none. */
  readonly id: string;
  /** Its payload, not checked yet; undefined when the kind has none. */
  readonly payload: JsonObject | undefined;
}

/**
 * The request for a call, if there is a kind that can say all of it.
 *
 * @param parameters Query parameters of the call.
 * @throws {AriProxyError} With the code `invalid` for what is no path.
 */
export function matchRest(
  method: RestMethod,
  path: string,
  parameters: Readonly<Record<string, string>>,
): RestMatch | undefined {
  const segments = restSegments(path);
  for (const kind of kinds) {
    const match = matchKind(kind, method, { segments, parameters });
    if (match) return match;
  }
  return undefined;
}

interface Wanted {
  readonly segments: readonly string[];
  readonly parameters: Readonly<Record<string, string>>;
}

function matchKind<K extends Kind>(
  kind: K,
  method: RestMethod,
  { segments, parameters }: Wanted,
): RestMatch | undefined {
  const row: Operation<K> = operations[kind];
  const shape = operations[kind].payload?.shape;
  // The steps that stage something ask for one entity and speak of another.
  if (row.made && row.call?.startsWith("GET ")) return undefined;
  const captured = row.call && capture(row.call, method, { segments, open: !!row.complete });
  if (!captured) return undefined;
  const id = row.path && !shape ? Object.values(captured).join("/") : captured.id ?? "";
  const marks = marked(shape ?? {});
  const places = placesOf(row, { id, payload: marks as Payload<K> });
  const payload: Record<string, unknown> = {};
  const given = { ...parameters };
  for (const [name, value] of Object.entries(captured)) {
    if (name !== "id" && shape && name in shape) payload[name] = value;
  }
  for (const [name, place] of Object.entries(places)) {
    const value = given[name];
    delete given[name];
    if (typeof place === "object") {
      if (value !== undefined) put(payload, place.at, value);
    } else if (place !== (value ?? "") && !(place === id && value === undefined)) return undefined;
  }
  if (Object.keys(given).length > 0) return undefined;
  return { kind, id, payload: shape && payload };
}

/**
 * The values of the braces in a route, by name; undefined when the path is another one.
 *
 * @param open Whether the last brace may be left to the proxy.
 */
function capture(
  route: string,
  method: RestMethod,
  { segments, open }: { readonly segments: readonly string[]; readonly open: boolean },
): Record<string, string> | undefined {
  const [verb, template] = route.split(" ");
  const parts = template.slice(1).split("/");
  const last = parts.at(-1) ?? "";
  if (open && last.startsWith("{") && segments.length === parts.length - 1) parts.pop();
  if (verb !== method || parts.length !== segments.length) return undefined;
  const values: Record<string, string> = {};
  for (const [i, part] of parts.entries()) {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name) values[name] = segments[i];
    else if (part !== segments[i]) return undefined;
  }
  return values;
}

const mark = "\u0001";

/** A payload in which each text is a mark that tells its place. */
function marked(shape: AnyShape, path: readonly string[] = []): JsonObject {
  const entries = Object.entries(shape).flatMap(([name, field]): [string, unknown][] => {
    const at = [...path, name];
    if (typeof field === "string") {
      return field.startsWith("string") && !field.startsWith("strings")
        ? [[name, mark + at.join(mark)]]
        : [];
    }
    return "object" in field ? [[name, marked(field.object, at)]] : [];
  });
  return Object.fromEntries(entries);
}

/** Where a parameter of a call comes from: a place in the payload, or a fixed text. */
type Place = string | { readonly at: readonly string[] };

/** What a row makes of a payload: for each parameter, where it comes from. */
function placesOf<K extends Kind>(
  row: Operation<K>,
  { id, payload }: { readonly id: string; readonly payload: Payload<K> },
): Readonly<Record<string, Place>> {
  const input = { id, key: { id }, payload, self: { app: "", node: "" } };
  const made = { ...row.query?.(input), ...row.body?.(input) };
  const places: Record<string, Place> = {};
  for (const [name, value] of Object.entries(made)) {
    if (typeof value === "string" && value.startsWith(mark)) {
      places[name] = { at: value.slice(1).split(mark) };
    } else if (typeof value === "string" && value) places[name] = value;
  }
  return places;
}

function put(object: Record<string, unknown>, path: readonly string[], value: string): void {
  const [name, ...rest] = path;
  if (rest.length === 0) {
    object[name] = value;
    return;
  }
  const inner = object[name];
  const next: Record<string, unknown> = isObject(inner) ? { ...inner } : {};
  object[name] = next;
  put(next, rest, value);
}
