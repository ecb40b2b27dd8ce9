import { buildCommand, type Command } from "@stricli/core";
import type { Context } from "../subcommand.ts";

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
  loader: async () => (await import("./run.ts")).helpCommand,
});
