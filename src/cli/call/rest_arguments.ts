/**
 * Operations of Asterisk's REST interface and their parameters, as given on the command line.
 *
 * @module
 */
import type { RestOperation } from "../../protocol/api/operation_types.ts";
import {
  description,
  type OperationDescription,
  type ParameterDescription,
} from "../../protocol/api/description.ts";
import { type RestMethod, restSegments, splitRoute } from "../../protocol/ari_call.ts";
import { UsageError } from "../errors.ts";
import { isObject, type JsonObject, parseJson } from "../../protocol/json.ts";
import { closest, didYouMean } from "../closest.ts";

/** The operation of a call. */
interface FoundOperation {
  /** Method and path, as in `POST /channels/{channelId}/move`. */
  readonly name: string;
  /** Its description. */
  readonly row: OperationDescription;
  /** The parameters in the path, with their values. */
  readonly values: Readonly<Record<string, string>>;
}

/** All operations, by method and path. */
export const operationNames: readonly RestOperation[] = Object.keys(description) as RestOperation[];

/**
 * The operation of a call. The path has values or the names of parameters in braces.
 *
 * @throws {UsageError} When Asterisk 22 does not describe it.
 * @throws {AriProxyError} With the code `invalid` for what is not a path.
 */
export function findOperation(method: RestMethod, path: string): FoundOperation {
  const segments = restSegments(path);
  let found: FoundOperation | undefined;
  for (const [name, row] of Object.entries(description)) {
    const values = capture(name, method, segments);
    // A path with fewer values is a closer match: /channels/create is not a channel.
    if (values && !(found && fewer(found.values, values))) found = { name, row, values };
  }
  if (found) return found;
  const call = `${method} ${path}`;
  const meant = didYouMean(call, operationNames) || "; see call --list";
  throw new UsageError(
    `Unknown operation ${call}${meant}\nWith --unchecked it is sent all the same, to an Asterisk that may have it`,
  );
}

function fewer(a: object, b: object): boolean {
  return Object.keys(a).length < Object.keys(b).length;
}

/** The values for the braces; undefined when the path is another one. */
function capture(
  name: string,
  method: RestMethod,
  segments: readonly string[],
): Record<string, string> | undefined {
  const { method: verb, segments: parts } = splitRoute(name);
  if (verb !== method || parts.length !== segments.length) return undefined;
  const values: Record<string, string> = {};
  for (const [i, part] of parts.entries()) {
    if (part === segments[i]) continue;
    const parameter = /^\{(\w+)\}$/.exec(part)?.[1];
    if (!parameter || /^\{.*\}$/.test(segments[i])) return undefined;
    values[parameter] = segments[i];
  }
  return values;
}

/** The usage of a parameter, as in `app=TEXT`; in brackets when it is optional. */
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
 * A name after a dot sets one member of a JSON parameter, as in `variables.COLOUR=blue`; a parameter
 * with several values can be given several times.
 *
 * @param args Names and values.
 * @param body Body as JSON, whose members are parameters as well.
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

/** The exact name of a parameter, and the name of its member. */
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
