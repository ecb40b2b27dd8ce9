/**
 * Carries out what concerns all nodes on each of them, and reports or refuses incomplete results.
 *
 * @module
 */
import { AriProxyError } from "../protocol/errors.ts";
import type { Key } from "../protocol/key.ts";
import type { Kind, Payload, Result } from "../protocol/kinds/kinds.ts";
import { type AriRequestOptions, type GatheredResults, mostSpecificError } from "./requester.ts";

/** Options of what concerns all nodes. All that are known are waited for, as long as the timeout is. */
export interface AllNodesOptions extends AriRequestOptions {
  /**
   * Whether it is an error when a node fails or does not respond in time.
   *
   * @default {false} it is one when no node succeeds
   */
  readonly strict?: boolean;
  /**
   * Called when nodes failed or did not respond, while others succeeded.
   *
   * @default none
   */
  readonly onPartial?: (lack: Pick<GatheredResults<unknown>, "errors" | "missing">) => void;
}

/** Sends requests, as a client does. */
export interface AllNodesSender {
  /** The key with the client's coordinates where it has none. */
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
  ): Promise<GatheredResults<Result<K>>>;
}

/**
 * Sends a command to all nodes that match the key, or to the one that it names.
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
  const results = await client.gather(kind, key, payload, options);
  itemsOf(results, { ...options, nodes: results.items.length });
}

/**
 * The results of several nodes, if they are as complete as they have to be.
 *
 * @throws {AriProxyError} The error of a node when no node succeeded; or, with `strict`, when one did
 * not: its error, or `timeout`.
 */
export function itemsOf<T>(
  results: GatheredResults<T>,
  { nodes, strict, onPartial }: AllNodesOptions & {
    /** How many nodes have succeeded. */
    readonly nodes: number;
  },
): readonly T[] {
  const { items, errors, missing } = results;
  if (errors.length === 0 && missing === 0) return items;
  const error = mostSpecificError(errors);
  if (error && (strict || nodes === 0)) throw error;
  if (strict) {
    const text = `Incomplete result: ${missing} nodes did not respond in time`;
    throw new AriProxyError("timeout", text);
  }
  onPartial?.({ errors, missing });
  return items;
}
