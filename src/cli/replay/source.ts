/**
 * The events of a recording.
 *
 * @module
 */
import { parseEvent } from "../../protocol/event_text.ts";
import type { Coordinates } from "../../protocol/key.ts";
import { eventCoordinates, eventSubject, isEventSubject } from "../../protocol/subjects.ts";
import { type EventMessage, readRecordingLine } from "../events/recorder.ts";
import { isStandardInput, linesOf, openToRead } from "../files.ts";
import { aborted } from "../cancel_signal.ts";
import type { Io } from "../io.ts";
import { UsageError } from "../errors.ts";

/** A recording that can be read several times. */
export interface ReplaySource extends AsyncDisposable {
  /** What it is, for error texts. */
  readonly name: string;
  /** Reads it from its beginning. @throws {UsageError} When it cannot be opened. */
  open(): Promise<ReadableStream<Uint8Array>>;
}

/**
 * Opens a recording: a file, or `-` for standard input. What can be read only once, such as standard
 * input or a pipe, is kept in a temporary file until it is disposed of.
 *
 * @throws {UsageError} When it cannot be opened. When the signal aborts first, its reason.
 */
export async function openReplaySource(
  path: string,
  io: Pick<Io, "files" | "stdin">,
  signal: AbortSignal,
): Promise<ReplaySource> {
  const { files } = io;
  const isInput = isStandardInput(path);
  const name = isInput ? "standard input" : path;
  // For a file that cannot be examined, opening it gives the reason.
  const isOrdinary = !isInput && await files?.isOrdinary(path).catch(() => false);
  if (isOrdinary || !files) {
    return { name, open: () => openToRead(path, io), [Symbol.asyncDispose]: async () => {} };
  }
  // Opening a pipe waits for a process that writes to it.
  const opening = openToRead(path, io);
  await Promise.race([opening, aborted(signal)]);
  signal.throwIfAborted();
  const kept = await files.keep(await opening, signal);
  return {
    name,
    open: () => openToRead(kept.path, io),
    [Symbol.asyncDispose]: () => kept[Symbol.asyncDispose](),
  };
}

/** Application and node that replace the recorded ones. */
export type ReplayedAs = Partial<Coordinates>;

/**
 * Yields the events of a recording in order; for a line that cannot be read its number, and for a
 * message that is not an event null.
 *
 * @throws {UsageError} When the file cannot be read, or is not a recording.
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
      throw new UsageError(`Cannot replay ${source.name}: it is not a recording`);
    }
    if (!message) yield number;
    else yield isEventSubject(message.subject) ? renamed(message, as) : null;
  }
}

/** What is in a recording. */
interface RecordingSummary {
  /** How many events. */
  readonly events: number;
  /** How many messages that are not events, and are left out. */
  readonly others: number;
  /** Numbers of the lines that cannot be read, the first ten of them. */
  readonly bad: readonly number[];
  /** The applications and nodes that the events are published as. */
  readonly coordinates: readonly Coordinates[];
}

/**
 * Reads a recording to its end.
 *
 * @throws {UsageError} When the file cannot be read, or is not a recording. When the signal aborts
 * first, its reason.
 */
export async function summarizeRecording(
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
