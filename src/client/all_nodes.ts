/**
 * What concerns all nodes: done on each of them, with what is lacking told or refused.
 *
 * @module
 */
import { AriProxyError } from "../protocol/errors.ts";
import type { Key } from "../protocol/key.ts";
import type { Kind, Payload, Result } from "../protocol/kinds/kinds.ts";
import type { Answers, AriRequestOptions } from "./ari_client_options.ts";
import { mostTelling } from "./gather.ts";

/** Options of what concerns all nodes. All that are known are waited for, as long as the timeout is. */
export interface AllNodesOptions extends AriRequestOptions {
  /**
   * Whether it is an error when a node fails or does not answer in time.
   *
   * @default {false} it is one when no node succeeds
   */
  readonly strict?: boolean;
  /**
   * Is told when nodes have failed or not answered, while others succeeded.
   *
   * @default none
   */
  readonly onPartial?: (lack: Pick<Answers<unknown>, "errors" | "missing">) => void;
}

/** What sends requests: a client. */
export interface AllNodesSender {
  /** The key with what it lacks of the client's coordinates. */
  key(key: Key): Key;
  /** Sends a request. */
  request<K extends Kind>(
    kind: K,
    key: Key,
    payload?: Payload<K>,
    options?: AriRequestOptions,
  ): Promise<Result<K>>;
  /** Sends a request to all nodes that match. */
  gather<K extends Kind>(
    kind: K,
    key: Key,
    payload?: Payload<K>,
    options?: AriRequestOptions,
  ): Promise<Answers<Result<K>>>;
}

/**
 * Does something on all nodes that match the key, or on the one that it names.
 *
 * @throws {AriProxyError} As a request, or as {@linkcode itemsOf}.
 */
export async function onAllNodes<K extends Kind>(
  client: AllNodesSender,
  kind: K,
  key: Key,
  { payload, ...options }: AllNodesOptions & { readonly payload?: Payload<K> },
): Promise<void> {
  if (client.key(key).node) return void await client.request(kind, key, payload, options);
  const answers = await client.gather(kind, key, payload, options);
  itemsOf(answers, { ...options, nodes: answers.items.length });
}

/**
 * What nodes have answered, if it is as complete as it has to be.
 *
 * @throws {AriProxyError} The error of a node when no node succeeded; or when all have to succeed and one
 * did not: its error, or `timeout`.
 */
export function itemsOf<T>(
  answers: Answers<T>,
  { nodes, strict, onPartial }: AllNodesOptions & {
    /** How many nodes have succeeded. */
    readonly nodes: number;
  },
): readonly T[] {
  const { items, errors, missing } = answers;
  if (errors.length === 0 && missing === 0) return items;
  const error = mostTelling(errors);
  if (error && (strict || nodes === 0)) throw error;
  if (strict) {
    const text = `Incomplete answer: ${missing} nodes did not answer in time`;
    throw new AriProxyError("timeout", text);
  }
  onPartial?.({ errors, missing });
  return items;
}
