import { entityId, type EntityKind } from "../protocol/entities.ts";
import { parseJson } from "../protocol/json.ts";
import type { AriResult } from "../protocol/perform.ts";
import type { AriCall } from "../protocol/route.ts";
import type { Dialogs } from "./dialogs.ts";

/** Kinds of which Asterisk lists all, whatever the application. */
const listed: readonly (readonly [EntityKind, string])[] = [
  ["channel", "/channels"],
  ["bridge", "/bridges"],
];

/**
 * Asks Asterisk which of the bound channels and bridges still live, and ends the bindings of the
 * others: their end may have been told while the event socket was away.
 *
 * @throws What `send` rejects with.
 */
export async function reconcile(
  dialogs: Dialogs,
  send: (call: AriCall) => Promise<AriResult>,
): Promise<void> {
  for (const [kind, path] of listed) {
    if (!dialogs.has(kind)) continue;
    const { status, body } = await send({ method: "GET", path, query: "" });
    const items = status === 200 ? parseJson(body) : undefined;
    if (!Array.isArray(items)) continue;
    dialogs.retain(kind, new Set(items.map((item) => entityId(kind, item))));
  }
  dialogs.sweep();
}
