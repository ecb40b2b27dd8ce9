/**
 * What can stand as an argument of a subcommand.
 *
 * @module
 */
import { kinds, operations } from "../../protocol/operations.ts";
import { restMethods } from "../../protocol/rest.ts";
import type { Kind } from "../../protocol/kinds.ts";
import { eventSubscription } from "../../protocol/subjects.ts";
import { callCompletions } from "../call/call_completions.ts";
import { fieldsOfKind } from "../call/by_kind.ts";
import { isMethod } from "../call/by_rest.ts";
import { askBus } from "./ask_bus.ts";
import { type Candidate, files } from "./completion_candidate.ts";
import { fieldValues } from "./completion_fields.ts";
import { contextCandidates } from "./completion_contexts.ts";
import type { TypedLine } from "./typed_line.ts";
import { listForId, typedKind } from "./completion_lists.ts";
import { names } from "./completion_names.ts";
import { restPathCandidates } from "./completion_paths.ts";
import { fieldName, fieldUsage, findField, holdsByName } from "../call/fields.ts";
import type { Io } from "../io.ts";

/** The candidates for the argument that is being typed. */
export async function argumentCandidates(line: TypedLine, io: Io): Promise<Candidate[]> {
  switch (line.name) {
    case "call":
      return await callCandidates(line, io);
    case "tail":
      return await subjectCandidates(line, io);
    case "replay":
      return [files];
    case "help":
      return await names([...line.args, line.typed], io);
    case "context show":
    case "context use":
    case "context remove":
      return line.args.length === 0 ? await contextCandidates(io) : [];
    default:
      return await names([...line.name.split(" "), ...line.args, line.typed], io);
  }
}

async function callCandidates(line: TypedLine, io: Io): Promise<Candidate[]> {
  const { args: [first, second], typed } = line;
  if (first === undefined) {
    return [...kinds.map((word) => ({ word, brief: operations[word].call })), ...methods];
  }
  if (isMethod(first)) {
    if (second === undefined) return await restPathCandidates(first, line, io);
    return callCompletions([...line.args, typed]).map((word) => ({ word }));
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

async function subjectCandidates(line: TypedLine, io: Io): Promise<Candidate[]> {
  const { members } = await askBus(line, io);
  const keys = [{}, ...members.flatMap(({ app, node }) => [{ app }, { app, node }])];
  return keys.map((key) => ({ word: eventSubscription(key) }));
}
