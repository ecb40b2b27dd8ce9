/**
 * What the subcommands of `context` do.
 *
 * @module
 */
import type { CommandFunction } from "@stricli/core";
import { resolve } from "node:path";
import { redactUrls } from "../../common/redact_url.ts";
import {
  type BusContexts,
  contextSettings,
  needContext,
  readContexts,
  writeContexts,
} from "../settings/contexts.ts";
import { commandFunction, type Context } from "../subcommand.ts";
import type { contextFlags, FlagValues } from "../flags.ts";
import { exitCodes } from "../exit_codes.ts";
import { complain, UsageError } from "../errors.ts";
import { findSetting } from "../settings/find.ts";
import type { Io } from "../io.ts";
import { secretFile } from "../settings/setting.ts";
import { isStandardInput } from "../files.ts";
import { settings } from "../settings/settings.ts";
import { tableLines } from "../table.ts";

/** Flags of `context add`. */
export type ContextAddFlags = FlagValues<typeof contextFlags> & {
  /** Whether it is used when none is named. */
  readonly use?: boolean;
  /** Whether it replaces one of the same name. */
  readonly force?: boolean;
};

/** Flags of `context list` and `context show`. */
export type ContextShowFlags = {
  /** Whether to write JSON on a terminal as well. */
  readonly json?: boolean;
};

/** Flags of `context use`. */
export type ContextUseFlags = {
  /** Whether no context shall count. */
  readonly none?: boolean;
};

/** `context add`, for the command line library. */
export const addCommand: CommandFunction<ContextAddFlags, [string], Context> = commandFunction(
  async (io: Io, { use, force, ...flags }: ContextAddFlags, [name]: [string]) => {
    if (!/^[\w.-]{1,64}$/.test(name)) {
      throw new UsageError(
        `Cannot use ${JSON.stringify(name)} as name: letters, digits, dots and dashes are allowed`,
      );
    }
    const values = valuesOf(flags);
    if (values.size === 0) {
      throw new UsageError("Missing settings to keep: as in --url nats://bus:4222");
    }
    const before = await readContexts(io);
    if (before.contexts.has(name) && !force) {
      throw new UsageError(`Cannot add ${name}: it exists already; --force replaces it`);
    }
    const contexts = new Map([...before.contexts, [name, values] as const]);
    await writeContexts({ ...before, contexts, ...(use && { current: name }) }, io);
    const done = `${before.contexts.has(name) ? "Replaced" : "Added"} the context ${name}`;
    const current = use || before.current === name;
    complain(
      current ? `${done}, which is now in use` : `${done}: ${howToUse(name)}`,
      io.stderr,
    );
    return exitCodes.ok;
  },
);

function howToUse(name: string): string {
  return `use it with --context ${name}, or make it the usual one with context use ${name}`;
}

/** The texts to keep, by their names in the configuration file. */
function valuesOf(flags: Readonly<Record<string, unknown>>): Map<string, string> {
  const values = new Map<string, string>();
  for (const name of contextSettings) {
    const { secret, file = name, flags: [flag], placeholder } = settings[name];
    if (secret) {
      if (flags[flag] !== undefined) {
        throw new UsageError(
          `Cannot keep --${flag}: give a file that holds it, by --${secretFile.flag(flag)}`,
        );
      }
      const path = flags[secretFile.flag(flag)];
      if (typeof path === "string") values.set(secretFile.file(file), keptPath(path));
      continue;
    }
    // A text that cannot be used is refused now, not when it is needed.
    const found = findSetting(name, { flags, env: () => undefined });
    if (found === undefined || found.source === "default") continue;
    const text = String(found.value);
    values.set(file, placeholder === "file" ? keptPath(text) : text);
  }
  return values;
}

function keptPath(path: string): string {
  if (isStandardInput(path)) throw new UsageError("Cannot keep standard input: name a file");
  return resolve(path);
}

/** `context list`, for the command line library. */
export const listCommand: CommandFunction<ContextShowFlags, [], Context> = commandFunction(
  async (io: Io, { json }: ContextShowFlags) => {
    const { contexts, current } = await readContexts(io);
    const entries = Array.from(contexts, ([name, values]) => ({
      name,
      current: name === current,
      url: redactUrls(values.get("messagebus.url") ?? ""),
      application: values.get("ari.application") ?? "",
    }));
    if (json || !io.stdout.isTerminal) io.stdout.write(`${JSON.stringify(entries)}\n`);
    else if (entries.length === 0) io.stdout.write("There are no contexts\n");
    else {
      const rows = entries.map(({ name, current, url, application }) => [
        name,
        current ? "*" : "",
        url,
        application,
      ]);
      const lines = tableLines(["CONTEXT", "CURRENT", "BUS", "APPLICATION"], rows);
      io.stdout.write(`${lines.join("\n")}\n`);
    }
    return exitCodes.ok;
  },
);

/** `context show`, for the command line library. */
export const showCommand: CommandFunction<ContextShowFlags, [string?], Context> = commandFunction(
  async (io: Io, { json }: ContextShowFlags, [wanted]: [string?]) => {
    const all = await readContexts(io);
    const { name, values } = needContext(all, wanted ?? needCurrent(all));
    const shown = Array.from(values, ([key, text]): [string, string] => [key, redactUrls(text)]);
    if (json || !io.stdout.isTerminal) {
      const value = { name, current: name === all.current, settings: Object.fromEntries(shown) };
      io.stdout.write(`${JSON.stringify(value)}\n`);
    } else io.stdout.write(`${tableLines(["SETTING", "VALUE"], shown).join("\n")}\n`);
    return exitCodes.ok;
  },
);

/** `context use`, for the command line library. */
export const useCommand: CommandFunction<ContextUseFlags, [string?], Context> = commandFunction(
  async (io: Io, { none }: ContextUseFlags, [name]: [string?]) => {
    if ((name === undefined) !== (none === true)) {
      throw new UsageError("Missing context to use: give its name, or --none");
    }
    const { contexts } = await readContexts(io);
    const chosen = name === undefined ? {} : { current: needContext({ contexts }, name).name };
    await writeContexts({ contexts, ...chosen }, io);
    const used = name === undefined ? "No context is" : `The context ${name} is`;
    complain(`${used} now in use`, io.stderr);
    return exitCodes.ok;
  },
);

/** `context remove`, for the command line library. */
export const removeCommand: CommandFunction<Record<never, never>, [string], Context> =
  commandFunction(async (io: Io, _flags: Record<never, never>, [name]: [string]) => {
    const before = await readContexts(io);
    needContext(before, name);
    const contexts = new Map(before.contexts);
    contexts.delete(name);
    const { current } = before;
    await writeContexts({ contexts, ...(current && current !== name && { current }) }, io);
    complain(`Removed the context ${name}`, io.stderr);
    return exitCodes.ok;
  });

function needCurrent({ current }: BusContexts): string {
  if (current !== undefined) return current;
  throw new UsageError("Missing context to show: none has been chosen with context use");
}
