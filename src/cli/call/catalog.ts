/**
 * What kinds of requests there are, for people and for programs.
 *
 * @module
 */
import type { Kind } from "../../protocol/kinds.ts";
import { kinds, operations } from "../../protocol/operations.ts";
import { fieldsOfKind } from "./by_kind.ts";
import { fieldName, fieldUsage } from "./fields.ts";
import type { Output } from "../output.ts";
import { memberLines, tableLines } from "../table.ts";

/** Shows all kinds and all operations of Asterisk's REST interface: tables, or a JSON list. */
export async function showKinds(output: Output, json: boolean): Promise<void> {
  const { operationLines, operationList } = await import("./call_operation_catalog.ts");
  const described = kinds.map(describe);
  if (json) return output.write(`${JSON.stringify([...described, ...operationList()])}\n`);
  const rows = kinds.map((kind) => [
    kind,
    routeOf(kind) ?? "",
    operations[kind].reply,
    fieldsOfKind(kind).map(fieldUsage).join(" "),
  ]);
  const lines = tableLines(["KIND", "ASTERISK", "REPLY", "FIELDS"], rows);
  output.write(`${[...lines, "", ...operationLines()].join("\n")}\n`);
}

/** Shows one kind: names and values, or a JSON object. */
export function showKind(kind: Kind, output: Output, json: boolean): void {
  if (json) return output.write(`${JSON.stringify(describe(kind))}\n`);
  const { fields, ...rest } = describe(kind);
  const usage = fieldsOfKind(kind).map((field) => `  ${fieldUsage(field)}`);
  const lines = [...memberLines(rest), ...(fields ? ["fields", ...usage] : [])];
  output.write(`${lines.join("\n")}\n`);
}

/** What a kind of request is. */
interface Description {
  readonly kind: Kind;
  /** Kind of the entity that the ID names; absent for lists, which take none. */
  readonly id?: string;
  /** Call to Asterisk; absent when there is none. */
  readonly asterisk?: string;
  readonly class: string;
  readonly reply: string;
  /** Fields with what they hold; `?` marks those that may be left out. */
  readonly fields?: Readonly<Record<string, string>>;
}

function describe(kind: Kind): Description {
  const { about, entity, class: requestClass, reply } = operations[kind];
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
  return operations[kind].call;
}
