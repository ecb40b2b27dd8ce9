/**
 * `ari-proxy serve`: puts an Asterisk on the bus.
 *
 * @module
 */
import type { CommandFunction } from "@stricli/core";
import project from "../../../deno.json" with { type: "json" };
import { redactUrls } from "../../common/redact_url.ts";
import { mint } from "../../protocol/mint.ts";
import { complain, lostOutput } from "../errors.ts";
import { exitCodes } from "../exit_codes.ts";
import type { Io } from "../io.ts";
import type { Output } from "../output.ts";
import { MissingSetting } from "../settings/find.ts";
import { printConfig } from "../settings/print_config.ts";
import { type LoadedSources, loadSources } from "../settings/sources.ts";
import { commandFunction, type Context } from "../subcommand.ts";
import { firstSteps } from "./first_run.ts";
import { createLog } from "./logging.ts";
import { startMonitoring } from "./monitoring.ts";
import { readServeSettings, type ServeSettings } from "./read_settings.ts";
import { serveUntil } from "./wiring.ts";

/**
 * How long an orderly stop may take, in milliseconds. Supervisors kill a program after 10 s (`docker
 * stop`), and the reader of the log and systemd may take a second each after this.
 */
const stopTimeout = 7_000;

/** How long the end of the program waits for a reader of its output, in milliseconds. */
const flushTimeout = 1_000;

/** Flags of `serve`: settings, and whether to show them all instead. */
type ServeFlags = Readonly<Record<string, unknown>> & { readonly "print-config"?: boolean };

/** `serve`, for the command line library. */
export const serveCommand: CommandFunction<ServeFlags, [], Context> = commandFunction(serve);

async function serve(io: Io, flags: ServeFlags): Promise<number> {
  const sources = await loadSources(io, flags, { onlyNamedContext: true });
  if (flags["print-config"]) return printConfig(sources, io);
  const settings = await settingsOrAdvice(sources, io);
  if (!settings) return exitCodes.usage;
  using log = createLog(io.stdout, settings.log);
  const onClosed = (): void => {
    const { failure } = io.stdout;
    const why = failure
      ? `${lostOutput(failure)}; going on, and trying again to write the log`
      : "Standard output is closed: the log is not read any more";
    complain(why, io.stderr);
  };
  io.stdout.closed.addEventListener("abort", onClosed);
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
      log.info("Stopping: finishing requests in flight", { signal });
      stop.abort();
      timer = setTimeout(() => {
        log.warn("Stopping at once: the orderly stop takes too long", { time: stopTimeout });
        atOnce.resolve(exitCodes.ok);
      }, stopTimeout);
    }
  });
  const process = { id: mint("pr"), version: project.version, started: new Date() };
  try {
    await using monitoring = await startMonitoring({
      ...settings,
      process,
      log,
      env: io.env,
      signal: stop.signal,
    });
    const served = serveUntil(stop.signal, settings, { process, log, monitoring })
      .then(() => exitCodes.ok);
    return await Promise.race([served, atOnce.promise]);
  } finally {
    stopListening();
    clearTimeout(timer);
    io.stdout.closed.removeEventListener("abort", onClosed);
    await Promise.all([io.stdout, io.stderr].map(flushInTime));
    // It was reported, and a log that cannot be written is not a failure of what was served.
    io.stdout.recover();
  }
}

/** The settings; undefined when some are missing, which is reported with what to do. */
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

/** Waits for the reader, for a limited time: a reader that has stopped must not block the end. */
async function flushInTime(output: Output): Promise<void> {
  const timer = setTimeout(() => output.abandon(), flushTimeout);
  await output.flush();
  clearTimeout(timer);
}
