import { eventPasses } from "../../protocol/event_filter.ts";
import { readEventHead } from "../../common/event_head.ts";
import { parseEvent } from "../../protocol/event_text.ts";

/** Which events are wanted; what is absent or empty lets all pass. */
export interface EventFilterOptions {
  /** Types, also several in a text with commas between them, whatever their letter case. @default all */
  readonly types?: readonly string[];
  /** IDs of channels, in the same way; an event has to be about one of them. @default all */
  readonly channels?: readonly string[];
}

/** Makes a function that tells whether the text of an event is wanted. */
export function createEventFilter(
  { types = [], channels = [] }: EventFilterOptions,
): (text: string) => boolean {
  const wantedTypes = new Set(splitNames(types.map((type) => type.toLowerCase())));
  const keys = splitNames(channels).map((id) => ({ kind: "channel", id }));
  return (text) => {
    if (wantedTypes.size > 0 && !wantedTypes.has(readEventHead(text).type.toLowerCase())) {
      return false;
    }
    if (keys.length === 0) return true;
    const event = parseEvent(text);
    return event !== undefined && eventPasses(event, { keys });
  };
}

/** The names of texts, of which each may have several with commas between them. */
export function splitNames(texts: readonly string[]): string[] {
  return texts.flatMap((text) => text.split(",")).map((text) => text.trim()).filter((text) =>
    text !== ""
  );
}
