import { buildCommand, type Command } from "@stricli/core";
import { busFlagsWithoutEnvironment, durationFlag, switchFlag } from "../flags.ts";
import type { Context } from "../subcommand.ts";
import { exitCodesText } from "../exit_codes.ts";
import type { NodesFlags } from "./run.ts";

/** `nodes`: its flags, arguments and help text. */
export const nodes: Command<Context> = buildCommand<NodesFlags, [], Context>({
  docs: {
    brief: "Show which nodes are running",
    fullDescription: [
      "Asks all proxies to announce themselves and shows their nodes: a table on a terminal, JSON",
      "elsewhere. With an application only its nodes are shown.",
      "",
      "Examples",
      "  ari-proxy nodes",
      "  ari-proxy nodes --watch",
      "  ari-proxy nodes --app demo --json",
      "",
      exitCodesText,
    ].join("\n"),
  },
  parameters: {
    flags: {
      wait: durationFlag("How long to wait for them [default 300ms after the last one]"),
      watch: switchFlag(
        "Keep running, with rates; without a terminal a line for each announcement",
      ),
      json: switchFlag("Write JSON on a terminal as well"),
      ...busFlagsWithoutEnvironment(
        "Stasis application whose nodes to show, else those of all; ARI_APPLICATION does not count",
      ),
    },
    aliases: { u: "url" },
  },
  loader: async () => (await import("./run.ts")).nodesCommand,
});
