import { BusError, type BusErrorCode } from "../bus/bus.ts";
import { AriProxyError, type ErrorCode } from "../protocol/errors.ts";
import { requestCoordinates } from "../protocol/subjects.ts";

const codeOfBus: Readonly<Record<BusErrorCode, ErrorCode>> = {
  no_responders: "no_node",
  timeout: "timeout",
  too_large: "too_large",
  invalid: "invalid",
  denied: "denied",
  disconnected: "unreachable",
  unreachable: "unreachable",
  closed: "closed",
};

/**
 * The error of the protocol for one of the bus.
 *
 * @param subject Where a request went; absent for what is no request.
 * @throws What is no error of the bus, as it is.
 */
export function busFailure(error: unknown, subject?: string): AriProxyError {
  if (error instanceof AriProxyError) return error;
  if (!(error instanceof BusError)) throw error;
  const text = subject !== undefined && error.code === "no_responders"
    ? nobodyServes(subject)
    : subject !== undefined && error.code === "timeout" && !error.unsent
    ? noAnswerText
    : error.message;
  const outcome = error.unsent ? "not_sent" : "unknown";
  return new AriProxyError(codeOfBus[error.code], text, { cause: error, outcome });
}

const noAnswerText = "No answer in time";

/** The text for a request on a subject that nobody listens to. */
function nobodyServes(subject: string): string {
  const { app, node } = requestCoordinates(subject);
  if (app === undefined) return "No proxy is there";
  const where = node === undefined ? "" : ` on the node ${node}`;
  return `No proxy serves the application ${app}${where}`;
}

/** The error of a request that nobody answered. */
export function noAnswer(): AriProxyError {
  return new AriProxyError("timeout", noAnswerText);
}
