import type { OperationRouting } from "../../src/protocol/api/routing.ts";
import type { Operation } from "./description.ts";

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

function complaintsAbout({ name, result, parameters }: Operation, row: OperationRouting): string[] {
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
  ];
}
