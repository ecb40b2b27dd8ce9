/**
 * A line of a recording, as `tail --record` writes it.
 *
 * @module
 */
import type { EventMessage } from "../../src/cli/events/recorder.ts";

/** The line for a message with an event. */
export function recordingLine({ at, subject, headers, text }: EventMessage): string {
  const head = { at: new Date(at).toISOString(), subject, headers };
  return `${JSON.stringify(head).slice(0, -1)},"event":${text}}\n`;
}
