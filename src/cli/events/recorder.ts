/**
 * Recordings of events: files with a JSON object a line, which `tail --record` writes and `replay`
 * reads.
 *
 * @module
 */
import type { BusHeaders } from "../../bus/bus.ts";
import { errorText } from "../../common/error_text.ts";
import { parseEvent } from "../../protocol/event_text.ts";
import { isObject, parseJson } from "../../protocol/json.ts";
import { type AppendFile, isStandardOutput } from "../files.ts";
import type { Io } from "../io.ts";
import type { Output } from "../output.ts";

/** A message of the bus as it is shown, recorded and replayed. */
export interface EventMessage {
  /** Subject on which it was published. */
  readonly subject: string;
  /** Its text. */
  readonly text: string;
  /** Its headers. */
  readonly headers: BusHeaders;
  /**
   * When it was received, in milliseconds since 1970; when it was published, for a message from the
   * history of a proxy.
   */
  readonly at: number;
}

/** Each recording begins with this. */
const recordingBegin = '{"at":"';

/**
 * The line of a recording for a message. An event is copied as it is; a text that is not a JSON object
 * becomes a string.
 */
function recordingLine({ at, subject, headers, text }: EventMessage): string {
  const time = new Date(at).toISOString();
  const head = JSON.stringify({ at: time, subject, headers }).slice(0, -1);
  const event = parseEvent(text)
    // Line breaks in JSON are white space between the members.
    ? `"event":${text.trim().replace(/[\r\n]+/g, " ")}`
    : `"text":${JSON.stringify(text)}`;
  return `${head},${event}}\n`;
}

/** Parses a line of a recording. Returns undefined when it is not one. */
export function readRecordingLine(line: string): EventMessage | undefined {
  const value = parseJson(line);
  if (!isObject(value) || typeof value.subject !== "string" || typeof value.at !== "string") {
    return undefined;
  }
  const at = Date.parse(value.at);
  const text = isObject(value.event) ? eventText(line) : value.text;
  if (!Number.isFinite(at) || typeof text !== "string") return undefined;
  return { subject: value.subject, headers: readHeaders(value.headers), at, text };
}

/** The text of the event, unchanged when the event is the last member of the line. */
function eventText(line: string): string {
  const place = ',"event":';
  const whole = line.slice(line.indexOf(place) + place.length, line.lastIndexOf("}")).trim();
  // In an edited line it may be elsewhere.
  if (line.includes(place) && parseEvent(whole)) return whole;
  const value = parseJson(line);
  return JSON.stringify(isObject(value) ? value.event : undefined);
}

function readHeaders(value: unknown): BusHeaders {
  if (!isObject(value)) return {};
  const pairs = Object.entries(value).filter(([, item]) => typeof item === "string");
  return Object.fromEntries(pairs.map(([name, item]) => [name, String(item)]));
}

/** Characters that may wait for the file; further messages are dropped. */
const maxPending = 16 * 1024 * 1024;

const encoder = new TextEncoder();

/** Writes messages to the end of a recording, in the background. */
export class EventRecorder implements AsyncDisposable {
  readonly #file: AppendFile;
  readonly #path: string;
  readonly #onLosing: () => void;
  readonly #failed = new AbortController();
  #lines: string[];
  #pending = 0;
  #lost = 0;
  #writing: Promise<void> | undefined;

  private constructor(path: string, file: AppendFile, onLosing: () => void) {
    this.#path = path;
    this.#file = file;
    this.#onLosing = onLosing;
    // The rest of a line that a full disk or a crash has left stays a line by itself.
    this.#lines = file.torn ? ["\n"] : [];
  }

  /**
   * Opens a recording, or creates one; `-` is standard output.
   *
   * @param options.onLosing Called when the first message is dropped because the file is too slow.
   * @throws {Error} When that fails, or the file is not a recording.
   */
  static async open(
    path: string,
    { files, stdout }: Pick<Io, "files" | "stdout">,
    { onLosing = () => {} }: { readonly onLosing?: () => void } = {},
  ): Promise<EventRecorder> {
    let file: AppendFile;
    try {
      if (isStandardOutput(path)) return new EventRecorder(path, fileOf(stdout), onLosing);
      if (!files) throw new Error("there are no files here");
      file = await files.append(path);
    } catch (error) {
      throw new Error(`Cannot record to ${path}: ${errorText(error)}`, { cause: error });
    }
    const begin = recordingBegin.slice(0, file.head.length);
    if (new TextDecoder().decode(file.head.subarray(0, begin.length)) !== begin) {
      file[Symbol.dispose]();
      throw new Error(`Cannot record to ${path}: it is not a recording`);
    }
    return new EventRecorder(path, file, onLosing);
  }

  /** Aborts, with an error for its reason, when the file cannot be written. */
  get failed(): AbortSignal {
    return this.#failed.signal;
  }

  /** How many messages were dropped. */
  get lost(): number {
    return this.#lost;
  }

  /** Queues a message to be written. */
  write(message: EventMessage): void {
    if (this.#failed.signal.aborted) return;
    if (this.#pending > maxPending) {
      if (this.#lost++ === 0) this.#onLosing();
      return;
    }
    const line = recordingLine(message);
    this.#lines.push(line);
    this.#pending += line.length;
    this.#writing ??= this.#drain();
  }

  /** Resolves when all messages so far are in the file, or writing has failed. */
  async flush(): Promise<void> {
    await this.#writing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writing;
    this.#file[Symbol.dispose]();
  }

  async #drain(): Promise<void> {
    // Messages of the same turn are written together.
    await Promise.resolve();
    try {
      while (this.#lines.length > 0) {
        const text = this.#lines.join("");
        this.#lines = [];
        let data = encoder.encode(text);
        while (data.length > 0) data = data.subarray(await this.#file.write(data));
        this.#pending = Math.max(0, this.#pending - text.length);
      }
    } catch (error) {
      const text = `Cannot write to ${this.#path}: ${errorText(error)}`;
      this.#failed.abort(new Error(text, { cause: error }));
    } finally {
      this.#writing = undefined;
    }
  }
}

/** An output as a file. The output itself keeps the reason why it cannot be written. */
function fileOf(output: Output): AppendFile {
  return {
    head: new Uint8Array(),
    torn: false,
    async write(data) {
      await output.writeBytes(data);
      return data.length;
    },
    [Symbol.dispose]: () => {},
  };
}
