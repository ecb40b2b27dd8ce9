/**
 * What `serve` puts together, in order: the bus, and on it the proxy of the Asterisk that it dials, or
 * the proxies of those that dial it.
 *
 * @module
 */
import { AriListener } from "../../ari/inbound/listener.ts";
import { createRest } from "../../ari/rest.ts";
import type { Bus } from "../../bus/bus.ts";
import { connectBus } from "../../bus/connect.ts";
import { errorText } from "../../common/error_text.ts";
import type { Log } from "../../common/log.ts";
import { throttle } from "../../common/throttle.ts";
import { EmbeddedBusError, startEmbeddedBus } from "../../embedded/server.ts";
import { AriProxyError } from "../../protocol/errors.ts";
import { InboundProxies, type InboundProxiesOptions } from "../../server/inbound_proxies.ts";
import { type ProxyOptions, startProxy } from "../../server/proxy.ts";
import { aborted } from "../cancel_signal.ts";
import { asUsageError } from "../open_bus.ts";
import { UsageError } from "../errors.ts";
import type { Monitoring } from "./monitoring.ts";
import type { Listening, ServeSettings } from "./read_settings.ts";

/** What everything is wired to. */
interface ServeContext {
  /** Identifies this process. */
  readonly process: ProxyOptions["process"];
  readonly log: Log;
  readonly monitoring: Monitoring;
}

/**
 * Serves until the signal aborts, and resolves when all is closed.
 *
 * @throws {UsageError} When the settings cannot be used.
 */
export async function serveUntil(
  signal: AbortSignal,
  settings: ServeSettings,
  context: ServeContext,
): Promise<void> {
  const { log, monitoring } = context;
  const { bus: url, busIsDefault } = settings;
  {
    // Each is disposed of before what it needs for the requests in flight.
    await using own = busIsDefault ? await openEmbeddedBus(settings.embedded, log) : undefined;
    const reached = own ? { ...url, value: own.url } : url;
    await using bus = await reachBus(signal, { ...settings, bus: reached }, context);
    if (bus) {
      log.info("The bus is connected");
      using _watch = monitoring.watch(bus);
      await using _serving = startServing(settings, { ...context, bus });
      await aborted(signal);
    }
  }
  log.info("Stopped");
}

/**
 * Opens a bus in this process, unless a server listens at the address: that one is used then.
 *
 * @returns The URL with the token, if there is one. Disposing of it closes the bus that was opened.
 * @throws {UsageError} When the settings are refused.
 */
async function openEmbeddedBus(
  { hostname, port, token }: ServeSettings["embedded"],
  log: Log,
): Promise<AsyncDisposable & { readonly url: string }> {
  const bus = await startEmbeddedBus({ hostname, port, token, log }).catch((error) => {
    if (!(error instanceof EmbeddedBusError)) throw error;
    if (error.code === "in_use") return undefined;
    const advice = error.code === "invalid"
      ? "; see --embedded.token and --embedded.token_file"
      : "";
    throw new UsageError(`${error.message}${advice}`, { cause: error });
  });
  if (bus) {
    log.info(
      "No bus is set: opened one for this machine alone; for several machines set MESSAGEBUS_URL",
      { bus: bus.url, token: token ? "needed" : "none" },
    );
  } else {
    log.info("No bus is set: using the server that listens here", { bus: `${hostname}:${port}` });
  }
  const url = new URL(bus?.url ?? `nats://${hostname}:${port}`);
  if (token) url.username = token;
  return { url: url.href, [Symbol.asyncDispose]: async () => await bus?.[Symbol.asyncDispose]() };
}

/** Connects to the bus, however long it takes. Returns undefined when the signal aborts first. */
async function reachBus(
  signal: AbortSignal,
  { apps, bus: url, busAccess }: ServeSettings,
  { log, monitoring }: ServeContext,
): Promise<Bus | undefined> {
  // Each reason is logged when it is new, and then every 30 s.
  using waiting = throttle(log, { interval: 30_000, summary: false });
  try {
    return await connectBus(url.value, {
      ...busAccess,
      name: `ari-proxy serve ${apps.join(",")}`,
      patience: true,
      onRetry(reason, retryIn) {
        monitoring.onBusMissing(reason);
        const details = { reason, retryIn: `${(retryIn / 1000).toFixed(1)}s` };
        waiting.warn("Waiting for the bus", details, { key: reason });
      },
      signal,
    });
  } catch (error) {
    if (signal.aborted) return undefined;
    throw asUsageError(error, url);
  }
}

/** Starts the proxy of the Asterisk to dial, or listens for those that dial. */
function startServing(
  { apps, nodeId, asterisk, listening, policy, history }: ServeSettings,
  { bus, process, log, monitoring }: ServeContext & { readonly bus: Bus },
): AsyncDisposable {
  const { onAsterisk, onRequest } = monitoring;
  const about = { process, policy, history, bus, log, onRequest };
  if (asterisk) {
    const proxy = startProxy({ ...about, apps, nodeId, asterisk, onAsterisk });
    monitoring.onProxy(proxy);
    return proxy;
  }
  if (!listening) throw new UsageError("Nothing to serve: no Asterisk is set");
  const only = apps.length > 0 ? { apps } : {};
  const inbound = openInbound(listening, { ...about, ...only });
  monitoring.onProxy(inbound.proxies);
  // A load balancer sends Asterisks only to proxies that are ready for them.
  onAsterisk({ up: true, node: "" });
  return inbound;
}

/**
 * Listens for Asterisks that dial, and serves them. Disposing of the result closes everything.
 *
 * @throws {UsageError} When it cannot listen at the address, or the certificate cannot be used.
 * @throws {AriProxyError} As {@linkcode InboundProxies}.
 */
function openInbound(
  { http, hostname, port, credentials, tls }: Listening,
  options: Omit<InboundProxiesOptions, "open">,
): AsyncDisposable & { readonly proxies: InboundProxies } {
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
