import { knownEventTypes } from "../../protocol/api/known_events.ts";
import { gapType } from "../../protocol/notice.ts";

/** The event types of Asterisk 22, and that of gap notices. */
export const eventTypes: readonly string[] = [...knownEventTypes, gapType];
