/**
 * Which kind of request lists what an ID can name.
 *
 * @module
 */
import type { EntityKind } from "../../protocol/entity.ts";
import type { Kind } from "../../protocol/kinds.ts";
import { kinds, operations } from "../../protocol/operations.ts";

/** The kind that lists entities of a kind; undefined where there is none. */
export function listOf(entity: EntityKind): Kind | undefined {
  return kinds.find((kind) => {
    const { reply, entity: listed } = operations[kind];
    return reply === "keys" && listed === entity;
  });
}

/** The kind that lists what the ID of another kind names; undefined where that takes no ID of such. */
export function listForId(kind: Kind): Kind | undefined {
  const { about, entity, call, reply } = operations[kind];
  // What is made or listed has no ID yet.
  if (!call || reply === "keys" || !/\{\w+\}/.test(call)) return undefined;
  return listOf(about ?? entity);
}

/** The kind of request that someone has typed, whatever its letter case. */
export function typedKind(name: string | undefined): Kind | undefined {
  return kinds.find((kind) => kind.toLowerCase() === name?.toLowerCase());
}
