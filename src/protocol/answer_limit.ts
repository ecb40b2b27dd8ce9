import type { Kind } from "./kinds.ts";
import type { Operation } from "./operation.ts";

/** Asterisk can be set to write JSON in lines and with blanks (`pretty`), which are not sent on. */
const written = 2;
/** How much smaller the keys of a list are at the most than what Asterisk tells of each. */
const condensed = 8;
/** What is always read, in bytes: even where next to nothing can be sent on, a refusal can be told. */
const least = 64 * 1024;

/**
 * How large Asterisk's answer may be to make one that the bus takes: what is larger is not worth
 * reading, and would keep events from having their turn.
 *
 * @param maxPayload The largest payload that the bus takes, in bytes.
 * @returns Bytes of the body.
 */
export function answerLimit<K extends Kind>(row: Operation<K>, maxPayload: number): number {
  const whole = row.raw || row.reply === "data" && !row.pick;
  return Math.max(least, maxPayload * (whole ? written : condensed));
}
