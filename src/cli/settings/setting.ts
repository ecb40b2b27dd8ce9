/**
 * What there is to say of a setting, in columns, and where settings are looked for.
 *
 * @module
 */
import type { SettingName } from "./settings.ts";

/** A value and where it comes from, as in `flag --ari.http_url`. */
export interface Resolved<T> {
  /** The value. */
  readonly value: T;
  /** Where it comes from. */
  readonly source: string;
}

/** Where settings are looked for. */
export interface SettingSources {
  /** The flags that were given, by name. */
  readonly flags: Readonly<Record<string, unknown>>;
  /** Environment variables. */
  env(name: string): string | undefined;
  /** The context: a name and its values, by their names in the configuration file. @default none */
  readonly context?: {
    /** Its name. */
    readonly name: string;
    /** Its values. */
    readonly values: ReadonlyMap<string, string>;
  };
  /** The configuration file. @default none */
  readonly file?: {
    /** Its path. */
    readonly path: string;
    /** Its values by name, with dots for levels. */
    readonly values: ReadonlyMap<string, string>;
  };
  /** The text of a file that a setting names; throws when it cannot be read. @default there are none */
  readonly readFile?: (path: string) => string;
}

/** A setting: where it may come from, and what it has to be. */
export interface Setting<T> {
  /** Flags, without dashes; the first one that is given counts. */
  readonly flags: readonly string[];
  /** One letter that stands for the last of the flags. */
  readonly alias?: string;
  /** Environment variables; the first one that is not empty counts. */
  readonly env: readonly string[];
  /** Name in the configuration file, with dots for levels; absent when it cannot be there. */
  readonly file?: string;
  /** Text that counts when there is nothing else. */
  readonly default?: string;
  /** Whether `serve` cannot do without it. */
  readonly required?: boolean;
  /** What it is, for help texts. */
  readonly doc: string;
  /** Name of the value, for help texts. */
  readonly placeholder: string;
  /**
   * Whether it must not be shown to anyone. Such a setting can also be the content of a file, named
   * by `--…_file`, `…_FILE` or `…_file`.
   */
  readonly secret?: boolean;
  /** What counts more than all that is said of it elsewhere. */
  readonly override?: (sources: SettingSources) => Resolved<string> | undefined;
  /**
   * Environment variables that count where a flag or the file sets it to nothing. Without this
   * column nothing is no value for it.
   */
  readonly emptied?: readonly string[];
  /** What counts before the default; `find` finds the text of another setting. */
  readonly otherwise?: (find: FindText) => Resolved<string> | undefined;
  /** The value of a text. Throws an error that says why there is none. */
  readonly parse: (text: string) => T;
  /** The text of a value, as somebody would give it, where that has a unit. @default the value itself */
  show?(value: T): string;
}

/** Finds the text of a setting; undefined when it is nowhere. */
export type FindText = (name: SettingName) => Resolved<string> | undefined;

/** Settings as rows, by name. */
export type SettingRows<T> = { readonly [N in keyof T]: Setting<T[N]> };

/** The name of the flag, variable or key that names the file with a secret. */
export const secretFile = {
  flag: (flag: string): string => `${flag}_file`,
  env: (name: string): string => `${name}_FILE`,
  file: (name: string): string => `${name}_file`,
} as const;
