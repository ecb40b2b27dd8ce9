/**
 * Credentials and certificates that are replaced while the program runs.
 *
 * @module
 */

/**
 * A text, or a function that is asked for it at each attempt to connect, because it may change. What
 * the function throws counts as a failure of that attempt, or the former text counts on.
 */
export type ChangingText = string | (() => string);

/** The text of this moment. */
export function currentText(source: ChangingText): string {
  return typeof source === "string" ? source : source();
}
