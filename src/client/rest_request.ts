/**
 * Requests to Asterisk's REST interface, typed by its own description.
 *
 * @module
 */
import { restLists } from "../protocol/api/lists.ts";
import type { RestOperations } from "../protocol/api/operations.ts";
import { AriProxyError } from "../protocol/errors.ts";
import type { Key } from "../protocol/key.ts";
import type { RestData, RestPayload } from "../protocol/rest.ts";
import { restPayload } from "../protocol/rest_call.ts";
import type { Answers, AriRequestOptions } from "./ari_client_options.ts";
import { mostTelling } from "./gather.ts";

/** An operation that can be called: method and path, as in `POST /channels/{channelId}/move`. */
export type RestCall = keyof RestOperations;

/** Parameters of an operation, by name. */
export type RestParameters<O extends RestCall> = RestOperations[O]["parameters"];

/** What an operation answers. */
export type RestResult<O extends RestCall> = RestOperations[O]["result"];

/** Options of a request by REST. */
export interface RestRequestOptions extends AriRequestOptions {
  /**
   * Application, node and dialog; what it names besides does not count.
   *
   * @default those of the client
   */
  readonly key?: Key;
}

/** Parameters and options; both may be left out when there is no parameter that is needed. */
export type RestArguments<O extends RestCall> = Readonly<Record<never, never>> extends
  RestParameters<O> ? readonly [parameters?: RestParameters<O>, options?: RestRequestOptions]
  : readonly [parameters: RestParameters<O>, options?: RestRequestOptions];

/** What a request is sent with: a client. */
export interface RestSender {
  /** The key with what it lacks of the client's coordinates. */
  key(key: Key): Key;
  /** Sends a request. */
  request(
    kind: "Rest",
    key: Key,
    payload: RestPayload,
    options: AriRequestOptions,
  ): Promise<RestData>;
  /** Sends a request to all nodes that match. */
  gather(
    kind: "Rest",
    key: Key,
    payload: RestPayload,
    options: AriRequestOptions,
  ): Promise<Answers<RestData>>;
}

/**
 * Sends a request and returns what Asterisk answered. For a list without a node the lists of all
 * nodes make one.
 *
 * @throws {AriProxyError} As a request of any kind.
 */
export async function requestRest<O extends RestCall>(
  client: RestSender,
  operation: O,
  [parameters, options = {}]: RestArguments<O>,
): Promise<RestResult<O>> {
  const payload = restPayload(operation, { ...parameters });
  const { key: { app, node, dialog } = {}, ...rest } = options;
  const key = { ...(app && { app }), ...(node && { node }), ...(dialog && { dialog }) };
  const result = restLists.has(operation) && !client.key(key).node
    ? await listOfAll(client, operation, { key, payload, options: rest })
    : resultOf(await client.request("Rest", key, payload, rest));
  // The description says what it is, which the compiler cannot know of an answer.
  return result as RestResult<O>;
}

async function listOfAll(
  client: RestSender,
  operation: string,
  { key, payload, options }: {
    readonly key: Key;
    readonly payload: RestPayload;
    readonly options: AriRequestOptions;
  },
): Promise<unknown[]> {
  const { items, errors } = await client.gather("Rest", key, payload, options);
  const error = mostTelling(errors);
  if (items.length === 0 && error) throw error;
  return items.flatMap(({ body }) => {
    if (Array.isArray(body)) return body;
    throw new AriProxyError("failed", `Malformed answer: ${operation} is answered with a list`);
  });
}

function resultOf({ body, encoding }: RestData): unknown {
  if (encoding !== "base64" || typeof body !== "string") return body;
  return Uint8Array.from(atob(body), (character) => character.charCodeAt(0));
}
