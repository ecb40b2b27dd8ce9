/**
 * One request of a batch, as a JSON object on a line.
 *
 * @module
 */
import { isObject, type JsonObject, parseJson } from "../../protocol/json.ts";
import { compactKey, type Key } from "../../protocol/key.ts";
import type { AnyRequest } from "../../protocol/request.ts";
import { buildRequest, findKind } from "./by_kind.ts";
import { buildRestRequest, isMethod, splitOperation } from "./by_rest.ts";
import { UsageError } from "../errors.ts";

/** Members of a line that are no fields. */
const ownMembers = ["kind", "call", "id", "key", "tag", "fields"];

/** A request of a batch. */
export interface BatchRequest {
  /** The request. */
  readonly request: AnyRequest;
  /** What the line gives to know its result by; undefined when it gives nothing. */
  readonly tag: unknown;
}

/** What holds for each line that says nothing else. */
export interface BatchDefaults {
  /** Application, node and dialog. */
  readonly key: Key;
  /** Whether calls by REST are sent without looking whether Asterisk describes them so. */
  readonly unchecked?: boolean;
}

/**
 * Makes the request of a line: `kind` (or `call`, as in `POST /channels/1700.1/move`), `id` or `key`,
 * and fields, beside these or as members of `fields`. Fields have the names and values that they have
 * on the command line.
 *
 * @throws {UsageError} When the line is no request.
 * @throws {AriProxyError} With the code `invalid` when a field is not what it has to be.
 */
export async function readBatchLine(line: string, defaults: BatchDefaults): Promise<BatchRequest> {
  const value = parseJson(line);
  if (!isObject(value)) throw new UsageError("It is no JSON object");
  const { kind, call, id, tag } = value;
  const key = { ...defaults.key, ...readKey(value.key) };
  const fields = readFields(value);
  if (typeof call === "string" && kind === undefined) {
    const [method, path, ...rest] = splitOperation([call]);
    if (!isMethod(method) || path === undefined || rest.length > 0) {
      throw new UsageError(`call is no method with a path, as in "GET /channels": ${call}`);
    }
    const { args, payload } = asArguments(fields);
    const { request, known } = await buildRestRequest([method, path, ...args], {
      key,
      unchecked: defaults.unchecked,
      readPayload: () => Promise.resolve(payload),
    });
    return { request: known ?? request, tag };
  }
  if (typeof kind !== "string") throw new UsageError("Missing kind: a text");
  if (id !== undefined && typeof id !== "string") throw new UsageError("id is no text");
  const { args, payload } = asArguments(fields);
  const request = await buildRequest(findKind(kind), args, {
    // Without one, a field could be taken for it.
    id: id ?? key.id ?? "",
    key: compactKey({ ...key, id: "", kind: "" }),
    readPayload: () => Promise.resolve(payload),
  });
  return { request, tag };
}

function readKey(value: unknown): Key {
  if (value === undefined) return {};
  if (!isObject(value)) throw new UsageError("key is no JSON object");
  const odd = Object.entries(value).find(([, item]) => typeof item !== "string");
  if (odd) throw new UsageError(`key.${odd[0]} is no text`);
  return value;
}

function readFields({ fields = {}, ...line }: JsonObject): JsonObject {
  if (!isObject(fields)) throw new UsageError("fields is no JSON object");
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
