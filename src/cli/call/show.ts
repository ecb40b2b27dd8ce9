/**
 * Answers, for people and for programs.
 *
 * @module
 */
import { isObject, type JsonObject } from "../../protocol/json.ts";
import type { Key } from "../../protocol/key.ts";
import type { Response } from "../../protocol/response.ts";
import { entities } from "../../protocol/entity.ts";
import type { Output } from "../output.ts";
import { memberLines, printable, tableLines, width } from "../table.ts";
import { redactUrl } from "../../common/redact_url.ts";
import { type Gathered, mostTelling } from "../../client/requester.ts";
import { AriProxyError, type Outcome } from "../../protocol/errors.ts";
import { exitCodeOf, exitCodes } from "../exit_codes.ts";
import { complain, unreachableAdvice } from "../errors.ts";

/** Writes an answer; of a call by REST, what Asterisk answered. */
export function showAnswer(response: Response, output: Output, json: boolean): void {
  const rest = response.data?.[entities.rest.data];
  if (isObject(rest) && typeof rest.status === "number") {
    const { body = null } = rest;
    const lines = json ? [JSON.stringify(body)] : bodyLines(body, output.columns);
    return output.write(`${lines.join("\n")}\n`);
  }
  const lines = json ? [JSON.stringify(response)] : responseLines(response);
  output.write(`${lines.join("\n")}\n`);
}

/** The answers of several nodes as one, if they are lists; else as they are. */
export function joinLists(responses: readonly Response[]): readonly Response[] {
  if (responses.length < 2) return responses;
  if (responses.every(({ keys }) => keys)) {
    return [{ error: "", keys: responses.flatMap(({ keys = [] }) => keys) }];
  }
  const rests = responses.map(({ data }) => data?.[entities.rest.data]);
  const bodies = rests.map((rest) => isObject(rest) ? rest.body : undefined);
  if (!bodies.every((body) => Array.isArray(body))) return responses;
  const [first] = rests;
  const rest = { ...(isObject(first) && first), body: bodies.flat() };
  return [{ error: "", data: { [entities.rest.data]: rest } }];
}

/** Lines that show to people what Asterisk answered. */
function bodyLines(body: unknown, columns: number): string[] {
  if (body === null) return ["ok"];
  if (!Array.isArray(body)) return isObject(body) ? memberLines(body) : [printable(`${body}`)];
  if (body.length === 0) return ["none"];
  return body.every(isObject)
    ? objectLines(body, columns)
    : body.map((item) => printable(`${item}`));
}

/** A table of objects: of their members that are no objects, as many as the terminal has room for. */
function objectLines(objects: readonly JsonObject[], columns: number): string[] {
  const names = [...new Set(objects.flatMap(Object.keys))]
    .filter((name) => objects.every((object) => isScalar(object[name])))
    .sort((a, b) => placeOf(a) - placeOf(b));
  const headings = names.map((name) => printable(name.toUpperCase()));
  const rows = objects.map((object) => names.map((name) => `${object[name] ?? ""}`));
  for (let count = names.length; count > 1; count--) {
    const lines = tableLines(headings.slice(0, count), rows.map((row) => row.slice(0, count)));
    if (lines.every((line) => width(line) <= columns)) return lines;
  }
  return tableLines(headings.slice(0, 1), rows.map((row) => row.slice(0, 1)));
}

/** What comes first in a table, as people know a thing by it. */
const leading: readonly string[] = ["id", "name", "technology", "resource", "state"];

function placeOf(name: string): number {
  const place = leading.indexOf(name);
  return place < 0 ? leading.length : place;
}

function isScalar(value: unknown): boolean {
  return value === null || typeof value !== "object";
}

/** Lines that show the answer of a kind to people. */
function responseLines(response: Response): string[] {
  if (response.keys) return keyLines(response.keys);
  if (response.data) return dataLines(response.data);
  return response.key ? keyLines([response.key]) : ["ok"];
}

function keyLines(keys: readonly Key[]): string[] {
  const rows = keys.map(({ id = "", kind = "", node = "", app = "", dialog = "" }) => [
    id,
    kind,
    node,
    app,
    dialog,
  ]);
  // A list without anything in it has the columns that others have.
  const some = keys.some(({ dialog }) => dialog) ? ["DIALOG"] : [];
  return tableLines(["ID", "KIND", "NODE", "APPLICATION", ...some], rows);
}

/** The data have one member, named for the entity, which would only be in the way. */
function dataLines(data: JsonObject): string[] {
  const members = Object.values(data);
  return memberLines(members.length === 1 && isObject(members[0]) ? members[0] : data);
}

/** How to tell of failures. */
interface FailureOptions {
  /** Where to. */
  readonly output: Output;
  /** Whether to write an object a line. */
  readonly json: boolean;
  /** Whether the request was to do something. */
  readonly acts: boolean;
}

const said: Readonly<Record<Outcome, string>> = {
  not_sent: " (not sent)",
  unknown: " (it may have been carried out)",
  failed: "",
};

/**
 * Tells of the failure of a request to one. Returns the exit code.
 *
 * @param options Besides the usual, whether several nodes are known, so that it matters which of them
 * it was.
 */
export function tellFailure(
  error: AriProxyError,
  options: FailureOptions & { readonly several: boolean },
): number {
  tell(error, options, options.several ? error.node : undefined);
  return exitCodeOf(error, options.acts);
}

/** Tells which of many failed, by their nodes, and how many are missing. Returns the exit code. */
export function tellFailures(
  { responses, errors, missing }: Gathered,
  options: FailureOptions,
): number {
  errors.forEach((error) => tell(error, options, error.node));
  if (missing > 0) {
    const text = `${missing} of the known nodes did not respond in time`;
    tell(new AriProxyError("timeout", text), options);
  }
  if (responses.length > 0) return exitCodes.ok;
  const error = mostTelling(errors);
  return error ? exitCodeOf(error, options.acts) : exitCodes.timeout;
}

function tell(error: AriProxyError, options: FailureOptions, node?: string): void {
  const { output, json, acts } = options;
  const { message, code, outcome } = error;
  if (json) {
    const known = error.node ? { node: error.node } : {};
    const line = { error: redactUrl(message), code, outcome, ...known };
    return output.write(`${JSON.stringify(line)}\n`);
  }
  const advice = code === "no_node" ? "; see ari-proxy nodes" : "";
  const text = `${message}${advice}${acts ? said[outcome] : ""}`;
  complain(`${node ? `${node}: ` : ""}${text}`, output);
  if (code === "unreachable" && outcome === "not_sent") complain(unreachableAdvice, output);
}
