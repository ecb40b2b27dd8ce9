/**
 * `ari-proxy tail`: shows events as they happen.
 *
 * @module
 */
import type { CommandFunction } from "@stricli/core";
import { type Bus, BusError } from "../bus/bus.ts";
import { checkSubscribeSubject } from "../bus/subject_check.ts";
import { eventSubscription } from "../protocol/subjects.ts";
import { commandFunction, type Context } from "./context.ts";
import { createEventFilter } from "./event_filter.ts";
import { exitCodes } from "./exit_codes.ts";
import { aborted, interruption } from "./interruption.ts";
import type { Io } from "./io.ts";
import { openBus, wantedApplication } from "./open_bus.ts";
import { complain } from "./report_failure.ts";
import { loadSources } from "./setting_sources.ts";
import type { TailFlags } from "./tail_command.ts";
import { createTailWriter, type TailWriter } from "./tail_writer.ts";
import { UsageError } from "./usage_error.ts";

/** `tail`, for the command line library. */
export const tailCommand: CommandFunction<TailFlags, string[], Context> = commandFunction(tail);

async function tail(io: Io, flags: TailFlags, args: readonly string[]): Promise<number> {
  const sources = await loadSources(io, flags);
  const subjects = subjectsOf(flags, args, () => wantedApplication(sources));
  subjects.forEach(checkSubscribeSubject);
  const writer = createTailWriter(io, { json: flags.json });
  using stop = interruption(io);
  try {
    await using bus = await openBus(sources, { name: "ari-proxy tail", signal: stop.signal });
    return await show(bus, { subjects, flags, writer, io, signal: stop.signal });
  } catch (error) {
    if (stop.signal.aborted) return exitCodes.ok;
    throw error;
  }
}

/** The subjects that were given, or the one of application, node and dialog. */
function subjectsOf(
  { node, dialog, ...flags }: TailFlags,
  args: readonly string[],
  application: () => string | undefined,
): string[] {
  const named = node || dialog || flags.app || flags["ari.application"];
  if (args.length > 0) {
    if (!named) return [...new Set(args)];
    throw new UsageError("Cannot use a subject together with --app, --node or --dialog");
  }
  if (!named) return [eventSubscription({})];
  const app = application();
  if (node && !app) {
    throw new UsageError("Cannot use --node alone: an application is needed with it, as in --app");
  }
  return [eventSubscription({ app, node, dialog })];
}

interface Show {
  readonly subjects: readonly string[];
  readonly flags: TailFlags;
  readonly writer: TailWriter;
  readonly io: Io;
  readonly signal: AbortSignal;
}

/** Shows events until there are enough of them, the time is over or the signal aborts. */
async function show(bus: Bus, { subjects, flags, writer, io, signal }: Show): Promise<number> {
  const { count = Infinity, wait, type, channel } = flags;
  const wanted = createEventFilter({ types: type, channels: channel });
  const enough = new AbortController();
  let shown = 0;
  const stopListening = tellStatus(bus, io);
  const decoder = new TextDecoder();
  const subscriptions = subjects.map((subject) =>
    bus.subscribe(subject, (message) => {
      const text = decoder.decode(message.data);
      if (shown >= count || !wanted(text)) return;
      if (writer.write(message.subject, text)) shown++;
      if (shown >= count) enough.abort();
    })
  );
  await bus.flush().catch(unlessLost);
  // Whoever starts a call to watch it here has to know when to begin.
  complain(`Listening on ${subjects.join(", ")}`, io.stderr);
  await aborted(AbortSignal.any([signal, enough.signal]), wait);
  subscriptions.forEach((subscription) => subscription.close());
  stopListening();
  writer.end();
  const late = count !== Infinity && shown < count && !signal.aborted;
  if (late) complain(`No more than ${shown} of ${count} events came in time`, io.stderr);
  return late ? exitCodes.timeout : exitCodes.ok;
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
