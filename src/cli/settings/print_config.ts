/**
 * `--print-config`: every setting with its value and source, as a table or as JSON.
 *
 * @module
 */
import { redactUrl, redactUrls } from "../../common/redact_url.ts";
import { readBusAccess } from "../open_bus.ts";
import { exitCodes } from "../exit_codes.ts";
import { findFile, findSetting, pem } from "./find.ts";
import type { Io } from "../io.ts";
import type { Setting } from "./setting.ts";
import { readPolicy } from "./read_policy.ts";
import { complain, UsageError } from "../errors.ts";
import type { LoadedSources } from "./sources.ts";
import { type SettingName, settingNames, settings } from "./settings.ts";
import { tableLines } from "../table.ts";

/** A setting as it is shown. */
interface Shown {
  /** Its name. */
  readonly name: SettingName;
  /** Its value; null when it has none. */
  readonly value: unknown;
  /** Where it comes from; null when it is nowhere. */
  readonly source: string | null;
  /** Whether it is nowhere and has to be somewhere. */
  readonly missing?: true;
  /** Why it cannot be used. */
  readonly error?: string;
}

/**
 * Shows all settings: a table on a terminal, elsewhere a JSON list.
 *
 * @returns The exit code: that of wrong usage when one of them cannot be used, and never because
 * one is missing.
 */
export function printConfig(sources: LoadedSources, { stdout, stderr }: Io): number {
  const all = settingNames.map((name) => show(name, sources));
  if (stdout.isTerminal) {
    const rows = all.map((shown) => [shown.name, textOf(shown), shown.source ?? ""]);
    stdout.write(`${tableLines(["SETTING", "VALUE", "SOURCE"], rows).join("\n")}\n`);
  } else {
    stdout.write(`${JSON.stringify(all)}\n`);
  }
  sources.warnings.forEach((warning) => complain(warning, stderr));
  const alone = all.flatMap(({ error }) => error === undefined ? [] : [error]);
  const wrong = alone.length > 0 ? alone : together(sources);
  new Set(wrong).forEach((error) => complain(error, stderr));
  return wrong.length > 0 ? exitCodes.usage : exitCodes.ok;
}

/** Why settings that can be used each cannot be used together, or with the files that they name. */
function together(sources: LoadedSources): string[] {
  const readers = [
    () => readBusAccess(sources),
    () => readPolicy(sources),
    () => findFile("ari.ca_file", sources, pem.certificate),
  ];
  return readers.flatMap((read) => {
    try {
      read();
      return [];
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      return [redactUrl(error.message)];
    }
  });
}

function show(name: SettingName, sources: LoadedSources): Shown {
  const setting: Setting<unknown> = settings[name];
  const { secret, required } = setting;
  if (name === "config" && sources.file) return configOf(sources, sources.file.path);
  try {
    const found = findSetting(name, sources);
    if (!found) return { name, value: null, source: null, ...(required && { missing: true }) };
    const value = setting.show?.(found.value) ?? harmless(found.value);
    return { name, value: secret ? "(hidden)" : value, source: found.source };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { name, value: null, source: null, error: redactUrl(error.message) };
  }
}

/** The configuration file that was found is shown even when it was not named. */
function configOf(sources: LoadedSources, path: string): Shown {
  const source = findSetting("config", sources)?.source ?? "usual place";
  return { name: "config", value: path, source };
}

function harmless(value: unknown): unknown {
  return typeof value === "string" ? redactUrls(value) : value;
}

function textOf({ value, missing, error }: Shown): string {
  if (error !== undefined) return "(cannot be used)";
  if (missing) return "(missing)";
  if (value === null) return "(not set)";
  if (Array.isArray(value)) return value.join(",");
  return typeof value === "object" ? Object.values(value).join(":") : String(value);
}
