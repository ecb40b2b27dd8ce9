import { AriProxyError, errorTexts, invalid } from "./errors.ts";
import { decodeJson, isObject, jsonText, member } from "./json.ts";
import { compactKey, type Key, keyMembers } from "./key.ts";
import { isKind, type Kind, kindRows, type Payload } from "./kinds/kinds.ts";
import { type AnyShape, decodeShape, malformed } from "./shape.ts";

/** Identity and deadline of a request. Proxies of the original ignore them. */
interface RequestMarks {
  /** Identifies this request: a proxy carries out each ID once. */
  readonly id?: string;
  /** When it must have begun, in milliseconds since 1970; later it is not carried out. */
  readonly deadline?: number;
}

/** A request whose kind is known and whose parts have been checked. */
export interface Request<K extends Kind = Kind> extends RequestMarks {
  /** Its kind. */
  readonly kind: K;
  /** Its key; an empty one when none was sent. */
  readonly key: Key;
  /** Its payload. */
  readonly payload: Payload<K>;
}

/** A request that may be of any kind, with the payload belonging to the kind. */
export type AnyRequest = { readonly [K in Kind]: Request<K> }[Kind];

/** Most characters of an ID: proxies cache them. */
const maxId = 256;

const encoder = new TextEncoder();

/**
 * Encodes a request, with empty members of its key left out.
 *
 * @throws {AriProxyError} With the code `too_large` for a payload nested in thousands of levels.
 */
export function encodeRequest<K extends Kind>(
  kind: K,
  key: Key,
  payload: Payload<K> | undefined,
  { id, deadline }: RequestMarks = {},
): Uint8Array {
  const row = kindRows[kind].payload;
  const text = jsonText({
    kind,
    key: compactKey(key),
    id,
    deadline: deadline === undefined ? undefined : new Date(deadline).toISOString(),
    ...(row && payload !== undefined && { [row.member]: payload }),
  });
  if (text === undefined) throw new AriProxyError("too_large", errorTexts.tooDeep);
  return encoder.encode(text);
}

/**
 * Decodes a request and checks every part of it. Names of members are matched whatever their letter
 * case, and unknown members are ignored.
 *
 * @throws {AriProxyError} With the code `invalid` for what is not a request of its kind, and
 * `unsupported` for an unknown kind.
 */
export function decodeRequest(data: Uint8Array): AnyRequest {
  const message = decodeJson(data);
  if (message === undefined) throw invalid("Malformed request: not JSON");
  if (!isObject(message)) throw malformed("the request", "an object");
  const kind = member(message, "kind") ?? "";
  if (typeof kind !== "string") throw malformed("kind", "a string");
  const key = decodeKey(member(message, "key"));
  if (!isKind(kind)) throw new AriProxyError("unsupported", errorTexts.notImplemented);
  const row = goStageExternalMedia(kind, message) ?? kind;
  const payload = decodePayload(row, message);
  // The payload was decoded by the shape of this very kind, which the compiler cannot follow.
  return { kind: row, key, payload, ...decodeMarks(message) } as AnyRequest;
}

function decodeMarks(message: Readonly<Record<string, unknown>>): RequestMarks {
  const id = member(message, "id") ?? undefined;
  if (id !== undefined && (typeof id !== "string" || id.length > maxId)) {
    throw malformed("id", `a string of up to ${maxId} characters`);
  }
  const time = member(message, "deadline") ?? undefined;
  const deadline = typeof time === "string" ? Date.parse(time) : undefined;
  if (time !== undefined && !Number.isFinite(deadline)) {
    throw malformed("deadline", "a time in ISO 8601");
  }
  return { ...(id && { id }), ...(deadline !== undefined && { deadline }) };
}

/**
 * Go clients stage external media under the kind of another stage step. What they mean shows in the
 * payload.
 */
function goStageExternalMedia(kind: Kind, message: Readonly<Record<string, unknown>>) {
  const staged = kind === "ChannelStageOriginate" && !member(message, "channel_originate") &&
    member(message, "channel_external_media");
  return staged ? "ChannelStageExternalMedia" as const : undefined;
}

function decodeKey(value: unknown): Key {
  if (value === undefined || value === null) return {};
  if (!isObject(value)) throw malformed("key", "an object");
  return compactKey(decodeShape(value, keyShape, "key"));
}

const keyShape: AnyShape = Object.fromEntries(keyMembers.map((name) => [name, "string?"]));

function decodePayload(kind: Kind, message: Readonly<Record<string, unknown>>): unknown {
  const row = kindRows[kind].payload;
  if (!row) return undefined;
  const value = member(message, row.member);
  if (value === undefined || value === null) {
    if (row.optional) return undefined;
    throw invalid(row.missing ?? `Malformed request: ${row.member} is missing`);
  }
  if (!isObject(value)) throw malformed(row.member, "an object");
  return decodeShape(value, row.shape, row.member);
}
