/**
 * How failures are reported: messages on standard error, and exit codes.
 *
 * @module
 */
import type { BusError, BusErrorCode } from "../bus/bus.ts";
import { redactUrl } from "../common/redact_url.ts";
import { AriProxyError } from "../protocol/errors.ts";
import { exitCodeOfError, exitCodes } from "./exit_codes.ts";
import type { Output } from "./output.ts";
import { printable } from "./table.ts";
import { errorText } from "../common/error_text.ts";

/** Wrong usage: an argument, a setting, a field. Its message has a line for each mistake. */
export class UsageError extends Error {
  /** Makes an error. */
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "UsageError";
  }
}

const exitCodeOfBus: Readonly<Record<BusErrorCode, number>> = {
  no_responders: exitCodes.noNode,
  timeout: exitCodes.timeout,
  denied: exitCodes.denied,
  invalid: exitCodes.usage,
  disconnected: exitCodes.failed,
  unreachable: exitCodes.failed,
  too_large: exitCodes.failed,
  closed: exitCodes.failed,
};

/** Reports a failure on an output and returns its exit code. */
export function reportFailure(error: unknown, output: Output): number {
  complain(errorText(error), output);
  if (error instanceof UsageError) return exitCodes.usage;
  if (error instanceof AriProxyError) return exitCodeOfError[error.code];
  if (!isBusError(error)) return exitCodes.failed;
  if (error.code === "unreachable") complain(unreachableAdvice, output);
  return exitCodeOfBus[error.code];
}

/** What to do when no bus can be reached. */
export const unreachableAdvice =
  "Start a server there, or ari-proxy serve; or name another with --url, MESSAGEBUS_URL or a context";

/** Writes each line of a text, prefixed with the name of the program. */
export function complain(text: string, output: Output): void {
  for (const line of redactUrl(text).split("\n")) {
    output.write(`ari-proxy: ${output.isTerminal ? printable(line) : line}\n`);
  }
}

/** The message for a standard output that cannot be written. */
export function lostOutput(failure: Error): string {
  return `Cannot write standard output: ${failure.message.replace(/ \(os error \d+\).*$/s, "")}`;
}

/** By its name, so that a failure before the bus is needed does not load the bus. */
function isBusError(error: unknown): error is BusError {
  return error instanceof Error && error.name === "BusError" && "code" in error &&
    typeof error.code === "string" && Object.hasOwn(exitCodeOfBus, error.code);
}
