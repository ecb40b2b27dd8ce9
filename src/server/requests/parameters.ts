/**
 * Validates the parameters of a REST request before it is sent to Asterisk: some that are missing or of the
 * wrong type end Asterisk 22 (SIGSEGV), and with it all calls.
 *
 * @module
 */
import type { AriResult } from "../../protocol/kinds/engine.ts";
import type { RestOperation } from "../../protocol/api/operation_types.ts";
import { description, type ParameterDescription } from "../../protocol/api/description.ts";
import { operations } from "../../protocol/api/lookup.ts";
import { routing } from "../../protocol/api/routing.ts";
import { isObject, type JsonObject, parseJson } from "../../protocol/json.ts";
import type { AriCall } from "../../protocol/ari_call.ts";

/**
 * Returns the response with which a request is refused, as Asterisk words it; undefined when it may be sent,
 * and for operations that the description of Asterisk's REST interface does not have.
 *
 * Names and values are read as Asterisk reads them: from the query, and from the members of the body, which
 * override those.
 */
export function refuseParameters(call: AriCall): AriResult | undefined {
  const operation = operations.find(call);
  const checked = operation && parametersOf(operation);
  if (!checked || checked.length === 0) return undefined;
  const query = queryOf(call.query);
  const body = bodyOf(call.body);
  for (const { name, parameter, demanded } of checked) {
    const complaint = Object.hasOwn(body, name)
      ? complain(body[name], name, parameter)
      : query.has(name)
      ? complain(query.get(name), name, parameter)
      : undefined;
    if (complaint) return refusal(`Parameter ${name} must be ${complaint}`);
    if (demanded && !Object.hasOwn(body, name) && !query.has(name)) {
      return refusal(`Missing parameter ${name}`);
    }
  }
  return undefined;
}

interface Checked {
  readonly name: string;
  readonly parameter: ParameterDescription;
  /** Whether Asterisk refuses a request without it, or ends. */
  readonly demanded: boolean;
}

const known = new Map<RestOperation, readonly Checked[]>();

function parametersOf(operation: RestOperation): readonly Checked[] {
  const found = known.get(operation);
  if (found) return found;
  const checked = Object.entries(description[operation].parameters)
    .filter(([, { place }]) => place === "query" || place === "member")
    .map(([name, parameter]): Checked => ({
      name,
      parameter,
      demanded: !!parameter.required && !routing[operation].dispensable?.includes(name),
    }));
  known.set(operation, checked);
  return checked;
}

/** The parameters of a query. For Asterisk a name ends at a NUL. */
function queryOf(query: string): ReadonlyMap<string, string> {
  const given = new Map<string, string>();
  if (!query) return given;
  for (const [name, value] of new URLSearchParams(query)) {
    given.set(name.split("\0", 1)[0], value.split("\0", 1)[0]);
  }
  return given;
}

/** The parameters of a body; one that is not an object has none. */
function bodyOf(body: string | undefined): JsonObject {
  const value = body === undefined ? undefined : parseJson(body);
  return isObject(value) ? value : {};
}

/** What a value has to be and is not. */
function complain(
  value: unknown,
  name: string,
  { type, place, multiple, min }: ParameterDescription,
): string | undefined {
  if (place === "member") {
    // Asterisk takes null for none.
    if (value === null) return undefined;
    if (name === "fields") {
      const valid = Array.isArray(value) && value.every(isTuple);
      return valid ? undefined : "a list of objects with the texts attribute and value";
    }
    return isObject(value) ? undefined : "an object";
  }
  switch (type) {
    case "integer":
      return complainOfInteger(value, min);
    case "boolean":
      return ["boolean", "string"].includes(typeof value) || value === 0 || value === 1
        ? undefined
        : "true or false";
    default:
      if (typeof value === "string") return undefined;
      if (!multiple) return "a text";
      return Array.isArray(value) && value.every((item) => typeof item === "string")
        ? undefined
        : "a text or a list of texts";
  }
}

function isTuple(value: unknown): boolean {
  return isObject(value) && typeof value.attribute === "string" && typeof value.value === "string";
}

/** Asterisk reads the number that a text begins with, none as 0, and keeps 32 bits of it. */
function complainOfInteger(value: unknown, min: number | undefined): string | undefined {
  const wanted = min === undefined ? "an integer" : `an integer from ${min} to ${maxInteger}`;
  const text = typeof value === "string" ? /^\s*([+-]?\d+|$)/.exec(value)?.[1] : undefined;
  const number = text === undefined ? value : Number(text);
  if (typeof number !== "number" || !Number.isInteger(number)) return wanted;
  return min !== undefined && (number < min || number > maxInteger) ? wanted : undefined;
}

const maxInteger = 2 ** 31 - 1;

function refusal(message: string): AriResult {
  return { status: 400, reason: "Bad Request", body: JSON.stringify({ message }) };
}
