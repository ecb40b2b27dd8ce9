/**
 * Finds the kind of request that does what a call to Asterisk's REST interface does, so that the
 * call can go to proxies that know kinds only.
 *
 * What a row makes of its payload is found out by trying: each text and number of the payload is a
 * mark, and the marks are looked for in the query and body that the row makes.
 *
 * @module
 */
import { isObject, type JsonObject } from "./json.ts";
import type { Kind, Payload } from "./kinds.ts";
import type { Operation } from "./operation.ts";
import { kinds, operations } from "./operations.ts";
import { type RestMethod, restSegments } from "./rest.ts";
import { type AnyShape, leafOf } from "./shape.ts";
import { isPlaceholder, splitRoute } from "./route.ts";

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
  const { shape, ours, optional } = operations[kind].payload ?? {};
  // The steps that stage something ask for one entity and speak of another.
  if (row.made && row.call?.startsWith("GET ")) return undefined;
  const captured = row.call && capture(row.call, method, { segments, open: !!row.complete });
  if (!captured) return undefined;
  const namesId = "id" in captured || row.path !== undefined;
  const named = row.path && !shape ? Object.values(captured).join("/") : captured.id ?? "";
  // What proxies of the original would pass over is not said through the kind.
  const marks = new Marks(shape ?? {}, ours);
  const places = placesOf(row, { id: namesId ? named : idMark, marks });
  const payload: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(captured)) {
    if (name !== "id" && shape && name in shape) payload[name] = value;
  }
  const given = { ...parameters };
  let id = named;
  for (const [name, place] of Object.entries(places)) {
    const value = given[name];
    delete given[name];
    if (place === idMark) id = value ?? "";
    else if (typeof place === "object") {
      if (value === undefined) continue;
      if (place.list && value.includes(",")) return undefined;
      const meant = place.factor ? Number(value) * place.factor : value;
      if (typeof meant === "number" && !Number.isInteger(meant)) return undefined;
      put(payload, place.at, meant);
    } else if (place !== (value ?? "") && !(place === named && value === undefined)) {
      return undefined;
    }
  }
  if (Object.keys(given).length > 0) return undefined;
  const needless = optional && Object.keys(payload).length === 0;
  return { kind, id, payload: needless ? undefined : shape && payload };
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
  const { method: verb, segments: parts } = splitRoute(route);
  if (open && isPlaceholder(parts.at(-1)) && segments.length === parts.length - 1) parts.pop();
  if (verb !== method || parts.length !== segments.length) return undefined;
  const values: Record<string, string> = {};
  for (const [i, part] of parts.entries()) {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name) values[name] = segments[i];
    else if (part !== segments[i]) return undefined;
  }
  return values;
}

/** Stands for an ID that the call names in a parameter. */
const idMark = "\u0001id";

/** Stands for the items of a list behind the first one. */
const furtherMark = "\u0001further";

/** Where a parameter of a call comes from: a place in the payload, or a fixed text. */
type Place = string | {
  readonly at: readonly string[];
  /** For numbers: how many of the payload's units make one of the call's. */
  readonly factor?: number;
  /** Whether Asterisk takes a list, of which it is the first item. */
  readonly list?: boolean;
};

/** A payload in which each text and number is a mark that tells its place. */
class Marks {
  readonly payload: JsonObject;
  readonly #places = new Map<unknown, Place>();
  readonly #passedOver: readonly string[];
  #count = 0;

  constructor(shape: AnyShape, passedOver: readonly string[] = []) {
    this.#passedOver = passedOver;
    this.payload = this.#mark(shape, []);
  }

  /** The place that a value of a call comes from; undefined for what the row itself puts there. */
  placeOf(value: unknown): Place | undefined {
    const [first, further] = Array.isArray(value) ? value : `${value}`.split(",");
    if (further !== furtherMark) return this.#places.get(value);
    const place = this.#places.get(first);
    return typeof place === "object" ? { ...place, list: true } : place;
  }

  #mark(shape: AnyShape, path: readonly string[]): JsonObject {
    const entries = Object.entries(shape).flatMap(([name, field]): [string, unknown][] => {
      const at = [...path, name];
      if (typeof field !== "string") {
        return "object" in field ? [[name, this.#mark(field.object, at)]] : [];
      }
      const { leaf } = leafOf(field);
      if (leaf === "texts") return [[name, [furtherMark]]];
      if (this.#passedOver.includes(name)) return [];
      const number = 1_000_000 + ++this.#count;
      if (leaf === "string") return [[name, this.#note(`\u0001${number}`, { at })]];
      if (leaf === "integer") {
        this.#places.set(`${number}`, { at, factor: 1 });
        return [[name, this.#note(number, { at, factor: 1 })]];
      }
      if (leaf !== "nanoseconds") return [];
      // Towards Asterisk it is seconds or milliseconds, which no other mark is.
      this.#places.set(number, { at, factor: 1e9 });
      this.#places.set(number * 1_000, { at, factor: 1e6 });
      return [[name, number * 1e9]];
    });
    return Object.fromEntries(entries);
  }

  #note<T>(mark: T, place: Place): T {
    this.#places.set(mark, place);
    return mark;
  }
}

/** What a row makes of a payload: for each parameter, where it comes from. */
function placesOf<K extends Kind>(
  row: Operation<K>,
  { id, marks }: { readonly id: string; readonly marks: Marks },
): Readonly<Record<string, Place>> {
  const payload = marks.payload as Payload<K>;
  const input = { id, key: { id }, payload, self: { app: "", node: "" } };
  const made = { ...row.query?.(input), ...row.body?.(input) };
  const places: Record<string, Place> = {};
  for (const [name, value] of Object.entries(made)) {
    const place = marks.placeOf(value);
    if (place) places[name] = place;
    else if (typeof value === "string" && value && value !== furtherMark) places[name] = value;
  }
  return places;
}

function put(object: Record<string, unknown>, path: readonly string[], value: unknown): void {
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
