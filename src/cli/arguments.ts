/**
 * The arguments as the command line library takes them.
 *
 * @module
 */

/** Flags that are the program's own, not those of a subcommand. */
const ownFlags = ["--help", "-h", "--version", "-V"];

/**
 * Puts the arguments into the form that the command line library understands: without a subcommand
 * it is `serve`, and in `--flag=value` a value that the library would not see, an empty one or one
 * of several lines, becomes an argument of its own.
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
