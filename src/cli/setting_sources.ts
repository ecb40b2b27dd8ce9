/**
 * Where a subcommand looks for its settings.
 *
 * @module
 */
import { type ConfigFile, findConfig } from "./config_file.ts";
import type { Io } from "./io.ts";
import type { SettingSources } from "./settings.ts";

/** Flags, environment and configuration file of a run. */
export interface LoadedSources extends SettingSources {
  /** The configuration file; absent when there is none. */
  readonly file?: ConfigFile;
  /** What is odd about it, a line each. */
  readonly warnings: readonly string[];
}

/**
 * Reads the configuration file, if there is one.
 *
 * @throws {UsageError} When it cannot be used.
 */
export async function loadSources(
  { env, readFile }: Pick<Io, "env" | "readFile">,
  flags: SettingSources["flags"],
): Promise<LoadedSources> {
  const sources = { flags, env, readFile };
  return { ...sources, ...await findConfig(sources) };
}
