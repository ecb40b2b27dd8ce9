/**
 * `ari-proxy call`: sends a request and shows the answer.
 *
 * @module
 */
import type { CommandFunction } from "@stricli/core";
import { Client, type Gathered, mostTelling } from "../client/client.ts";
import { classOf, operations } from "../protocol/operations.ts";
import { type AnyRequest, encodeRequest } from "../protocol/request.ts";
import type { Response } from "../protocol/response.ts";
import { requestSubject } from "../protocol/subjects.ts";
import { showKind, showKinds } from "./call_catalog.ts";
import type { CallFlags } from "./call_command.ts";
import { responseLines } from "./call_output.ts";
import { buildRequest, findKind } from "./call_request.ts";
import { buildRestRequest, isMethod } from "./call_rest.ts";
import { commandFunction, type Context } from "./context.ts";
import { exitCodeOfError, exitCodes } from "./exit_codes.ts";
import type { Io } from "./io.ts";
import { openBus, wantedApplication } from "./open_bus.ts";
import type { Output } from "./output.ts";
import { complain } from "./report_failure.ts";
import { loadSources } from "./setting_sources.ts";
import { UsageError } from "./usage_error.ts";

/** `call`, for the command line library. */
export const callCommand: CommandFunction<CallFlags, string[], Context> = commandFunction(call);

async function call(io: Io, flags: CallFlags, args: readonly string[]): Promise<number> {
  const { stdout, stderr } = io;
  const json = flags.json || !stdout.isTerminal;
  const [name, ...rest] = args;
  if (flags.list) {
    showKinds(stdout, json);
    return exitCodes.ok;
  }
  if (name === undefined) {
    throw new UsageError("Missing kind of request: see call --list, or call --help");
  }
  if (flags.describe) {
    showKind(findKind(name), stdout, json);
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
  const request = isMethod(name)
    ? await buildRestRequest(args, parts)
    : await buildRequest(findKind(name), rest, parts);
  const { kind, key, payload } = request;
  if (flags.all && classOf(kind, payload) === "create") {
    throw new UsageError(`Cannot use --all with ${kind}: exactly one node carries it out`);
  }
  if (flags["dry-run"]) {
    showRequest(request, stdout, json);
    return exitCodes.ok;
  }
  const timeout = flags.timeout ?? 5_000;
  await using bus = await openBus(sources, { name: "ari-proxy call" });
  using client = new Client(bus, { timeout });
  const show = (response: Response): void =>
    stdout.write(`${json ? JSON.stringify(response) : responseLines(response).join("\n")}\n`);
  const list = operations[kind].reply === "keys";
  if (!list && !flags.all) {
    show(await client.request(kind, key, payload));
    return exitCodes.ok;
  }
  const gathered = await client.gather(kind, key, payload);
  if (flags.all) gathered.responses.forEach(show);
  else if (gathered.responses.length > 0) {
    show({ error: "", keys: gathered.responses.flatMap(({ keys = [] }) => keys) });
  }
  return judge(gathered, stderr);
}

/** Tells what is missing from the answers of several, and whether that is a failure. */
function judge({ responses, errors, missing }: Gathered, output: Output): number {
  errors.forEach((error) => complain(error.message, output));
  if (missing > 0) {
    complain(`${missing} of the nodes that are known did not answer in time`, output);
  }
  if (responses.length > 0) return exitCodes.ok;
  return exitCodeOfError[mostTelling(errors)?.code ?? "timeout"];
}

function showRequest({ kind, key, payload }: AnyRequest, output: Output, json: boolean): void {
  const subject = requestSubject(classOf(kind, payload), key);
  const text = new TextDecoder().decode(encodeRequest(kind, key, payload));
  output.write(
    json ? `{"subject":${JSON.stringify(subject)},"request":${text}}\n` : `${subject}\n${text}\n`,
  );
}
