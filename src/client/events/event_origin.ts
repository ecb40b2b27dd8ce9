import { configuredApplication } from "../../common/application_name.ts";
import type { Key } from "../../protocol/key.ts";
import type { EventBase } from "../../protocol/api/known_events.ts";

/**
 * Where an event comes from, as keys have it. The application is the one that the proxy serves, also
 * where the event names the connection of a single call, as in `calls:PJSIP/alice-00000001`.
 */
export function originOf(
  { application, asterisk_id: node, dialog }: Pick<
    EventBase,
    "application" | "asterisk_id" | "dialog"
  >,
): Key {
  const app = configuredApplication(application);
  return { ...(app && { app }), ...(node && { node }), ...(dialog && { dialog }) };
}
