/**
 * What the program ends with.
 *
 * @module
 */
import type { ErrorCode, Outcome } from "../protocol/errors.ts";

/** The exit codes. */
export const exitCodes = {
  /** It worked. */
  ok: 0,
  /** It failed in a way that has no code of its own. */
  failed: 1,
  /** It was not called as it has to be: an argument, a setting, a field. */
  usage: 2,
  /** What it is about does not exist. */
  notFound: 3,
  /** Asterisk, a proxy or the bus does not allow it. */
  denied: 4,
  /** What it is about is in a state that does not allow it. */
  conflict: 5,
  /** Nobody is there to answer. */
  noNode: 6,
  /** No answer came in time, so that it may have been carried out; or too few events. */
  timeout: 7,
  /** The answer was lost, or is none: it may have been carried out. */
  unknown: 8,
} as const;

/** The exit code for each way in which a request fails. */
export const exitCodeOfError: Readonly<Record<ErrorCode, number>> = {
  not_found: exitCodes.notFound,
  conflict: exitCodes.conflict,
  invalid: exitCodes.usage,
  denied: exitCodes.denied,
  unsupported: exitCodes.failed,
  asterisk_down: exitCodes.failed,
  too_large: exitCodes.failed,
  no_node: exitCodes.noNode,
  timeout: exitCodes.timeout,
  expired: exitCodes.timeout,
  busy: exitCodes.failed,
  unreachable: exitCodes.failed,
  closed: exitCodes.failed,
  failed: exitCodes.failed,
};

/** The exit codes, for help texts. */
export const exitCodesText: string = [
  "Exit codes",
  "  0  it worked",
  "  1  it failed",
  "  2  wrong usage: an argument, a setting or a field",
  "  3  not found",
  "  4  denied",
  "  5  conflict: not possible in the current state",
  "  6  no node to ask",
  "  7  no response in time: the request may have been carried out",
  "  8  the response was lost: the request may have been carried out",
].join("\n");

/**
 * The exit code for a request that failed.
 *
 * @param acts Whether it was to do something, so that it matters whether that was done.
 */
export function exitCodeOf(
  { code, outcome }: { readonly code: ErrorCode; readonly outcome: Outcome },
  acts: boolean,
): number {
  return acts && outcome === "unknown" && code !== "timeout"
    ? exitCodes.unknown
    : exitCodeOfError[code];
}
