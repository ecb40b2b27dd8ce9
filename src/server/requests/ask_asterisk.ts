import { AriError, type AriRest } from "../../ari/asterisk_link.ts";
import { AriProxyError, errorTexts } from "../../protocol/errors.ts";
import type { Surroundings } from "../../protocol/perform.ts";

/**
 * Makes the function with which requests ask Asterisk: over the REST interface of the moment, and
 * with the protocol's own error for what clients have to tell from other failures.
 */
export function askAsterisk(rest: () => Pick<AriRest, "send">): Surroundings["send"] {
  return (call, options) => rest().send(call, options).catch(told);
}

function told(error: unknown): never {
  if (error instanceof AriError && error.code === "expired") {
    throw new AriProxyError("expired", errorTexts.expiredWaiting, { cause: error });
  }
  throw error;
}
