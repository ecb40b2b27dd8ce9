/**
 * The exit codes of the program.
 *
 * @module
 */
import type { ErrorCode, Outcome } from "../protocol/errors.ts";

export const exitCodes = {
  ok: 0,
  /** A failure without a code of its own. */
  failed: 1,
  /** Wrong usage: an argument, a setting, a field. */
  usage: 2,
  /** The entity does not exist. */
  notFound: 3,
  /** Asterisk, a proxy or the bus denied it. */
  denied: 4,
  /** The state of the entity does not allow it. */
  conflict: 5,
  /** No node to ask. */
  noNode: 6,
  /** No response in time, so that the request may have been carried out; or too few events. */
  timeout: 7,
  /** The response was lost or malformed: the request may have been carried out. */
  unknown: 8,
} as const;

/** The exit code for each error code of a request. */
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
 * @param acts Whether it was to change something, so that it matters whether it was carried out.
 */
export function exitCodeOf(
  { code, outcome }: { readonly code: ErrorCode; readonly outcome: Outcome },
  acts: boolean,
): number {
  return acts && outcome === "unknown" && code !== "timeout"
    ? exitCodes.unknown
    : exitCodeOfError[code];
}
