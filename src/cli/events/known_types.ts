import { knownEventTypes } from "../../protocol/api/known_events.ts";
import { gapType } from "../../protocol/gap.ts";

/** The types of events that Asterisk 22 has, and that of our notices. */
export const eventTypes: readonly string[] = [...knownEventTypes, gapType];
