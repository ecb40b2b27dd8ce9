/**
 * Finds the kind of request that does what a call to Asterisk's REST interface does, so that the
 * call can be sent to proxies that do not have the kind `Rest`.
 *
 * @module
 */
import { operations } from "../../protocol/api/lookup.ts";
import type { RestOperation } from "../../protocol/api/operation_types.ts";
import { isObject, type JsonObject } from "../../protocol/json.ts";
import { type AnyRow, type Column, theId } from "../../protocol/kinds/columns.ts";
import { type Kind, kindsOf, rowOf } from "../../protocol/kinds/kinds.ts";
import {
  isPlaceholder,
  joinPath,
  type RestMethod,
  restSegments,
  splitRoute,
} from "../../protocol/ari_call.ts";
import { type AnyField, leafOf } from "../../protocol/shape.ts";

/** The request of a kind that does the same as a call. */
interface KindMatch {
  /** Its kind. */
  readonly kind: Kind;
  /** ID for its key; empty when the call names none. */
  readonly id: string;
  /** Its payload, not checked yet; undefined when the kind has none. */
  readonly payload: JsonObject | undefined;
}

/**
 * The request for a call, if there is a kind that can express all of it.
 *
 * @param parameters Query parameters of the call.
 * @throws {AriProxyError} With the code `invalid` for what is not a path.
 */
export function matchKind(
  method: RestMethod,
  path: string,
  parameters: Readonly<Record<string, string>>,
): KindMatch | undefined {
  const segments = restSegments(path);
  const operation = operations.find({ method, path: joinPath(segments) });
  if (!operation) return undefined;
  const given = { ...parameters, ...inPath(operation, segments) };
  for (const kind of kindsOf(operation)) {
    // An ID in the path is not moved to another place.
    if (rowOf(kind).call!.length < operation.length) continue;
    const match = matchRow(kind, given);
    if (match) return match;
  }
  return undefined;
}

/** The values in a path, by the names that its operation gives them. */
function inPath(operation: RestOperation, segments: readonly string[]): Record<string, string> {
  const places = splitRoute(operation).segments.map((part, i) => [part, segments[i]] as const);
  return Object.fromEntries(
    places.filter(([part]) => isPlaceholder(part)).map((
      [part, value],
    ) => [part.slice(1, -1), value]),
  );
}

/** The columns of a row by the name of their parameter, those of the path included. */
function columnsOf({ call = "GET /channels", path, query, body }: AnyRow): Record<string, Column> {
  const inRoute = splitRoute(call).segments.filter(isPlaceholder).map((part) => part.slice(1, -1));
  const places = path ?? Object.fromEntries(inRoute.map((name) => [name, theId]));
  // A function cannot be read backwards.
  const others = [query, body].map((columns) => typeof columns === "function" ? {} : columns);
  const all: Readonly<Record<string, string | Column>> = Object.assign({}, ...others, places);
  return Object.fromEntries(
    Object.entries(all).map(([name, column]) => [
      name,
      typeof column === "string" ? { from: column } : column,
    ]),
  );
}

function matchRow(kind: Kind, given: Readonly<Record<string, string>>): KindMatch | undefined {
  const row = rowOf(kind);
  const payload: Record<string, unknown> = {};
  const parts: string[] = [];
  const left = { ...given };
  let id = "";
  for (const [name, column] of Object.entries(columnsOf(row))) {
    const value = left[name];
    delete left[name];
    if (column.text !== undefined) {
      if (value !== column.text) return undefined;
    } else if (column.part) parts.push(value ?? "");
    else if (column.id) {
      if (value !== undefined && id && id !== value) return undefined;
      id ||= value ?? "";
    } else if (value !== undefined) {
      const field = column.from === undefined ? undefined : fieldAt(row, column.from);
      const meant = field && valueFor(field, column, value);
      if (meant === undefined) return undefined;
      put(payload, column.from!.split("."), meant);
    }
  }
  if (Object.keys(left).length > 0) return undefined;
  const { shape, optional } = row.payload ?? {};
  const needless = optional && Object.keys(payload).length === 0;
  return {
    kind,
    id: parts.length > 0 ? parts.join("/") : id,
    payload: needless ? undefined : shape && payload,
  };
}

/** What a member of the payload holds; undefined for one that proxies of the original ignore. */
function fieldAt({ payload }: AnyRow, path: string): AnyField | undefined {
  let field: AnyField | undefined = payload && { object: payload.shape };
  for (const name of path.split(".")) {
    if (payload?.ours?.includes(name) || typeof field !== "object" || !("object" in field)) {
      return undefined;
    }
    field = field.object[name];
  }
  return field;
}

/** The value of a member for that of a parameter; undefined where it has none. */
function valueFor(field: AnyField, { further, unit = 1 }: Column, value: string): unknown {
  if (typeof field !== "string") return undefined;
  const { leaf } = leafOf(field);
  if (leaf === "string") return further !== undefined && value.includes(",") ? undefined : value;
  if (leaf !== "integer" && leaf !== "nanoseconds") return undefined;
  const number = Number(value) * unit;
  return Number.isInteger(number) ? number : undefined;
}

function put(object: Record<string, unknown>, [name, ...rest]: readonly string[], value: unknown) {
  if (rest.length === 0) {
    object[name] = value;
    return;
  }
  const inner = object[name];
  const next: Record<string, unknown> = isObject(inner) ? { ...inner } : {};
  object[name] = next;
  put(next, rest, value);
}
