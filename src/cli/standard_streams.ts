/**
 * The standard streams, where somebody names a file.
 *
 * @module
 */

// An executable may not open these as files: Deno refuses what is in /dev and /proc.
const names = (number: number, name: string): readonly string[] => [
  "-",
  `/dev/${name}`,
  `/dev/fd/${number}`,
  `/proc/self/fd/${number}`,
];
const input = names(0, "stdin");
const output = names(1, "stdout");

/** Whether a path stands for standard input, where a file is read. */
export function isStandardInput(path: string): boolean {
  return input.includes(path);
}

/** Whether a path stands for standard output, where a file is written. */
export function isStandardOutput(path: string): boolean {
  return output.includes(path);
}
