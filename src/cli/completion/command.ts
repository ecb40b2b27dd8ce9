import { buildCommand, type Command } from "@stricli/core";
import type { Context } from "../subcommand.ts";
import type { Shell } from "./scripts.ts";

const shells = Object.keys(
  { bash: true, zsh: true, fish: true } satisfies Readonly<Record<Shell, true>>,
);

/** `completion`: its argument and help text. */
export const completion: Command<Context> = buildCommand<Record<never, never>, [string], Context>({
  docs: {
    brief: "Print a completion script for a shell",
    fullDescription: [
      "Prints a script for bash, zsh or fish. With it the shell completes subcommands, options,",
      "kinds of requests, operations, their fields and values and, from the bus, names of nodes and",
      "applications and IDs of channels and the like. The bus is asked for at most 300 ms.",
      "",
      "Examples",
      "  ari-proxy completion bash > /etc/bash_completion.d/ari-proxy",
      "  ari-proxy completion zsh > /usr/local/share/zsh/site-functions/_ari-proxy",
      "  ari-proxy completion fish > ~/.config/fish/completions/ari-proxy.fish",
      '  eval "$(ari-proxy completion bash)"',
    ].join("\n"),
  },
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [{
        brief: `Shell: ${shells.join(", ")}`,
        placeholder: "shell",
        parse: (text) => text,
        proposeCompletions: () => shells,
      }],
    },
  },
  loader: async () => (await import("./run.ts")).completionCommand,
});

/** `__complete`, which the scripts of {@linkcode completion} call. */
export const complete: Command<Context> = buildCommand<Record<never, never>, string[], Context>({
  docs: {
    brief: "Complete the last word",
    fullDescription:
      "Writes a line for each word: the word, a tab, its description. The line :files means file names.",
  },
  parameters: {
    positional: {
      kind: "array",
      parameter: {
        brief: "The command line after the name of the program, up to the cursor",
        placeholder: "word",
        parse: (text) => text,
      },
    },
  },
  loader: async () => (await import("./run.ts")).completeCommand,
});
