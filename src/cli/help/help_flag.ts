/**
 * `--help` of the program and of each subcommand.
 *
 * The command line library has one of its own, which puts all flags in one list, in lines of any
 * length and without the names of their values.
 *
 * @module
 */
import type { StricliIntegration } from "@stricli/core";
import { commandText } from "../command_text.ts";
import type { Context } from "../subcommand.ts";
import type { Output } from "../output.ts";

/** Width where there is no terminal, in characters. */
const USUAL_WIDTH = 80;

/** The narrowest that a text still can be read at, in characters. */
const LEAST_WIDTH = 50;

/** The flag, whose text goes to an output. */
export function helpFlag(output: Output): StricliIntegration<Context> {
  return {
    flag: {
      brief: commandText.briefs.help,
      aliases: ["h"],
      global: true,
      defaultForRouteMap: true,
      async run(_application, { result: { target, prefix } }) {
        const { helpText } = await import("./text.ts");
        const width = output.isTerminal ? Math.max(LEAST_WIDTH, output.columns) : USUAL_WIDTH;
        output.write(helpText(target, prefix.slice(1), width));
      },
    },
  };
}
