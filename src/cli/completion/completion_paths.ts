/**
 * Paths of operations, for a method and what has been typed of a path.
 *
 * @module
 */
import type { EntityKind } from "../../protocol/entity.ts";
import { operationNames } from "../call/rest_arguments.ts";
import { askBus } from "./ask_bus.ts";
import type { Candidate } from "./completion_candidate.ts";
import type { TypedLine } from "./typed_line.ts";
import { listOf } from "./completion_lists.ts";
import type { Io } from "../io.ts";
import { splitRoute } from "../../protocol/route.ts";

/** What the name of a resource in a path stands for, where it is followed by an ID. */
const entityOf: Readonly<Record<string, EntityKind>> = {
  applications: "application",
  bridges: "bridge",
  channels: "channel",
  deviceStates: "devicestate",
  mailboxes: "mailbox",
  modules: "module",
  sounds: "sound",
  stored: "storedrecording",
};

/**
 * The paths that go on as typed: with what was typed in place of the braces, and IDs of what is there
 * where an ID is being typed. A path ends before its next braces, so that what is chosen can be called
 * as it stands; with --describe, which wants no IDs, it is shown to its end.
 */
export async function restPathCandidates(
  method: string,
  line: TypedLine,
  io: Io,
): Promise<Candidate[]> {
  const typed = line.typed.split("/");
  const last = typed.length - 1;
  const paths = operationNames.map(splitRoute)
    .filter(({ method: verb }) => verb === method.toUpperCase())
    .map(({ path }) => path.split("/"))
    .filter((parts) => parts.length > last && typed.slice(0, -1).every(fits(parts)));
  const entity = entityOf[typed[last - 1] ?? ""];
  const named = entity && paths.some((parts) => isBrace(parts[last]));
  const list = named ? listOf(entity) : undefined;
  const { ids } = list ? await askBus(line, io, { list }) : { ids: [] };
  const head = typed.slice(0, -1);
  const describe = line.switches.includes("describe");
  const rests = paths.map((parts) => parts.slice(last))
    .map((rest) => describe ? rest : untilBrace(rest)).filter(({ length }) => length > 0);
  const plain = rests.map((rest) => ({ word: [...head, ...rest].join("/") }));
  const known = ids.map(({ word, brief }) => ({
    word: [...head, encodeURIComponent(word)].join("/"),
    brief,
  }));
  return [...known, ...plain];
}

const isBrace = (part: string | undefined): boolean => part?.startsWith("{") ?? false;

/** The part of a path before its first braces, with the slash that then follows. */
function untilBrace(rest: readonly string[]): readonly string[] {
  const brace = rest.findIndex(isBrace);
  return brace <= 0 ? rest.slice(0, brace < 0 ? rest.length : 0) : [...rest.slice(0, brace), ""];
}

/** Whether what was typed can stand where the path has a name or braces. */
function fits(parts: readonly string[]): (segment: string, index: number) => boolean {
  return (segment, index) => parts[index] === segment || (isBrace(parts[index]) && segment !== "");
}
