import { AriProxyError } from "../../protocol/errors.ts";

/** Requests for the variables of an entity. */
interface VariableReads {
  /** Reads several at once. @throws {AriProxyError} With the code `not_found` when one is not set. */
  several(): Promise<{ readonly variables?: Readonly<Record<string, unknown>> }>;
  /** Reads one. @throws {AriProxyError} With the code `not_found` when it is not set. */
  one(name: string): Promise<string>;
  /** Gets the entity. @throws {AriProxyError} With the code `not_found` when it is not there. */
  owner(): Promise<unknown>;
}

/**
 * Reads several variables, and returns those that are set, as texts by name. Asterisk refuses all of them
 * when one is not set; then they are read one by one.
 *
 * @throws {AriProxyError} With the code `not_found` when the entity is not there.
 */
export async function readVariables(
  names: readonly string[],
  { several, one, owner }: VariableReads,
): Promise<Readonly<Record<string, string>>> {
  const all = await unlessNotFound(several());
  if (all) return textsOf(all.variables);
  const found = await Promise.all(names.map(async (name) => {
    const value = await unlessNotFound(one(name));
    return value === undefined ? [] : [[name, value]];
  }));
  const texts = Object.fromEntries(found.flat());
  // They may all be missing because the channel or bridge is.
  if (Object.keys(texts).length === 0) await owner();
  return texts;
}

async function unlessNotFound<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof AriProxyError && error.code === "not_found") return undefined;
    throw error;
  }
}

/** The variables that are set, as texts by name. */
function textsOf(
  variables: Readonly<Record<string, unknown>> | undefined,
): Readonly<Record<string, string>> {
  const texts = Object.entries(variables ?? {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  return Object.fromEntries(texts);
}
