import { AriProxyError, errorTexts, invalid, quoted } from "./errors.ts";
import { jsonText } from "./json.ts";

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

/** The parts of an operation's name. */
interface RouteParts {
  readonly method: string;
  /** With the names of parameters in braces. */
  readonly path: string;
  readonly segments: string[];
}

/** Splits the name of an operation. */
export function splitRoute(route: string): RouteParts {
  const [method, path] = route.split(" ");
  return { method, path, segments: path.slice(1).split("/") };
}

/** Whether a segment of a path is a placeholder for a value. */
export function isPlaceholder(segment: string | undefined): boolean {
  return segment?.startsWith("{") ?? false;
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

/**
 * The path of segments, each percent-encoded.
 *
 * @throws {AriProxyError} With the code `invalid` for a segment that is empty, `.` or `..`.
 */
export function joinPath(segments: readonly string[]): string {
  return segments.map((value) => `/${segmentOf(value, "segment of the path")}`).join("");
}

/**
 * A value as a segment of a path, percent-encoded, so that it cannot leave its place.
 *
 * @param name Name of the value, for the error text.
 * @throws {AriProxyError} With the code `invalid` for a value that cannot be a segment: an empty one,
 * `.` or `..`.
 */
export function segmentOf(value: string, name: string): string {
  if (value === "") throw invalid(`Missing ${name}: the call to Asterisk needs one`);
  if (value === "." || value === "..") {
    throw invalid(`Cannot use ${JSON.stringify(value)} as ${name}: it would change the path`);
  }
  return encode(value, pathSafe);
}

/** The methods of ARI. */
export const restMethods = ["GET", "POST", "PUT", "DELETE"] as const;

/** A method of ARI. */
export type RestMethod = typeof restMethods[number];

/**
 * The method of a call.
 *
 * @throws {AriProxyError} With the code `invalid` for a method that ARI does not have.
 */
export function restMethod(text: string): RestMethod {
  const method = restMethods.find((known) => known === text.toUpperCase());
  if (!method) {
    throw invalid(
      `Cannot use ${quoted(text)} as method: ARI knows ${restMethods.join(", ")}`,
    );
  }
  return method;
}

/**
 * The segments of a path, percent-decoded where they are encoded.
 *
 * @throws {AriProxyError} With the code `invalid` for what is not a path, or has a query.
 */
export function restSegments(path: string): string[] {
  if (!/^\/[^/?#]/.test(path) || /[?#]/.test(path)) {
    throw invalid(
      `Cannot use ${quoted(path)} as path: a path begins with one slash and has no query, as in ` +
        "/channels",
    );
  }
  return path.slice(1).split("/").map((segment) => {
    try {
      return decodeURIComponent(segment);
    } catch {
      return segment;
    }
  });
}

// What encodeURIComponent escapes without need in that place.
const pathSafe = /%(?:24|26|2C|3A|3D|40)/g;
const querySafe = /%(?:24|2C|2F|3A|40)/g;

function encode(value: string, safe: RegExp): string {
  // Half a surrogate pair has no UTF-8; it becomes the replacement character.
  return encodeURIComponent(value.toWellFormed()).replaceAll(safe, decodeURIComponent);
}
