/**
 * Prepares arguments for the command line library.
 *
 * @module
 */

/** Flags of the program, not of a subcommand. */
const ownFlags = ["--help", "-h", "--version", "-V"];

/**
 * Rewrites arguments that the command line library would not parse: without a subcommand it is
 * `serve`, and in `--flag=value` a value that is empty or has several lines becomes a separate argument.
 */
export function normalizeArguments(args: readonly string[]): string[] {
  const end = args.indexOf("--");
  const normal = args.flatMap((arg, index) => {
    const [, flag, value = ""] = /^(--[a-z][\w.-]*)=([^]*)$/i.exec(arg) ?? [];
    const parted = flag !== undefined && (value === "" || value.includes("\n"));
    return parted && (end < 0 || index < end) ? [flag, value] : [arg];
  });
  const [first = "-"] = normal;
  return first.startsWith("-") && !ownFlags.includes(first) ? ["serve", ...normal] : normal;
}
