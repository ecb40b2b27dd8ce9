/**
 * `ari-proxy completion` and what its scripts call.
 *
 * @module
 */
import type { CommandFunction } from "@stricli/core";
import type { Candidate } from "./completion_candidate.ts";
import { completionScripts } from "./scripts.ts";
import { shells } from "./completion_shells.ts";
import { completionsOf } from "./completion_words.ts";
import { commandFunction, type Context } from "../subcommand.ts";
import { exitCodes } from "../exit_codes.ts";
import type { Io } from "../io.ts";
import { printable } from "../table.ts";
import { UsageError } from "../errors.ts";

type NoFlags = Record<never, never>;

/** `completion`, for the command line library. */
export const completionCommand: CommandFunction<NoFlags, [string], Context> = commandFunction(
  (io: Io, _flags: NoFlags, [name]: readonly [string]) => {
    const shell = shells.find((known) => known === name.toLowerCase());
    if (!shell) throw new UsageError(`Unknown shell ${name}: there are ${shells.join(", ")}`);
    io.stdout.write(completionScripts[shell]);
    return Promise.resolve(exitCodes.ok);
  },
);

/** `__complete`, for the command line library. It is silent when it knows nothing. */
export const completeCommand: CommandFunction<NoFlags, string[], Context> = commandFunction(
  async (io: Io, _flags: NoFlags, words: readonly string[]) => {
    const candidates = await completionsOf(words, io);
    io.stdout.write(candidates.filter(isPlain).map(lineOf).join(""));
    return exitCodes.ok;
  },
);

/** What is on the bus is put on a command line: nothing that a terminal or a line would obey. */
function isPlain({ word }: Candidate): boolean {
  return printable(word) === word;
}

function lineOf({ word, brief = "" }: Candidate): string {
  return `${word}\t${printable(brief)}\n`;
}
