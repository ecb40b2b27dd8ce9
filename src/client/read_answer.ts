import type { BusMessage } from "../bus/bus.ts";
import { AriProxyError, codeOfError, outcomeOfError } from "../protocol/errors.ts";
import { nodeHeader, reasonHeader } from "../protocol/headers.ts";
import { type Kind, kindRows } from "../protocol/kinds/kinds.ts";
import type { Response } from "../protocol/response.ts";

/**
 * Returns a response that holds what the kind is answered with.
 *
 * @param response What the message was decoded to.
 * @throws {AriProxyError} The error of the response, or `failed` when it lacks its result.
 */
export function readAnswer(
  { kind, deadline }: { readonly kind: Kind; readonly deadline?: number },
  response: Response,
  { headers = {} }: BusMessage,
): Response {
  const { [nodeHeader]: node, [reasonHeader]: reason } = headers;
  const from = node ? { node } : {};
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
  const { reply } = kindRows[kind];
  if ((reply === "key" || reply === "data") && !response[reply]) {
    throw new AriProxyError("failed", `Malformed answer: ${reply} is missing`, {
      outcome: "unknown",
      ...from,
    });
  }
  return response;
}
