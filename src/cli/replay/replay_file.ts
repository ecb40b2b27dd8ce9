/**
 * The events of a recording.
 *
 * @module
 */
import { parseEvent } from "../../protocol/event_text.ts";
import type { Coordinates } from "../../protocol/key.ts";
import { eventCoordinates, eventSubject, isEventSubject } from "../../protocol/subjects.ts";
import { readRecordingLine } from "../events/recorder.ts";
import { linesOf } from "../lines.ts";
import type { ReplaySource } from "./source.ts";
import type { EventMessage } from "../events/recorder.ts";
import { UsageError } from "../usage_error.ts";

/** What is put in the place of what was recorded. */
export type ReplayedAs = Partial<Coordinates>;

/** What there is in a recording. */
export interface RecordingSummary {
  /** How many events. */
  readonly events: number;
  /** How many messages that are no events, and are left out. */
  readonly others: number;
  /** Numbers of the lines that cannot be read, the first ten of them. */
  readonly bad: readonly number[];
  /** The applications and nodes that they are published as. */
  readonly coordinates: readonly Coordinates[];
}

/**
 * Yields the events of a recording in order, and what is none: a line that cannot be read is its
 * number, a message that is no event null.
 *
 * @throws {UsageError} When the file cannot be read, or is no recording.
 */
export async function* readRecording(
  source: ReplaySource,
  as: ReplayedAs,
): AsyncGenerator<EventMessage | number | null> {
  let number = 0;
  for await (const line of linesOf(await source.open())) {
    number++;
    if (line === "") continue;
    const message = readRecordingLine(line);
    if (!message && number === 1) {
      throw new UsageError(`Cannot replay ${source.name}: it is no recording`);
    }
    if (!message) yield number;
    else yield isEventSubject(message.subject) ? renamed(message, as) : null;
  }
}

/**
 * Looks through a recording, unless the signal aborts first; then it rejects with its reason.
 *
 * @throws {UsageError} When the file cannot be read, or is no recording.
 */
export async function surveyRecording(
  source: ReplaySource,
  as: ReplayedAs,
  signal: AbortSignal,
): Promise<RecordingSummary> {
  let events = 0;
  let others = 0;
  const bad: number[] = [];
  const found = new Map<string, Coordinates>();
  for await (const message of readRecording(source, as)) {
    signal.throwIfAborted();
    if (message === null) others++;
    else if (typeof message === "number") {
      if (bad.length < 10) bad.push(message);
    } else {
      events++;
      const coordinates = eventCoordinates(message.subject);
      if (coordinates) found.set(message.subject, coordinates);
    }
  }
  return { events, others, bad, coordinates: [...found.values()] };
}

/** The nodes among those that are there whose events a recording would be taken for. */
export function takenNodes<T extends Coordinates>(
  members: readonly T[],
  coordinates: readonly Coordinates[],
): T[] {
  return members.filter((member) =>
    coordinates.some(({ app, node }) => app === member.app && node === member.node)
  );
}

function renamed(message: EventMessage, { app, node }: ReplayedAs): EventMessage {
  if (app === undefined && node === undefined) return message;
  const recorded = eventCoordinates(message.subject);
  const event = parseEvent(message.text);
  const changed = {
    ...event,
    ...(node !== undefined && { asterisk_id: node }),
    ...(app !== undefined && { application: app }),
  };
  return {
    ...message,
    ...(recorded && {
      subject: eventSubject({ app: app ?? recorded.app, node: node ?? recorded.node }),
    }),
    ...(event && { text: JSON.stringify(changed) }),
  };
}
