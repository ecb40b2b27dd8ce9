/**
 * Responses and failures of `call`, as tables or as JSON.
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
import { type Gathered, mostSpecificError } from "../../client/requester.ts";
import { AriProxyError, type Outcome } from "../../protocol/errors.ts";
import { exitCodeOf, exitCodes } from "../exit_codes.ts";
import { complain, unreachableAdvice } from "../errors.ts";

/** Writes a response; of a REST request, the body of Asterisk's response. */
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

/** Joins the responses of several nodes if they are lists. */
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

/** The body of Asterisk's response, for a terminal. */
function bodyLines(body: unknown, columns: number): string[] {
  if (body === null) return ["ok"];
  if (!Array.isArray(body)) return isObject(body) ? memberLines(body) : [printable(`${body}`)];
  if (body.length === 0) return ["none"];
  return body.every(isObject)
    ? objectLines(body, columns)
    : body.map((item) => printable(`${item}`));
}

/** A table of objects: as many of their scalar members as fit on the terminal. */
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

/** The first columns of a table: what identifies an entity. */
const leading: readonly string[] = ["id", "name", "technology", "resource", "state"];

function placeOf(name: string): number {
  const place = leading.indexOf(name);
  return place < 0 ? leading.length : place;
}

function isScalar(value: unknown): boolean {
  return value === null || typeof value !== "object";
}

/** The response of a kind, for a terminal. */
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
  // An empty list has the columns of other lists.
  const some = keys.some(({ dialog }) => dialog) ? ["DIALOG"] : [];
  return tableLines(["ID", "KIND", "NODE", "APPLICATION", ...some], rows);
}

/** The data without their single member, which is named for the entity. */
function dataLines(data: JsonObject): string[] {
  const members = Object.values(data);
  return memberLines(members.length === 1 && isObject(members[0]) ? members[0] : data);
}

/** How failures are reported. */
interface FailureOptions {
  /** Where failures are written. */
  readonly output: Output;
  /** Whether to write a JSON object per failure. */
  readonly json: boolean;
  /** Whether the request was to change something. */
  readonly acts: boolean;
}

const outcomes: Readonly<Record<Outcome, string>> = {
  not_sent: " (not sent)",
  unknown: " (it may have been carried out)",
  failed: "",
};

/**
 * Reports the failure of a request to one node. Returns the exit code.
 *
 * @param options With `several` the node is named, as several are known.
 */
export function reportFailure(
  error: AriProxyError,
  options: FailureOptions & { readonly several: boolean },
): number {
  report(error, options, options.several ? error.node : undefined);
  return exitCodeOf(error, options.acts);
}

/** Reports the nodes that failed and how many did not respond. Returns the exit code. */
export function reportFailures(
  { responses, errors, missing }: Gathered,
  options: FailureOptions,
): number {
  errors.forEach((error) => report(error, options, error.node));
  if (missing > 0) {
    const text = `${missing} of the known nodes did not respond in time`;
    report(new AriProxyError("timeout", text), options);
  }
  if (responses.length > 0) return exitCodes.ok;
  const error = mostSpecificError(errors);
  return error ? exitCodeOf(error, options.acts) : exitCodes.timeout;
}

function report(error: AriProxyError, options: FailureOptions, node?: string): void {
  const { output, json, acts } = options;
  const { message, code, outcome } = error;
  if (json) {
    const known = error.node ? { node: error.node } : {};
    const line = { error: redactUrl(message), code, outcome, ...known };
    return output.write(`${JSON.stringify(line)}\n`);
  }
  const advice = code === "no_node" ? "; see ari-proxy nodes" : "";
  const text = `${message}${advice}${acts ? outcomes[outcome] : ""}`;
  complain(`${node ? `${node}: ` : ""}${text}`, output);
  if (code === "unreachable" && outcome === "not_sent") complain(unreachableAdvice, output);
}
