import { eventEntities } from "../../protocol/event_entities.ts";
import type { JsonObject } from "../../protocol/json.ts";
import { type Key, keysMatch } from "../../protocol/key.ts";

/** Which events to let through. */
interface EventFilter {
  /** Types of events; absent for all. Letter case counts. */
  readonly types?: readonly string[];
  /** Keys of entities of which an event has to concern one; absent for all. */
  readonly keys?: readonly Key[];
}

/**
 * Whether an event passes a filter. Every event passes a key without an ID; what has no type is not an
 * event and never passes.
 */
export function eventPasses(event: JsonObject, { types, keys }: EventFilter): boolean {
  const { type } = event;
  if (typeof type !== "string" || !type) return false;
  if (types && !types.includes(type)) return false;
  if (!keys || keys.some((key) => !key.id)) return true;
  const origin = originOf(event);
  const found = eventEntities(event).map((entity) => ({ ...origin, ...entity }));
  return keys.some((key) => found.some((entity) => keysMatch(key, entity)));
}

/** Where an event comes from, as the members of a key. */
function originOf(event: JsonObject): Key {
  const text = (name: string): string => {
    const value = event[name];
    return typeof value === "string" ? value : "";
  };
  return { app: text("application"), node: text("asterisk_id"), dialog: text("dialog") };
}
