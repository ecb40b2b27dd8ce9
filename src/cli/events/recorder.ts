import type { AppendFile } from "../files.ts";
import type { Io } from "../io.ts";
import type { Output } from "../output.ts";
import { isStandardOutput } from "../standard_streams.ts";
import { recordingBegin, recordingLine } from "./event_recording.ts";
import type { TailMessage } from "../tail/tail_message.ts";
import { errorText } from "../../common/error_text.ts";

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
  write(message: TailMessage): void {
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
