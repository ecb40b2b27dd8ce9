/**
 * Opens the door for Asterisks that dial.
 *
 * @module
 */
import { AriListener } from "../../ari/inbound/listener.ts";
import { createRest } from "../../ari/rest.ts";
import { AriProxyError } from "../../protocol/errors.ts";
import { InboundProxies, type InboundProxiesOptions } from "../../server/inbound_proxies.ts";
import { throttle } from "../../common/throttle.ts";
import type { Listening } from "./serve_target.ts";
import { UsageError } from "../errors.ts";
import { errorText } from "../../common/error_text.ts";

/** Asterisks that dial, served. Disposing of it closes everything. */
export interface OpenInbound extends AsyncDisposable {
  /** Their proxies. */
  readonly proxies: InboundProxies;
}

/**
 * Listens, and serves whoever dials.
 *
 * @throws {UsageError} When the address cannot be had or the certificate is none.
 * @throws {AriProxyError} As {@linkcode InboundProxies}.
 */
export function openInbound(
  { http, hostname, port, credentials, tls }: Listening,
  options: Omit<InboundProxiesOptions, "open">,
): OpenInbound {
  const { log, apps = [] } = options;
  const warnings = throttle(log);
  const rests = http.map((address) => createRest(address));
  const open: InboundProxiesOptions["open"] = (onAsterisk) => {
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
    const proxies = new InboundProxies({ ...options, open });
    return {
      proxies,
      async [Symbol.asyncDispose]() {
        await proxies.close();
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
