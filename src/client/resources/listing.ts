import type { Key } from "../../protocol/key.ts";
import type { AllNodesOptions } from "../all_nodes.ts";
import type { Answers } from "../ari_client_options.ts";

/** Options of the methods that list. */
export type ListOptions = AllNodesOptions;

/** What many nodes listed, as one, each key made into something. */
export function mergeKeys<T>(
  answers: Answers<readonly Key[]>,
  make: (key: Key) => T,
): Answers<T> {
  return { ...answers, items: answers.items.flatMap((keys) => keys.map(make)) };
}
