import type { Coordinates } from "./key.ts";
import { decodeJson, isObject, member } from "./json.ts";

/** Encodes the announcement of a proxy. The node stands under both names that are in use for it. */
export function encodeAnnouncement(self: Coordinates): Uint8Array {
  return new TextEncoder().encode(
    JSON.stringify({ node: self.node, asterisk: self.node, application: self.app }),
  );
}

/**
 * Decodes an announcement, which has the node under `node` or `asterisk`.
 *
 * @returns undefined when it is none.
 */
export function decodeAnnouncement(data: Uint8Array): Coordinates | undefined {
  const value = decodeJson(data);
  if (!isObject(value)) return undefined;
  const node = member(value, "node") || member(value, "asterisk");
  const app = member(value, "application");
  return typeof node === "string" && typeof app === "string" && node ? { app, node } : undefined;
}
