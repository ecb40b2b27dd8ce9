/**
 * Completes command lines of `call`: kinds with their fields, methods with their paths and parameters,
 * and IDs of entities.
 *
 * @module
 */
import { type Kind, kindRows, kinds, rowOf } from "../../protocol/kinds/kinds.ts";
import { restMethods, splitRoute } from "../../protocol/ari_call.ts";
import { fieldsOfKind } from "../call/by_kind.ts";
import { isMethod } from "../call/by_rest.ts";
import { askBus, type Candidate } from "./ask_bus.ts";
import type { TypedLine } from "./typed_line.ts";
import { type Field, fieldName, fieldUsage, findField, holdsByName } from "../call/fields.ts";
import type { Io } from "../io.ts";
import { description } from "../../protocol/api/description.ts";
import { routeOf } from "../../protocol/kinds/columns.ts";
import { entityIn } from "../../protocol/api/lookup.ts";
import type { EntityKind } from "../../protocol/entity.ts";
import { findOperation, operationNames } from "../call/rest_arguments.ts";

/** The candidates for the argument of `call`. */
export async function callCandidates(line: TypedLine, io: Io): Promise<Candidate[]> {
  const { args: [first, second], typed } = line;
  if (first === undefined) {
    return [...kinds.map((word) => ({ word, brief: routeOf(rowOf(word)) })), ...methods];
  }
  if (isMethod(first)) {
    if (second === undefined) return await restPathCandidates(first, line, io);
    return parameterWords(first, second, { rest: line.args.slice(2), typed })
      .map((word) => ({ word }));
  }
  const kind = typedKind(first);
  if (!kind) return [];
  const equals = typed.indexOf("=");
  if (equals > 0) return valueCandidates(kind, typed.slice(0, equals));
  const given = line.args.slice(1).map((arg) => arg.split("=")[0].toLowerCase());
  const fields = fieldsOfKind(kind)
    .filter((field) => !given.includes(fieldName(field).toLowerCase()))
    .map((field) => ({
      word: `${fieldName(field)}${holdsByName(field) ? "." : "="}`,
      brief: fieldValues(kind, field).join(", ") || fieldUsage(field).replace(/^[^=]*=/, ""),
    }));
  const list = second === undefined && !("id" in line.flags) ? listForId(kind) : undefined;
  const { ids } = list ? await askBus(line, io, { list }) : { ids: [] };
  return [...ids, ...fields];
}

const methods: readonly Candidate[] = restMethods.map((word) => ({
  word,
  brief: "Operation of Asterisk's REST interface",
}));

function valueCandidates(kind: Kind, name: string): Candidate[] {
  try {
    const found = findField(name, fieldsOfKind(kind));
    if (!found || found.entry !== undefined) return [];
    return fieldValues(kind, found.field).map((value) => ({ word: `${name}=${value}` }));
  } catch {
    return []; // several fields could be meant
  }
}

/** The possible values of a field; none when it has any. */
function fieldValues(kind: Kind, field: Field): readonly string[] {
  if (field.holds === "boolean") return ["true", "false"];
  if (field.holds !== "string") return [];
  return parameterOf(kind, field) ?? [];
}

/** The values of the parameter that a field becomes. */
function parameterOf(kind: Kind, field: Field): readonly string[] | undefined {
  const { call, query, body } = rowOf(kind);
  const path = field.path.join(".");
  const name = Object.entries({ ...query, ...body }).find(([, column]) =>
    column === path || typeof column === "object" && column.from === path
  )?.[0];
  return call && name !== undefined ? description[call].parameters[name]?.values : undefined;
}

/** The kind that lists the entities; undefined when there is none. */
export function listOf(entity: EntityKind): Kind | undefined {
  return kinds.find((kind) => {
    const { reply, entity: listed } = kindRows[kind];
    return reply === "keys" && listed === entity;
  });
}

/** The kind that lists what the ID of another kind names; undefined when that takes no such ID. */
export function listForId(kind: Kind): Kind | undefined {
  const { about, entity, call, reply } = kindRows[kind];
  // A request that creates or lists takes no ID of an existing entity.
  if (!call || reply === "keys" || !/\{\w+\}/.test(call)) return undefined;
  return listOf(about ?? entity);
}

/** The kind of a name, ignoring letter case. */
export function typedKind(name: string | undefined): Kind | undefined {
  return kinds.find((kind) => kind.toLowerCase() === name?.toLowerCase());
}

/**
 * The paths that continue what was typed, which takes the place of braces, and IDs of existing entities
 * in place of an ID. A path ends before its next braces, so that it can be called as it is; with
 * `--describe`, which needs no IDs, it is shown to its end.
 */
async function restPathCandidates(
  method: string,
  line: TypedLine,
  io: Io,
): Promise<Candidate[]> {
  const typed = line.typed.split("/");
  const last = typed.length - 1;
  const operations = operationNames.map((name) => ({
    name,
    parts: splitRoute(name).path.split("/"),
  }))
    .filter(({ name }) => name.startsWith(`${method.toUpperCase()} `))
    .filter(({ parts }) => parts.length > last && typed.slice(0, -1).every(fits(parts)));
  const paths = operations.map(({ parts }) => parts);
  const entity = operations.map(({ name, parts }) => entityIn(name, parts[last]))
    .find((kind) => kind !== undefined);
  const list = entity && listOf(entity);
  const { ids } = list ? await askBus(line, io, { list }) : { ids: [] };
  const head = typed.slice(0, -1);
  const describe = line.switches.includes("describe");
  const rests = paths.map((parts) => parts.slice(last))
    .map((rest) => describe ? rest : untilBrace(rest));
  const plain = rests.map((rest) => ({ word: [...head, ...rest].join("/") }));
  const known = ids.map(({ word, brief }) => ({
    word: [...head, encodeURIComponent(word)].join("/"),
    brief,
  }));
  return [...known, ...plain];
}

const isBrace = (part: string): boolean => part.startsWith("{");

/** The part of a path before its first braces, with the slash after it. */
function untilBrace(rest: readonly string[]): readonly string[] {
  const brace = rest.findIndex(isBrace);
  return brace <= 0 ? rest.slice(0, brace < 0 ? rest.length : 0) : [...rest.slice(0, brace), ""];
}

/** Whether a typed segment matches the name or braces of a path. */
function fits(parts: readonly string[]): (segment: string, index: number) => boolean {
  return (segment, index) => parts[index] === segment || (isBrace(parts[index]) && segment !== "");
}

function parameterWords(
  method: string,
  path: string,
  { rest, typed }: { readonly rest: readonly string[]; readonly typed: string },
): string[] {
  const verb = restMethods.find((known) => known === method.toUpperCase());
  const operation = verb && attempt(() => findOperation(verb, path));
  if (!operation) return [];
  const named = /^(\w+)=/.exec(typed)?.[1];
  const { parameters } = operation.row;
  if (named !== undefined) {
    const { values, type } = parameters[named] ?? {};
    const words = values ?? (type === "boolean" ? ["true", "false"] : []);
    return words.map((value) => `${named}=${value}`);
  }
  const given = new Set(rest.map((arg) => arg.split("=")[0]));
  return Object.entries(parameters)
    .filter(([name, { multiple }]) => !(name in operation.values) && (multiple || !given.has(name)))
    .map(([name]) => `${name}=`);
}

/** An unfinished path is often not valid yet. */
function attempt<T>(find: () => T): T | undefined {
  try {
    return find();
  } catch {
    return undefined;
  }
}
