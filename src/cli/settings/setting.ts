/**
 * The columns of a setting, and the sources of settings.
 *
 * @module
 */

/** A value and where it comes from, as in `flag --ari.http_url`. */
export interface Resolved<T> {
  readonly value: T;
  readonly source: string;
}

/** The sources of settings. */
export interface SettingSources {
  /** The flags that were given, by name. */
  readonly flags: Readonly<Record<string, unknown>>;
  /** Environment variables. */
  env(name: string): string | undefined;
  /** The context: a name and its values, by their keys in the configuration file. @default none */
  readonly context?: {
    readonly name: string;
    readonly values: ReadonlyMap<string, string>;
  };
  /** The configuration file and its values by key, with dots for levels. @default none */
  readonly file?: {
    readonly path: string;
    readonly values: ReadonlyMap<string, string>;
  };
  /** The text of a file that a setting names; throws when it cannot be read. @default there are none */
  readonly readFile?: (path: string) => string;
}

/** Finds the text of a setting by its key; undefined when it is set nowhere. */
export type FindText = (key: string) => Resolved<string> | undefined;

/** The columns of a row that are not derived. */
interface Columns<T> {
  /** Description, for help texts. */
  readonly doc: string;
  /** Name of the value, for help texts. */
  readonly placeholder: string;
  /** The value of a text. Throws an error that states why the text cannot be used. */
  readonly parse: (text: string) => T;
  /** Text when it is not set. */
  readonly default?: string;
  /** Whether `serve` requires it. */
  readonly required?: boolean;
  /**
   * Whether it must never be shown. Such a setting can also be the content of a file, named
   * by `--…_file`, `…_FILE` or `…_file`.
   */
  readonly secret?: boolean;
  /** One letter for the last of the flags. */
  readonly alias?: string;
  /** Overrides all other sources. */
  readonly override?: (sources: SettingSources) => Resolved<string> | undefined;
  /**
   * Environment variables that count when a flag or the file sets it to an empty text. Without this
   * column an empty text is not a value.
   */
  readonly emptied?: readonly string[];
  /** Precedes the default; `find` finds the text of another setting. */
  readonly otherwise?: (find: FindText) => Resolved<string> | undefined;
  /** The text of a value with a unit. @default the value itself */
  show?(value: T): string;
}

/**
 * The row of a setting. Its key is its name in the configuration file; from it flag and variable are
 * derived, unless the row names them.
 */
export interface SettingRow<T> extends Columns<T> {
  /** The flag, without dashes. @default the key */
  readonly flag?: string;
  /** A second, shorter flag. @default none */
  readonly short?: string;
  /** The environment variables; the first one that is not empty counts. @default `ARI_PROXY_` and the key */
  readonly env?: readonly string[];
  /** Whether it can be in the configuration file. @default true */
  readonly inFile?: boolean;
}

/** A setting: its sources and its columns. */
export interface Setting<T> extends Columns<T> {
  /** Flags, without dashes; the first one that is given counts. */
  readonly flags: readonly string[];
  /** Environment variables; the first one that is not empty counts. */
  readonly env: readonly string[];
  /** Key in the configuration file, with dots for levels; absent when it cannot be there. */
  readonly file?: string;
}

/** The setting of a row: with flags, variables and the key in the file. */
export function settingOf<T>(key: string, row: SettingRow<T>): Setting<T> {
  const { flag = key, short, env, inFile = true, ...columns } = row;
  return {
    ...columns,
    flags: short === undefined ? [flag] : [flag, short],
    env: env ?? [`ARI_PROXY_${key.toUpperCase().replaceAll(".", "_")}`],
    ...(inFile && { file: key }),
  };
}

/** The name of the flag, variable or key that names the file with a secret. */
export const secretFile = {
  flag: (flag: string): string => `${flag}_file`,
  env: (name: string): string => `${name}_FILE`,
  file: (name: string): string => `${name}_file`,
} as const;
