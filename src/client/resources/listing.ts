import { AriProxyError } from "../../protocol/errors.ts";
import type { Key } from "../../protocol/key.ts";
import type { Answers, AriRequestOptions } from "../ari_client_options.ts";

/** Options of the methods that list. */
export interface ListOptions extends AriRequestOptions {
  /**
   * Whether a list that lacks the answer of a node is an error.
   *
   * @default {false}
   */
  readonly strict?: boolean;
  /**
   * Is told when the list lacks the answers of nodes.
   *
   * @default none
   */
  readonly onPartial?: (lack: Pick<Answers<unknown>, "errors" | "missing">) => void;
}

/** What many nodes listed, as one, each key made into something. */
export function mergeKeys<T>(
  answers: Answers<readonly Key[]>,
  make: (key: Key) => T,
): Answers<T> {
  return { ...answers, items: answers.items.flatMap((keys) => keys.map(make)) };
}

/**
 * The items of a list, if it is as complete as it has to be.
 *
 * @throws {AriProxyError} The error of a node when no node succeeded; or when the list has to be complete and
 * is not: that error, or `timeout`.
 */
export function itemsOf<T>(
  answers: Answers<T>,
  { nodes, strict, onPartial }: ListOptions & {
    /** How many nodes have succeeded. */
    readonly nodes: number;
  },
): readonly T[] {
  const { items, errors, missing } = answers;
  if (errors.length === 0 && missing === 0) return items;
  if (errors.length > 0 && (strict || nodes === 0)) throw errors[errors.length - 1];
  if (strict) {
    throw new AriProxyError("timeout", `Incomplete list: ${missing} nodes did not answer in time`);
  }
  onPartial?.({ errors, missing });
  return items;
}
