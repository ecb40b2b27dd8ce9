/**
 * Loads the sources of settings for a subcommand.
 *
 * @module
 */
import { type BusContext, needContext, overriddenBy, readContexts } from "./contexts.ts";
import { type ConfigFile, findConfig } from "./config_file.ts";
import { findSetting } from "./find.ts";
import type { Io } from "../io.ts";
import { complain } from "../errors.ts";
import type { SettingSources } from "./setting.ts";

/** The process; without standard error there are no warnings about a context. */
type SourcesIo =
  & Pick<Io, "env" | "readFile" | "files">
  & Partial<Pick<Io, "stderr">>;

/** Options of {@linkcode loadSources}. */
interface LoadSourcesOptions {
  /** Whether only a context counts that a flag names. @default false */
  readonly onlyNamedContext?: boolean;
}

/** Flags, environment, context and configuration file of a run. */
export interface LoadedSources extends SettingSources {
  /** The configuration file; absent when there is none. */
  readonly file?: ConfigFile;
  /** Its warnings, one per line. */
  readonly warnings: readonly string[];
}

/**
 * Reads the configuration file, if there is one.
 *
 * @throws {UsageError} When it cannot be used.
 */
export async function loadSources(
  io: SourcesIo,
  flags: SettingSources["flags"],
  options: LoadSourcesOptions = {},
): Promise<LoadedSources> {
  const { env, readFile } = io;
  const sources = { flags, env, readFile };
  const context = await loadContext(io, flags, options);
  return { ...sources, ...(context && { context }), ...await findConfig(sources) };
}

/** The context that was named or chosen. */
async function loadContext(
  io: SourcesIo,
  flags: SettingSources["flags"],
  { onlyNamedContext = false }: LoadSourcesOptions,
): Promise<BusContext | undefined> {
  const env = onlyNamedContext ? () => undefined : io.env;
  const named = findSetting("context", { flags, env });
  if (!named && onlyNamedContext) return undefined;
  const all = await readContexts(io);
  const name = named?.value ?? all.current;
  if (name === undefined) return undefined;
  const context = needContext(all, name);
  const { stderr } = io;
  if (!stderr || !named?.source.startsWith("flag")) return context;
  // Naming a context means its bus; that another one is used would be a surprise.
  for (const variable of overriddenBy(io.env, context)) {
    complain(`The environment variable ${variable} overrides the context ${name}`, stderr);
  }
  return context;
}
