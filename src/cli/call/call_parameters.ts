/**
 * Parameters of operations by name, for `name=value` on the command line.
 *
 * @module
 */
import { isObject, type JsonObject, parseJson } from "../../protocol/json.ts";
import type { ParameterDescription } from "../../protocol/api/description.ts";
import type { FoundOperation } from "./rest_arguments.ts";
import { closest, didYouMean } from "../closest.ts";
import { UsageError } from "../errors.ts";

/** What people write for a parameter, as in `app=TEXT`; in brackets what may be left out. */
export function parameterUsage(name: string, parameter: ParameterDescription): string {
  const { type, values, required, multiple } = parameter;
  const value = values?.join("|") ??
    { string: "TEXT", integer: "NUMBER", boolean: "true|false", json: "JSON" }[type];
  const usage = `${name}=${value}${multiple ? "…" : ""}`;
  return required ? usage : `[${usage}]`;
}

/**
 * The parameters of an operation, from its path, from arguments and from a JSON object.
 *
 * A name behind a dot sets one member of a parameter that is JSON, as in `variables.COLOUR=blue`; a
 * parameter of which there can be several may come several times.
 *
 * @param args Names and values.
 * @param body Body that was given as JSON, the members of which are parameters as well.
 * @throws {UsageError} When a parameter is unknown, missing or cannot have the value.
 */
export function readParameters(
  operation: FoundOperation,
  args: readonly (readonly [name: string, value: string])[],
  body?: JsonObject,
): JsonObject {
  const { name: call, row, values } = operation;
  const known = row.parameters;
  const read: Record<string, unknown> = { ...values };
  for (const [arg, text] of args) {
    const [name, member] = nameOf(arg, operation);
    const before = read[name];
    if (Object.hasOwn(values, name)) {
      throw new UsageError(`Cannot use ${name}=${text}: the path has a value for ${name}`);
    }
    const value = parse(name, known[name], { text, member });
    if (isObject(before) && isObject(value)) read[name] = { ...before, ...value };
    else if (before !== undefined && known[name].multiple) read[name] = [before, value].flat();
    else if (before === undefined) read[name] = value;
    else throw new UsageError(`Cannot use ${name}=${text}: ${call} takes one ${name}`);
  }
  const whole = Object.entries(known).find(([, { place }]) => place === "body")?.[0];
  if (body && whole) read[whole] = body;
  else for (const name of Object.keys(body ?? {})) nameOf(name, operation);
  const given = whole ? read : { ...read, ...body };
  const missing = Object.entries(known)
    .filter(([name, { required }]) => required && given[name] === undefined)
    .map(([name, parameter]) => parameterUsage(name, parameter));
  if (missing.length === 0) return read;
  throw new UsageError(
    `Missing ${missing.join(" and ")}: ${call} needs ${missing.length > 1 ? "them" : "it"}`,
  );
}

/** The name of a parameter as it is written exactly, and that of a member of it. */
function nameOf(arg: string, { name: call, row }: FoundOperation): [string, string?] {
  const names = Object.keys(row.parameters);
  const exact = (text: string) => names.find((name) => name.toLowerCase() === text.toLowerCase());
  const full = exact(arg);
  if (full) return [full];
  const dot = arg.indexOf(".");
  const parent = dot > 0 ? exact(arg.slice(0, dot)) : undefined;
  if (parent && row.parameters[parent].type === "json" && dot + 1 < arg.length) {
    return [parent, arg.slice(dot + 1)];
  }
  const usages = names.map((name) => parameterUsage(name, row.parameters[name])).join(" ");
  throw new UsageError(
    `Unknown parameter ${arg} of ${call}${didYouMean(arg, names)}\n` +
      (names.length > 0 ? `Parameters of ${call}: ${usages}` : `${call} has no parameters`),
  );
}

function parse(
  name: string,
  { type, values, min }: ParameterDescription,
  { text, member }: { readonly text: string; readonly member?: string },
): unknown {
  const refuse = (why: string): never => {
    throw new UsageError(`Cannot use ${JSON.stringify(text)} for ${name}: ${why}`);
  };
  if (member !== undefined) return { [member]: text };
  if (values && !values.includes(text)) {
    const [meant] = closest(text, values);
    refuse(`it is ${values.join(", ")}${meant ? `; did you mean ${meant}?` : ""}`);
  }
  switch (type) {
    case "string":
      return text;
    case "integer": {
      if (!/^[+-]?\d{1,15}$/.test(text)) refuse("it is a whole number");
      if (min !== undefined && Number(text) < min) refuse(`it is ${min} or more`);
      return Number(text);
    }
    case "boolean":
      return { true: true, false: false }[text.toLowerCase()] ?? refuse("it is true or false");
    case "json": {
      const value = parseJson(text);
      return typeof value === "object" && value !== null
        ? value
        : refuse("it is a JSON object or list");
    }
  }
}
