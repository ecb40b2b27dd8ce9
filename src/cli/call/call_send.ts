/**
 * How the requests of `call` are sent: to one node, or to all that have something to say.
 *
 * @module
 */
import type { Gathered } from "../../client/gather.ts";
import type { Requester } from "../../client/requester.ts";
import { AriProxyError } from "../../protocol/errors.ts";
import { operations } from "../../protocol/operations.ts";
import type { AnyRequest } from "../../protocol/request.ts";
import type { CallFlags } from "./command.ts";
import type { RestRequest } from "./by_rest.ts";

type SendFlags = Pick<CallFlags, "all">;

/**
 * Sends a request of a kind.
 *
 * @throws {AriProxyError} When one was asked and failed.
 */
export async function send(
  client: Requester,
  request: AnyRequest,
  flags: SendFlags,
): Promise<Gathered> {
  const isList = operations[request.kind].reply === "keys";
  const gathered = await sendTo(client, request, { all: flags.all || isList });
  if (!isList) return gathered;
  // On the wire a list without anything in it is left out.
  const responses = gathered.responses.map((response) => ({
    ...response,
    keys: response.keys ?? [],
  }));
  return { ...gathered, responses };
}

/**
 * Sends a call by REST; to proxies that know no such request, that of the kind which does the same.
 *
 * @throws {AriProxyError} When one was asked and failed.
 */
export async function sendRest(
  client: Requester,
  { request, known, isList }: RestRequest,
  flags: SendFlags,
): Promise<Gathered> {
  try {
    const all = flags.all || isList && !request.key.node;
    const gathered = await sendTo(client, request, { all });
    const { responses, errors, missing } = gathered;
    const unknown = responses.length + missing === 0 && errors.every(isUnsupported);
    return known && unknown ? await send(client, known, flags) : gathered;
  } catch (error) {
    // What is not known there has not been carried out.
    if (!known || !isUnsupported(error)) throw error;
    return await send(client, known, flags);
  }
}

function isUnsupported(error: unknown): boolean {
  return error instanceof AriProxyError && error.code === "unsupported";
}

async function sendTo(
  client: Requester,
  { kind, key, payload }: AnyRequest,
  { all }: SendFlags,
): Promise<Gathered> {
  if (all) return await client.gather(kind, key, payload);
  return { responses: [await client.request(kind, key, payload)], errors: [], missing: 0 };
}

/** Whether it could have been another node that failed. Nobody asks that of one that was named. */
export async function severalNodes({ cluster }: Requester, { key }: AnyRequest): Promise<boolean> {
  if (key.node) return false;
  await cluster.settled;
  return new Set(cluster.members().map(({ node }) => node)).size > 1;
}
