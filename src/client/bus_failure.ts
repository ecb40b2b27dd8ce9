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
 * @param subject Subject of the request; absent for other operations.
 * @throws What is not an error of the bus, unchanged.
 */
export function busFailure(error: unknown, subject?: string): AriProxyError {
  if (error instanceof AriProxyError) return error;
  if (!(error instanceof BusError)) throw error;
  const text = subject !== undefined && error.code === "no_responders"
    ? noProxy(subject)
    : subject !== undefined && error.code === "timeout" && !error.unsent
    ? noResponseText
    : error.message;
  const outcome = error.unsent ? "not_sent" : "unknown";
  return new AriProxyError(codeOfBus[error.code], text, { cause: error, outcome });
}

const noResponseText = "No response in time";

/** The text for a request on a subject without subscribers. */
function noProxy(subject: string): string {
  const { app, node } = requestCoordinates(subject);
  if (app === undefined) return "No proxy is running";
  const where = node === undefined ? "" : ` on the node ${node}`;
  return `No proxy serves the application ${app}${where}`;
}

/** The error of a request without a response. */
export function noResponse(): AriProxyError {
  return new AriProxyError("timeout", noResponseText);
}
