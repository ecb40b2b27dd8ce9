/** Options of {@linkcode run}. */
export interface RunOptions {
  /** Folder to run in. @default the current one */
  readonly cwd?: string;
  /** Environment variables to add to those of this process. @default none */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs a program to its end.
 *
 * @param command The program and its arguments.
 * @returns What it wrote to its standard output.
 * @throws {Error} When it cannot be started, or ends otherwise than with 0; the text ends with the
 * last lines it wrote.
 */
export async function run(command: readonly string[], options: RunOptions = {}): Promise<string> {
  const [program = "", ...args] = command;
  const { code, stdout, stderr } = await new Deno.Command(program, {
    ...options,
    args,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  const text = new TextDecoder();
  const out = text.decode(stdout);
  if (code !== 0) {
    throw new Error(
      `Cannot run ${program}: it ended with ${code}\n${lastLines(out + text.decode(stderr))}`,
    );
  }
  return out;
}

/**
 * The end of a text.
 *
 * @param count How many lines at most.
 */
export function lastLines(text: string, count = 20): string {
  return text.trimEnd().split("\n").slice(-count).join("\n");
}
