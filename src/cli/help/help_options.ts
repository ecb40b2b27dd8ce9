/**
 * The options of a subcommand, for help texts and the manual page.
 *
 * @module
 */
import type { Command } from "@stricli/core";
import type { Context } from "../subcommand.ts";
import { secretFile } from "../settings/setting.ts";
import { type SettingName, settingNames, settings } from "../settings/settings.ts";

/** An option. */
export interface Option {
  /** Its names with their dashes, short ones first. */
  readonly names: readonly string[];
  /** Name of its value; absent when it has none. */
  readonly value?: string;
  /** What it is. */
  readonly brief: string;
  /** The heading that it belongs under; absent for those of the subcommand alone. */
  readonly group?: string;
  /** The setting that it gives, directly or by a file. */
  readonly setting?: SettingName;
}

/** The options of a subcommand. Flags of one and the same setting are one option. */
export function optionsOf({ parameters }: Command<Context>): Option[] {
  const { flags = {}, aliases = {} } = parameters;
  return Object.entries(flags).flatMap(([flag, about]): Option[] => {
    const setting = settingOf(flag);
    const row = setting && settings[setting];
    const same = row?.flags.includes(flag) ? row.flags.filter((name) => name in flags) : [flag];
    if (same[0] !== flag) return [];
    const letters = Object.entries(aliases)
      .filter(([, name]) => typeof name === "string" && same.includes(name))
      .map(([letter]) => `-${letter}`);
    const long = same.toSorted((a, b) => a.length - b.length).map((name) => `--${name}`);
    return [{
      names: [...letters, ...long],
      brief: about.brief,
      ...("placeholder" in about && { value: about.placeholder }),
      ...("group" in about && typeof about.group === "string" && { group: about.group }),
      ...(setting && { setting }),
    }];
  });
}

/** The setting of a flag; undefined for a flag of a subcommand alone. */
function settingOf(flag: string): SettingName | undefined {
  return settingNames.find((name) => {
    const { flags, secret } = settings[name];
    return flags.includes(flag) || (secret && flags.map(secretFile.flag).includes(flag));
  });
}
