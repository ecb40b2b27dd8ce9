/**
 * What can come next on a command line.
 *
 * @module
 */
import { commandText } from "../command_text.ts";
import { argumentCandidates } from "./call_words.ts";
import { type Candidate, files } from "./completion_candidate.ts";
import { readLine } from "./typed_line.ts";
import { names } from "./completion_names.ts";
import { flagValueCandidates } from "./completion_values.ts";
import type { Io } from "../io.ts";

/**
 * The words that can stand in place of the last one. What cannot be found out is left out.
 *
 * @param words The words behind the name of the program; the last one is what was typed of a word.
 */
export async function completionsOf(words: readonly string[], io: Io): Promise<Candidate[]> {
  const [first = "", ...behind] = words;
  if (behind.length === 0 && !first.startsWith("-")) return await names([first], io);
  const line = readLine(words);
  // One of the subcommands of a subcommand.
  if (!line) return behind.length === 1 ? await names(words, io) : [];
  if (line.flagOf === undefined && line.flagsAllowed && line.typed.startsWith("-")) {
    const bare = first.startsWith("-");
    const own = behind.length === 0 ? [version, help] : [help];
    return unique([...await names(bare ? ["serve", ...words] : words, io), ...own]).filter((
      { word },
    ) => word.startsWith(line.typed));
  }
  const candidates = line.flagOf === undefined
    ? await argumentCandidates(line, io)
    : await flagValueCandidates(line, io);
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
