/**
 * The one check on what goes into a request line.
 *
 * @module
 */
import { AriError } from "./errors.ts";

const PATH = /^\/(?:[!$&-.0-;=@A-Z_a-z~/|]|%[0-9A-Fa-f]{2})*$/;
const QUERY = /^(?:[!$&-;=?@A-Z_a-z~[\]|]|%[0-9A-Fa-f]{2})*$/;
const DOTS = /^(?:\.|%2e){1,2}$/i;

/**
 * Makes the target of a request line from a path and a query that are percent-encoded already.
 *
 * Segments `.` and `..` are refused, also when encoded: Asterisk takes them for names, but a proxy
 * in front of it would resolve them, and the request would reach another resource.
 *
 * @param base The path of the base URL, without a slash at its end.
 * @throws {AriError} With the code `invalid`.
 */
export function requestTarget(base: string, path: string, query = ""): string {
  if (!PATH.test(path)) {
    throw new AriError("invalid", "Cannot send a request: its path is not percent-encoded");
  }
  if (path.split("/").some((segment) => DOTS.test(segment))) {
    throw new AriError("invalid", "Cannot send a request: its path has a segment of dots");
  }
  if (!QUERY.test(query)) {
    throw new AriError("invalid", "Cannot send a request: its query is not percent-encoded");
  }
  return query === "" ? base + path : `${base}${path}?${query}`;
}
