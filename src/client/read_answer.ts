import type { BusMessage } from "../bus/bus.ts";
import { AriProxyError, codeOfError, outcomeOfError } from "../protocol/errors.ts";
import { nodeHeader, reasonHeader } from "../protocol/headers.ts";
import type { Kind } from "../protocol/kinds.ts";
import { operations } from "../protocol/operations.ts";
import { decodeResponse, type Response } from "../protocol/response.ts";

/**
 * The answer in a message, which has to hold what the kind is answered with.
 *
 * @throws {AriProxyError} The error that the answer tells, or `failed` for what is no answer.
 */
export function readAnswer(
  { kind, deadline }: { readonly kind: Kind; readonly deadline?: number },
  { data, headers = {} }: BusMessage,
): Response {
  const { [nodeHeader]: node, [reasonHeader]: reason } = headers;
  const from = node ? { node } : {};
  const malformed = (text: string) =>
    new AriProxyError("failed", text, { outcome: "unknown", ...from });
  const response = decode(data, malformed);
  const { error } = response;
  if (error) {
    const code = codeOfError(error);
    // Who was answered in time and yet was late for the proxy has another clock.
    const odd = code === "expired" && deadline !== undefined && Date.now() <= deadline;
    const why = odd ? "the clocks here and there differ" : reason;
    throw new AriProxyError(code, why ? `${error}: ${why}` : error, {
      outcome: outcomeOfError(error),
      ...from,
    });
  }
  const { reply } = operations[kind];
  if ((reply === "key" || reply === "data") && !response[reply]) {
    throw malformed(`Malformed answer: ${reply} is missing`);
  }
  return response;
}

function decode(data: Uint8Array, malformed: (text: string) => AriProxyError): Response {
  try {
    return decodeResponse(data);
  } catch (error) {
    throw error instanceof AriProxyError ? malformed(error.message) : error;
  }
}
