/**
 * Requests to Asterisk's REST interface, typed by its own description.
 *
 * @module
 */
import { routing } from "../protocol/api/routing.ts";
import type { RestOperations } from "../protocol/api/operation_types.ts";
import { AriProxyError } from "../protocol/errors.ts";
import type { Key } from "../protocol/key.ts";
import type { RestData, RestPayload } from "../protocol/kinds/any_operation.ts";
import { restPayload } from "../protocol/rest_call.ts";
import { type AllNodesOptions, type AllNodesSender, itemsOf } from "./all_nodes.ts";

/** An operation that can be called: method and path, as in `POST /channels/{channelId}/move`. */
export type RestCall = keyof RestOperations;

/** Parameters of an operation, by name. */
export type RestParameters<O extends RestCall> = RestOperations[O]["parameters"];

/** The result of an operation. */
export type RestResult<O extends RestCall> = RestOperations[O]["result"];

/** Options of a request by REST. `strict` and `onPartial` are for lists of all nodes. */
export interface RestRequestOptions extends AllNodesOptions {
  /**
   * Application, node and dialog; its other members are ignored.
   *
   * @default those of the client
   */
  readonly key?: Key;
}

/** Parameters and options; both may be left out when no parameter is required. */
export type RestArguments<O extends RestCall> = Readonly<Record<never, never>> extends
  RestParameters<O> ? readonly [parameters?: RestParameters<O>, options?: RestRequestOptions]
  : readonly [parameters: RestParameters<O>, options?: RestRequestOptions];

/**
 * Sends a request and returns the body of Asterisk's response. For a list without a node the lists of
 * all nodes are joined.
 *
 * @throws {AriProxyError} As a request of any kind; for an incomplete list that has to be complete, as
 * other lists.
 */
export async function requestRest<O extends RestCall>(
  client: AllNodesSender,
  operation: O,
  [parameters, options = {}]: RestArguments<O>,
): Promise<RestResult<O>> {
  const payload = restPayload(operation, { ...parameters });
  const { key: { app, node, dialog } = {}, ...rest } = options;
  const key = { ...(app && { app }), ...(node && { node }), ...(dialog && { dialog }) };
  const result = routing[operation].merge && !client.key(key).node
    ? await listOfAll(client, operation, { key, payload, options: rest })
    : resultOf(await client.request("Rest", key, payload, rest));
  // The type is from the description, which the compiler cannot check of a response.
  return result as RestResult<O>;
}

async function listOfAll(
  client: AllNodesSender,
  operation: string,
  { key, payload, options }: {
    readonly key: Key;
    readonly payload: RestPayload;
    readonly options: AllNodesOptions;
  },
): Promise<unknown[]> {
  const answers = await client.gather("Rest", key, payload, options);
  return itemsOf(answers, { ...options, nodes: answers.items.length }).flatMap(({ body }) => {
    if (Array.isArray(body)) return body;
    throw new AriProxyError("failed", `Malformed response: ${operation} returns a list`);
  });
}

function resultOf({ body, encoding }: RestData): unknown {
  if (encoding !== "base64" || typeof body !== "string") return body;
  return Uint8Array.from(atob(body), (character) => character.charCodeAt(0));
}
