/**
 * Which subjects the bus takes.
 *
 * A subject is one part or more, joined by dots. A part is one character or more; blanks and control
 * characters are not taken, and a part that is `*` or `>` is a wildcard.
 *
 * @module
 */

import { BusError } from "./bus.ts";

/**
 * The longest subject, in bytes of UTF-8. A server cuts the connection when the line that carries a
 * subject and a subject for the answers is over 4 KiB.
 */
export const MAX_SUBJECT = 1024;

const DOT = 0x2e;
const STAR = 0x2a;
const TAIL = 0x3e;
const SPACE = 0x20;
const DELETE = 0x7f;

/**
 * Makes sure that a message can be published on the subject.
 *
 * @param max The longest subject, in bytes.
 * @throws {BusError} With the code `invalid`.
 */
export function checkPublishSubject(subject: string, max = MAX_SUBJECT): void {
  const problem = problemOf(subject, { wildcards: false, max });
  if (problem !== undefined) throw refusal("publish on", subject, problem);
}

/**
 * Makes sure that a subject, with or without wildcards, can be subscribed to.
 *
 * @param max The longest subject, in bytes.
 * @throws {BusError} With the code `invalid`.
 */
export function checkSubscribeSubject(subject: string, max = MAX_SUBJECT): void {
  const problem = problemOf(subject, { wildcards: true, max });
  if (problem !== undefined) throw refusal("subscribe to", subject, problem);
}

/**
 * Makes sure that a queue group can be joined under this name.
 *
 * @throws {BusError} With the code `invalid`.
 */
export function checkQueueName(queue: string): void {
  const problem = problemOf(queue, { wildcards: true, max: MAX_SUBJECT });
  if (problem !== undefined) throw refusal("join the queue", queue, problem);
}

function problemOf(
  subject: string,
  { wildcards, max }: { readonly wildcards: boolean; readonly max: number },
): string | undefined {
  const length = subject.length;
  if (length === 0) return "it is empty";
  let bytes = length;
  let start = 0;
  for (let index = 0; index <= length; index++) {
    const code = index === length ? DOT : subject.charCodeAt(index);
    if (code === DOT) {
      const size = index - start;
      if (size === 0) return "it has an empty part";
      if (size === 1) {
        const only = subject.charCodeAt(start);
        if ((only === STAR || only === TAIL) && !wildcards) return "it has a wildcard";
        if (only === TAIL && index !== length) return "'>' is not its last part";
      }
      start = index + 1;
    } else if (code <= SPACE || code === DELETE) {
      return "it has a blank or a control character";
    } else if (code > DELETE) {
      bytes += code < 0x800 ? 1 : 2;
    }
  }
  return bytes > max ? `it is longer than ${max} bytes` : undefined;
}

function refusal(what: string, subject: string, problem: string): BusError {
  // Quoted as JSON so that a control character does not reach anyone's terminal.
  const shown = JSON.stringify(subject.length > 80 ? `${subject.slice(0, 80)}…` : subject);
  return new BusError("invalid", `Cannot ${what} ${shown}: ${problem}`);
}
