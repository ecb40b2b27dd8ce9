import { entities } from "../protocol/entity.ts";
import { AriProxyError } from "../protocol/errors.ts";
import { type Kind, kindRows, type Result } from "../protocol/kinds/kinds.ts";
import type { Response } from "../protocol/response.ts";

/**
 * What a request of a kind results in, taken from its answer.
 *
 * @throws {AriProxyError} With the code `failed` when the answer holds something else.
 */
export function resultOf<K extends Kind>(kind: K, response: Response): Result<K> {
  // The table says for each kind which member counts, which the compiler cannot follow.
  return pick(kind, response) as Result<K>;
}

function pick(kind: Kind, { key, keys, data }: Response): unknown {
  const { reply, entity } = kindRows[kind];
  switch (reply) {
    case "ok":
      return undefined;
    case "key":
      return key;
    case "keys":
      return keys ?? [];
    case "data": {
      const name = entities[entity].data;
      const value = data?.[name];
      // An empty variable is left out of the answer.
      if (value === undefined && entity === "variable") return "";
      if (value === undefined) {
        throw new AriProxyError("failed", `Malformed answer: ${kind} wants ${name} in the data`);
      }
      return value;
    }
  }
}
