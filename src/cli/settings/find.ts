/**
 * Looks settings up. Precedence: flag, environment variable, context, configuration file, default.
 *
 * @module
 */
import { type Resolved, secretFile, type Setting, type SettingSources } from "./setting.ts";
import { isSettingName, type SettingName, settings, type SettingTypes } from "./settings.ts";
import { UsageError } from "../errors.ts";
import { errorText } from "../../common/error_text.ts";

/**
 * Finds a setting.
 *
 * @returns undefined when it is not set.
 * @throws {UsageError} When its text cannot be used.
 */
export function findSetting<N extends SettingName>(
  name: N,
  sources: SettingSources,
): Resolved<SettingTypes[N]> | undefined {
  const found = findText(name, sources);
  if (!found) return undefined;
  try {
    return { value: settings[name].parse(found.value), source: found.source };
  } catch (error) {
    throw unusable(name, found.source, error);
  }
}

/** Required settings are missing; the message has a line for each. */
export class MissingSetting extends UsageError {
  /** Makes an error. */
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "MissingSetting";
  }
}

/**
 * Finds a required setting.
 *
 * @throws {MissingSetting} When it is not set.
 * @throws {UsageError} When its text cannot be used.
 */
export function needSetting<N extends SettingName>(
  name: N,
  sources: SettingSources,
): Resolved<SettingTypes[N]> {
  const found = findSetting(name, sources);
  if (found) return found;
  const { flags, env } = settings[name];
  throw new MissingSetting(`Missing setting ${name}: give --${flags[0]} or set ${env[0]}`);
}

/** Finds the text of a setting, by precedence. */
function findText(name: SettingName, sources: SettingSources): Resolved<string> | undefined {
  const setting: Setting<unknown> = settings[name];
  return setting.override?.(sources) ??
    givenText(name, sources) ??
    setting.otherwise?.((other) => isSettingName(other) ? findText(other, sources) : undefined) ??
    (setting.default === undefined ? undefined : { value: setting.default, source: "default" });
}

/** The text that was given, or that of the file that was named. */
function givenText(name: SettingName, sources: SettingSources): Resolved<string> | undefined {
  const setting: Setting<unknown> = settings[name];
  if (setting.secret) return givenSecret(name, sources);
  const found = given(setting, sources);
  return found?.value === "" && setting.emptied
    ? given({ flags: [], env: setting.emptied }, sources)
    : found;
}

/** The secret or the content of its file, whichever has precedence. */
function givenSecret(name: SettingName, sources: SettingSources): Resolved<string> | undefined {
  const setting: Setting<unknown> = settings[name];
  const files: Places = {
    flags: setting.flags.map(secretFile.flag),
    env: setting.env.map(secretFile.env),
    file: setting.file && secretFile.file(setting.file),
  };
  for (const level of levels) {
    const direct = level(setting, sources);
    const path = level(files, sources);
    if (direct && path) {
      throw new UsageError(
        `Cannot use the setting ${name}: it is given twice, by ${direct.source} and by ${path.source}`,
      );
    }
    if (direct) return direct;
    if (path) return contentOf(name, path, sources);
  }
  return undefined;
}

type Places = Pick<Setting<unknown>, "flags" | "env" | "file" | "emptied">;
type Level = (places: Places, sources: SettingSources) => Resolved<string> | undefined;

/** The levels of a text, by precedence. */
const levels: readonly Level[] = [
  function flag(places, { flags }) {
    for (const flag of places.flags) {
      const value = flags[flag];
      // A flag that can be given several times has an empty list when it is not given.
      if (value === undefined || (Array.isArray(value) && value.length === 0)) continue;
      return { value: String(value), source: `flag --${flag}` };
    }
    return undefined;
  },
  function environment(places, { env }) {
    for (const variable of places.env) {
      const value = env(variable);
      if (value) return { value, source: `environment ${variable}` };
    }
    return undefined;
  },
  function context(places, { context }) {
    const value = places.file === undefined ? undefined : context?.values.get(places.file);
    return value ? { value, source: `context ${context?.name}` } : undefined;
  },
  function file(places, { file }) {
    const value = places.file === undefined ? undefined : file?.values.get(places.file);
    if (value === undefined || (value === "" && !places.emptied)) return undefined;
    return { value, source: `file ${file?.path}` };
  },
];

function given(places: Places, sources: SettingSources): Resolved<string> | undefined {
  for (const level of levels) {
    const found = level(places, sources);
    if (found) return found;
  }
  return undefined;
}

/** The content of a file with a secret, without the line end of an editor. */
function contentOf(
  name: SettingName,
  path: Resolved<string>,
  { readFile }: SettingSources,
): Resolved<string> {
  try {
    const text = readFile?.(named(path.value)) ?? "";
    return { value: text.replace(/\r?\n$/, ""), source: `${path.source} (${path.value})` };
  } catch (error) {
    throw unusable(name, path.source, error);
  }
}

function named(path: string): string {
  if (path === "") throw new Error("it names no file");
  return path;
}

/** The error for a setting whose text cannot be used. */
export function unusable(name: SettingName, source: string, error: unknown): UsageError {
  const reason = errorText(error);
  return new UsageError(`Cannot use the setting ${name} from ${source}: ${reason}`);
}

/** Name of a setting that names a file. */
export type FileSetting = Extract<keyof SettingTypes, `${string}_file`>;

/** The required content of a file. */
export interface Holds {
  /** Its name, as in `no certificate (PEM)`. */
  readonly what: string;
  /** Matches a file that has it. */
  readonly pattern: RegExp;
}

/** Files of certificates and keys. */
export const pem: Readonly<Record<"certificate" | "key", Holds>> = {
  certificate: { what: "certificate (PEM)", pattern: /-----BEGIN [A-Z0-9 ]*CERTIFICATE-----/ },
  key: { what: "private key (PEM)", pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----/ },
};

/**
 * Reads the file that a setting names.
 *
 * @returns Its text and the source of the setting; undefined when the setting is not set.
 * @throws {UsageError} When the file cannot be read or has other content.
 */
export function findFile(
  name: FileSetting,
  sources: SettingSources,
  { what, pattern }: Holds,
): Resolved<string> | undefined {
  const path = findSetting(name, sources);
  if (!path) return undefined;
  const source = `${path.source} (${path.value})`;
  try {
    const value = sources.readFile?.(path.value) ?? "";
    if (!pattern.test(value)) throw new Error(`it holds no ${what}`);
    return { value, source };
  } catch (error) {
    throw unusable(name, source, error);
  }
}
