/**
 * The request that a call by REST stands for, as in `call POST /channels/1700.1/play media=sound:x`.
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
} from "../../protocol/route.ts";
import type { RestPayload } from "../../protocol/kinds/any_operation.ts";
import { restPayload } from "../../protocol/rest_call.ts";
import { matchKind } from "./match_kind.ts";
import { requestOf, type RequestParts } from "./by_kind.ts";
import { UsageError } from "../errors.ts";

/** Tells whether an argument is a method of HTTP, whatever its letter case. */
export function isMethod(text: string): boolean {
  return restMethods.some((method) => method === text.toUpperCase());
}

/** Tells whether arguments are meant as method and path, be the method one of ARI or not. */
export function isRestCall([name = "", path = ""]: readonly string[]): boolean {
  return isMethod(name) || /^[a-z]+$/i.test(name) && path.startsWith("/");
}

/** The arguments, with an operation that is one of them, as in `"GET /channels"`, as two. */
export function splitOperation(args: readonly string[]): readonly string[] {
  const [first = "", ...rest] = args;
  const [method, path, ...more] = first.split(" ");
  return path && more.length === 0 && isMethod(method) ? [method, path, ...rest] : args;
}

/** What is said about a call by REST beside its parameters. */
interface RestParts extends Omit<RequestParts, "id"> {
  /** Whether operation and parameters are sent as they are, for what Asterisk 22 does not describe. */
  readonly unchecked?: boolean;
}

/** A call by REST as requests. */
export interface RestRequest {
  /** The request that is answered with what Asterisk answers. */
  readonly request: Request<"Rest">;
  /**
   * A request of the kind that does the same, for proxies that know no other; undefined when there is
   * none, or none that says all of it.
   */
  readonly known?: AnyRequest;
  /** Whether it lists what a node has, so that the lists of all nodes make one. */
  readonly isList: boolean;
}

/**
 * Makes the requests of a method, a path and parameters.
 *
 * @throws {UsageError} When the path is missing, an argument is no parameter, or Asterisk does not
 * describe operation, parameter or value.
 * @throws {AriProxyError} With the code `invalid` for what is no path.
 */
export async function buildRestRequest(
  [name, path, ...rest]: readonly string[],
  parts: RestParts,
): Promise<RestRequest> {
  const method = restMethod(name);
  if (path === undefined) {
    throw new UsageError(`Missing path: as in call ${method} /channels`);
  }
  // A path that the proxy would refuse is refused here.
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

/** The call with its parameters where Asterisk wants them. The description is large, hence the import. */
async function checkedCall(
  method: RestMethod,
  path: string,
  { args, body }: { readonly args: readonly [string, string][]; readonly body?: JsonObject },
): Promise<{ readonly call: RestPayload; readonly operation: string }> {
  const { findOperation, readParameters } = await import("./rest_arguments.ts");
  const operation = findOperation(method, path);
  if (operation.row.socket) {
    throw new UsageError(`Cannot call ${operation.name}: the proxy has the event socket; see tail`);
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
