/**
 * The files that settings name.
 *
 * @module
 */
import { findSetting, unusable } from "./find.ts";
import type { Resolved, SettingSources } from "./setting.ts";
import type { SettingTypes } from "./settings.ts";

/** Name of a setting that names a file. */
export type FileSetting = Extract<keyof SettingTypes, `${string}_file`>;

/** What a file has to hold, in the words of an error text, and how to tell. */
export interface Holds {
  /** As in `no certificate (PEM)`. */
  readonly what: string;
  /** What a file that holds it matches. */
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
 * @returns Its text and where the setting comes from; undefined when the setting is nowhere.
 * @throws {UsageError} When the file cannot be read, or holds something else.
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
