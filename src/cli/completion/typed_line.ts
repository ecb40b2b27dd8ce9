/**
 * Parses an unfinished command line.
 *
 * @module
 */
import type { Application, Command } from "@stricli/core";
import type { Context } from "../subcommand.ts";

/** A command line up to the cursor. */
export interface TypedLine {
  /** The subcommand. */
  readonly command: Command<Context>;
  /** Its name; of a nested one both names. */
  readonly name: string;
  /** The flags with a value, by their full names; of several values the last. */
  readonly flags: Readonly<Record<string, string>>;
  /** The flags without a value, without dashes. */
  readonly switches: readonly string[];
  /** The arguments before the last word. */
  readonly args: readonly string[];
  /** Name of the flag whose value is completed. */
  readonly flagOf?: string;
  /** What precedes that value in the same word, as in `--url=` or in a list. */
  readonly head: string;
  /** The unfinished argument, flag or value. */
  readonly typed: string;
  /** Whether it can be a flag. */
  readonly flagsAllowed: boolean;
}

/**
 * Parses a command line.
 *
 * @param words The words after the name of the program; the last one may be unfinished.
 * @returns undefined when there is no such subcommand.
 */
export function readLine(
  words: readonly string[],
  application: Application<Context>,
): TypedLine | undefined {
  const [first = "", ...others] = words;
  const bare = first.startsWith("-");
  const name = bare ? "serve" : first;
  const rest = bare ? words : others;
  const found = findCommand(name, rest, application);
  if (!found) return undefined;
  const { command, rest: behindCommand } = found;
  const flags: Record<string, string> = {};
  const switches: string[] = [];
  const args: string[] = [];
  let flagOf: string | undefined;
  let flagsAllowed = true;
  for (const word of behindCommand.slice(0, -1)) {
    if (flagOf !== undefined) {
      flags[flagOf] = word;
      flagOf = undefined;
    } else if (!flagsAllowed || !word.startsWith("-") || word === "-") args.push(word);
    else if (word === "--") flagsAllowed = false;
    else {
      const { flag, value } = readFlag(word, command);
      if (flag !== undefined && value !== undefined) flags[flag] = value;
      else flagOf = flag;
      if (flag === undefined) switches.push(word.replace(/^--/, ""));
    }
  }
  const last = behindCommand.at(-1) ?? "";
  const inWord = flagOf === undefined && flagsAllowed ? readFlag(last, command) : {};
  flagOf ??= inWord.value === undefined ? undefined : inWord.flag;
  const about = { command, name: found.name, flags, switches, args, flagsAllowed, flagOf };
  if (flagOf === undefined) return { ...about, head: "", typed: last };
  const value = inWord.value ?? last;
  const flag = command.parameters.flags?.[flagOf];
  const several = flag !== undefined && "variadic" in flag && flag.variadic;
  const typed = several ? value.slice(value.lastIndexOf(",") + 1) : value;
  return { ...about, head: last.slice(0, last.length - typed.length), typed };
}

/** The subcommand or nested subcommand, and the words after it; undefined while it is unfinished. */
function findCommand(
  name: string,
  rest: readonly string[],
  { root }: Application<Context>,
): Pick<TypedLine, "command" | "name"> & { readonly rest: readonly string[] } | undefined {
  const target = "parameters" in root ? undefined : root.getRoutingTargetForInput(name);
  if (!target) return undefined;
  if ("parameters" in target) return { command: target, name, rest };
  const [inner = "", ...more] = rest;
  const command = more.length > 0 ? target.getRoutingTargetForInput(inner) : undefined;
  if (!command || !("parameters" in command)) return undefined;
  return { command, name: `${name} ${inner}`, rest: more };
}

/** The flag of a word, if it takes a value, and the value after `=`. */
function readFlag(
  word: string,
  { parameters }: Command<Context>,
): { readonly flag?: string; readonly value?: string } {
  const [, long, value] = /^--([a-z][\w.-]*)(?:=([^]*))?$/i.exec(word) ?? [];
  const alias = /^-([a-z])$/i.exec(word)?.[1];
  const aliases: Readonly<Record<string, string | undefined>> = parameters.aliases ?? {};
  const flag = long ?? (alias && aliases[alias]);
  const kind = flag === undefined ? undefined : parameters.flags?.[flag]?.kind;
  return kind === undefined || kind === "boolean" ? {} : { flag, value };
}
