import { AriError, type AriRest } from "../../ari/asterisk_link.ts";
import { AriProxyError, errorTexts } from "../../protocol/errors.ts";
import type { PerformContext } from "../../protocol/perform.ts";
import type { AriCall } from "../../protocol/route.ts";
import { refuseParameters } from "./parameters.ts";

/** What Asterisk is asked over. */
interface AskAsteriskOptions {
  /** Its REST interface at this moment. */
  readonly rest: () => Pick<AriRest, "send">;
  /** The largest payload that the bus takes, in bytes. */
  readonly maxPayload: () => number;
}

/**
 * Makes the function with which requests ask Asterisk. It rejects with the protocol's own error for
 * what clients have to tell from other failures.
 */
export function askAsterisk({ rest, maxPayload }: AskAsteriskOptions): PerformContext["send"] {
  return async (call, options) => {
    const refused = refuseParameters(call);
    if (refused) return refused;
    return await rest().send(call, options).catch((error) => {
      throw error instanceof AriError ? told(error, call, maxPayload()) : error;
    });
  };
}

function told(error: AriError, { method }: AriCall, maxPayload: number): Error {
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
  // What acts was carried out, and is not to be done again.
  if (code === "no_room" && method === "GET") {
    return new AriProxyError("busy", errorTexts.busyReading, { cause });
  }
  return error;
}
