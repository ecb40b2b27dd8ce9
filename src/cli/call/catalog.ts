/**
 * The kinds of requests and the operations of ARI, as tables or as JSON.
 *
 * @module
 */
import { routeOf as shownRoute } from "../../protocol/kinds/columns.ts";
import { type Kind, kindRows, kinds, rowOf } from "../../protocol/kinds/kinds.ts";
import { fieldsOfKind } from "./by_kind.ts";
import { fieldName, fieldUsage } from "./fields.ts";
import type { Output } from "../output.ts";
import { memberLines, tableLines } from "../table.ts";
import {
  description,
  type OperationDescription,
  type ParameterDescription,
} from "../../protocol/api/description.ts";
import { restMethods } from "../../protocol/ari_call.ts";
import { findOperation, parameterUsage } from "./rest_arguments.ts";

/** Shows all kinds and all kindRows of Asterisk's REST interface: tables, or a JSON list. */
export function showKinds(output: Output, json: boolean): void {
  const described = kinds.map(describeKind);
  if (json) return output.write(`${JSON.stringify([...described, ...operationList()])}\n`);
  const rows = kinds.map((kind) => [
    kind,
    routeOf(kind) ?? "",
    kindRows[kind].reply,
    fieldsOfKind(kind).map(fieldUsage).join(" "),
  ]);
  const lines = tableLines(["KIND", "ASTERISK", "REPLY", "FIELDS"], rows);
  output.write(`${[...lines, "", ...operationLines()].join("\n")}\n`);
}

/** Shows one kind: names and values, or a JSON object. */
export function showKind(kind: Kind, output: Output, json: boolean): void {
  if (json) return output.write(`${JSON.stringify(describeKind(kind))}\n`);
  const { fields, ...rest } = describeKind(kind);
  const usage = fieldsOfKind(kind).map((field) => `  ${fieldUsage(field)}`);
  const lines = [...memberLines(rest), ...(fields ? ["fields", ...usage] : [])];
  output.write(`${lines.join("\n")}\n`);
}

/** A kind of request. */
interface KindDescription {
  readonly kind: Kind;
  /** Kind of the entity that the ID names; absent for lists, which take none. */
  readonly id?: string;
  /** Call to Asterisk; absent when there is none. */
  readonly asterisk?: string;
  readonly class: string;
  readonly reply: string;
  /** Fields with their types; `?` marks optional ones. */
  readonly fields?: Readonly<Record<string, string>>;
}

function describeKind(kind: Kind): KindDescription {
  const { about, entity, class: requestClass, reply } = kindRows[kind];
  const fields = fieldsOfKind(kind);
  const asterisk = routeOf(kind);
  return {
    kind,
    ...(reply !== "keys" && { id: about ?? entity }),
    ...(asterisk && { asterisk }),
    class: requestClass,
    reply,
    ...(fields.length > 0 && {
      fields: Object.fromEntries(
        fields.map((field) => [fieldName(field), `${field.holds}${field.optional ? "?" : ""}`]),
      ),
    }),
  };
}

function routeOf(kind: Kind): string | undefined {
  return shownRoute(rowOf(kind));
}

const rows: readonly (readonly [string, OperationDescription])[] = Object.entries(description);

/** All kindRows, as objects for programs. */
function operationList(): readonly object[] {
  return rows.map(([name, row]) => describeOperation(name, row));
}

/** All kindRows, as lines of a table. */
function operationLines(): string[] {
  return tableLines(
    ["OPERATION", "RESULT", "PARAMETERS"],
    rows.map(([name, { result, parameters }]) => [name, result, usages(parameters).join(" ")]),
  );
}

/**
 * Shows one operation: what it does and its parameters, or a JSON object.
 *
 * @throws {UsageError} When there is none of the name.
 */
export function showOperation(
  [method, path = "/"]: readonly string[],
  output: Output,
  json: boolean,
): void {
  const verb = restMethods.find((known) => known === method.toUpperCase()) ?? "GET";
  const { name, row } = findOperation(verb, path);
  if (json) return output.write(`${JSON.stringify(describeOperation(name, row))}\n`);
  const { parameters, ...rest } = describeOperation(name, row);
  const about = Object.entries(row.parameters).map(([name, parameter]) => [
    `  ${parameterUsage(name, parameter)}`,
    parameter.default === undefined
      ? parameter.doc
      : `${parameter.doc} Without it: ${parameter.default}.`,
  ]);
  const lines = parameters ? ["parameters", ...tableLines(["", ""], about).slice(1)] : [];
  output.write(`${[...memberLines(rest), ...lines].join("\n")}\n`);
}

/** An operation. */
interface OperationSummary {
  readonly operation: string;
  readonly does: string;
  readonly since: readonly string[];
  readonly result: string;
  /** Its parameters; absent when it has none. */
  readonly parameters?: OperationDescription["parameters"];
}

function describeOperation(
  operation: string,
  { doc, since, result, parameters }: OperationDescription,
): OperationSummary {
  const some = Object.keys(parameters).length > 0;
  return { operation, does: doc, since, result, ...(some && { parameters }) };
}

function usages(parameters: Readonly<Record<string, ParameterDescription>>): string[] {
  return Object.entries(parameters).map(([name, parameter]) => parameterUsage(name, parameter));
}
