/**
 * What can come next on a command line of `call`, for shells that complete it.
 *
 * @module
 */
import { kinds } from "../../protocol/operations.ts";
import { restMethods } from "../../protocol/rest.ts";
import { findOperation, operationNames } from "./rest_arguments.ts";
import { fieldsOfKind } from "./by_kind.ts";
import { isMethod } from "./by_rest.ts";
import { fieldName } from "./fields.ts";
import { splitRoute } from "../../protocol/route.ts";

/**
 * The words that can stand in place of the last argument: kinds and methods, paths of a method,
 * parameters of an operation and values that they can have, or fields of a kind.
 *
 * @param args Arguments behind `call`, without flags; the last one is what was typed of a word.
 */
export function callCompletions(args: readonly string[]): string[] {
  const typed = args.at(-1) ?? "";
  return candidates(args.slice(0, -1), typed).filter((word) =>
    word.toLowerCase().startsWith(typed.toLowerCase())
  );
}

function candidates([first, second, ...rest]: readonly string[], typed: string): string[] {
  if (first === undefined) return [...kinds, ...restMethods];
  if (!isMethod(first)) return fieldWords(first);
  if (second !== undefined) return parameterWords(first, second, { rest, typed });
  return operationNames.map(splitRoute)
    .filter(({ method }) => method === first.toUpperCase()).map(({ path }) => path);
}

function fieldWords(name: string): string[] {
  const kind = kinds.find((kind) => kind.toLowerCase() === name.toLowerCase());
  return kind ? fieldsOfKind(kind).map((field) => `${fieldName(field)}=`) : [];
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

/** What is being typed is often not right yet. */
function attempt<T>(find: () => T): T | undefined {
  try {
    return find();
  } catch {
    return undefined;
  }
}
