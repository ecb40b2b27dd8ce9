/**
 * The request of a method and a path, as in `call POST /channels/1700.1/play media=sound:x`.
 *
 * @module
 */
import { isObject, type JsonObject, parseJson } from "../../protocol/json.ts";
import { operations } from "../../protocol/api/lookup.ts";
import { compactKey } from "../../protocol/key.ts";
import type { AnyRequest, Request } from "../../protocol/request.ts";
import {
  joinPath,
  type RestMethod,
  restMethod,
  restMethods,
  restSegments,
} from "../../protocol/ari_call.ts";
import type { RestPayload } from "../../protocol/kinds/any_operation.ts";
import { restPayload } from "../../protocol/rest_call.ts";
import { matchKind } from "./match_kind.ts";
import { requestOf, type RequestParts } from "./by_kind.ts";
import { UsageError } from "../errors.ts";

/** Whether an argument is an HTTP method of ARI, ignoring letter case. */
export function isMethod(text: string): boolean {
  return restMethods.some((method) => method === text.toUpperCase());
}

/** Whether arguments are a method and a path; the method need not be one of ARI. */
export function isRestCall([name = "", path = ""]: readonly string[]): boolean {
  return isMethod(name) || /^[a-z]+$/i.test(name) && path.startsWith("/");
}

/** The arguments; a first one with method and path, as in `"GET /channels"`, becomes two. */
export function splitOperation(args: readonly string[]): readonly string[] {
  const [first = "", ...rest] = args;
  const [method, path, ...more] = first.split(" ");
  return path && more.length === 0 && isMethod(method) ? [method, path, ...rest] : args;
}

/** The parts of a REST request besides its parameters. */
interface RestParts extends Omit<RequestParts, "id"> {
  /** Whether operation and parameters are not checked, for those that Asterisk 22 does not describe. */
  readonly unchecked?: boolean;
}

/** A REST request, and its equivalent. */
export interface RestRequest {
  /** The request whose response has Asterisk's response. */
  readonly request: Request<"Rest">;
  /**
   * The request of the kind that does the same, for proxies that support only kinds; undefined when
   * there is none that has all parameters.
   */
  readonly known?: AnyRequest;
  /** Whether it lists entities of a node, so that the lists of all nodes are joined. */
  readonly isList: boolean;
}

/**
 * Makes the requests of a method, a path and parameters.
 *
 * @throws {UsageError} When the path is missing, an argument is not a parameter, or Asterisk does not
 * describe operation, parameter or value.
 * @throws {AriProxyError} With the code `invalid` for what is not a path.
 */
export async function buildRestRequest(
  [name, path, ...rest]: readonly string[],
  parts: RestParts,
): Promise<RestRequest> {
  const method = restMethod(name);
  if (path === undefined) {
    throw new UsageError(`Missing path: as in call ${method} /channels`);
  }
  // Refuses a path that the proxy would refuse.
  joinPath(restSegments(path));
  const args = rest.filter((arg) => arg !== "-").map(readParameter);
  const body = rest.includes("-") ? readBody(await parts.readPayload()) : undefined;
  const { call, operation = `${method} ${path}` } = parts.unchecked
    ? { call: { method, path, query: Object.fromEntries(args), ...(body && { body }) } }
    : await checkedCall(method, path, { args, body });
  const match = call.body === undefined
    ? matchKind(method, call.path, call.query ?? {})
    : undefined;
  const known = match && requestOf(match.kind, match, parts.key);
  const request = { kind: "Rest" as const, key: compactKey(parts.key), payload: call };
  return { request, ...(known && { known }), isList: operations.merges(operation) };
}

/** The call with its parameters in path, query and body. The description is large, hence the import. */
async function checkedCall(
  method: RestMethod,
  path: string,
  { args, body }: { readonly args: readonly [string, string][]; readonly body?: JsonObject },
): Promise<{ readonly call: RestPayload; readonly operation: string }> {
  const { findOperation, readParameters } = await import("./rest_arguments.ts");
  const operation = findOperation(method, path);
  if (operation.row.socket) {
    throw new UsageError(`Cannot call ${operation.name}: events come from the bus; see tail`);
  }
  const call = restPayload(operation.name, readParameters(operation, args, body));
  if (!body) return { call, operation: operation.name };
  const whole = isObject(call.body) ? { ...body, ...call.body } : body;
  return { call: { ...call, body: whole }, operation: operation.name };
}

function readParameter(arg: string): [string, string] {
  const equals = arg.indexOf("=");
  if (equals < 1) throw new UsageError(`Cannot use the argument ${arg}: it is not NAME=VALUE`);
  return [arg.slice(0, equals), arg.slice(equals + 1)];
}

function readBody(text: string): JsonObject {
  const value = parseJson(text);
  if (isObject(value)) return value;
  throw new UsageError("Cannot use standard input: it is not a JSON object for the body");
}
