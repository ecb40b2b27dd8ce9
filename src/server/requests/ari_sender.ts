import { AriError, type AriRest } from "../../ari/asterisk_link.ts";
import { AriProxyError, errorTexts } from "../../protocol/errors.ts";
import type { PerformContext } from "../../protocol/kinds/engine.ts";
import type { AriCall } from "../../protocol/ari_call.ts";
import { refuseParameters } from "./parameters.ts";

/**
 * Makes the function that sends requests to Asterisk. It rejects with the protocol's own error for what
 * clients must distinguish from other failures, and itself returns an error for requests that would crash
 * Asterisk.
 */
export function createAriSender(
  rest: Pick<AriRest, "send">,
  bus: { readonly maxPayload: number },
): PerformContext["send"] {
  return async (call, options) => {
    const refused = refuseParameters(call);
    if (refused) return refused;
    return await rest.send(call, options).catch((error) => {
      throw error instanceof AriError ? protocolError(error, call, bus.maxPayload) : error;
    });
  };
}

function protocolError(error: AriError, { method }: AriCall, maxPayload: number): Error {
  const { code, cause } = error;
  if (code === "expired") {
    return new AriProxyError("expired", errorTexts.expiredWaiting, { cause });
  }
  if (code === "too_large" && cause instanceof Error) {
    return new AriProxyError("too_large", errorTexts.tooLarge(cause.message, maxPayload), {
      cause,
    });
  }
  if (code === "busy") {
    return new AriProxyError("busy", errorTexts.occupied(error.message), { cause });
  }
  // What acts was carried out, and must not be repeated.
  if (code === "no_room" && method === "GET") {
    return new AriProxyError("busy", errorTexts.busyReading, { cause });
  }
  return error;
}
