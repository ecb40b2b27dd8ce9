/**
 * `ari-proxy tail`: shows events as they happen, and those that have just happened.
 *
 * @module
 */
import type { CommandFunction } from "@stricli/core";
import { type Bus, BusError } from "../../bus/bus.ts";
import { checkSubscribeSubject } from "../../bus/subject_check.ts";
import { eventSubscription } from "../../protocol/subjects.ts";
import { commandFunction, type Context } from "../context.ts";
import { createEventFormat } from "../events/format.ts";
import { EventRecorder } from "../events/recorder.ts";
import { didYouMean } from "../closest.ts";
import { splitNames } from "../events/event_filter.ts";
import { eventTypes } from "../events/known_types.ts";
import { exitCodes } from "../exit_codes.ts";
import { aborted, interruption } from "../interruption.ts";
import type { Io } from "../io.ts";
import { openBus, wantedApplication } from "../open_bus.ts";
import { complain } from "../report_failure.ts";
import type { SettingSources } from "../settings/setting.ts";
import { loadSources } from "../settings/setting_sources.ts";
import { isStandardOutput } from "../standard_streams.ts";
import type { TailFlags } from "./command.ts";
import { subjectHint } from "./tail_subject.ts";
import { TailFilter } from "./filter.ts";
import { TailGate } from "./tail_gate.ts";
import { TailView } from "./view.ts";
import { createTailWriter, type TailWriter } from "./writer.ts";
import { UsageError } from "../usage_error.ts";

/** `tail`, for the command line library. */
export const tailCommand: CommandFunction<TailFlags, string[], Context> = commandFunction(tail);

async function tail(io: Io, flags: TailFlags, args: readonly string[]): Promise<number> {
  const sources = await loadSources(io, flags);
  const wanted = wantedOf(sources, flags, args);
  wanted.subjects.forEach((subject) => checkSubscribeSubject(subject));
  hintsOf(wanted.subjects, { types: flags.type }).forEach((hint) => complain(hint, io.stderr));
  if (flags["until-over"] && flags.call === undefined) {
    throw new UsageError(
      "Cannot use --until-over alone: a call is needed with it, as in --call ID",
    );
  }
  const { type: types, channel: channels, where, call, format, json, count, record } = flags;
  const filter = new TailFilter({ types, channels, where, call });
  const isOutput = record !== undefined && isStandardOutput(record);
  if (isOutput && format !== undefined) {
    throw new UsageError("Cannot use --format together with a recording on standard output");
  }
  const writer = isOutput ? silent : createTailWriter(io, {
    json,
    ...(format !== undefined && {
      format: createEventFormat(format, { clean: io.stdout.isTerminal }),
    }),
  });
  const place = isOutput ? "standard output" : record;
  const onLosing = () => complain(`Losing events: ${place} is written too slowly`, io.stderr);
  await using recorder = record === undefined
    ? undefined
    : await EventRecorder.open(record, io, { onLosing });
  using view = new TailView({
    io,
    filter,
    writer,
    recorder,
    forProgram: json || !io.stdout.isTerminal,
    formatted: format !== undefined,
    count,
    untilOver: flags["until-over"],
  });
  using stop = interruption(io);
  const ends = [stop.signal, view.enough, ...(recorder ? [recorder.failed] : [])];
  const signal = AbortSignal.any(ends);
  try {
    await using bus = await openBus(sources, { name: "ari-proxy tail", signal });
    await show(bus, { ...wanted, flags, filter, view, io, signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  writer.end();
  await recorder?.flush();
  if (recorder && recorder.lost > 0) {
    complain(`Lost ${recorder.lost} events: ${place} was written too slowly`, io.stderr);
  }
  if (recorder?.failed.aborted) throw recorder.failed.reason;
  return endedBy(stop.signal, { flags, view, io });
}

/** Writes nothing, where the recording goes to standard output. */
const silent: TailWriter = { write: () => true, end: () => {} };

/** Says what is lacking, if anything is, and gives the exit code. */
function endedBy(
  stopped: AbortSignal,
  { flags: { count = Infinity, call, ...flags }, view: { shown, enough }, io }: {
    readonly flags: TailFlags;
    readonly view: TailView;
    readonly io: Io;
  },
): number {
  if (stopped.aborted || enough.aborted) return exitCodes.ok;
  if (flags["until-over"]) complain(`The call of ${call} was not over in time`, io.stderr);
  else if (count === Infinity) return exitCodes.ok;
  else complain(`No more than ${shown} of ${count} events came in time`, io.stderr);
  return exitCodes.timeout;
}

/** What may not be meant as it is said: nothing would be shown, as if nothing happened. */
function hintsOf(subjects: readonly string[], { types = [] }: { types?: readonly string[] }) {
  const known = new Set(eventTypes.map((type) => type.toLowerCase()));
  const unknown = splitNames(types).filter((type) => !known.has(type.toLowerCase()));
  return [
    ...subjects.map(subjectHint).filter((hint) => hint !== undefined),
    ...unknown.map((type) =>
      `No event of Asterisk 22 is called ${type}${didYouMean(type, eventTypes)}`
    ),
  ];
}

/** What to listen on. */
interface Wanted {
  readonly subjects: readonly string[];
  /** Application and node, where no subjects were given. */
  readonly app?: string;
  readonly node?: string;
}

/** The subjects that were given, or the one of application, node and dialog. */
function wantedOf(
  sources: SettingSources,
  { node, dialog, since, ...flags }: TailFlags,
  args: readonly string[],
): Wanted {
  const named = node || dialog || flags.app || flags["ari.application"];
  if (since !== undefined && dialog) {
    throw new UsageError("Cannot use --since with --dialog: of a dialog nothing is kept");
  }
  if (args.length > 0) {
    if (!named) return { subjects: [...new Set(args)] };
    throw new UsageError("Cannot use a subject together with --app, --node or --dialog");
  }
  // That of the environment is the application of a proxy, and counts only as part of an address.
  const app = wantedApplication(
    named ? sources : { ...sources, env: () => undefined, file: undefined },
  );
  if (node && !app) {
    throw new UsageError("Cannot use --node alone: an application is needed with it, as in --app");
  }
  return {
    subjects: [eventSubscription({ app, node, dialog })],
    ...(app && { app }),
    ...(node && { node }),
  };
}

interface Show extends Wanted {
  readonly flags: TailFlags;
  readonly filter: TailFilter;
  readonly view: TailView;
  readonly io: Io;
  readonly signal: AbortSignal;
}

/** Shows events until the time is over or the signal aborts. */
async function show(bus: Bus, options: Show): Promise<void> {
  const { subjects, flags: { since, wait }, view, io, signal } = options;
  const stopListening = tellStatus(bus, io);
  const decoder = new TextDecoder();
  const gate = new TailGate(view.take, { open: since === undefined });
  const subscriptions = subjects.map((subject) =>
    bus.subscribe(subject, ({ subject, data, headers = {} }) => {
      gate.now({ subject, headers, text: decoder.decode(data), at: Date.now() });
    })
  );
  try {
    await bus.flush().catch(unlessLost);
    // Whoever starts a call to watch it here has to know when to begin.
    complain(`Listening on ${subjects.join(", ")}`, io.stderr);
    if (since !== undefined) {
      const { showPast } = await import("./since.ts");
      await showPast(bus, { ...options, since, gate });
    }
    gate.open();
    view.goLive();
    await aborted(signal, wait);
  } finally {
    subscriptions.forEach((subscription) => subscription.close());
    stopListening();
  }
}

/** A bus that is lost comes back, and the subscriptions with it. */
function unlessLost(error: unknown): void {
  if (!(error instanceof BusError && error.code === "disconnected")) throw error;
}

/** Says when the bus is lost and back, once each. */
function tellStatus(bus: Bus, { stderr }: Io): () => void {
  return bus.onStatus((status) => {
    if (status.type === "disconnected") {
      complain(`The bus is lost, events may be missing: ${status.reason}`, stderr);
    } else if (status.type === "connected") {
      complain(`The bus is back: ${status.server}`, stderr);
    } else if (status.type === "error") {
      complain(`The bus reports an error: ${status.reason}`, stderr);
    }
  });
}
