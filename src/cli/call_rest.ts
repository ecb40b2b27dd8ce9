/**
 * The request that a call by REST stands for, as in `call POST /channels/1700.1/play media=sound:x`.
 *
 * @module
 */
import { isObject, parseJson } from "../protocol/json.ts";
import { compactKey } from "../protocol/key.ts";
import { operations } from "../protocol/operations.ts";
import { type AnyRequest, decodeRequest } from "../protocol/request.ts";
import { restMethod, restMethods, restSegments } from "../protocol/rest.ts";
import { matchRest } from "../protocol/rest_match.ts";
import { joinPath } from "../protocol/route.ts";
import type { RequestParts } from "./call_request.ts";
import { UsageError } from "./usage_error.ts";

/** Tells whether an argument is a method of HTTP, whatever its letter case. */
export function isMethod(text: string): boolean {
  return restMethods.some((method) => method === text.toUpperCase());
}

/**
 * Makes the request of a method, a path and parameters: of the kind that does it where there is one,
 * which every proxy knows, else of the kind `Rest`.
 *
 * @throws {UsageError} When the path is missing, or an argument is no parameter.
 * @throws {AriProxyError} With the code `invalid` for what is no path.
 */
export async function buildRestRequest(
  [name, path, ...rest]: readonly string[],
  parts: Omit<RequestParts, "id">,
): Promise<AnyRequest> {
  const method = restMethod(name);
  if (path === undefined) {
    throw new UsageError(`Missing path: as in call ${method} /channels`);
  }
  // A path that the proxy would refuse is refused here.
  joinPath(restSegments(path));
  const query = Object.fromEntries(rest.filter((arg) => arg !== "-").map(readParameter));
  const body = rest.includes("-") ? readBody(await parts.readPayload()) : undefined;
  const match = body === undefined ? matchRest(method, path, query) : undefined;
  const { kind, id, payload } = match ??
    { kind: "Rest" as const, id: "", payload: { method, path, query, body } };
  const row = operations[kind];
  const member = row.payload?.member;
  const key = compactKey({ ...parts.key, ...(id && { kind: row.about ?? row.entity, id }) });
  const request = { kind, key, ...(member && { [member]: payload ?? {} }) };
  return decodeRequest(new TextEncoder().encode(JSON.stringify(request)));
}

function readParameter(arg: string): [string, string] {
  const equals = arg.indexOf("=");
  if (equals < 1) throw new UsageError(`Cannot use the argument ${arg}: it is no NAME=VALUE`);
  return [arg.slice(0, equals), arg.slice(equals + 1)];
}

function readBody(text: string): unknown {
  const value = parseJson(text);
  if (isObject(value)) return value;
  throw new UsageError("Cannot use standard input: it is no JSON object for the body");
}
