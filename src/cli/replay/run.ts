/**
 * `ari-proxy replay`: publishes the events of a recording again.
 *
 * @module
 */
import type { CommandFunction } from "@stricli/core";
import { type Bus, BusError } from "../../bus/bus.ts";
import { Cluster } from "../../client/cluster.ts";
import { assertLevel } from "../../protocol/subjects.ts";
import { commandFunction, type Context } from "../subcommand.ts";
import { counted } from "../counted.ts";
import { exitCodes } from "../exit_codes.ts";
import { aborted, interruption } from "../cancel_signal.ts";
import type { Io } from "../io.ts";
import { openBus, wantedApplication } from "../open_bus.ts";
import type { ReplayFlags } from "./command.ts";
import { openReplaySource, type ReplaySource } from "./source.ts";
import { readRecording, type ReplayedAs, surveyRecording, takenNodes } from "./replay_file.ts";
import { ReplayNumbers } from "./replay_numbers.ts";
import { ProgressBar } from "../progress_bar.ts";
import { complain } from "../errors.ts";
import { loadSources } from "../settings/sources.ts";
import type { EventMessage } from "../events/recorder.ts";
import { UsageError } from "../usage_error.ts";

/** `replay`, for the command line library. */
export const replayCommand: CommandFunction<ReplayFlags, [string], Context> = commandFunction(
  replay,
);

/** How long after the last new node more of them are expected, in milliseconds. */
const settleTime = 300;
/** Pause before it begins again, in milliseconds at the speed at which it happened. */
const loopPause = 1_000;
/** After so many events at once the bus gets time to send them. */
const burst = 500;

async function replay(io: Io, flags: ReplayFlags, [path]: [string]): Promise<number> {
  const sources = await loadSources(io, flags);
  // That of the environment is the application of a proxy or a client, not a wish to rename.
  const app = wantedApplication({ flags, env: () => undefined });
  const { node } = flags;
  if (node !== undefined) assertLevel(node, "node");
  const as = { ...(app !== undefined && { app }), ...(node !== undefined && { node }) };
  using stop = interruption(io);
  try {
    await using source = await openReplaySource(path, io, stop.signal);
    const { events, others, bad, coordinates } = await surveyRecording(source, as, stop.signal);
    if (bad.length > 0) complain(`Leaving out what is no line of a recording: ${bad}`, io.stderr);
    if (others > 0) {
      complain(`Leaving out ${counted(others, "message")} without an event`, io.stderr);
    }
    if (events === 0) {
      throw new UsageError(`Cannot replay ${source.name}: there are no events in it`);
    }
    await using bus = await openBus(sources, { name: "ari-proxy replay", signal: stop.signal });
    if (!flags.force) await refuseTaken(bus, coordinates);
    const stopListening = bus.onStatus((status) => {
      if (status.type !== "disconnected") return;
      complain(`The bus is lost, events may not arrive: ${status.reason}`, io.stderr);
    });
    const begun = performance.now();
    const { count, missing } = await publishAll(bus, {
      source,
      events,
      io,
      flags,
      as,
      signal: stop.signal,
    });
    stopListening();
    if (bus.connected) await bus.flush();
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    complain(`Replayed ${counted(count, "event")} in ${seconds} s`, io.stderr);
    if (missing > 0) {
      complain(`Not published: ${counted(missing, "event")} of ${source.name}`, io.stderr);
    }
    return missing > 0 ? exitCodes.failed : exitCodes.ok;
  } catch (error) {
    if (stop.signal.aborted) return exitCodes.ok;
    throw error;
  }
}

/** Nobody could tell the events of the recording from those that a node sends now. */
async function refuseTaken(
  bus: Bus,
  coordinates: Parameters<typeof takenNodes>[1],
): Promise<void> {
  using cluster = new Cluster(bus, { settleTime });
  await cluster.settled;
  const [taken] = takenNodes(cluster.members(), coordinates);
  if (!taken) return;
  throw new UsageError(
    `Cannot replay events of ${taken.app} on ${taken.node}: that node is there; give another ` +
      "name with --node, or --force",
  );
}

interface Replay {
  readonly source: ReplaySource;
  /** How many events there are in it. */
  readonly events: number;
  readonly io: Io;
  readonly flags: ReplayFlags;
  readonly as: ReplayedAs;
  readonly signal: AbortSignal;
}

/** What became of the events. */
interface Replayed {
  /** How many were published. */
  readonly count: number;
  /** How many were not: the bus does not take them, or they are not in the file any more. */
  readonly missing: number;
}

async function publishAll(
  bus: Bus,
  { source, events, io, flags: { speed = 1, loop = false }, as, signal }: Replay,
): Promise<Replayed> {
  const numbers = new ReplayNumbers();
  let count = 0;
  let failed = 0;
  let seen: number;
  using _bar = new ProgressBar(
    io.stderr,
    () => ({ done: count, failed, ...(!loop && { total: events }) }),
  );
  do {
    let first: number | undefined;
    seen = 0;
    const begun = performance.now();
    for await (const message of readRecording(source, as)) {
      if (signal.aborted) return { count, missing: failed };
      if (message === null || typeof message === "number") continue;
      seen++;
      first ??= message.at;
      const pause = begun + (message.at - first) / speed - performance.now();
      if (pause > 0) await aborted(signal, pause);
      if (await publish(bus, message, { numbers, io, signal })) count++;
      else if (!signal.aborted) failed++;
      if (count % burst === 0 && bus.connected) await bus.flush().catch(unlessLost);
    }
    if (loop) await aborted(signal, loopPause / speed);
    // Somebody may have cut the file meanwhile.
  } while (loop && !signal.aborted && seen >= events);
  return { count, missing: failed + Math.max(0, events - seen) };
}

/** Publishes a message as soon as the bus takes it. */
async function publish(
  bus: Bus,
  message: EventMessage,
  { numbers, io, signal }: Pick<Replay, "io" | "signal"> & { readonly numbers: ReplayNumbers },
): Promise<boolean> {
  const { subject, text } = message;
  const headers = numbers.next(message);
  const data = new TextEncoder().encode(text);
  try {
    while (!signal.aborted) {
      if (bus.publish(subject, data, { headers })) return true;
      await ready(bus, signal);
    }
  } catch (error) {
    if (!(error instanceof BusError) || !["too_large", "invalid"].includes(error.code)) throw error;
    complain(`Cannot publish an event on ${subject}: ${error.message}`, io.stderr);
  }
  return false;
}

/** Waits until the bus is there, and has sent what it has. */
async function ready(bus: Bus, signal: AbortSignal): Promise<void> {
  if (!bus.connected) {
    const back = new AbortController();
    const stopListening = bus.onStatus(({ type }) => type === "connected" && back.abort());
    if (!bus.connected) await aborted(AbortSignal.any([back.signal, signal]));
    stopListening();
  }
  if (!signal.aborted) await bus.flush().catch(unlessLost);
}

function unlessLost(error: unknown): void {
  if (!(error instanceof BusError && ["disconnected", "timeout"].includes(error.code))) throw error;
}
