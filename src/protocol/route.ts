import { AriProxyError, errorTexts, invalid } from "./errors.ts";
import { jsonText } from "./json.ts";

/** Method and path template, as in `POST /channels/{id}/play/{playback_id}`. */
export type Route = `${"GET" | "POST" | "PUT" | "DELETE"} /${string}`;

/** Values for the braces of a route, by name; a list makes as many segments. */
export type RouteValues = Readonly<Record<string, string | readonly string[]>>;

/** A query or body: members that are undefined are left out. */
export type Parameters = Readonly<Record<string, unknown>>;

/** A call to Asterisk's REST interface. */
export interface AriCall {
  /** HTTP method. */
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Path below the base URL, percent-encoded. */
  readonly path: string;
  /** Query, percent-encoded, without the question mark; empty when there is none. */
  readonly query: string;
  /** Body, a JSON text; absent when there is none. */
  readonly body?: string;
}

/** A route, taken apart. */
export interface RouteParts {
  /** Method. */
  readonly method: string;
  /** Path, with braces. */
  readonly path: string;
  /** Segments of the path. */
  readonly segments: string[];
}

/** Takes a route apart, or the name of an operation. */
export function splitRoute(route: string): RouteParts {
  const [method, path] = route.split(" ");
  return { method, path, segments: path.slice(1).split("/") };
}

/** Whether a segment of a route stands for a value. */
export function isPlaceholder(segment: string | undefined): boolean {
  return segment?.startsWith("{") ?? false;
}

/**
 * Fills in a route. Every value is percent-encoded into one segment of the path, so none can leave
 * its place.
 *
 * @param values Values for the braces in the path.
 * @throws {AriProxyError} With the code `invalid` for a value that cannot be a segment: an empty one,
 * `.` or `..`.
 */
export function fillRoute(
  route: Route,
  values: RouteValues,
  parameters: { readonly query?: Parameters; readonly body?: Parameters } = {},
): AriCall {
  const [method, template] = route.split(" ") as [AriCall["method"], string];
  const path = template.replaceAll(/\{(\w+)\}/g, (_, name) => {
    const value = values[name] ?? "";
    return typeof value === "string"
      ? segment(value, name)
      : value.map((part) => segment(part, name)).join("/");
  });
  return makeCall(method, path, parameters);
}

/**
 * A call with its query and body encoded.
 *
 * @throws {AriProxyError} With the code `too_large` for a body nested in thousands of levels.
 */
export function makeCall(
  method: AriCall["method"],
  path: string,
  parameters: { readonly query?: Parameters; readonly body?: Parameters } = {},
): AriCall {
  const query = Object.entries(parameters.query ?? {})
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${encode(name, querySafe)}=${encode(`${value}`, querySafe)}`)
    .join("&");
  const body = parameters.body && jsonText(parameters.body);
  if (parameters.body && body === undefined) {
    throw new AriProxyError("too_large", errorTexts.tooDeep);
  }
  return { method, path, query, ...(body !== undefined && { body }) };
}

/** The names of the braces in a route's path, in order. */
export function routeNames(route: Route): string[] {
  return Array.from(route.matchAll(/\{(\w+)\}/g), ([, name]) => name);
}

/**
 * The path of segments, each percent-encoded.
 *
 * @throws {AriProxyError} With the code `invalid` for a segment that is empty, `.` or `..`.
 */
export function joinPath(segments: readonly string[]): string {
  return segments.map((value) => `/${segment(value, "segment of the path")}`).join("");
}

function segment(value: string, name: string): string {
  if (value === "") throw invalid(`Missing ${name}: the call to Asterisk needs one`);
  if (value === "." || value === "..") {
    throw invalid(`Cannot use ${JSON.stringify(value)} as ${name}: it would change the path`);
  }
  return encode(value, pathSafe);
}

// What encodeURIComponent escapes although it means nothing special in that place.
const pathSafe = /%(?:24|26|2C|3A|3D|40)/g;
const querySafe = /%(?:24|2C|2F|3A|40)/g;

function encode(value: string, safe: RegExp): string {
  // Half a surrogate pair has no UTF-8; it becomes the replacement character.
  return encodeURIComponent(value.toWellFormed()).replaceAll(safe, decodeURIComponent);
}
