import { isObject } from "../../src/protocol/json.ts";
import type { Description } from "../../scripts/api/description.ts";

/**
 * Compares a value with what Asterisk's description says of its type.
 *
 * @param type Name of a model, `list of` one, or a simple type.
 * @returns What is missing or of another type.
 */
export function conforms(
  value: unknown,
  type: string,
  models: Description["models"],
  place = type,
): string[] {
  const item = /^(?:list of |List\[)(\w+)\]?$/.exec(type)?.[1];
  if (item) {
    if (!Array.isArray(value)) return [`${place} is not a list`];
    return value.flatMap((one, index) => conforms(one, item, models, `${place}.${index}`));
  }
  // What Asterisk 22 does is not what its description says.
  if (place === "TextMessageReceived.message.variables") {
    return conforms(value, "List[object]", models);
  }
  if (Object.hasOwn(simple, type)) {
    return simple[type](value) ? [] : [`${place} is not of type ${type}`];
  }
  if (!isObject(value)) return [`${place} is not an object`];
  return Object.entries(models[type].properties).flatMap(([name, { type, required }]) => {
    const member = value[name];
    if (member === undefined) return required ? [`${place}.${name} is missing`] : [];
    return conforms(member, type, models, `${place}.${name}`);
  });
}

const simple: Readonly<Record<string, (value: unknown) => boolean>> = {
  binary: (value) => value instanceof Uint8Array && value.length > 0,
  boolean: (value) => typeof value === "boolean",
  Date: (value) => typeof value === "string" && !Number.isNaN(Date.parse(value)),
  double: (value) => typeof value === "number",
  int: (value) => Number.isInteger(value),
  long: (value) => Number.isInteger(value),
  object: isObject,
  string: (value) => typeof value === "string",
  void: (value) => value === undefined,
};
