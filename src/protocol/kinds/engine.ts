/**
 * The engine of the table of kinds: carries out a request by the columns of its row. What touches the
 * context is handed in.
 *
 * @module
 */
import { entities, entityId, type EntityKind, type EntityRef } from "../entity.ts";
import { AriProxyError, codeOfError, errorTexts, invalid } from "../errors.ts";
import { isObject, type JsonObject, parseJson } from "../json.ts";
import { type Coordinates, type Key, keysMatch, stampKey } from "../key.ts";
import type { MintKind } from "../mint.ts";
import type { Request } from "../request.ts";
import type { Response } from "../response.ts";
import { type AriCall, makeCall } from "../ari_call.ts";
import { utcTime, wireTime } from "../time.ts";
import {
  type AnyRow,
  compileCall,
  type CompiledCall,
  type Input,
  memberAt,
  namesId,
  type WantedChunk,
} from "./columns.ts";
import { type Kind, rowOf } from "./kinds.ts";
import type { FileChunkData } from "./recordings.ts";
import { dataFailed } from "./shared_rows.ts";

/** Asterisk's response. */
export interface AriResult {
  /** HTTP status. */
  readonly status: number;
  /** Reason phrase, as in `Not Found`. */
  readonly reason: string;
  /** Body; empty when there is none. */
  readonly body: string;
  /** How the body is encoded when it is not a text. */
  readonly encoding?: "base64";
}

/** Whether a value is a response of Asterisk. */
export function isResult(value: unknown): value is AriResult {
  return isObject(value) && typeof value.status === "number" && typeof value.body === "string";
}

/** Whether Asterisk's response is a success. */
export function isSuccess({ status }: AriResult): boolean {
  return status >= 200 && status <= 299;
}

/** How requests are sent to Asterisk. */
export interface CallOptions {
  /** When the call must have been sent, in milliseconds since 1970. @default whenever it can be */
  readonly notAfter?: number;
  /** Largest body of the response, in bytes. @default whatever can be read */
  readonly maxBody?: number;
}

/** What a request is completed with. */
interface Completion {
  /** The proxy. */
  readonly self: Coordinates;
  /** Makes an ID. */
  mint(kind: MintKind): string;
}

/** What a request is carried out with. */
export interface PerformContext extends Completion {
  /**
   * Asks Asterisk. It rejects when Asterisk cannot be reached, and with an
   * {@linkcode AriProxyError} for what has a text of its own in the reply: `expired` when the call
   * could not be sent in time, `too_large` and `busy` when the response is not read.
   */
  send(call: AriCall, options?: CallOptions): Promise<AriResult>;
  /**
   * Asks Asterisk for a file and reads a chunk of it. It rejects when Asterisk cannot be reached, and
   * with an {@linkcode AriProxyError} when there is no such chunk.
   */
  readChunk(call: AriCall, wanted: WantedChunk): Promise<FileChunkData | AriResult>;
  /** Binds entities to a dialog; those with an empty ID are ignored. */
  bind(dialog: string, entities: readonly EntityRef[]): void;
  /** The largest payload that the bus takes, in bytes. */
  readonly maxPayload: number;
  /** The time, in milliseconds since 1970. */
  now(): number;
}

type AnyInput = Input<unknown>;

/**
 * Carries out a request, unless its deadline passes before it can be sent to Asterisk.
 *
 * @throws {AriProxyError} With the text for the reply, when we or Asterisk refuse it.
 */
export async function perform(request: Request, context: PerformContext): Promise<Response> {
  const compiled = compile(request.kind);
  const { row } = compiled;
  const input = completeInput(compiled, request, context);
  const bind = (when: "first" | "probed") => {
    const { dialog } = input.key;
    if (dialog && row.binds?.when === when) context.bind(dialog, row.binds.entities(input));
  };

  const { deadline: notAfter } = request;
  const options = { notAfter, maxBody: responseLimit(row, context.maxPayload) };
  bind("first");
  if (compiled.probe) {
    const wrap = dataFailed(about(row));
    const probe = makeAriCall(compiled.probe, input);
    await ask(context, probe, { options, wrap: (cause) => wrap(cause, input) });
    bind("probed");
  }
  const call = mainCallOf(compiled, input);
  if (!call) return reply(row, input, undefined);
  if (notAfter !== undefined && context.now() > notAfter) {
    throw new AriProxyError("expired", errorTexts.expiredWaiting);
  }
  const wrap = (cause: string) => row.failed?.(cause, input) ?? cause;
  if (row.chunk) {
    const wanted = row.chunk(input);
    const chunk = await reach(() => context.readChunk(call, wanted), wrap);
    if ("status" in chunk) throw refusal(chunk, wrap);
    return { error: "", data: replyData(row, input, chunk) };
  }
  const result = row.raw
    ? await reach(() => context.send(call, options), wrap)
    : await ask(context, call, { options, wrap });
  if (!row.probe) bind("probed");
  return reply(row, input, result);
}

/**
 * The call to Asterisk that carries out a request: for kinds that only check whether something exists,
 * that check; undefined for those that need none.
 *
 * @throws {AriProxyError} When the request cannot be carried out.
 */
export function mainCall(request: Request, completion: Completion): AriCall | undefined {
  const compiled = compile(request.kind);
  const input = completeInput(compiled, request, completion);
  return mainCallOf(compiled, input) ?? (compiled.probe && makeAriCall(compiled.probe, input));
}

/** A row with its calls as functions. */
interface Compiled {
  readonly row: AnyRow;
  readonly call?: CompiledCall;
  readonly probe?: CompiledCall;
  /** Whether it is about an entity that the key has to name. */
  readonly needsId: boolean;
}

const compiledKinds = new Map<Kind, Compiled>();

function compile(kind: Kind): Compiled {
  const found = compiledKinds.get(kind);
  if (found) return found;
  const row = rowOf(kind);
  const { call, probe } = row;
  const ofOne = row.class === "data" || row.class === "get";
  const compiled = {
    row,
    ...(call && { call: compileCall(call, row) }),
    ...(probe && { probe: compileCall(probe) }),
    needsId: probe !== undefined || namesId(row) || row.noId !== undefined ||
      (ofOne && row.reply !== "keys" && !["asterisk", "history"].includes(row.entity)),
  };
  compiledKinds.set(kind, compiled);
  return compiled;
}

/** Kind of the entity that the key's ID names. */
function about(row: AnyRow): EntityKind {
  return row.about ?? row.entity;
}

/**
 * What the columns see of a request, with what was left to the proxy filled in.
 *
 * @throws {AriProxyError} With the text for the reply, when the request cannot be carried out.
 */
function completeInput(
  { row, needsId }: Compiled,
  { key, payload }: Request,
  { self, mint }: Completion,
): AnyInput {
  const given: AnyInput = { id: key.id ?? "", key, payload, self };
  const refusal = row.refuse?.(given);
  if (refusal) throw invalid(refusal);
  const input = { ...given, ...row.complete?.(given, mint) };
  if (!input.id && needsId) {
    const { what, missing } = entities[about(row)];
    throw invalid(row.noId ?? errorTexts.noId(missing ?? what));
  }
  return input;
}

function mainCallOf({ row, call }: Compiled, input: AnyInput): AriCall | undefined {
  return row.given?.(input) ?? (call && makeAriCall(call, input));
}

function makeAriCall({ method, path, query, body }: CompiledCall, input: AnyInput): AriCall {
  return makeCall(method, path(input), { query: query?.(input), body: body?.(input) });
}

/** Asks Asterisk and returns its response if it is a success. */
async function ask(
  context: PerformContext,
  call: AriCall,
  { options, wrap }: {
    readonly options: CallOptions;
    readonly wrap: (cause: string) => string;
  },
): Promise<AriResult> {
  const result = await reach(() => context.send(call, options), wrap);
  if (isSuccess(result)) return result;
  throw refusal(result, wrap);
}

function refusal(result: AriResult, wrap: (cause: string) => string): AriProxyError {
  const text = errorTexts.refused(result.status, result.reason);
  return new AriProxyError(codeOfError(text), wrap(text), { cause: result });
}

/** Asks Asterisk and returns its response, whatever it is. */
async function reach<T>(ask: () => Promise<T>, wrap: (cause: string) => string): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    if (cause instanceof AriProxyError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AriProxyError("asterisk_down", wrap(errorTexts.unreachable(why)), { cause });
  }
}

/** Asterisk can be set to write JSON in lines and with blanks (`pretty`), which are not sent on. */
const written = 2;
/** How much smaller the keys of a list are, at most, than what Asterisk sends of each. */
const condensed = 8;
/** What is always read, in bytes: even where next to nothing can be sent on, a refusal can. */
const least = 64 * 1024;

/**
 * The largest body of Asterisk's response, in bytes, from which a reply can be made that the bus takes:
 * what is larger is not worth reading, and would delay events.
 */
function responseLimit(row: AnyRow, maxPayload: number): number {
  const whole = row.raw || row.reply === "data" && !row.pick;
  return Math.max(least, maxPayload * (whole ? written : condensed));
}

/**
 * The reply to a request that Asterisk carried out, or that needs no Asterisk.
 *
 * @param result Asterisk's response; absent for kinds that need none.
 * @throws {AriProxyError} When the body is not what it has to be.
 */
function reply(row: AnyRow, input: AnyInput, result: AriResult | undefined): Response {
  if (row.raw && result) return rawReply(result);
  const undecodable = (why: string) => {
    const text = errorTexts.undecodable(result?.body ? why : "EOF");
    return new AriProxyError("failed", row.failed?.(text, input) ?? text);
  };
  const body = result && parseJson(result.body);
  if (row.response === "object" && !isObject(body)) throw undecodable("not a JSON object");
  switch (row.reply) {
    case "ok":
      return { error: "" };
    case "key":
      if (row.pick) picked(row, input, body);
      return { error: "", key: replyKey(row, input) };
    case "keys":
      if (!Array.isArray(body)) throw undecodable("not a JSON list");
      return { error: "", keys: listKeys(row, input, body) };
    default:
      if (body === undefined) throw undecodable("not JSON");
      return { error: "", data: replyData(row, input, picked(row, input, body)) };
  }
}

/** The reply with the whole response, also when it is a refusal. */
function rawReply(result: AriResult): Response {
  const { status, reason, body, encoding } = result;
  const value = encoding ? body : body === "" ? undefined : parseJson(body) ?? body;
  const rest = { status, reason, ...(value !== undefined && { body: value }) };
  return {
    error: isSuccess(result) ? "" : errorTexts.refused(status, reason),
    data: { [entities.rest.data]: { ...rest, ...(encoding && { encoding }) } },
  };
}

function replyKey(row: AnyRow, input: AnyInput): Key {
  if (row.made === undefined) return stampKey({ ...input.key, id: input.id }, input.self);
  const id = memberAt(input.payload, row.made);
  const { dialog } = input.key;
  return stampKey(
    { kind: row.entity, id: typeof id === "string" ? id : "", dialog },
    input.self,
  );
}

function listKeys(row: AnyRow, input: AnyInput, items: readonly unknown[]): Key[] {
  const { dialog } = input.key;
  return items
    .map((item) => ({ kind: row.entity, id: entityId(row.entity, item), dialog }))
    .map((key) => stampKey(key, input.self))
    .filter((key) => !row.filtered || keysMatch(key, { ...input.key, node: "", app: "" }));
}

function picked(row: AnyRow, input: AnyInput, body: unknown): unknown {
  const value = row.pick ? row.pick(body, input) : body;
  if (value === undefined) throw new AriProxyError("not_found", errorTexts.notFound);
  return value;
}

/** The data under its member: as Asterisk sent it, with the key added. */
function replyData(row: AnyRow, input: AnyInput, value: unknown): JsonObject {
  const name = entities[row.entity].data;
  if (value === "") return {};
  if (!isObject(value)) return { [name]: value };
  const key = row.entity === "asterisk" ? undefined : stampKey(input.key, input.self);
  return { [name]: { ...(key && { key }), ...withWireTimes(value) } };
}

/** Members that are times, of any entity, and how they are sent: `creationtime` in UTC. */
const timeMembers: ReadonlyMap<string, (time: unknown) => string | undefined> = new Map([
  ["creationtime", utcTime],
  ["startup_time", wireTime],
  ["last_reload_time", wireTime],
]);

/** The object with its times, also those one level down, in the form that Go clients read. */
function withWireTimes(object: JsonObject, depth = 0): JsonObject {
  const members = Object.entries(object).map(([name, value]): [string, unknown] => {
    const inWireForm = timeMembers.get(name);
    if (inWireForm) return [name, inWireForm(value)];
    return [name, isObject(value) && depth === 0 ? withWireTimes(value, 1) : value];
  });
  return Object.fromEntries(members.filter(([, value]) => value !== undefined));
}
