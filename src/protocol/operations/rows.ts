/**
 * Columns that many rows share.
 *
 * @module
 */
import { entities, type EntityKind } from "../entity.ts";
import type { Route } from "../route.ts";
import type { RequestClass } from "../subjects.ts";

/** The error text around a refusal to tell about an entity. */
export function dataFailed(kind: EntityKind): (cause: string, input: { id: string }) => string {
  return (cause, { id }) =>
    `failed to get data: Error getting data for ${entities[kind].what} '${id}': ${cause}`;
}

/** Columns of the kinds that read one entity. */
export function detail(entity: EntityKind, call: Route): {
  class: RequestClass;
  entity: EntityKind;
  call: Route;
  failed: (cause: string, input: { id: string }) => string;
} {
  return { class: "data", entity, call, failed: dataFailed(entity) };
}

/** Columns of the kinds that list entities. */
export function list(entity: EntityKind, call: Route): {
  class: "get";
  reply: "keys";
  entity: EntityKind;
  call: Route;
} {
  return { class: "get", reply: "keys", entity, call };
}

/** Columns of the kinds that do something to an entity and have no result. */
export function command(entity: EntityKind, call: Route): {
  class: "command";
  reply: "ok";
  entity: EntityKind;
  call: Route;
} {
  return { class: "command", reply: "ok", entity, call };
}

/** A parameter of which there can be several, as a member of a body: a single one as it always was. */
export function oneOrMany(values: readonly string[]): string | readonly string[] {
  return values.length === 1 ? values[0] : values;
}
