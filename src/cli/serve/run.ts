/**
 * `ari-proxy serve`: puts an Asterisk on the bus.
 *
 * @module
 */
import type { CommandFunction } from "@stricli/core";
import project from "../../../deno.json" with { type: "json" };
import type { Bus } from "../../bus/bus.ts";
import { connectBus } from "../../bus/connect.ts";
import { redactUrls } from "../../common/redact_url.ts";
import { throttle } from "../../common/throttle.ts";
import { mint } from "../../protocol/mint.ts";
import type { Log } from "../../common/log.ts";
import { type ProxyOptions, startProxy } from "../../server/proxy.ts";
import { commandFunction, type Context } from "../subcommand.ts";
import { exitCodes } from "../exit_codes.ts";
import { aborted } from "../cancel_signal.ts";
import { MissingSetting } from "../settings/find.ts";
import { firstSteps } from "./first_run.ts";
import type { Io } from "../io.ts";
import { createLog } from "./logging.ts";
import { asUsageError } from "../open_bus.ts";
import { type Operations, startOperations } from "./monitoring.ts";
import type { Output } from "../output.ts";
import { openInbound } from "./open_inbound.ts";
import { openEmbeddedBus } from "./open_embedded_bus.ts";
import { printConfig } from "../settings/print_config.ts";
import { complain, lostOutput, UsageError } from "../errors.ts";
import type { ServeFlags } from "./command.ts";
import { readServeSettings, type ServeSettings } from "./read_settings.ts";
import { type LoadedSources, loadSources } from "../settings/sources.ts";

/**
 * How long ending in order may take, in milliseconds. What watches over programs kills them after
 * 10 s (`docker stop`), and a reader of the log and systemd may take a second each after this.
 */
const ENDING = 7_000;

/** `serve`, for the command line library. */
export const serveCommand: CommandFunction<ServeFlags, [], Context> = commandFunction(serve);

async function serve(io: Io, flags: ServeFlags): Promise<number> {
  const sources = await loadSources(io, flags, { onlyNamedContext: true });
  if (flags["print-config"]) return printConfig(sources, io);
  const settings = await settingsOrAdvice(sources, io);
  if (!settings) return exitCodes.usage;
  using log = createLog(io.stdout, settings.log);
  const tellClosed = (): void => {
    const { failure } = io.stdout;
    const why = failure
      ? `${lostOutput(failure)}; going on, and trying again to write the log`
      : "Standard output is closed: nobody reads the log any more";
    complain(why, io.stderr);
  };
  io.stdout.closed.addEventListener("abort", tellClosed);
  log.info(`ari-proxy ${project.version}`, {
    application: settings.apps.join(",") || undefined,
    asterisk: settings.asterisk && redactUrls(settings.asterisk.httpUrl),
    bus: settings.busIsDefault ? undefined : redactUrls(settings.bus.value),
  });
  sources.warnings.forEach((warning) => log.warn(warning));
  const stop = new AbortController();
  const atOnce = Promise.withResolvers<number>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stopListening = io.onSignal((signal) => {
    if (stop.signal.aborted) {
      log.warn("Stopping at once", { signal });
      atOnce.resolve(exitCodes.failed);
    } else {
      log.info("Stopping: finishing what is under way", { signal });
      stop.abort();
      timer = setTimeout(() => {
        log.warn("Stopping at once: what was under way is not over in time", { time: ENDING });
        atOnce.resolve(exitCodes.ok);
      }, ENDING);
    }
  });
  const process = { id: mint("pr"), version: project.version, started: new Date() };
  try {
    await using operations = await startOperations({
      ...settings,
      process,
      log,
      env: io.env,
      signal: stop.signal,
    });
    const served = serveUntil(stop.signal, settings, { process, log, operations });
    return await Promise.race([served, atOnce.promise]);
  } finally {
    stopListening();
    clearTimeout(timer);
    io.stdout.closed.removeEventListener("abort", tellClosed);
    await Promise.all([io.stdout, io.stderr].map(flushInTime));
    // It has been told, and a log that cannot be written is no failure of what was served.
    io.stdout.recover();
  }
}

/** The settings, or nothing when someone has been told what is missing and what to do. */
async function settingsOrAdvice(
  sources: LoadedSources,
  { stderr }: Io,
): Promise<ServeSettings | undefined> {
  try {
    return readServeSettings(sources);
  } catch (error) {
    sources.warnings.forEach((warning) => complain(warning, stderr));
    if (!(error instanceof MissingSetting)) throw error;
    complain(error.message, stderr);
    (await firstSteps(sources)).forEach((step) => complain(step, stderr));
    return undefined;
  }
}

/** What serving is done with: what tells this process from all others, and what is told of it. */
interface ServeContext {
  readonly process: ProxyOptions["process"];
  readonly log: Log;
  readonly operations: Operations;
}

async function serveUntil(
  signal: AbortSignal,
  settings: ServeSettings,
  context: ServeContext,
): Promise<number> {
  const { log, operations } = context;
  const { bus: url, busIsDefault } = settings;
  {
    // Each is disposed of before what it needs for the answers under way.
    await using own = busIsDefault ? await openEmbeddedBus(settings, log) : undefined;
    const reached = own ? { ...url, value: own.url } : url;
    await using bus = await reachBus(signal, { ...settings, bus: reached }, context);
    if (bus) {
      log.info("The bus is connected");
      using _watch = operations.watch(bus);
      await using _serving = startServing(settings, { ...context, bus });
      await aborted(signal);
    }
  }
  log.info("Stopped");
  return exitCodes.ok;
}

/** The proxy of the Asterisk to dial, or those of the Asterisks that dial. */
function startServing(
  { apps, nodeId, asterisk, listening, policy, history }: ServeSettings,
  { bus, process, log, operations }: ServeContext & { readonly bus: Bus },
): AsyncDisposable {
  const { onAsterisk, onRequest } = operations;
  const about = { process, policy, history, bus, log, onRequest };
  if (asterisk) {
    const proxy = startProxy({ ...about, apps, nodeId, asterisk, onAsterisk });
    operations.onProxy(proxy);
    return proxy;
  }
  if (!listening) throw new UsageError("Nothing to serve: no Asterisk is set");
  const only = apps.length > 0 ? { apps } : {};
  const open = openInbound(listening, { ...about, ...only });
  operations.onProxy(open.proxies);
  // Who balances load sends Asterisks only to those who are ready for them.
  onAsterisk({ up: true, node: "" });
  return open;
}

/** The bus, as soon as it is there; undefined when the signal aborts first. */
async function reachBus(
  signal: AbortSignal,
  { apps, bus: url, busAccess }: ServeSettings,
  { log, operations }: ServeContext,
): Promise<Bus | undefined> {
  // Each reason is logged when it is new, and then every 30 s.
  using waiting = throttle(log, { interval: 30_000, summary: false });
  try {
    return await connectBus(url.value, {
      ...busAccess,
      name: `ari-proxy serve ${apps.join(",")}`,
      patience: true,
      onRetry(reason, retryIn) {
        operations.onBusMissing(reason);
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

/** Waits for a reader, but not for ever: one that has stopped must not keep the process from its end. */
async function flushInTime(output: Output): Promise<void> {
  const timer = setTimeout(() => output.abandon(), 1_000);
  await output.flush();
  clearTimeout(timer);
}
