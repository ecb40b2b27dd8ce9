/**
 * What `call` tells of requests that failed: whether that which was asked for may have been done.
 *
 * @module
 */
import { redactUrl } from "../../common/redact_url.ts";
import type { Gathered } from "../../client/gather.ts";
import { mostTelling } from "../../client/gather.ts";
import { AriProxyError, type Outcome } from "../../protocol/errors.ts";
import { exitCodeOf, exitCodes } from "../exit_codes.ts";
import type { Output } from "../output.ts";
import { complain, unreachableAdvice } from "../errors.ts";

/** How to tell of failures. */
export interface CallFailureOptions {
  /** Where to. */
  readonly output: Output;
  /** Whether to write an object a line. */
  readonly json: boolean;
  /** Whether the request was to do something. */
  readonly acts: boolean;
}

const said: Readonly<Record<Outcome, string>> = {
  not_sent: " (not sent)",
  unknown: " (it may have been carried out)",
  failed: "",
};

/**
 * Tells of the failure of a request to one. Returns the exit code.
 *
 * @param options Besides the usual, whether several nodes are known, so that it matters which of them
 * it was.
 */
export function tellFailure(
  error: AriProxyError,
  options: CallFailureOptions & { readonly several: boolean },
): number {
  tell(error, options, options.several ? error.node : undefined);
  return exitCodeOf(error, options.acts);
}

/** Tells which of many failed, by their nodes, and how many are missing. Returns the exit code. */
export function tellFailures(
  { responses, errors, missing }: Gathered,
  options: CallFailureOptions,
): number {
  errors.forEach((error) => tell(error, options, error.node));
  if (missing > 0) {
    const text = `${missing} of the nodes that are known did not answer in time`;
    tell(new AriProxyError("timeout", text), options);
  }
  if (responses.length > 0) return exitCodes.ok;
  const error = mostTelling(errors);
  return error ? exitCodeOf(error, options.acts) : exitCodes.timeout;
}

function tell(error: AriProxyError, options: CallFailureOptions, node?: string): void {
  const { output, json, acts } = options;
  const { message, code, outcome } = error;
  if (json) {
    const known = error.node ? { node: error.node } : {};
    const line = { error: redactUrl(message), code, outcome, ...known };
    return output.write(`${JSON.stringify(line)}\n`);
  }
  const advice = code === "no_node" ? "; see ari-proxy nodes" : "";
  const text = `${message}${advice}${acts ? said[outcome] : ""}`;
  complain(`${node ? `${node}: ` : ""}${text}`, output);
  if (code === "unreachable" && outcome === "not_sent") complain(unreachableAdvice, output);
}
