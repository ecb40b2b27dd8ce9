import type { OperationRouting } from "../../src/protocol/api/routing.ts";
import type { EntityKind } from "../../src/protocol/entity.ts";
import type { Operation } from "./description.ts";

/**
 * The scope of an operation that changes an entity: `entity` where one node has it, `named` where each
 * node has its own, `every` where all nodes have to have the same, `any` where each node reaches it.
 */
const scopes: Readonly<Record<EntityKind | "source", OperationRouting["scope"] | undefined>> = {
  application: "every",
  bridge: "entity",
  channel: "entity",
  config: "named",
  devicestate: "named",
  endpoint: "any",
  liverecording: "entity",
  logging: "named",
  mailbox: "named",
  module: "named",
  playback: "entity",
  sound: "named",
  source: "any",
  storedrecording: "entity",
  variable: "named",
  // No operation is about them.
  asterisk: undefined,
  history: undefined,
  rest: undefined,
};

/**
 * Compares the table of routing with Asterisk's description.
 *
 * @throws {Error} When an operation has no row, a row has no operation, or a row does not fit its
 * operation.
 */
export function checkRouting(
  operations: readonly Operation[],
  table: Readonly<Record<string, OperationRouting>>,
): void {
  const described = new Set(operations.map(({ name }) => name));
  const complaints = [
    ...operations.flatMap((operation) =>
      Object.hasOwn(table, operation.name)
        ? complaintsAbout(operation, table[operation.name])
        : [`${operation.name} has no row`]
    ),
    ...Object.keys(table).filter((name) => !described.has(name))
      .map((name) => `${name} has a row, and Asterisk does not describe it`),
  ];
  if (complaints.length > 0) {
    throw new Error(`src/protocol/api/routing.ts: ${complaints.join("; ")}`);
  }
}

function complaintsAbout(operation: Operation, row: OperationRouting): string[] {
  const { name, result, parameters } = operation;
  const { class: requestClass, scope, entity = [], conflict = [], dispensable = [], merge } = row;
  const has = (wanted: string) => parameters.some(({ name }) => name === wanted);
  const places = [...entity, ...conflict].flatMap(([, ...names]) => names);
  const reads = name.startsWith("GET ");
  return [
    ...[...places, ...dispensable].filter((parameter) => !has(parameter))
      .map((parameter) => `${name} has no parameter ${parameter}`),
    ...(scope === "entity" && entity.length === 0 ? [`${name} names no entity`] : []),
    ...(reads === (requestClass === "data") ? [] : [`${name} is not of class ${requestClass}`]),
    ...((scope === "any") === (requestClass === "create")
      ? []
      : [`${name} is of scope ${scope}, and of class ${requestClass}`]),
    ...(merge && !result.startsWith("List[") ? [`${name} does not return a list to merge`] : []),
    ...parents(name).filter((parent) => !entity.some(([, ...names]) => names.includes(parent)))
      .map((parent) => `${name} names no entity for ${parent}`),
    ...(reads ? scopeOfRead(operation, row) : scopeOfChange(operation, row)),
  ];
}

/** The parameters of a path that something follows: what they name has to exist. */
function parents(name: string): string[] {
  return [...name.matchAll(/\{(\w+)\}\//g)].map(([, parameter]) => parameter);
}

function scopeOfRead({ name, socket }: Operation, { scope, entity = [] }: OperationRouting) {
  const wanted = entity.some(([kind]) => scopes[kind] === "entity")
    ? "entity"
    : socket
    ? "named"
    : "every";
  return scope === wanted ? [] : [`${name} is of scope ${wanted}, not ${scope}`];
}

/** A change with the wrong scope would be made on every node, or on one that lacks the entity. */
function scopeOfChange({ name, result }: Operation, row: OperationRouting): string[] {
  const { scope, entity = [], conflict = [] } = row;
  const inPath = entity.filter(([, ...names]) => names.some((one) => name.includes(`{${one}}`)));
  if (scope === "any") {
    return inPath.flatMap(([kind]) =>
      scopes[kind] === "any" ? [] : [`${name} is of scope ${scopes[kind]}, as it changes a ${kind}`]
    );
  }
  const [kind] = entity[0] ?? conflict[0] ?? [];
  const makes = name.startsWith("POST ") && result !== "void" && inPath.length === 0;
  const wanted = kind === undefined || makes ? "any" : scopes[kind];
  return scope === wanted ? [] : [`${name} is of scope ${wanted}, not ${scope}`];
}
