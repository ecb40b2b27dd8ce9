/**
 * `ari-proxy call`: sends a request and shows the answer.
 *
 * @module
 */
import type { CommandFunction } from "@stricli/core";
import { BusError } from "../../bus/bus.ts";
import { busFailure } from "../../client/bus_failure.ts";
import { Requester } from "../../client/requester.ts";
import { AriProxyError } from "../../protocol/errors.ts";
import { acts, classOf } from "../../protocol/operations.ts";
import { type AnyRequest, encodeRequest } from "../../protocol/request.ts";
import type { Response } from "../../protocol/response.ts";
import { requestSubject } from "../../protocol/subjects.ts";
import { showKind, showKinds } from "./catalog.ts";
import { tellFailure, tellFailures } from "./call_failure.ts";
import type { CallFlags } from "./command.ts";
import { joinLists, showAnswer } from "./show.ts";
import { buildRequest, findKind } from "./by_kind.ts";
import { buildRestRequest, isMethod, isRestCall, splitOperation } from "./by_rest.ts";
import { send, sendRest, severalNodes } from "./call_send.ts";
import { commandFunction, type Context } from "../subcommand.ts";
import { exitCodes } from "../exit_codes.ts";
import type { Io } from "../io.ts";
import { openBus, wantedApplication } from "../open_bus.ts";
import type { Output } from "../output.ts";
import { loadSources } from "../settings/sources.ts";
import { UsageError } from "../errors.ts";

/** `call`, for the command line library. */
export const callCommand: CommandFunction<CallFlags, string[], Context> = commandFunction(call);

async function call(io: Io, flags: CallFlags, words: readonly string[]): Promise<number> {
  const { stdout, stderr } = io;
  const json = flags.json || !stdout.isTerminal;
  const args = splitOperation(words);
  const [name, ...rest] = args;
  if (flags.list) {
    await showKinds(stdout, json);
    return exitCodes.ok;
  }
  if (flags.batch !== undefined) return await batch(io, flags, { path: flags.batch, args });
  if (name === undefined) {
    throw new UsageError("Missing kind of request: see call --list, or call --help");
  }
  if (flags.describe) {
    if (isMethod(name)) {
      const { showOperation } = await import("./call_operation_catalog.ts");
      showOperation(args, stdout, json);
    } else showKind(findKind(name), stdout, json);
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
  // Few want the bytes of a file, and they need the whole library.
  const known = byRest?.known ?? request;
  const files = known.kind === "RecordingStoredFile" || flags.output !== undefined
    ? await import("./whole_file.ts")
    : undefined;
  const whole = files?.wholeFile(known, flags, io);
  let several = false;
  const telling = { output: stderr, json: flags.json ?? false, acts: acts(kind, payload) };
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
    return tellFailures(gathered, telling);
  } catch (error) {
    const isFailure = error instanceof BusError || error instanceof AriProxyError;
    if (isFailure) return tellFailure(busFailure(error), { ...telling, several });
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
