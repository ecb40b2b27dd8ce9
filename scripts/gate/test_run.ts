/** What a run of `deno test` showed. */
export interface TestRun {
  readonly passed: number;
  readonly failed: number;
  /** The tests that failed, by name and place. */
  readonly failures: readonly string[];
}

/** Options of {@linkcode runTests}. */
export interface TestRunOptions {
  /** How long a test may take, in milliseconds. @default 240_000 */
  readonly limit?: number;
  /** Variables of the environment, besides those of this process. @default none */
  readonly env?: Readonly<Record<string, string>>;
  /** The folder to run in. @default the folder of this process */
  readonly cwd?: string | URL;
  /** Takes what `deno test` prints. @default writes it to the standard output */
  readonly write?: (text: string) => void;
}

const preload = new URL("time_limit.ts", import.meta.url).href;

/**
 * Runs `deno test` with a time limit for each test, and finds out which tests failed. A test that
 * hangs fails with its name; when it also holds up the program, so that its time limit is not
 * noticed, the whole run ends.
 *
 * @param args The arguments after `deno test`.
 */
export async function runTests(
  args: readonly string[],
  options: TestRunOptions = {},
): Promise<TestRun> {
  const { limit = 240_000, write = writeOut } = options;
  const command = new Deno.Command(Deno.execPath(), {
    args: ["test", `--preload=${preload}`, ...args],
    env: { ...options.env, NO_COLOR: "1", ARI_PROXY_TEST_LIMIT: `${limit}` },
    cwd: options.cwd,
    stdout: "piped",
    detached: true,
  });
  await using tests = command.spawn();
  const kill = () => {
    try {
      Deno.kill(-tests.pid, "SIGKILL");
    } catch {
      // It has ended.
    }
  };
  const onSignal = () => {
    kill();
    Deno.exit(130);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, onSignal);

  const report = new TestReport();
  let isSilent = false;
  const onSilence = () => {
    isSilent = true;
    kill();
  };
  // Each test ends within its limit, and prints a line; then there are hooks and loading.
  const patience = limit + Math.min(limit, 120_000);
  let silence = setTimeout(onSilence, patience);
  for await (const text of tests.stdout.pipeThrough(new TextDecoderStream())) {
    clearTimeout(silence);
    silence = setTimeout(onSilence, patience);
    write(text);
    report.add(text);
  }
  clearTimeout(silence);
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.removeSignalListener(signal, onSignal);
  const { success } = await tests.status;
  return report.end(success, isSilent);
}

function writeOut(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(text));
}

/** Reads what `deno test` prints. */
class TestReport {
  #rest = "";
  #file = "";
  /** The test that runs. */
  #running: string | undefined;
  #summary: { readonly passed: number; readonly failed: number } | undefined;
  #passed = 0;
  #isList = false;
  readonly #failures: string[] = [];
  /** By file, the tests during which an error was thrown that belongs to none. */
  readonly #uncaught = new Map<string, string>();

  add(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#read(line);
    // The line of a running test is not over before the test is.
    const running = /^(\S.*) \.\.\.\s*$/.exec(this.#rest);
    if (running) this.#running = running[1];
  }

  #read(line: string): void {
    const file = /^running \d+ tests? from (.+)$/.exec(line);
    const running = /^(\S.*) \.\.\.\s*$/.exec(line);
    const done = /^(\S.*) \.\.\. (ok|FAILED|ignored|cancelled)\b/.exec(line);
    const summary = /^(?:ok|FAILED) \| (\d+) passed.* \| (\d+) failed/.exec(line);
    if (file) {
      this.#file = file[1];
      this.#running = undefined;
    } else if (done) {
      this.#running = undefined;
      if (done[2] === "ok") this.#passed++;
    } else if (running) this.#running = running[1];
    else if (/^Uncaught error from /.test(line)) {
      if (this.#running) this.#uncaught.set(this.#file, this.#running);
    } else if (/^ FAILURES\s*$/.test(line)) this.#isList = true;
    else if (summary) {
      this.#isList = false;
      this.#summary = { passed: Number(summary[1]), failed: Number(summary[2]) };
    } else if (this.#isList && line.trim() !== "") this.#failures.push(this.#named(line.trim()));
  }

  /** Names the test to a failure of a whole file. */
  #named(failure: string): string {
    const [, file] = /^(\S+) \(uncaught error\)$/.exec(failure) ?? [];
    const test = this.#uncaught.get(file ?? "");
    return test ? `${failure} while this ran: ${test}` : failure;
  }

  end(success: boolean, isSilent: boolean): TestRun {
    this.#read(this.#rest);
    const { passed, failed } = this.#summary ?? { passed: this.#passed, failed: 0 };
    const failures = [...this.#failures];
    if (!this.#summary) {
      const what = isSilent ? "The tests were ended, since this hangs" : "The tests broke off";
      failures.push(`${what}: ${this.#running ?? "no test"} (${this.#file || "no file"})`);
    }
    // A run that ends without saying which test failed is a failure all the same.
    return { passed, failed: Math.max(failed, success ? 0 : 1), failures };
  }
}
