/**
 * `ari-proxy serve`: puts an Asterisk on the bus.
 *
 * @module
 */
import type { CommandFunction } from "@stricli/core";
import project from "../../deno.json" with { type: "json" };
import type { Bus } from "../bus/bus.ts";
import { connectBus } from "../bus/connect.ts";
import { redactUrl } from "../common/redact_url.ts";
import { mint } from "../protocol/mint.ts";
import type { Log } from "../server/log.ts";
import { startProxy } from "../server/proxy.ts";
import { commandFunction, type Context } from "./context.ts";
import { exitCodes } from "./exit_codes.ts";
import { aborted } from "./interruption.ts";
import { MissingSetting } from "./find_setting.ts";
import { firstSteps } from "./first_run.ts";
import type { Io } from "./io.ts";
import { createLog } from "./logging.ts";
import { asUsageError } from "./open_bus.ts";
import { openOwnBus } from "./own_bus.ts";
import { printConfig } from "./print_config.ts";
import { complain } from "./report_failure.ts";
import type { ServeFlags } from "./serve_command.ts";
import { readServeSettings, type ServeSettings } from "./serve_settings.ts";
import { type LoadedSources, loadSources } from "./setting_sources.ts";

/** What tells this process from all others. */
const thisProcess = { id: mint("rp"), version: project.version, started: new Date() };

/** `serve`, for the command line library. */
export const serveCommand: CommandFunction<ServeFlags, [], Context> = commandFunction(serve);

async function serve(io: Io, flags: ServeFlags): Promise<number> {
  const sources = await loadSources(io, flags);
  if (flags["print-config"]) return printConfig(sources, io);
  const settings = await settingsOrAdvice(sources, io);
  if (!settings) return exitCodes.usage;
  using log = createLog(io.stdout, { verbose: settings.verbose });
  sources.warnings.forEach((warning) => log.warn(warning));
  const stop = new AbortController();
  const again = Promise.withResolvers<number>();
  const stopListening = io.onSignal((signal) => {
    if (stop.signal.aborted) {
      log.warn("Stopping at once", { signal });
      again.resolve(exitCodes.failed);
    } else {
      log.info("Stopping: finishing what is under way", { signal });
      stop.abort();
    }
  });
  try {
    return await Promise.race([serveUntil(stop.signal, settings, log), again.promise]);
  } finally {
    stopListening();
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

async function serveUntil(
  signal: AbortSignal,
  settings: ServeSettings,
  log: Log,
): Promise<number> {
  const { apps, nodeId, asterisk, bus: url, busIsDefault } = settings;
  log.info(`ari-proxy ${project.version}`, {
    application: apps.join(","),
    asterisk: redactUrl(asterisk.httpUrl),
    bus: busIsDefault ? undefined : redactUrl(url.value),
  });
  {
    // Each is disposed of before what it needs for the answers under way.
    await using own = busIsDefault ? await openOwnBus(settings, log) : undefined;
    const reached = own ? { ...url, value: own.url } : url;
    await using bus = await reachBus(signal, { ...settings, bus: reached }, log);
    if (bus) {
      log.info("The bus is connected");
      const options = { apps, nodeId, process: thisProcess, asterisk, bus, log };
      await using _proxy = startProxy(options);
      await aborted(signal);
    }
  }
  log.info("Stopped");
  return exitCodes.ok;
}

/** The bus, as soon as it is there; undefined when the signal aborts first. */
async function reachBus(
  signal: AbortSignal,
  { apps, bus: url }: ServeSettings,
  log: Log,
): Promise<Bus | undefined> {
  try {
    return await connectBus(url.value, {
      name: `ari-proxy serve ${apps.join(",")}`,
      patience: true,
      onRetry: (reason, retryIn) =>
        log.warn("Waiting for the bus", { reason, retryIn: Math.round(retryIn) }),
      signal,
    });
  } catch (error) {
    if (signal.aborted) return undefined;
    throw asUsageError(error, url);
  }
}
