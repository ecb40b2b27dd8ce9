import { AriProxyError, errorTexts } from "./errors.ts";
import { decodeJson, isObject, type JsonObject, jsonText, member } from "./json.ts";
import { compactKey, type Key } from "./key.ts";

/** The answer to a request. Success has an empty error. */
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
 * Encodes an answer. An empty list of keys is left out, as Go proxies do.
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
 * Decodes an answer. An absent error, an empty object and null stand for success.
 *
 * @throws {AriProxyError} With the code `failed` for what is no answer.
 */
export function decodeResponse(data: Uint8Array): Response {
  const value = decodeJson(data);
  if (value === null) return { error: "" };
  if (!isObject(value)) throw new AriProxyError("failed", "Malformed answer: not a JSON object");
  const error = member(value, "error");
  const key = member(value, "key");
  const keys = member(value, "keys");
  const content = member(value, "data");
  return {
    error: typeof error === "string" ? error : "",
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
