/**
 * Runs the program within this process, with files that exist in a test only.
 *
 * @module
 */
import { main } from "../../src/cli/main.ts";
import type { Outcome } from "../testing/cli_fixture.ts";
import { withDeadline } from "../testing/deadline.ts";
import { createFakeIo, type FakeIoOptions } from "../testing/fake_io.ts";

/** Files by path; null stands for one that may not be read. */
export type Files = Readonly<Record<string, string | null>>;

/** Reads from files as the process would. */
export function reader(files: Files): (path: string) => string {
  return (path) => {
    const text = files[path];
    if (text === undefined) throw new Deno.errors.NotFound(`No such file: readfile '${path}'`);
    if (text === null) throw new Deno.errors.PermissionDenied(`Permission denied: '${path}'`);
    return text;
  };
}

/** Runs the program to its end. */
export async function runWithFiles(
  args: readonly string[],
  { files, ...options }: FakeIoOptions & { readonly files: Files },
): Promise<Outcome> {
  const io = createFakeIo(options);
  const ended = main(args, { ...io, readFile: reader(files) });
  const code = await withDeadline(ended, { what: `end of ${args.join(" ")}` });
  return { code, out: io.stdout.text, err: io.stderr.text };
}
