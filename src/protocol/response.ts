import { AriProxyError, errorTexts } from "./errors.ts";
import { decodeJson, isObject, type JsonObject, jsonText, member } from "./json.ts";
import { compactKey, type Key } from "./key.ts";

/** The response to a request. Success has an empty error. */
export interface Response {
  /** Why it failed, for people; empty for success. */
  readonly error: string;
  /** Key of an entity. */
  readonly key?: Key;
  /** Keys of any number of entities. */
  readonly keys?: readonly Key[];
  /** Data of an entity, under the member of its kind. */
  readonly data?: JsonObject;
}

const encoder = new TextEncoder();

/**
 * Encodes a response. An empty list of keys is left out, as Go proxies do.
 *
 * @throws {AriProxyError} With the code `too_large` for data nested in thousands of levels.
 */
export function encodeResponse(response: Response): Uint8Array {
  const { keys, ...rest } = response;
  const text = jsonText(keys?.length ? { ...rest, keys } : rest);
  if (text === undefined) throw new AriProxyError("too_large", errorTexts.tooDeep);
  return encoder.encode(text);
}

/**
 * Decodes a response.
 *
 * @returns undefined for what is not one: every proxy sends the text `error`, an empty one for success.
 * Clients in Go take its absence for success, and so the acknowledgement of a JetStream stream.
 */
export function decodeResponse(data: Uint8Array): Response | undefined {
  const value = decodeJson(data);
  if (!isObject(value)) return undefined;
  const error = member(value, "error");
  if (typeof error !== "string") return undefined;
  const key = member(value, "key");
  const keys = member(value, "keys");
  const content = member(value, "data");
  return {
    error,
    ...(isObject(key) && { key: decodeKey(key) }),
    ...(Array.isArray(keys) && { keys: keys.filter(isObject).map(decodeKey) }),
    ...(isObject(content) && { data: content }),
  };
}

function decodeKey(value: JsonObject): Key {
  const text = (name: string): string => {
    const found = member(value, name);
    return typeof found === "string" ? found : "";
  };
  return compactKey({
    kind: text("kind"),
    id: text("id"),
    node: text("node"),
    app: text("app"),
    dialog: text("dialog"),
  });
}
