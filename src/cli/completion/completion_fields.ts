/**
 * Values that a field of a kind can have, as Asterisk's own description has them.
 *
 * @module
 */
import { description } from "../../protocol/api/description.ts";
import type { Kind, Payload } from "../../protocol/kinds.ts";
import type { Operation } from "../../protocol/operation.ts";
import { operations } from "../../protocol/operations.ts";
import type { OperationDescription } from "../../protocol/api/description.ts";
import type { Field } from "../call/fields.ts";

/** The values that a field can have; none where it can have any. */
export function fieldValues(kind: Kind, field: Field): readonly string[] {
  if (field.holds === "boolean") return ["true", "false"];
  if (field.holds !== "string") return [];
  return parameterOf(kind, field) ?? [];
}

/** Stands for the value of the field, to be found again in the call that the row makes of it. */
const mark = "\u0001";

function parameterOf<K extends Kind>(kind: K, field: Field): readonly string[] | undefined {
  const row: Operation<K> = operations[kind];
  const described = row.call && rowOf(row.call);
  if (!described) return undefined;
  const empty: unknown = mark;
  const payload = field.path.reduceRight((value, name) => ({ [name]: value }), empty);
  // Only what the field becomes is looked at; a row that wants more of the payload throws.
  const input = { id: "", key: {}, payload: payload as Payload<K>, self: { app: "", node: "" } };
  try {
    const made = { ...row.query?.(input), ...row.body?.(input) };
    const name = Object.keys(made).find((name) => made[name] === mark);
    return name === undefined ? undefined : described.parameters[name]?.values;
  } catch {
    return undefined;
  }
}

/** What is known of the operation of a route; what stands in braces has other names there. */
function rowOf(route: string): OperationDescription | undefined {
  const plain = (text: string): string => text.replaceAll(/\{\w+\}/g, "{}");
  return Object.entries(description).find(([name]) => plain(name) === plain(route))?.[1];
}
