/**
 * Runs the command line program as its own process.
 *
 * @module
 */
import { bundle, runtimeFlags } from "../../scripts/compile.ts";
import { environment } from "../../src/cli/settings/settings.ts";
import { withDeadline } from "./deadline.ts";

const root = new URL("../../", import.meta.url);

/** A form of the program: the command that runs it, to be followed by the program's arguments. */
export type Program = readonly [command: string, ...args: string[]];

/** The program as it is written, allowed everything. */
export const source: Program = [Deno.execPath(), "run", "--quiet", "--allow-all", "cli.ts"];

/** The program in a form that has to be removed after use. */
export interface Shipped extends AsyncDisposable {
  /** The command that runs it. */
  readonly program: Program;
}

/**
 * Returns the program as it is shipped: bundled, with the permissions and flags of an executable. If the
 * variable `ARI_PROXY_EXECUTABLE` names an executable, then that is what the tests run. Disposing of it
 * removes the bundle.
 */
export async function shippedCli(): Promise<Shipped> {
  const executable = Deno.env.get("ARI_PROXY_EXECUTABLE");
  if (executable) {
    return { program: [executable], [Symbol.asyncDispose]: () => Promise.resolve() };
  }
  const folder = await Deno.makeTempDir({ prefix: "ari-proxy-test-bundle-" });
  const main = await bundle(folder);
  return {
    program: [Deno.execPath(), "run", "--quiet", "--no-config", ...runtimeFlags, main],
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

/** Options of {@linkcode startCli}. */
export interface RunCliOptions {
  /** Environment variables beside those of the test; settings of the program are not inherited. */
  readonly env?: Readonly<Record<string, string>>;
  /** Which form of the program to run. @default source */
  readonly program?: Program;
}

/** The program while it runs. Disposing of it kills it. */
export interface CliProcess extends AsyncDisposable {
  /** Its process id. */
  readonly pid: number;
  /** What it has written to standard output so far. */
  readonly out: string;
  /** What it has written to standard error so far. */
  readonly err: string;
  /** Resolves when standard output or standard error matches. */
  until(pattern: RegExp): Promise<void>;
  /** Sends it a signal. */
  kill(signal: Deno.Signal): void;
  /** Closes the reading side of its standard output. */
  closeOutput(): Promise<void>;
  /** Reads its standard output no more, until it has ended. */
  pauseOutput(): void;
  /** Resolves with the exit code; one above 128 means a signal. */
  ended(): Promise<number>;
}

/**
 * Empty ones do not count. The file keeps one of the developer's own out; deno looks for its cache
 * by HOME.
 */
const surroundings = {
  ...Object.fromEntries(
    environment.filter((name) => !["HOME", "USERPROFILE", "NO_COLOR", "TERM"].includes(name))
      .map((name) => [name, ""]),
  ),
  ARI_PROXY_CONFIG: "/dev/null",
};

/** Starts the program. */
export function startCli(args: readonly string[], options: RunCliOptions = {}): CliProcess {
  const [command, ...before] = options.program ?? source;
  const child = new Deno.Command(command, {
    args: [...before, ...args],
    cwd: root,
    env: { ...surroundings, ...options.env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const out = new Reading(child.stdout);
  const err = new Reading(child.stderr);
  const status = child.status;
  let over = false;
  status.then(() => over = true);
  return {
    pid: child.pid,
    get out() {
      return out.text;
    },
    get err() {
      return err.text;
    },
    until: (pattern) =>
      withDeadline(Promise.race([out.until(pattern), err.until(pattern)]), {
        what: `${args[0]} to write what matches ${pattern}`,
      }),
    kill: (signal) => child.kill(signal),
    closeOutput: () => out.cancel(),
    pauseOutput: () => out.pause(status),
    async ended() {
      const { code } = await withDeadline(status, { what: `the end of ${args[0]}` });
      await Promise.all([out.done, err.done]);
      return code;
    },
    async [Symbol.asyncDispose]() {
      if (!over) child.kill("SIGKILL");
      await status;
      await Promise.all([out.done, err.done]);
    },
  };
}

/** A stream that is read to its end, as text. */
class Reading {
  text = "";
  readonly done: Promise<void>;
  readonly #reader: ReadableStreamDefaultReader<string>;
  #waiting: { pattern: RegExp; resolve: () => void }[] = [];
  #paused: Promise<unknown> | undefined;

  constructor(stream: ReadableStream<Uint8Array<ArrayBuffer>>) {
    this.#reader = stream.pipeThrough(new TextDecoderStream()).getReader();
    this.done = this.#read();
  }

  until(pattern: RegExp): Promise<void> {
    if (pattern.test(this.text)) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push({ pattern, resolve });
    return promise;
  }

  pause(until: Promise<unknown>): void {
    this.#paused = until;
  }

  cancel(): Promise<void> {
    return this.#reader.cancel();
  }

  async #read(): Promise<void> {
    for (;;) {
      const { done, value } = await this.#reader.read();
      if (done) return;
      await this.#paused;
      this.text += value;
      this.#waiting = this.#waiting.filter(({ pattern, resolve }) => {
        const matches = pattern.test(this.text);
        if (matches) resolve();
        return !matches;
      });
    }
  }
}
