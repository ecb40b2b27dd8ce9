/**
 * What the command line library knows by itself of what can come next.
 *
 * @module
 */
import { proposeCompletions } from "@stricli/core";
import type { Candidate } from "./completion_candidate.ts";
import type { Io } from "../io.ts";
import { program } from "../main.ts";

/** Subcommands, flags, and arguments of which there is a fixed choice. */
export async function names(words: readonly string[], io: Io): Promise<Candidate[]> {
  const { stdout, stderr } = io;
  const proposals = await proposeCompletions(program(io), words, {
    process: { stdout, stderr },
    io,
  });
  return proposals.filter(({ completion }) => completion !== "--")
    .map(({ completion, brief }) => ({ word: completion, brief }));
}
