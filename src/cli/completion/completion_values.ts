/**
 * What can stand as the value of a flag.
 *
 * @module
 */
import type { Kind } from "../../protocol/kinds.ts";
import { askBus } from "./ask_bus.ts";
import { type Candidate, files } from "./completion_candidate.ts";
import { contextCandidates } from "./completion_contexts.ts";
import type { TypedLine } from "./typed_line.ts";
import { listForId, listOf, typedKind } from "./completion_lists.ts";
import type { Io } from "../io.ts";
import { logFormats, logLevels } from "../settings/log_levels.ts";
import { busSchemes } from "../../common/bus_urls.ts";

/** Finds candidates for the value that is being typed. */
type Find = (line: TypedLine, io: Io) => Candidate[] | Promise<Candidate[]>;

const words = (list: readonly string[]) => (): Candidate[] => list.map((word) => ({ word }));

const applications: Find = async (line, io) => (await askBus(line, io)).applications;
const nodes: Find = async (line, io) => (await askBus(line, io)).nodes;

async function ids(list: Kind | undefined, line: TypedLine, io: Io): Promise<Candidate[]> {
  return list ? (await askBus(line, io, { list })).ids : [];
}

/** Values by name of the flag; for the others there is only what {@linkcode byPlaceholder} has. */
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

/** Values by what a flag calls its value in the help text. */
const byPlaceholder: Readonly<Record<string, Find>> = {
  file: () => [files],
};

/** The candidates for the value of a flag. */
export async function flagValueCandidates(line: TypedLine, io: Io): Promise<Candidate[]> {
  const name = line.flagOf ?? "";
  const flag = line.command.parameters.flags?.[name];
  const placeholder = flag && "placeholder" in flag ? flag.placeholder : undefined;
  const find = byFlag[name] ?? byPlaceholder[placeholder ?? ""];
  return find ? await find(line, io) : [];
}
