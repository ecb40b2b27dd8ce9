/**
 * `ari-proxy call --batch`: many requests, several in flight.
 *
 * @module
 */
import { BusError } from "../../bus/bus.ts";
import { busFailure } from "../../client/bus_failure.ts";
import { mostSpecificError, Requester } from "../../client/requester.ts";
import { redactUrl } from "../../common/redact_url.ts";
import { AriProxyError } from "../../protocol/errors.ts";
import { classOf, kindRows } from "../../protocol/kinds/kinds.ts";
import { type AnyRequest, encodeRequest } from "../../protocol/request.ts";
import type { Response } from "../../protocol/response.ts";
import { requestSubject } from "../../protocol/subjects.ts";
import { BusReturn } from "../bus_return.ts";
import { counted } from "../table.ts";
import { exitCodes } from "../exit_codes.ts";
import { mapInOrder } from "./map_in_order.ts";
import type { Io } from "../io.ts";
import { isStandardInput, linesOf, openToRead } from "../files.ts";
import { openBus } from "../open_bus.ts";
import { ProgressBar } from "../progress_bar.ts";
import { complain, UsageError } from "../errors.ts";
import type { SettingSources } from "../settings/setting.ts";
import { errorText } from "../../common/error_text.ts";
import { isObject, type JsonObject, parseJson } from "../../protocol/json.ts";
import { compactKey, type Key } from "../../protocol/key.ts";
import { buildRequest, findKind } from "./by_kind.ts";
import { buildRestRequest, isMethod, splitOperation } from "./by_rest.ts";

/** Defaults of a line. */
interface BatchDefaults {
  /** Application, node and dialog. */
  readonly key: Key;
  /** Whether REST requests are sent without a check against Asterisk's description. */
  readonly unchecked?: boolean;
}

/** What a batch is carried out with. */
interface CallBatchOptions extends BatchDefaults {
  /** Path of the file with the requests, `-` for standard input. */
  readonly path: string;
  readonly flags: {
    /** Timeout of the responses, in milliseconds. @default 5000 */
    readonly timeout?: number;
    readonly "dry-run"?: boolean;
    /** @default 16 */
    readonly concurrency?: number;
    readonly "as-completed"?: boolean;
    readonly "fail-fast"?: boolean;
  };
  /** Where settings come from. */
  readonly sources: SettingSources;
}

/** The result of a line, as it is written. */
interface Result {
  readonly line: number;
  readonly tag?: unknown;
  readonly ok: boolean;
  readonly response?: Response;
  /** The failures of some nodes where others succeeded. */
  readonly errors?: readonly Readonly<Record<string, unknown>>[];
  /** How many nodes did not respond. */
  readonly missing?: number;
}

/** Results that may wait for an earlier one. */
const window = 10_000;
/** Buffered characters above which no request is begun. */
const enoughWaiting = 1024 * 1024;

/**
 * Sends the requests of a file, one per line, and writes a line for the result of each.
 *
 * @returns The exit code: a failure if any request failed or was not sent.
 */
export async function callBatch(io: Io, options: CallBatchOptions): Promise<number> {
  const { flags, sources, path } = options;
  const { timeout = 5_000 } = flags;
  const counts = { begun: 0, done: 0, failed: 0 };
  let total: number | undefined;
  let begun = performance.now();
  const stop = new AbortController();
  const cancel = new AbortController();
  const asked = io.onSignal(() => {
    if (stop.signal.aborted) cancel.abort(new Error("Aborted: it was interrupted"));
    stop.abort();
  });
  const take = async (result: Result): Promise<void> => {
    counts.done++;
    if (!result.ok) counts.failed++;
    if (!result.ok && flags["fail-fast"]) stop.abort();
    io.stdout.write(`${JSON.stringify(result)}\n`);
    if (io.stdout.pending > enoughWaiting) await io.stdout.flush();
  };
  const signal = AbortSignal.any([stop.signal, io.stdout.closed]);
  try {
    const dryRun = flags["dry-run"];
    await using bus = dryRun
      ? undefined
      : await openBus(sources, { name: "ari-proxy call", signal });
    using client = bus && new Requester(bus, { timeout });
    using back = bus && client && new BusReturn(bus, client.nodes, {
      timeout,
      onLost: (reason) => complain(`The bus is disconnected, waiting for it: ${reason}`, io.stderr),
    });
    const carryOut = async ({ line, number }: NumberedLine): Promise<Result> => {
      counts.begun++;
      const { tag } = tagOf(line);
      const about = { line: number, ...(tag !== undefined && { tag }) };
      try {
        const request = await readBatchLine(line, options);
        if (!client) return { ...about, ok: true, ...shown(request) };
        await back?.ready(cancel.signal);
        return { ...about, ...await send(client, request, cancel.signal) };
      } catch (error) {
        return { ...about, ok: false, ...failure(error) };
      }
    };
    // Not where the results are written to the terminal.
    using _bar = io.stdout.isTerminal
      ? undefined
      : new ProgressBar(io.stderr, () => ({ ...counts, ...(total !== undefined && { total }) }));
    if (io.stderr.isTerminal) total = await countLines(path, io);
    begun = performance.now();
    const items = numbered(await openToRead(path, io), () => total = counts.begun);
    await mapInOrder(items, {
      work: carryOut,
      take,
      concurrency: flags.concurrency ?? 16,
      window,
      asCompleted: flags["as-completed"],
      signal,
    });
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    asked();
  }
  const { done, failed } = counts;
  const seconds = (performance.now() - begun) / 1000;
  const early = signal.aborted ? "; stopped before the end" : "";
  complain(`${batchSummary({ done, failed }, seconds)}${early}`, io.stderr);
  return failed > 0 || signal.aborted ? exitCodes.failed : exitCodes.ok;
}

/** From so many requests on the summary has the rate. */
const many = 100;

/** The summary of a batch. */
function batchSummary(
  { done, failed }: { readonly done: number; readonly failed: number },
  seconds: number,
): string {
  const rate = Math.round(done / Math.max(seconds, 0.001));
  return [
    counted(done, "request"),
    failed === 0 ? "none failed" : `${failed} failed`,
    ...(done >= many ? [`in ${seconds.toFixed(1)} s (${rate} a second)`] : []),
  ].join(", ");
}

interface NumberedLine {
  readonly line: string;
  readonly number: number;
}

/** The lines that are not blank, with their numbers. */
async function* numbered(
  stream: ReadableStream<Uint8Array>,
  onEnd: () => void,
): AsyncGenerator<NumberedLine> {
  let number = 0;
  for await (const line of linesOf(stream)) {
    number++;
    if (line.trim() !== "") yield { line, number };
  }
  onEnd();
}

/** The number of requests; undefined for what can be read only once, such as a pipe. */
async function countLines(path: string, io: Io): Promise<number | undefined> {
  if (isStandardInput(path) || !await io.files?.isOrdinary(path)) return undefined;
  let count = 0;
  for await (const _ of numbered(await openToRead(path, io), () => {})) count++;
  return count;
}

/** The tag of a line, also of one that is not a request. */
function tagOf(line: string): { readonly tag?: unknown } {
  const value = parseJson(line);
  return typeof value === "object" && value !== null && "tag" in value ? { tag: value.tag } : {};
}

async function send(
  client: Requester,
  { kind, key, payload }: AnyRequest,
  signal: AbortSignal,
): Promise<Omit<Result, "line">> {
  if (kindRows[kind].reply !== "keys") {
    return { ok: true, response: await client.request(kind, key, payload, { signal }) };
  }
  const { responses, errors, missing } = await client.gather(kind, key, payload, { signal });
  const error = mostSpecificError(errors);
  if (responses.length === 0 && error) throw error;
  const keys = responses.flatMap(({ keys = [] }) => keys);
  const incomplete = {
    ...(errors.length > 0 && { errors: errors.map(failure) }),
    ...(missing > 0 && { missing }),
  };
  return { ok: true, response: { error: "", keys }, ...incomplete };
}

function failure(error: unknown): Readonly<Record<string, unknown>> {
  const isOurs = error instanceof BusError || error instanceof AriProxyError;
  if (!isOurs) {
    const reason = errorText(error);
    const known = error instanceof UsageError
      ? { code: "invalid", outcome: "not_sent" }
      // It was aborted in flight.
      : { code: "failed", outcome: "unknown" };
    return { error: redactUrl(reason), ...known };
  }
  const { message, code, outcome, node } = busFailure(error);
  return { error: redactUrl(message), code, outcome, ...(node && { node }) };
}

function shown({ kind, key, payload }: AnyRequest): Readonly<Record<string, unknown>> {
  const request = parseJson(new TextDecoder().decode(encodeRequest(kind, key, payload)));
  return { subject: requestSubject(classOf(kind, payload), key), request };
}

/** Members of a line that are not fields. */
const ownMembers = ["kind", "call", "id", "key", "tag", "fields"];

/**
 * Makes the request of a line: `kind` (or `call`, as in `POST /channels/1700.1/move`), `id` or `key`,
 * and fields, beside these or as members of `fields`. Fields have the names and values that they have
 * on the command line.
 *
 * @throws {UsageError} When the line is not a request.
 * @throws {AriProxyError} With the code `invalid` when a field is not what it has to be.
 */
async function readBatchLine(line: string, defaults: BatchDefaults): Promise<AnyRequest> {
  const value = parseJson(line);
  if (!isObject(value)) throw new UsageError("It is not a JSON object");
  const { kind, call, id } = value;
  const key = { ...defaults.key, ...readKey(value.key) };
  const fields = readFields(value);
  if (typeof call === "string" && kind === undefined) {
    const [method, path, ...rest] = splitOperation([call]);
    if (!isMethod(method) || path === undefined || rest.length > 0) {
      throw new UsageError(`call is not a method with a path, as in "GET /channels": ${call}`);
    }
    const { args, payload } = asArguments(fields);
    const { request, known } = await buildRestRequest([method, path, ...args], {
      key,
      unchecked: defaults.unchecked,
      readPayload: () => Promise.resolve(payload),
    });
    return known ?? request;
  }
  if (typeof kind !== "string") throw new UsageError("Missing kind: a text");
  if (id !== undefined && typeof id !== "string") throw new UsageError("id is not a string");
  const { args, payload } = asArguments(fields);
  return await buildRequest(findKind(kind), args, {
    // Without one, a field could be taken for the ID.
    id: id ?? key.id ?? "",
    key: compactKey({ ...key, id: "", kind: "" }),
    readPayload: () => Promise.resolve(payload),
  });
}

function readKey(value: unknown): Key {
  if (value === undefined) return {};
  if (!isObject(value)) throw new UsageError("key is not a JSON object");
  const odd = Object.entries(value).find(([, item]) => typeof item !== "string");
  if (odd) throw new UsageError(`key.${odd[0]} is not a string`);
  return value;
}

function readFields({ fields = {}, ...line }: JsonObject): JsonObject {
  if (!isObject(fields)) throw new UsageError("fields is not a JSON object");
  const beside = Object.entries(line).filter(([name]) => !ownMembers.includes(name));
  return { ...Object.fromEntries(beside), ...fields };
}

/** Fields as arguments, with their short names; lists, which no argument can be, as a JSON object. */
function asArguments(fields: JsonObject): { args: string[]; payload: string } {
  const args: string[] = [];
  const rest: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    const flat = flatten(name, value);
    if (flat) args.push(...flat);
    else rest[name] = value;
  }
  if (Object.keys(rest).length > 0) args.push("-");
  return { args, payload: JSON.stringify(rest) };
}

/** An argument for each value; undefined where a list is among them. */
function flatten(name: string, value: unknown): string[] | undefined {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return undefined;
  if (!isObject(value)) return [`${name}=${value}`];
  const inner = Object.entries(value).map(([key, item]) => flatten(`${name}.${key}`, item));
  return inner.every((item) => item !== undefined) ? inner.flat() : undefined;
}
