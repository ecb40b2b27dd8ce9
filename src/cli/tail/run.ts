/**
 * `ari-proxy tail`: shows events as they happen, and those that have just happened.
 *
 * @module
 */
import type { CommandFunction } from "@stricli/core";
import { type Bus, BusError } from "../../bus/bus.ts";
import { checkSubscribeSubject } from "../../bus/subjects.ts";
import type { Key } from "../../protocol/key.ts";
import { eventSubscription } from "../../protocol/subjects.ts";
import { didYouMean } from "../closest.ts";
import { commandFunction, type Context } from "../subcommand.ts";
import { createEventFormat } from "../events/format.ts";
import { eventTypes } from "../events/known_types.ts";
import { EventRecorder } from "../events/recorder.ts";
import { exitCodes } from "../exit_codes.ts";
import { aborted, CancelSignal } from "../cancel_signal.ts";
import type { BusFlags } from "../flags.ts";
import type { Io } from "../io.ts";
import { openBus, wantedApplication } from "../open_bus.ts";
import { complain, UsageError } from "../errors.ts";
import type { SettingSources } from "../settings/setting.ts";
import { loadSources } from "../settings/sources.ts";
import { isStandardOutput } from "../files.ts";
import { splitNames, TailFilter } from "./filter.ts";
import { TailView } from "./view.ts";
import { createTailWriter, type TailWriter } from "./writer.ts";

/** Flags of `tail`. */
export type TailFlags = BusFlags & {
  /** Node whose events are shown. */
  readonly node?: string;
  /** Dialog whose events are shown. */
  readonly dialog?: string;
  /** Types of the events that are shown. */
  readonly type?: readonly string[];
  /** IDs of the channels whose events are shown. */
  readonly channel?: readonly string[];
  /** Expression that has to hold for an event. */
  readonly where?: string;
  /** ID of a channel or bridge of the call that is shown. */
  readonly call?: string;
  /** Whether to end when that call is over. */
  readonly "until-over"?: boolean;
  /** Since when the history is shown, in milliseconds since 1970. */
  readonly since?: number;
  /** File to record to. */
  readonly record?: string;
  /** Template for the events. */
  readonly format?: string;
  /** How many events to show. */
  readonly count?: number;
  /** How long to show events, in milliseconds. */
  readonly wait?: number;
  /** Whether to write the JSON of the events on a terminal as well. */
  readonly json?: boolean;
};

/** `tail`, for the command line library. */
export const tailCommand: CommandFunction<TailFlags, string[], Context> = commandFunction(tail);

async function tail(io: Io, flags: TailFlags, args: readonly string[]): Promise<number> {
  const sources = await loadSources(io, flags);
  const { subjects, key } = targetOf(sources, flags, args);
  subjects.forEach((subject) => checkSubscribeSubject(subject));
  hintsOf(subjects, flags.type).forEach((hint) => complain(hint, io.stderr));
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
  using stop = new CancelSignal(io);
  const ends = [stop.signal, view.enough, ...(recorder ? [recorder.failed] : [])];
  const signal = AbortSignal.any(ends);
  try {
    await using bus = await openBus(sources, { name: "ari-proxy tail", signal });
    await show(bus, { subjects, key, flags, filter, view, io, signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  writer.end();
  await recorder?.flush();
  if (recorder && recorder.lost > 0) {
    complain(`Lost ${recorder.lost} events: ${place} was written too slowly`, io.stderr);
  }
  if (recorder?.failed.aborted) throw recorder.failed.reason;
  if (stop.signal.aborted || view.enough.aborted) return exitCodes.ok;
  if (flags["until-over"]) complain(`The call of ${call} was not over in time`, io.stderr);
  else if (count === undefined) return exitCodes.ok;
  else complain(`Only ${view.shown} of ${count} events arrived in time`, io.stderr);
  return exitCodes.timeout;
}

/** Writes nothing, when the recording goes to standard output. */
const silent: TailWriter = { write: () => true, end: () => {} };

/** The subjects on the command line, or the one of application, node and dialog. */
function targetOf(
  sources: SettingSources,
  { node, dialog, since, ...flags }: TailFlags,
  args: readonly string[],
): { readonly subjects: readonly string[]; readonly key: Key } {
  const named = node || dialog || flags.app || flags["ari.application"];
  if (since !== undefined && dialog) {
    throw new UsageError("Cannot use --since with --dialog: proxies keep no history of dialogs");
  }
  if (args.length > 0) {
    if (!named) return { subjects: [...new Set(args)], key: {} };
    throw new UsageError("Cannot use a subject together with --app, --node or --dialog");
  }
  // The variable is set for a proxy on the same machine, and counts only as a part of an address.
  const app = wantedApplication(
    named ? sources : { ...sources, env: () => undefined, file: undefined },
  );
  if (node && !app) {
    throw new UsageError("Cannot use --node alone: an application is needed with it, as in --app");
  }
  return {
    subjects: [eventSubscription({ app, node, dialog })],
    key: { ...(app && { app }), ...(node && { node }) },
  };
}

/** Hints at subjects and types for which nothing would be shown, as if nothing happened. */
function hintsOf(subjects: readonly string[], types: readonly string[] = []): readonly string[] {
  const known = new Set(eventTypes.map((type) => type.toLowerCase()));
  const unknown = splitNames(types).filter((type) => !known.has(type.toLowerCase()));
  return [
    ...subjects.map(subjectHint).filter((hint) => hint !== undefined),
    ...unknown.map((type) =>
      `No event of Asterisk 22 is called ${type}${didYouMean(type, eventTypes)}`
    ),
  ];
}

/**
 * What may be meant by a subject on which no event is published. It is listened on all the same: other
 * programs use the bus as well.
 *
 * @returns undefined for all other subjects.
 * @throws {UsageError} For the wildcard of RabbitMQ, which has no special meaning here.
 */
function subjectHint(subject: string): string | undefined {
  const parts = subject.split(".");
  if (parts.includes("#")) {
    throw new UsageError(
      `Cannot listen on ${subject}: write > for all that follows, and * for one part`,
    );
  }
  const meant = intended(parts);
  return meant && `Events come on ari.event.APPLICATION.NODE, and none on ${subject}; ` +
      `did you mean ${meant}?`;
}

function intended([first, second, ...rest]: readonly string[]): string | undefined {
  if (first === "event" && second) return `ari.event.${second}.>`;
  if (!["ari", "*", ">"].includes(first)) return `ari.event.${first}.>`;
  if (first === "ari" && second === undefined) return "ari.>";
  if (second !== "event") return undefined;
  if (rest.length === 0) return "ari.event.>";
  return rest.length === 1 && rest[0] !== ">" ? `ari.event.${rest[0]}.>` : undefined;
}

/** Shows events until the time is over or the signal aborts. */
async function show(bus: Bus, { subjects, key, flags, filter, view, io, signal }: {
  readonly subjects: readonly string[];
  /** Application and node, when no subjects were given. */
  readonly key: Key;
  readonly flags: TailFlags;
  readonly filter: TailFilter;
  readonly view: TailView;
  readonly io: Io;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { since, call, wait } = flags;
  const stopListening = reportStatus(bus, io);
  const history = since === undefined ? undefined : await import("./since.ts");
  const gate = history && new history.HistoryGate(view.take);
  const take = gate?.live ?? view.take;
  const decoder = new TextDecoder();
  const subscriptions = subjects.map((subject) =>
    bus.subscribe(subject, ({ subject, data, headers = {} }) => {
      take({ subject, headers, text: decoder.decode(data), at: Date.now() });
    })
  );
  try {
    await bus.flush().catch(ignoreLoss);
    // A script that starts a call to watch it here waits for this line.
    complain(`Listening on ${subjects.join(", ")}`, io.stderr);
    if (since !== undefined && history && gate) {
      const isCall = call !== undefined;
      await history.showHistory(bus, { since, subjects, key, isCall, filter, gate, io, signal });
      gate.open();
    }
    view.goLive();
    await aborted(signal, wait);
  } finally {
    subscriptions.forEach((subscription) => subscription.close());
    stopListening();
  }
}

/** The bus reconnects, and subscribes again. */
function ignoreLoss(error: unknown): void {
  if (!(error instanceof BusError && error.code === "disconnected")) throw error;
}

/** Reports when the bus is disconnected and when it is connected again. */
function reportStatus(bus: Bus, { stderr }: Io): () => void {
  return bus.onStatus((status) => {
    if (status.type === "disconnected") {
      complain(`The bus is disconnected, events may be missing: ${status.reason}`, stderr);
    } else if (status.type === "connected") {
      complain(`The bus is connected again: ${status.server}`, stderr);
    } else if (status.type === "error") {
      complain(`The bus reports an error: ${status.reason}`, stderr);
    }
  });
}
