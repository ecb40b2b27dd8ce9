import { withDeadline } from "./deadline.ts";

/** Options of {@linkcode ShellSession}. */
export interface ShellSessionOptions {
  /** Environment variables beside those of the test. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * A shell at a terminal, with someone who types there. The terminal is one of `script`, which every
 * Linux has. Disposing of it ends the shell.
 */
export class ShellSession implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #reading: Promise<void>;
  #text = "";
  #changed = Promise.withResolvers<void>();

  /** Starts it. */
  constructor(command: readonly string[], { env }: ShellSessionOptions) {
    this.#child = new Deno.Command("script", {
      // Wide enough for no line to be broken.
      args: ["-qec", `stty cols 1000; exec ${command.join(" ")}`, "/dev/null"],
      env: { ...env, TERM: "dumb", LC_ALL: "C.UTF-8" },
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    this.#input = this.#child.stdin.getWriter();
    this.#reading = this.#read();
  }

  /**
   * Types a line in pieces. After one that ends with the key that completes it waits until something
   * has been added to the line; at the end it enters the line.
   *
   * @returns What the first group of the pattern, or all of it, matched in what the shell then wrote.
   */
  async run(pieces: readonly string[], pattern: RegExp): Promise<string> {
    for (const piece of pieces) {
      const before = this.#text.length;
      await this.#type(piece);
      if (!piece.endsWith("\t")) continue;
      const shown = piece.trim();
      // The program may have stopped asking the bus, on a busy machine: then it is asked again.
      const again = setInterval(() => this.#type("\t"), 4_000);
      try {
        // The line is shown anew behind what was typed, with more in it.
        await this.#until(() => {
          const at = this.#text.indexOf(shown, before);
          return at >= 0 && /\S/.test(plain(this.#text.slice(at + shown.length)));
        }, `what completes ${JSON.stringify(piece)}`);
      } finally {
        clearInterval(again);
      }
    }
    const before = this.#text.length;
    await this.#type("\r");
    let found: RegExpExecArray | null = null;
    await this.#until(() => {
      found = pattern.exec(this.#text.slice(before).replaceAll("\r", ""));
      return found !== null;
    }, `${pattern} after ${JSON.stringify(pieces)}`);
    const [all, group] = found ?? [""];
    return group ?? all;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#input.close().catch(() => {});
    try {
      this.#child.kill("SIGTERM");
    } catch {
      // It has ended with its input.
    }
    await this.#child.status;
    await this.#reading;
  }

  async #type(text: string): Promise<void> {
    await this.#input.write(new TextEncoder().encode(text));
  }

  async #until(condition: () => boolean, what: string): Promise<void> {
    const waiting = async () => {
      while (!condition()) await this.#changed.promise;
    };
    try {
      await withDeadline(waiting(), { what });
    } catch (error) {
      throw new Error(`${this.#text}\n${error}`);
    }
  }

  async #read(): Promise<void> {
    for await (const text of this.#child.stdout.pipeThrough(new TextDecoderStream())) {
      this.#text += text;
      this.#changed.resolve();
      this.#changed = Promise.withResolvers();
    }
  }
}

/** Without what only moves the cursor or rings. */
function plain(text: string): string {
  // deno-lint-ignore no-control-regex -- that is what it is about
  return text.replaceAll(/\u001b\[[\d;?]*[A-Za-z]|[\u0000-\u0020]/g, "");
}
