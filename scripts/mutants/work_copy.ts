import { dirname } from "node:path/posix";
import { TOO_LONG } from "./run_tests.ts";

/** What running tests showed. */
export type Outcome = "passed" | "failed" | "too long";

/** A finished run of tests. */
export interface TestRun {
  readonly outcome: Outcome;
  /** What `deno test` printed. */
  readonly output: string;
}

/** A copy of the tree in a temporary folder. Disposing it removes it. */
export class WorkCopy implements AsyncDisposable {
  readonly #folder: string;
  readonly #wrap: readonly string[];

  private constructor(folder: string, wrap: readonly string[]) {
    this.#folder = folder;
    this.#wrap = wrap;
  }

  /**
   * @param root The tree to copy.
   * @param files The paths in it.
   * @param wrap A command that is put before the one that runs tests.
   */
  static async create(
    root: string,
    files: readonly string[],
    wrap: readonly string[],
  ): Promise<WorkCopy> {
    const folder = await Deno.makeTempDir({ prefix: "ari-proxy-mutants-" });
    for (const file of files) {
      await Deno.mkdir(dirname(`${folder}/${file}`), { recursive: true });
      await Deno.copyFile(`${root}/${file}`, `${folder}/${file}`);
    }
    return new WorkCopy(folder, wrap);
  }

  /** Replaces a file. */
  async write(file: string, text: string): Promise<void> {
    await Deno.writeTextFile(`${this.#folder}/${file}`, text);
  }

  /**
   * Runs `deno test` in the copy.
   *
   * @param tests Test files, and options of `deno test`.
   * @param limit The time limit, in milliseconds.
   */
  async test(tests: readonly string[], limit: number): Promise<TestRun> {
    const script = new URL("run_tests.ts", import.meta.url).pathname;
    const [program, ...args] = [
      ...this.#wrap,
      Deno.execPath(),
      ...["run", "-A", "--no-check", script, `${Math.round(limit)}`],
      ...tests,
    ];
    const command = new Deno.Command(program, { args, cwd: this.#folder });
    const { code, stdout, stderr } = await command.output();
    const text = new TextDecoder();
    const output = text.decode(stdout) + text.decode(stderr);
    return { outcome: code === 0 ? "passed" : code === TOO_LONG ? "too long" : "failed", output };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.#folder, { recursive: true });
  }
}
