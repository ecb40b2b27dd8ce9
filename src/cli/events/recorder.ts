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

/** What a recording begins with. */
const recordingBegin = '{"at":"';

/**
 * The line of a recording for a message. An event stands in it as it came; what is no JSON object
 * stands in it as a text.
 */
function recordingLine({ at, subject, headers, text }: EventMessage): string {
  const time = new Date(at).toISOString();
  const head = JSON.stringify({ at: time, subject, headers }).slice(0, -1);
  const event = parseEvent(text)
    // Line breaks in JSON are blanks between its parts.
    ? `"event":${text.trim().replace(/[\r\n]+/g, " ")}`
    : `"text":${JSON.stringify(text)}`;
  return `${head},${event}}\n`;
}

/** Reads a line of a recording; undefined when it is none. */
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

/** The event as it stands in the line, where it is the last member, with nothing of it changed. */
function eventText(line: string): string {
  const place = ',"event":';
  const whole = line.slice(line.indexOf(place) + place.length, line.lastIndexOf("}")).trim();
  // A line that somebody has edited may have it elsewhere.
  if (line.includes(place) && parseEvent(whole)) return whole;
  const value = parseJson(line);
  return JSON.stringify(isObject(value) ? value.event : undefined);
}

function readHeaders(value: unknown): BusHeaders {
  if (!isObject(value)) return {};
  const pairs = Object.entries(value).filter(([, item]) => typeof item === "string");
  return Object.fromEntries(pairs.map(([name, item]) => [name, String(item)]));
}

/** Options of {@linkcode EventRecorder}. */
export interface EventRecorderOptions {
  /** Called when messages begin to get lost because the file is written too slowly. */
  readonly onLosing?: () => void;
  /** Characters that may wait for the file; what comes then is dropped. @default 16 Mi */
  readonly limit?: number;
}

const encoder = new TextEncoder();

/** Writes messages to the end of a recording, in the background. */
export class EventRecorder implements AsyncDisposable {
  readonly #file: AppendFile;
  readonly #path: string;
  readonly #limit: number;
  readonly #onLosing: () => void;
  readonly #failed = new AbortController();
  #lines: string[];
  #pending = 0;
  #lost = 0;
  #writing: Promise<void> | undefined;

  private constructor(path: string, file: AppendFile, options: EventRecorderOptions) {
    const { onLosing = () => {}, limit = 16 * 1024 * 1024 } = options;
    this.#path = path;
    this.#file = file;
    this.#limit = limit;
    this.#onLosing = onLosing;
    // What a full disk or a crash left of a line stays on a line of its own.
    this.#lines = file.torn ? ["\n"] : [];
  }

  /**
   * Opens a recording, or begins one; with `-` on standard output.
   *
   * @throws {Error} When that cannot be done, or the file is something else.
   */
  static async open(
    path: string,
    { files, stdout }: Pick<Io, "files" | "stdout">,
    options: EventRecorderOptions = {},
  ): Promise<EventRecorder> {
    let file: AppendFile;
    try {
      if (isStandardOutput(path)) return new EventRecorder(path, fileOf(stdout), options);
      if (!files) throw new Error("there are no files here");
      file = await files.append(path);
    } catch (error) {
      throw new Error(`Cannot record to ${path}: ${errorText(error)}`, { cause: error });
    }
    const begin = recordingBegin.slice(0, file.head.length);
    if (new TextDecoder().decode(file.head.subarray(0, begin.length)) !== begin) {
      file[Symbol.dispose]();
      throw new Error(`Cannot record to ${path}: there is something else in it`);
    }
    return new EventRecorder(path, file, options);
  }

  /** Aborts, with an error for its reason, when the file cannot be written. */
  get failed(): AbortSignal {
    return this.#failed.signal;
  }

  /** How many messages were dropped. */
  get lost(): number {
    return this.#lost;
  }

  /** Writes a message, without waiting. */
  write(message: EventMessage): void {
    if (this.#failed.signal.aborted) return;
    if (this.#pending > this.#limit) {
      if (this.#lost++ === 0) this.#onLosing();
      return;
    }
    const line = recordingLine(message);
    this.#lines.push(line);
    this.#pending += line.length;
    this.#writing ??= this.#drain();
  }

  /** Resolves when all that was taken so far is in the file, or nothing can be written to it. */
  async flush(): Promise<void> {
    await this.#writing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writing;
    this.#file[Symbol.dispose]();
  }

  async #drain(): Promise<void> {
    // What comes in the same turn goes out in one piece.
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

/** An output as a file. Why it cannot be written is kept by the output itself. */
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
