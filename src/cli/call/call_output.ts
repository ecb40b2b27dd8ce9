/**
 * Answers, for people and for programs.
 *
 * @module
 */
import { isObject, type JsonObject } from "../../protocol/json.ts";
import type { Key } from "../../protocol/key.ts";
import type { Response } from "../../protocol/response.ts";
import { memberLines, tableLines } from "../table.ts";

/** Lines that show an answer to people. */
export function responseLines(response: Response): string[] {
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
  return tableLines(["ID", "KIND", "NODE", "APPLICATION", "DIALOG"], rows);
}

/** The data have one member, named for the entity, which would only be in the way. */
function dataLines(data: JsonObject): string[] {
  const members = Object.values(data);
  return memberLines(members.length === 1 && isObject(members[0]) ? members[0] : data);
}
