import type { Key } from "../protocol/key.ts";
import type { NodeChange } from "./node_watch.ts";

/**
 * Calls the listener when the node of something goes. Returns a function that stops it.
 *
 * @param place Tells the coordinates, as far as they are known by then.
 */
export function onNodeEnd(
  client: { onNode(listener: (change: NodeChange) => void): () => void },
  place: () => Key,
  listener: () => void,
): () => void {
  return client.onNode(({ type, node: { app, node } }) => {
    const own = place();
    if (type !== "join" && own.node === node && own.app === app) listener();
  });
}
