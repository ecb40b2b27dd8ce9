/**
 * Finds and reads the configuration file, with warnings for unknown keys.
 *
 * @module
 */
import { didYouMean } from "../closest.ts";
import { ConfigTextError, formatOf, parseConfigText } from "./config_text.ts";
import { findSetting } from "./find.ts";
import { secretFile, type SettingSources } from "./setting.ts";
import { settingNames, settings } from "./settings.ts";
import { UsageError } from "../errors.ts";
import { errorText } from "../../common/error_text.ts";

/** A configuration file that was read. */
export interface ConfigFile {
  /** Its path. */
  readonly path: string;
  /** Its values by key, with dots for levels. */
  readonly values: ReadonlyMap<string, string>;
}

/** The configuration file and its warnings. */
interface FoundConfig {
  /** Absent when there is none. */
  readonly file?: ConfigFile;
  /** Warnings, one per line. */
  readonly warnings: readonly string[];
}

/** Endings of the file in the home folder, in the order of the original. */
const endings = ["json", "toml", "yaml", "yml"];

/** Places of a file for the whole machine. */
const systemFiles = ["/etc/ari-proxy/config.yaml", "/etc/ari-proxy/config.yml"];

/**
 * Reads the named file, or else the first one in the usual places.
 *
 * @throws {UsageError} When a named file cannot be read, or a file is malformed.
 */
export async function findConfig(sources: SettingSources): Promise<FoundConfig> {
  const { readFile } = sources;
  if (!readFile) return { warnings: [] };
  const named = findSetting("config", sources);
  if (named) {
    try {
      return await readConfig(named.value, readFile(named.value));
    } catch (error) {
      if (error instanceof UsageError) throw error;
      const from = `the configuration file from ${named.source}`;
      throw new UsageError(`Cannot read ${from}: ${errorText(error)}`, { cause: error });
    }
  }
  const warnings: string[] = [];
  for (const path of usualPlaces(sources)) {
    let text: string;
    try {
      text = readFile(path);
    } catch (error) {
      // A file without read permission is not an error, but worth a warning.
      if (!isAbsent(error)) warnings.push(`Cannot read ${path}: ${errorText(error)}`);
      continue;
    }
    const found = await readConfig(path, text);
    return { ...found, warnings: [...warnings, ...found.warnings] };
  }
  return { warnings };
}

function usualPlaces({ env }: SettingSources): string[] {
  const home = env("HOME") || env("USERPROFILE");
  const own = home ? endings.map((ending) => `${home}/.ari-proxy.${ending}`) : [];
  return [...own, ...systemFiles];
}

async function readConfig(path: string, text: string): Promise<Required<FoundConfig>> {
  const format = formatOf(path);
  if (!format) {
    throw new UsageError(`Cannot use ${path}: configuration files are YAML, JSON or TOML`);
  }
  try {
    const values = await parseConfigText(text, format);
    return { file: { path, values }, warnings: unknownKeys(path, values) };
  } catch (error) {
    if (!(error instanceof ConfigTextError)) throw error;
    const place = error.line === undefined ? path : `${path}, line ${error.line}`;
    throw new UsageError(`Cannot use ${place}: ${error.message}`, { cause: error });
  }
}

function unknownKeys(path: string, values: ReadonlyMap<string, string>): string[] {
  const known = settingNames.flatMap((name) => {
    const { file, secret } = settings[name];
    if (file === undefined) return [];
    return secret ? [file, secretFile.file(file)] : [file];
  });
  return [...values.keys()]
    .filter((key) => !known.includes(key))
    .map((key) => `Unknown key ${key} in ${path}${didYouMean(key, known)}`);
}

function isAbsent(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory;
}
