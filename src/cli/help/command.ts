/**
 * `help`, and `--help` of the program and of each subcommand.
 *
 * The command line library has a help text of its own, which puts all flags in one list, in lines of
 * any length and without the names of their values.
 *
 * @module
 */
import { buildCommand, type Command, type StricliIntegration } from "@stricli/core";
import type { Io } from "../io.ts";
import { commandFunction, type Context } from "../subcommand.ts";
import { commandText } from "../command_text.ts";
import type { Output } from "../output.ts";

/** `help`: its arguments and help text. */
export const help: Command<Context> = buildCommand<Record<never, never>, string[], Context>({
  docs: {
    brief: "Show the help of the program, or that of a command",
    fullDescription: [
      "Shows the help of the program, or that of a command, as --help does.",
      "",
      "Examples",
      "  ari-proxy help",
      "  ari-proxy help tail",
      "  ari-proxy help context add",
    ].join("\n"),
  },
  parameters: {
    positional: {
      kind: "array",
      parameter: { brief: "The command", placeholder: "command", parse: (text: string) => text },
    },
  },
  func: commandFunction((
    _io: Io,
    _flags: Record<never, never>,
    words: readonly string[],
    { main }: Context,
  ) => main([...words, "--help"])),
});

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
