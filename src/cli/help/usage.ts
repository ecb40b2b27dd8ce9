/**
 * The ways to call a subcommand, for help texts and the manual page.
 *
 * @module
 */
import type { Command, RouteMap } from "@stricli/core";
import type { Context } from "../subcommand.ts";

/** A subcommand, or one that has subcommands of its own. */
export type Target = Command<Context> | RouteMap<Context>;

/** A way to call a subcommand. */
export interface Usage {
  /** What stands behind its name. */
  readonly words: string;
  /** What it then does, where that has to be said. */
  readonly does?: string;
}

/** Names the ways to call a subcommand whose flags and arguments do not tell them. */
export function withUsage(
  command: Command<Context>,
  usages: readonly Usage[],
): Command<Context> & { readonly usages: readonly Usage[] } {
  return { ...command, usages };
}

/** The ways to call a subcommand: those that are named, else what its arguments and flags make. */
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

/** An argument of a subcommand, and what it is. */
export interface Argument {
  /** As it stands in a usage: in brackets when it can be left out. */
  readonly word: string;
  /** What it is. */
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

/** The subcommands that people are told of. */
export function visibleEntries(
  map: RouteMap<Context>,
): ReturnType<RouteMap<Context>["getAllEntries"]> {
  return map.getAllEntries().filter(({ hidden }) => !hidden);
}
