/**
 * `ari-proxy call`: sends a request and shows the response.
 *
 * @module
 */
import type { CommandFunction } from "@stricli/core";
import { BusError } from "../../bus/bus.ts";
import { busFailure } from "../../client/bus_failure.ts";
import { type Gathered, Requester } from "../../client/requester.ts";
import { AriProxyError } from "../../protocol/errors.ts";
import { acts, classOf, kindRows } from "../../protocol/kinds/kinds.ts";
import { type AnyRequest, encodeRequest } from "../../protocol/request.ts";
import type { Response } from "../../protocol/response.ts";
import { requestSubject } from "../../protocol/subjects.ts";
import { joinLists, reportFailure, reportFailures, showAnswer } from "./show.ts";
import type { BusFlags } from "../flags.ts";
import { buildRequest, findKind } from "./by_kind.ts";
import {
  buildRestRequest,
  isMethod,
  isRestCall,
  type RestRequest,
  splitOperation,
} from "./by_rest.ts";
import { commandFunction, type Context } from "../subcommand.ts";
import { exitCodes } from "../exit_codes.ts";
import type { Io } from "../io.ts";
import { openBus, wantedApplication } from "../open_bus.ts";
import type { Output } from "../output.ts";
import { loadSources } from "../settings/sources.ts";
import { UsageError } from "../errors.ts";

/** Flags of `call`. */
export type CallFlags = BusFlags & {
  /** ID of the entity. */
  readonly id?: string;
  /** Node to send the request to. */
  readonly node?: string;
  /** Dialog to bind. */
  readonly dialog?: string;
  /** Timeout of the responses, in milliseconds. */
  readonly timeout?: number;
  /** Whether to gather the responses of all nodes. */
  readonly all?: boolean;
  /** Whether to write JSON on a terminal as well, and failures as JSON. */
  readonly json?: boolean;
  /** Whether to show the request instead of sending it. */
  readonly "dry-run"?: boolean;
  /** Whether to list the kinds of requests. */
  readonly list?: boolean;
  /** Whether to describe the kind or operation instead of sending the request. */
  readonly describe?: boolean;
  /** File for the bytes of a recording. */
  readonly output?: string;
  /** Whether a REST request is sent without a check against Asterisk's description. */
  readonly unchecked?: boolean;
  /** File with many requests. */
  readonly batch?: string;
  /** How many of them are in flight at most. */
  readonly concurrency?: number;
  /** Whether to write their results as they come, not in order. */
  readonly "as-completed"?: boolean;
  /** Whether to stop after the first failure. */
  readonly "fail-fast"?: boolean;
};

/** `call`, for the command line library. */
export const callCommand: CommandFunction<CallFlags, string[], Context> = commandFunction(call);

async function call(io: Io, flags: CallFlags, words: readonly string[]): Promise<number> {
  const { stdout, stderr } = io;
  const json = flags.json || !stdout.isTerminal;
  const args = splitOperation(words);
  const [name, ...rest] = args;
  if (flags.list) {
    const { showKinds } = await import("./catalog.ts");
    showKinds(stdout, json);
    return exitCodes.ok;
  }
  if (flags.batch !== undefined) return await batch(io, flags, { path: flags.batch, args });
  if (name === undefined) {
    throw new UsageError("Missing kind of request: see call --list, or call --help");
  }
  if (flags.describe) {
    const { showKind, showOperation } = await import("./catalog.ts");
    if (isMethod(name)) showOperation(args, stdout, json);
    else showKind(findKind(name), stdout, json);
    return exitCodes.ok;
  }
  const sources = await loadSources(io, flags);
  const app = wantedApplication(sources);
  if (flags.node && !app) {
    throw new UsageError("Cannot use --node alone: an application is needed with it, as in --app");
  }
  const parts = {
    id: flags.id,
    key: { app, node: flags.node, dialog: flags.dialog },
    readPayload: () => io.stdin.text(),
  };
  const byRest = isRestCall(args)
    ? await buildRestRequest(args, { ...parts, unchecked: flags.unchecked })
    : undefined;
  const request = byRest?.request ?? await buildRequest(findKind(name), rest, parts);
  const { kind, payload } = request;
  if (flags.all && classOf(kind, payload) === "create") {
    throw new UsageError(`Cannot use --all with ${kind}: exactly one node carries it out`);
  }
  if (flags["dry-run"]) {
    showRequest(request, stdout, json);
    return exitCodes.ok;
  }
  // Only the bytes of a file need the whole library.
  const known = byRest?.known ?? request;
  const files = known.kind === "RecordingStoredFile" || flags.output !== undefined
    ? await import("./whole_file.ts")
    : undefined;
  const whole = files?.wholeFile(known, flags, io);
  let several = false;
  const reporting = { output: stderr, json: flags.json ?? false, acts: acts(kind, payload) };
  const show = (response: Response): void => showAnswer(response, stdout, json);
  try {
    await using bus = await openBus(sources, { name: "ari-proxy call" });
    if (files && whole) return await files.callFile(bus, whole, { io, flags });
    using client = new Requester(bus, { timeout: flags.timeout ?? 5_000 });
    const sending = byRest ? sendRest(client, byRest, flags) : send(client, request, flags);
    const gathered = await sending.catch(async (error) => {
      const isNamed = error instanceof AriProxyError && error.node !== undefined;
      if (isNamed && !flags.json) several = await severalNodes(client, request);
      throw error;
    });
    (flags.all ? gathered.responses : joinLists(gathered.responses)).forEach(show);
    return reportFailures(gathered, reporting);
  } catch (error) {
    const isFailure = error instanceof BusError || error instanceof AriProxyError;
    if (isFailure) return reportFailure(busFailure(error), { ...reporting, several });
    throw error;
  }
}

/** Sends the requests of a file. */
async function batch(
  io: Io,
  flags: CallFlags,
  { path, args }: { readonly path: string; readonly args: readonly string[] },
): Promise<number> {
  if (args.length > 0 || flags.all || flags.describe || flags.id !== undefined) {
    throw new UsageError("Cannot use --batch together with a request, --id, --all or --describe");
  }
  const { callBatch } = await import("./batch.ts");
  const sources = await loadSources(io, flags);
  const { node, dialog, unchecked } = flags;
  const key = { app: wantedApplication(sources), node, dialog };
  return await callBatch(io, { path, flags, sources, key, unchecked });
}

function showRequest({ kind, key, payload }: AnyRequest, output: Output, json: boolean): void {
  const subject = requestSubject(classOf(kind, payload), key);
  const text = new TextDecoder().decode(encodeRequest(kind, key, payload));
  output.write(
    json ? `{"subject":${JSON.stringify(subject)},"request":${text}}\n` : `${subject}\n${text}\n`,
  );
}

type SendFlags = Pick<CallFlags, "all">;

/**
 * Sends a request of a kind.
 *
 * @throws {AriProxyError} When a request to one node failed.
 */
async function send(
  client: Requester,
  request: AnyRequest,
  flags: SendFlags,
): Promise<Gathered> {
  const isList = kindRows[request.kind].reply === "keys";
  const gathered = await sendTo(client, request, { all: flags.all || isList });
  if (!isList) return gathered;
  // On the wire an empty list is left out.
  const responses = gathered.responses.map((response) => ({
    ...response,
    keys: response.keys ?? [],
  }));
  return { ...gathered, responses };
}

/**
 * Sends a REST request; to proxies that do not support it, the request of the kind that does the same.
 *
 * @throws {AriProxyError} When a request to one node failed.
 */
async function sendRest(
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
    // An unsupported request has not been carried out.
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

/** Whether several nodes are known, so that a failure has to name its node; not for a named node. */
async function severalNodes({ nodes }: Requester, { key }: AnyRequest): Promise<boolean> {
  if (key.node) return false;
  await nodes.settled;
  return new Set(nodes.members().map(({ node }) => node)).size > 1;
}
