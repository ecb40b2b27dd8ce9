/**
 * What operations of Asterisk's REST interface there are, for people and for programs.
 *
 * @module
 */
import { description } from "../../protocol/api/description.ts";
import { restMethods } from "../../protocol/rest.ts";
import type { OperationDescription, ParameterDescription } from "../../protocol/api/description.ts";
import { findOperation } from "./rest_arguments.ts";
import { parameterUsage } from "./call_parameters.ts";
import type { Output } from "../output.ts";
import { memberLines, tableLines } from "../table.ts";

const rows: readonly (readonly [string, OperationDescription])[] = Object.entries(description);

/** All operations, as objects for programs. */
export function operationList(): readonly object[] {
  return rows.map(([name, row]) => describe(name, row));
}

/** All operations, as lines of a table. */
export function operationLines(): string[] {
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
  if (json) return output.write(`${JSON.stringify(describe(name, row))}\n`);
  const { parameters, ...rest } = describe(name, row);
  const about = Object.entries(row.parameters).map(([name, parameter]) => [
    `  ${parameterUsage(name, parameter)}`,
    parameter.default === undefined
      ? parameter.doc
      : `${parameter.doc} Without it: ${parameter.default}.`,
  ]);
  const lines = parameters ? ["parameters", ...tableLines(["", ""], about).slice(1)] : [];
  output.write(`${[...memberLines(rest), ...lines].join("\n")}\n`);
}

/** What an operation is. */
interface Description {
  readonly operation: string;
  readonly does: string;
  readonly since: readonly string[];
  readonly result: string;
  /** Its parameters; absent when it has none. */
  readonly parameters?: OperationDescription["parameters"];
}

function describe(
  operation: string,
  { doc, since, result, parameters }: OperationDescription,
): Description {
  const some = Object.keys(parameters).length > 0;
  return { operation, does: doc, since, result, ...(some && { parameters }) };
}

function usages(parameters: Readonly<Record<string, ParameterDescription>>): string[] {
  return Object.entries(parameters).map(([name, parameter]) => parameterUsage(name, parameter));
}
