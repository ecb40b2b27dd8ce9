/**
 * How a subcommand is called: its usages, arguments and options, for help texts and the manual page.
 *
 * @module
 */
import type { Command, RouteMap } from "@stricli/core";
import type { Context } from "../subcommand.ts";
import { secretFile } from "../settings/setting.ts";
import { type SettingName, settingNames, settings } from "../settings/settings.ts";

/** A subcommand, or a group of them. */
export type Target = Command<Context> | RouteMap<Context>;

/** A usage of a subcommand. */
interface Usage {
  /** The words after its name. */
  readonly words: string;
  /** What this usage does, if it differs. */
  readonly does?: string;
}

/** Adds usages that do not follow from flags and arguments. */
export function withUsage(
  command: Command<Context>,
  usages: readonly Usage[],
): Command<Context> & { readonly usages: readonly Usage[] } {
  return { ...command, usages };
}

/** The usages of a subcommand: the added ones, or else the one of its arguments and flags. */
export function usagesOf(target: Target): readonly Usage[] {
  if ("usages" in target) {
    const { usages } = target as ReturnType<typeof withUsage>;
    return usages;
  }
  if (!("parameters" in target)) {
    const names = visibleEntries(target).map(({ name }) => name.original);
    return [{ words: `${names.join("|")} …` }];
  }
  const { flags = {} } = target.parameters;
  const words = argumentsOf(target).map(({ word }) => word);
  if (Object.keys(flags).length > 0) words.push("[OPTION…]");
  return [{ words: words.join(" ") }];
}

/** An argument of a subcommand. */
interface Argument {
  /** As in a usage: in brackets when it is optional. */
  readonly word: string;
  /** Its description. */
  readonly brief: string;
}

/** The arguments of a subcommand. */
export function argumentsOf({ parameters: { positional } }: Command<Context>): Argument[] {
  if (!positional) return [];
  if (positional.kind === "array") {
    const { placeholder = "argument", brief } = positional.parameter;
    return [{ word: `[${placeholder.toUpperCase()}…]`, brief }];
  }
  return positional.parameters.map(({ placeholder = "argument", brief, optional }) => {
    const name = placeholder.toUpperCase();
    return { word: optional ? `[${name}]` : name, brief };
  });
}

/** The subcommands that are not hidden. */
export function visibleEntries(
  map: RouteMap<Context>,
): ReturnType<RouteMap<Context>["getAllEntries"]> {
  return map.getAllEntries().filter(({ hidden }) => !hidden);
}

/** An option. */
export interface Option {
  /** Its names with their dashes, short ones first. */
  readonly names: readonly string[];
  /** Name of its value; absent when it has none. */
  readonly value?: string;
  /** Its description. */
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
