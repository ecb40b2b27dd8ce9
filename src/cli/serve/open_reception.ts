/**
 * Opens the door for Asterisks that dial.
 *
 * @module
 */
import { AriListener } from "../../ari/listener.ts";
import { createRest } from "../../ari/rest.ts";
import { AriProxyError } from "../../protocol/errors.ts";
import { Reception, type ReceptionOptions } from "../../server/reception.ts";
import { ThrottledWarning } from "../../server/throttled_warning.ts";
import type { Listening } from "./serve_target.ts";
import { UsageError } from "../usage_error.ts";
import { errorText } from "../../common/error_text.ts";

/** Asterisks that dial, served. Disposing of it closes everything. */
export interface OpenReception extends AsyncDisposable {
  /** Their proxies. */
  readonly reception: Reception;
}

/**
 * Listens, and serves whoever dials.
 *
 * @throws {UsageError} When the address cannot be had or the certificate is none.
 * @throws {AriProxyError} As {@linkcode Reception}.
 */
export function openReception(
  { http, hostname, port, credentials, tls }: Listening,
  options: Omit<ReceptionOptions, "open">,
): OpenReception {
  const { log, apps = [] } = options;
  const warnings = new ThrottledWarning(log);
  const rests = http.map((address) => createRest(address));
  const open: ReceptionOptions["open"] = (onAsterisk) => {
    const listener = new AriListener({
      hostname,
      port,
      credentials,
      tls,
      http: rests,
      onAsterisk,
      onWarning: (text, details) => warnings.warn(text, details),
    });
    log.info("Waiting for Asterisks to dial", {
      address: `${hostname}:${listener.port}`,
      application: apps.length > 0 ? apps.join(",") : "all",
      tls: tls !== undefined,
      password: credentials ? "needed" : "none",
    });
    return listener;
  };
  try {
    const reception = new Reception({ ...options, open });
    return {
      reception,
      async [Symbol.asyncDispose]() {
        await reception.close();
        rests.forEach((rest) => rest[Symbol.dispose]());
        warnings[Symbol.dispose]();
      },
    };
  } catch (error) {
    warnings[Symbol.dispose]();
    if (error instanceof AriProxyError) throw error;
    const reason = errorText(error);
    throw new UsageError(`Cannot listen for Asterisk at ${hostname}:${port}: ${reason}`, {
      cause: error,
    });
  }
}
