/**
 * Errors that all ways to Asterisk's REST interface have in common.
 *
 * @module
 */
import { AriError } from "./errors.ts";
import type { BadAnswer } from "./http/response_reader.ts";

/** The error of a request that was not sent since its time was over. */
export function expired(what: string): AriError {
  return new AriError("expired", `${what} not sent: its time was over before it could be`);
}

/** The error for an answer that is none, or that is not read; its cause says why. */
export function badAnswer(what: string, cause: BadAnswer): AriError {
  const { code, message } = cause;
  const texts = {
    bad_answer: `Bad answer to ${what}: ${message}`,
    too_large: `Answer to ${what} too large: it has ${message}`,
    no_room: `Cannot take the answer to ${what}: ${message}`,
  };
  return new AriError(code, texts[code], { cause });
}

/** Why requests are given up when this side ends the connection. */
export const CLOSED = "the connection to Asterisk is closed";

/** Who has given a request up, mostly. */
export const GIVEN_UP = "the caller gave up";

/** The error of a request that was given up. @param why By whom, or why. */
export function aborted(what: string, why: string, cause?: unknown): AriError {
  return new AriError("aborted", `${what} given up: ${why}`, { cause });
}
