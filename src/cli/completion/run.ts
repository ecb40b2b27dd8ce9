/**
 * `ari-proxy completion` and what its scripts call.
 *
 * @module
 */
import { type CommandFunction, proposeCompletions } from "@stricli/core";
import { askBus, type Candidate, files } from "./ask_bus.ts";
import { completionScripts } from "./scripts.ts";
import { commandFunction, type Context } from "../subcommand.ts";
import { exitCodes } from "../exit_codes.ts";
import type { Io } from "../io.ts";
import { printable } from "../table.ts";
import { UsageError } from "../errors.ts";
import { commandText } from "../command_text.ts";
import { callCandidates, listForId, listOf, typedKind } from "./call_words.ts";
import { readLine, type TypedLine } from "./typed_line.ts";
import type { Kind } from "../../protocol/kinds/kinds.ts";
import { eventSubscription } from "../../protocol/subjects.ts";
import { logFormats, logLevels } from "../settings/log_levels.ts";
import { busSchemes } from "../../common/bus_urls.ts";
import { redactUrls } from "../../common/redact_url.ts";
import { readContexts } from "../settings/contexts.ts";

type NoFlags = Record<never, never>;

/** `completion`, for the command line library. */
export const completionCommand: CommandFunction<NoFlags, [string], Context> = commandFunction(
  (io: Io, _flags: NoFlags, [name]: readonly [string]) => {
    const script = new Map(Object.entries(completionScripts)).get(name.toLowerCase());
    if (script === undefined) {
      const shells = Object.keys(completionScripts).join(", ");
      throw new UsageError(`Unknown shell ${name}: there are ${shells}`);
    }
    io.stdout.write(script);
    return Promise.resolve(exitCodes.ok);
  },
);

/** `__complete`, for the command line library. Without candidates it writes nothing. */
export const completeCommand: CommandFunction<NoFlags, string[], Context> = commandFunction(
  async (io: Io, _flags: NoFlags, words: readonly string[], context: Context) => {
    const candidates = await completionsOf(words, context);
    io.stdout.write(candidates.filter(isPlain).map(lineOf).join(""));
    return exitCodes.ok;
  },
);

/** Names from the bus come onto a command line: none with control characters. */
function isPlain({ word }: Candidate): boolean {
  return printable(word) === word;
}

function lineOf({ word, brief = "" }: Candidate): string {
  return `${word}\t${printable(brief)}\n`;
}

/**
 * The candidates for the last word; what cannot be looked up is left out.
 *
 * @param words The words after the name of the program; the last one may be unfinished.
 */
async function completionsOf(words: readonly string[], context: Context): Promise<Candidate[]> {
  const [first = "", ...others] = words;
  if (others.length === 0 && !first.startsWith("-")) return await names([first], context);
  const line = readLine(words, context.application);
  // One of the subcommands of a subcommand.
  if (!line) return others.length === 1 ? await names(words, context) : [];
  if (line.flagOf === undefined && line.flagsAllowed && line.typed.startsWith("-")) {
    const bare = first.startsWith("-");
    const own = others.length === 0 ? [version, help] : [help];
    return unique([...await names(bare ? ["serve", ...words] : words, context), ...own]).filter((
      { word },
    ) => word.startsWith(line.typed));
  }
  const candidates = line.flagOf === undefined
    ? await argumentCandidates(line, context)
    : await flagValueCandidates(line, context.io);
  const typed = line.typed.toLowerCase();
  return unique(candidates)
    .filter((it) => it === files || it.word.toLowerCase().startsWith(typed))
    .map((it) => it === files ? it : { ...it, word: `${line.head}${it.word}` });
}

const version: Candidate = { word: "--version", brief: commandText.briefs.version };
const help: Candidate = { word: "--help", brief: commandText.briefs.help };

function unique(candidates: readonly Candidate[]): Candidate[] {
  return [...new Map(candidates.map((it) => [it.word, it])).values()];
}

/** Finds candidates for the value of a flag. */
type Find = (line: TypedLine, io: Io) => Candidate[] | Promise<Candidate[]>;

const words = (list: readonly string[]) => (): Candidate[] => list.map((word) => ({ word }));

const applications: Find = async (line, io) => (await askBus(line, io)).applications;
const nodes: Find = async (line, io) => (await askBus(line, io)).nodes;

async function ids(list: Kind | undefined, line: TypedLine, io: Io): Promise<Candidate[]> {
  return list ? (await askBus(line, io, { list })).ids : [];
}

/** By name of the flag; other flags are in {@linkcode byPlaceholder}. */
const byFlag: Readonly<Record<string, Find>> = {
  app: applications,
  "ari.application": applications,
  node: nodes,
  id: async (line, io) => {
    const kind = typedKind(line.args[0]);
    return await ids(kind && listForId(kind), line, io);
  },
  channel: (line, io) => ids(listOf("channel"), line, io),
  call: (line, io) => ids(listOf("channel"), line, io),
  context: (_, io) => contextCandidates(io),
  type: async () => {
    const { eventTypes } = await import("../events/known_types.ts");
    return words(eventTypes)();
  },
  "log-level": words(logLevels),
  "log-format": words(logFormats),
  "messagebus.url": words(busSchemes.map((scheme) => `${scheme}//`)),
  url: words(busSchemes.map((scheme) => `${scheme}//`)),
};

/** By the name of the value in the help text. */
const byPlaceholder: Readonly<Record<string, Find>> = {
  file: () => [files],
};

/** The candidates for the value of a flag. */
async function flagValueCandidates(line: TypedLine, io: Io): Promise<Candidate[]> {
  const name = line.flagOf ?? "";
  const flag = line.command.parameters.flags?.[name];
  const placeholder = flag && "placeholder" in flag ? flag.placeholder : undefined;
  const find = byFlag[name] ?? byPlaceholder[placeholder ?? ""];
  return find ? await find(line, io) : [];
}

/** Subcommands, flags and arguments with a fixed choice, from the command line library. */
async function names(words: readonly string[], context: Context): Promise<Candidate[]> {
  const proposals = await proposeCompletions(context.application, words, context);
  return proposals.filter(({ completion }) => completion !== "--")
    .map(({ completion, brief }) => ({ word: completion, brief }));
}

/** The names of all contexts, with their buses; none when they cannot be read. */
async function contextCandidates(io: Io): Promise<Candidate[]> {
  try {
    const { contexts } = await readContexts(io);
    return Array.from(contexts, ([word, values]) => {
      const brief = redactUrls(values.get("messagebus.url") ?? "");
      return { word, ...(brief && { brief }) };
    });
  } catch {
    return [];
  }
}

/** The candidates for an argument. */
async function argumentCandidates(line: TypedLine, context: Context): Promise<Candidate[]> {
  const { io } = context;
  switch (line.name) {
    case "call":
      return await callCandidates(line, io);
    case "tail":
      return await subjectCandidates(line, io);
    case "replay":
      return [files];
    case "help":
      return await names([...line.args, line.typed], context);
    case "context show":
    case "context use":
    case "context remove":
      return line.args.length === 0 ? await contextCandidates(io) : [];
    default:
      return await names([...line.name.split(" "), ...line.args, line.typed], context);
  }
}

async function subjectCandidates(line: TypedLine, io: Io): Promise<Candidate[]> {
  const { members } = await askBus(line, io);
  const keys = [{}, ...members.flatMap(({ app, node }) => [{ app }, { app, node }])];
  return keys.map((key) => ({ word: eventSubscription(key) }));
}
