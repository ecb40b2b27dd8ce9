/**
 * `ari-proxy replay`: publishes the events of a recording again.
 *
 * @module
 */
import type { CommandFunction } from "@stricli/core";
import { type Bus, BusError, type BusHeaders } from "../../bus/bus.ts";
import { NodeDirectory } from "../../client/nodes.ts";
import { eventHeaders, readEventMarks } from "../../protocol/headers.ts";
import type { Coordinates } from "../../protocol/key.ts";
import { mint } from "../../protocol/mint.ts";
import { assertLevel, eventCoordinates } from "../../protocol/subjects.ts";
import { commandFunction, type Context } from "../subcommand.ts";
import { counted } from "../table.ts";
import type { EventMessage } from "../events/recorder.ts";
import { exitCodes } from "../exit_codes.ts";
import { aborted, CancelSignal } from "../cancel_signal.ts";
import type { BusFlags } from "../flags.ts";
import type { Io } from "../io.ts";
import { openBus, wantedApplication } from "../open_bus.ts";
import { ProgressBar } from "../progress_bar.ts";
import { complain, UsageError } from "../errors.ts";
import { loadSources } from "../settings/sources.ts";
import {
  openReplaySource,
  readRecording,
  type ReplayedAs,
  type ReplaySource,
  summarizeRecording,
} from "./source.ts";

/** Flags of `replay`. */
export type ReplayFlags = BusFlags & {
  /** Factor of the recorded speed; Infinity for as fast as the bus accepts the events. */
  readonly speed?: number;
  /** Node to publish as. */
  readonly node?: string;
  /** Whether to repeat the recording. */
  readonly loop?: boolean;
  /** Whether to publish even as a node that is running. */
  readonly force?: boolean;
};

/** `replay`, for the command line library. */
export const replayCommand: CommandFunction<ReplayFlags, [string], Context> = commandFunction(
  replay,
);

/** How long after the last new node more of them are expected, in milliseconds. */
const settleTime = 300;
/** Pause before the recording is repeated, in milliseconds at the recorded speed. */
const loopPause = 1_000;
/** After so many events without a pause the bus gets time to send them. */
const burst = 500;
/** How many recorded events are kept for the dialogs' copies that follow them. */
const maxOriginals = 1_000;

async function replay(io: Io, flags: ReplayFlags, [path]: [string]): Promise<number> {
  const sources = await loadSources(io, flags);
  // The variable is set for a proxy or a client on the same machine, and renames nothing here.
  const app = wantedApplication({ flags, env: () => undefined });
  const { node } = flags;
  if (node !== undefined) assertLevel(node, "node");
  const as = { ...(app !== undefined && { app }), ...(node !== undefined && { node }) };
  using stop = new CancelSignal(io);
  try {
    await using source = await openReplaySource(path, io, stop.signal);
    const { events, others, bad, coordinates } = await summarizeRecording(source, as, stop.signal);
    if (bad.length > 0) {
      complain(`Leaving out lines that are not of a recording: ${bad}`, io.stderr);
    }
    if (others > 0) {
      complain(`Leaving out ${counted(others, "message")} without an event`, io.stderr);
    }
    if (events === 0) {
      throw new UsageError(`Cannot replay ${source.name}: there are no events in it`);
    }
    await using bus = await openBus(sources, { name: "ari-proxy replay", signal: stop.signal });
    if (!flags.force) await refuseRunningNodes(bus, coordinates);
    const stopListening = bus.onStatus((status) => {
      if (status.type !== "disconnected") return;
      complain(`The bus is disconnected, events may not arrive: ${status.reason}`, io.stderr);
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

/** Clients could not distinguish the events of the recording from those that a running node publishes. */
async function refuseRunningNodes(bus: Bus, coordinates: readonly Coordinates[]): Promise<void> {
  using cluster = new NodeDirectory(bus, { settleTime });
  await cluster.settled;
  const running = cluster.members().find((member) =>
    coordinates.some(({ app, node }) => app === member.app && node === member.node)
  );
  if (!running) return;
  throw new UsageError(
    `Cannot replay events of ${running.app} on ${running.node}: that node is running; give ` +
      "another name with --node, or --force",
  );
}

interface Replay {
  readonly source: ReplaySource;
  /** How many events it holds. */
  readonly events: number;
  readonly io: Io;
  readonly flags: ReplayFlags;
  readonly as: ReplayedAs;
  readonly signal: AbortSignal;
}

/**
 * Publishes all events.
 *
 * @returns How many were published, and how many were not: the bus refuses them, or they are not in the
 * file any more.
 */
async function publishAll(
  bus: Bus,
  { source, events, io, flags: { speed = 1, loop = false }, as, signal }: Replay,
): Promise<{ readonly count: number; readonly missing: number }> {
  const renumber = createRenumber();
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
      if (await publish(bus, { ...message, headers: renumber(message) }, { io, signal })) count++;
      else if (!signal.aborted) failed++;
      if (count % burst === 0 && bus.connected) await bus.flush().catch(ignoreLoss);
    }
    if (loop) await aborted(signal, loopPause / speed);
    // The file may have become shorter meanwhile.
  } while (loop && !signal.aborted && seen >= events);
  return { count, missing: failed + Math.max(0, events - seen) };
}

/**
 * Makes a function that gives events numbers of their own, without holes, so that clients neither drop
 * them as doubles nor report those as missing that were not recorded.
 */
function createRenumber(): (message: EventMessage) => BusHeaders {
  const epoch = mint("ep");
  const last = new Map<string, number>();
  /** New headers of the last events, by their recorded numbers. */
  const originals = new Map<string, BusHeaders>();
  return ({ subject, headers }) => {
    const marks = readEventMarks(headers);
    const name = marks && `${marks.node} ${marks.epoch} ${marks.seq}`;
    const coordinates = eventCoordinates(subject);
    // The copy for a dialog has the number of its original.
    if (!coordinates) return name === undefined ? {} : originals.get(name) ?? {};
    const seq = (last.get(subject) ?? 0) + 1;
    last.set(subject, seq);
    const renumbered = eventHeaders({ node: coordinates.node, epoch, seq });
    if (name !== undefined) {
      originals.delete(name);
      originals.set(name, renumbered);
      if (originals.size > maxOriginals) {
        const [oldest] = originals.keys();
        originals.delete(oldest);
      }
    }
    return renumbered;
  };
}

/** Publishes a message as soon as the bus accepts it. Returns false when it never does. */
async function publish(
  bus: Bus,
  { subject, text, headers }: EventMessage,
  { io, signal }: Pick<Replay, "io" | "signal">,
): Promise<boolean> {
  const data = new TextEncoder().encode(text);
  try {
    while (!signal.aborted) {
      if (bus.publish(subject, data, { headers })) return true;
      await untilReady(bus, signal);
    }
  } catch (error) {
    if (!(error instanceof BusError) || !["too_large", "invalid"].includes(error.code)) throw error;
    complain(`Cannot publish an event on ${subject}: ${error.message}`, io.stderr);
  }
  return false;
}

/** Waits until the bus is connected and has sent what it holds. */
async function untilReady(bus: Bus, signal: AbortSignal): Promise<void> {
  if (!bus.connected) {
    const back = new AbortController();
    const stopListening = bus.onStatus(({ type }) => type === "connected" && back.abort());
    if (!bus.connected) await aborted(AbortSignal.any([back.signal, signal]));
    stopListening();
  }
  if (!signal.aborted) await bus.flush().catch(ignoreLoss);
}

function ignoreLoss(error: unknown): void {
  if (!(error instanceof BusError && ["disconnected", "timeout"].includes(error.code))) throw error;
}
