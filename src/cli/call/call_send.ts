/**
 * How the requests of `call` are sent: to one node, or to all that have something to say.
 *
 * @module
 */
import type { Bus } from "../../bus/bus.ts";
import type { Gathered } from "../../client/gather.ts";
import { Requester } from "../../client/requester.ts";
import { AriProxyError } from "../../protocol/errors.ts";
import { operations } from "../../protocol/operations.ts";
import type { AnyRequest } from "../../protocol/request.ts";
import type { CallFlags } from "./call_command.ts";
import type { RestRequest } from "./call_rest.ts";

type SendFlags = Pick<CallFlags, "all" | "timeout">;

/**
 * Sends a request of a kind.
 *
 * @throws {AriProxyError} When one was asked and failed.
 */
export async function send(bus: Bus, request: AnyRequest, flags: SendFlags): Promise<Gathered> {
  return await sendTo(bus, request, {
    ...flags,
    all: flags.all || operations[request.kind].reply === "keys",
  });
}

/**
 * Sends a call by REST; to proxies that know no such request, that of the kind which does the same.
 *
 * @throws {AriProxyError} When one was asked and failed.
 */
export async function sendRest(
  bus: Bus,
  { request, known, isList }: RestRequest,
  flags: SendFlags,
): Promise<Gathered> {
  try {
    const all = flags.all || isList && !request.key.node;
    const gathered = await sendTo(bus, request, { ...flags, all });
    const { responses, errors, missing } = gathered;
    const unknown = responses.length + missing === 0 && errors.every(isUnsupported);
    return known && unknown ? await send(bus, known, flags) : gathered;
  } catch (error) {
    // What is not known there has not been carried out.
    if (!known || !isUnsupported(error)) throw error;
    return await send(bus, known, flags);
  }
}

function isUnsupported(error: unknown): boolean {
  return error instanceof AriProxyError && error.code === "unsupported";
}

async function sendTo(
  bus: Bus,
  { kind, key, payload }: AnyRequest,
  { all, timeout = 5_000 }: SendFlags,
): Promise<Gathered> {
  using client = new Requester(bus, { timeout });
  if (all) return await client.gather(kind, key, payload);
  return { responses: [await client.request(kind, key, payload)], errors: [], missing: 0 };
}
