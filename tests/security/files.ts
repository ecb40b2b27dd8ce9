/**
 * Runs the program within this process, with the files of the machine.
 *
 * @module
 */
import { main } from "../../src/cli/main.ts";
import type { Outcome } from "../testing/cli_fixture.ts";
import { withDeadline } from "../testing/deadline.ts";
import { createFakeIo, type FakeIo } from "../testing/fake_io.ts";

/** Path of a certificate or key for tests. */
export function certificate(name: string): string {
  return new URL(`../bus/certificates/${name}`, import.meta.url).pathname;
}

/** A folder for the files of a test. Disposing of it removes it. */
export interface TestFolder extends AsyncDisposable {
  /** Writes a file, and returns its path. */
  write(name: string, text: string): string;
}

/** Makes a folder. */
export async function makeFolder(): Promise<TestFolder> {
  const folder = await Deno.makeTempDir({ prefix: "ari-proxy-test-" });
  return {
    write(name, text) {
      Deno.writeTextFileSync(`${folder}/${name}`, text);
      return `${folder}/${name}`;
    },
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

/** The program while it runs. */
export interface Running {
  readonly io: FakeIo;
  readonly code: Promise<number>;
}

/** Starts the program. */
export function begin(args: readonly string[], env: Readonly<Record<string, string>>): Running {
  const io = createFakeIo({ env });
  return { io, code: main(args, { ...io, readFile: (path) => Deno.readTextFileSync(path) }) };
}

/** Runs the program to its end. */
export async function run(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Outcome> {
  const { io, code } = begin(args, env);
  const ended = await withDeadline(code, { what: `end of ${args.join(" ")}` });
  return { code: ended, out: io.stdout.text, err: io.stderr.text };
}
