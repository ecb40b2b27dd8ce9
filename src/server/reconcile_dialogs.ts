import { entityId, type EntityKind } from "../protocol/entities.ts";
import type { AriResult } from "../protocol/answer.ts";
import { parseJson } from "../protocol/json.ts";
import type { AriCall } from "../protocol/route.ts";
import type { Dialogs } from "./dialogs.ts";

/**
 * Looks at what Asterisk has: counts its channels, and ends the dialogs of channels and bridges that
 * are no more, since their end may have been told while the event socket was away.
 *
 * @returns How many channels there are; undefined when Asterisk does not tell.
 * @throws What `send` rejects with.
 */
export async function reconcileDialogs(
  dialogs: Dialogs,
  send: (call: AriCall) => Promise<AriResult>,
): Promise<number | undefined> {
  const living = async (kind: EntityKind, path: string) => {
    const { status, body } = await send({ method: "GET", path, query: "" });
    const items = status === 200 ? parseJson(body) : undefined;
    return Array.isArray(items) ? new Set(items.map((item) => entityId(kind, item))) : undefined;
  };
  const channels = await living("channel", "/channels");
  if (channels) dialogs.retain("channel", channels);
  if (dialogs.has("bridge")) {
    const bridges = await living("bridge", "/bridges");
    if (bridges) dialogs.retain("bridge", bridges);
  }
  dialogs.sweep();
  return channels?.size;
}
