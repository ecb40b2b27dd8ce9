import { entities, entityId, timeMembers } from "./entity.ts";
import { AriProxyError, errorTexts } from "./errors.ts";
import { isObject, type JsonObject, parseJson } from "./json.ts";
import { type Key, keysMatch, stampKey } from "./key.ts";
import type { Kind, Payload } from "./kinds.ts";
import type { Input, Operation } from "./operation.ts";
import type { Response } from "./response.ts";

/** What Asterisk answered. */
export interface AriResult {
  /** HTTP status. */
  readonly status: number;
  /** Reason phrase, as in `Not Found`. */
  readonly reason: string;
  /** Body; empty when there is none. */
  readonly body: string;
  /** How the body is told when it is no text. */
  readonly encoding?: "base64";
}

/** Tells whether a value is an answer of Asterisk. */
export function isResult(value: unknown): value is AriResult {
  return isObject(value) && typeof value.status === "number" && typeof value.body === "string";
}

/** Tells whether Asterisk agreed. */
export function isSuccess({ status }: AriResult): boolean {
  return status >= 200 && status <= 299;
}

/**
 * The answer for a request that Asterisk carried out, or that needs no Asterisk.
 *
 * @param result What Asterisk answered; absent for kinds that need none.
 * @throws {AriProxyError} When the body is not what it has to be.
 */
export function answer<K extends Kind>(
  row: Operation<K>,
  input: Input<Payload<K>>,
  result: AriResult | undefined,
): Response {
  if (row.raw && result) return rawAnswer(result);
  const undecodable = (why: string) => {
    const text = errorTexts.undecodable(result?.body ? why : "EOF");
    return new AriProxyError("failed", row.failed?.(text, input) ?? text);
  };
  const body = result && parseJson(result.body);
  if (row.answer === "object" && !isObject(body)) throw undecodable("not a JSON object");
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

/** The answer that tells what Asterisk answered, also when it refused. */
function rawAnswer(result: AriResult): Response {
  const { status, reason, body, encoding } = result;
  const value = encoding ? body : body === "" ? undefined : parseJson(body) ?? body;
  const rest = { status, reason, ...(value !== undefined && { body: value }) };
  return {
    error: isSuccess(result) ? "" : errorTexts.refused(status, reason),
    data: { [entities.rest.data]: { ...rest, ...(encoding && { encoding }) } },
  };
}

function replyKey<K extends Kind>(row: Operation<K>, input: Input<Payload<K>>): Key {
  const made = row.made?.(input);
  return made === undefined
    ? stampKey({ ...input.key, id: input.id }, input.self)
    : stampKey({ kind: row.entity, id: made, dialog: input.key.dialog }, input.self);
}

function listKeys<K extends Kind>(
  row: Operation<K>,
  input: Input<Payload<K>>,
  items: readonly unknown[],
): Key[] {
  const { dialog } = input.key;
  return items
    .map((item) => ({ kind: row.entity, id: entityId(row.entity, item), dialog }))
    .map((key) => stampKey(key, input.self))
    .filter((key) => !row.filtered || keysMatch(key, { ...input.key, node: "", app: "" }));
}

function picked<K extends Kind>(
  row: Operation<K>,
  input: Input<Payload<K>>,
  body: unknown,
): unknown {
  const value = row.pick ? row.pick(body, input) : body;
  if (value === undefined) throw new AriProxyError("not_found", errorTexts.notFound);
  return value;
}

/** The data under its member: as Asterisk sent it, with the key added. */
export function replyData<K extends Kind>(
  row: Operation<K>,
  input: Input<Payload<K>>,
  value: unknown,
): JsonObject {
  const name = entities[row.entity].data;
  if (value === "") return {};
  if (!isObject(value)) return { [name]: value };
  const key = row.entity === "asterisk" ? undefined : stampKey(input.key, input.self);
  return { [name]: { ...(key && { key }), ...withWireTimes(value) } };
}

/** The object with its times, also those one level down, in the form that Go clients read. */
function withWireTimes(object: JsonObject, depth = 0): JsonObject {
  const members = Object.entries(object).map(([name, value]): [string, unknown] => {
    const told = timeMembers.get(name);
    if (told) return [name, told(value)];
    return [name, isObject(value) && depth === 0 ? withWireTimes(value, 1) : value];
  });
  return Object.fromEntries(members.filter(([, value]) => value !== undefined));
}
