/**
 * Processes that help the bench, so that what they do does not take the time of what is measured.
 *
 * @module
 */
import { TextLineStream } from "./lines.ts";

/**
 * A program of this folder in its own process. It reads lines, writes JSON, a line each, and
 * ends with its input, and so with the bench.
 */
export class Helper implements AsyncDisposable {
  readonly #file: string;
  readonly #process: Deno.ChildProcess;
  readonly #commands: WritableStreamDefaultWriter<Uint8Array>;
  readonly #lines: ReadableStreamDefaultReader<string>;

  /** Starts it. */
  constructor(file: string, args: readonly string[] = []) {
    this.#file = file;
    this.#process = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", new URL(file, import.meta.url).pathname, ...args],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    this.#commands = this.#process.stdin.getWriter();
    this.#lines = this.#process.stdout.pipeThrough(new TextLineStream()).getReader();
  }

  /** Sends it a line. */
  say(line: string): void {
    // A process that has ended is noticed where it is waited for.
    this.#commands.write(new TextEncoder().encode(`${line}\n`)).catch(() => {});
  }

  /**
   * Its next line.
   *
   * @throws {Error} When it ends instead, or reports an error.
   */
  async told(): Promise<Readonly<Record<string, unknown>>> {
    const { done, value } = await this.#lines.read();
    if (done) throw new Error(`Cannot use ${this.#file}: it ended`);
    const told: Record<string, unknown> = JSON.parse(value);
    if (told.error !== undefined) throw new Error(`Cannot use ${this.#file}: ${told.error}`);
    return told;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#commands.close().catch(() => {});
    await this.#process.status;
    await this.#lines.cancel();
  }
}

/** Tells the bench something; called in the helper's process. */
export function tell(line: unknown): void {
  const bytes = new TextEncoder().encode(`${JSON.stringify(line)}\n`);
  for (let sent = 0; sent < bytes.length;) sent += Deno.stdout.writeSync(bytes.subarray(sent));
}
