import { withDeadline } from "../testing/deadline.ts";

/** Options of {@linkcode TerminalCommand}. */
export interface TerminalCommandOptions {
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** The folder to run it in. */
  readonly cwd: string;
}

/**
 * A command line that a shell runs at a terminal, as a reader of the docs would. The terminal is one
 * of `script`, which every Linux has. Disposing of it ends what is still running.
 */
export class TerminalCommand implements AsyncDisposable {
  /** What it is, for error texts. */
  readonly command: string;
  /** Resolves with the exit code. */
  readonly code: Promise<number>;
  readonly #child: Deno.ChildProcess;
  readonly #keyboard: WritableStreamDefaultWriter<Uint8Array>;
  readonly #reading: Promise<void>;
  #text = "";
  #over = false;
  #changed = Promise.withResolvers<void>();

  /** Starts it. */
  constructor(command: string, { env, cwd }: TerminalCommandOptions) {
    this.command = command;
    this.#child = new Deno.Command("script", {
      // Wide enough for no line to be broken.
      args: ["-qefc", `stty cols 400 -echo; ${command}`, "/dev/null"],
      clearEnv: true,
      env: { SHELL: "/bin/bash", ...env },
      cwd,
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    this.#keyboard = this.#child.stdin.getWriter();
    this.#reading = this.#read();
    this.code = this.#reading.then(() => this.#child.status).then(({ code }) => code);
  }

  /** What it has written so far, to standard output and standard error. */
  get text(): string {
    // What a line begins with anew is gone, as a bar that shows how far something is.
    return this.#text.replace(/\r+\n/g, "\n").replace(/^[^\n]*\r/gm, "");
  }

  /** The lines of it. */
  get lines(): string[] {
    const lines = this.text.split("\n");
    while (lines.at(-1)?.trim() === "") lines.pop();
    return lines;
  }

  /** Waits until a condition holds. @throws {Error} When that takes too long, or it has ended. */
  async until(condition: () => boolean, what: string): Promise<void> {
    const waiting = async () => {
      while (!condition()) {
        if (this.#over) throw new Error(`It has ended before: ${what}`);
        await this.#changed.promise;
      }
    };
    try {
      await withDeadline(waiting(), { what });
    } catch (error) {
      throw new Error(`$ ${this.command}\n${this.text}\n${error}`);
    }
  }

  /** Presses Ctrl-C and waits for the end. Returns the exit code. */
  async interrupt(): Promise<number> {
    await this.#keyboard.write(new Uint8Array([3]));
    return await withDeadline(this.code, { what: `Ctrl-C ends ${this.command}` });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#over) {
      // The terminal goes with it, which ends what runs there.
      this.#child.kill("SIGTERM");
      await this.code;
    }
    await this.#keyboard.close().catch(() => {});
  }

  async #read(): Promise<void> {
    for await (const text of this.#child.stdout.pipeThrough(new TextDecoderStream())) {
      this.#text += text;
      this.#changed.resolve();
      this.#changed = Promise.withResolvers();
    }
    this.#over = true;
    this.#changed.resolve();
  }
}
