/** An object with members of any type. */
export type JsonObject = Readonly<Record<string, unknown>>;

const decoder = new TextDecoder();

/** The value of a JSON text in UTF-8; undefined, which is no value of JSON, for what is not JSON. */
export function decodeJson(data: Uint8Array): unknown {
  return parseJson(decoder.decode(data));
}

/** The value of a JSON text; undefined, which is no value of JSON, for what is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The JSON text of a value; undefined when it is nested too deeply to be written (thousands of levels). */
export function jsonText(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (error) {
    // It is read without recursion, but not written.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Whether a value is a JSON object: neither null nor an array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * A member whatever the letter case of its name, as Go reads it: of several the last one.
 *
 * @returns undefined when there is none.
 */
export function member(object: JsonObject, name: string): unknown {
  const wanted = name.toLowerCase();
  let found: unknown;
  for (const [key, value] of Object.entries(object)) {
    if (key === name || key.toLowerCase() === wanted) found = value;
  }
  return found;
}
