/**
 * Columns that many rows share.
 *
 * @module
 */
import type { RestOperation } from "../api/operation_types.ts";
import { entities, type EntityKind } from "../entity.ts";
import { isObject } from "../json.ts";
import type { RequestClass } from "../subjects.ts";

/** The error text around a refusal to read an entity. */
export function dataFailed(kind: EntityKind): (cause: string, input: { id: string }) => string {
  return (cause, { id }) =>
    `failed to get data: Error getting data for ${entities[kind].what} '${id}': ${cause}`;
}

/** Columns of the kinds that read one entity. */
export function detail(entity: EntityKind, call: RestOperation): {
  class: RequestClass;
  entity: EntityKind;
  call: RestOperation;
  failed: (cause: string, input: { id: string }) => string;
} {
  return { class: "data", entity, call, failed: dataFailed(entity) };
}

/** Columns of the kinds that list entities. */
export function list(entity: EntityKind, call: RestOperation): {
  class: "get";
  reply: "keys";
  entity: EntityKind;
  call: RestOperation;
} {
  return { class: "get", reply: "keys", entity, call };
}

/** Columns of the kinds that do something to an entity and have no result. */
export function command(entity: EntityKind, call: RestOperation): {
  class: "command";
  reply: "ok";
  entity: EntityKind;
  call: RestOperation;
} {
  return { class: "command", reply: "ok", entity, call };
}

/** The value of a variable in Asterisk's response. */
export function variableValue(response: unknown): unknown {
  return isObject(response) && typeof response.value === "string" ? response.value : "";
}
