import { buildCommand, type Command } from "@stricli/core";
import { busFlagsWithoutEnvironment, switchFlag, textFlag } from "../flags.ts";
import type { Context } from "../subcommand.ts";
import { exitCodesText } from "../exit_codes.ts";
import type { ReplayFlags } from "./run.ts";

/** `replay`: its flags, arguments and help text. */
export const replay: Command<Context> = buildCommand<ReplayFlags, [string], Context>({
  docs: {
    brief: "Publish the events of a recording again",
    fullDescription: [
      "Publishes the events that tail --record has written, with the pauses that were between them,",
      "so that an application can be developed without Asterisk. They get numbers of their own. Other",
      "messages in the file, such as requests, are left out. --app and --node put another application",
      "or node in the place of the recorded one.",
      "",
      "Examples",
      "  ari-proxy tail --app demo --record calls.ndjson",
      "  ari-proxy replay calls.ndjson --node replayed",
      "  ari-proxy replay calls.ndjson --speed 10 --loop",
      "",
      exitCodesText,
    ].join("\n"),
  },
  parameters: {
    flags: {
      speed: {
        ...textFlag("How many times as fast as it happened, or max [default 1]", "number"),
        parse: parseSpeed,
      },
      node: textFlag("Node to publish as, instead of the recorded one", "node"),
      loop: switchFlag("Begin again at the end, until it is interrupted"),
      force: switchFlag("Publish as a node that is there as well"),
      ...busFlagsWithoutEnvironment(
        "Stasis application to put in the place of the recorded one; ARI_APPLICATION does not count",
      ),
    },
    aliases: { u: "url" },
    positional: {
      kind: "tuple",
      parameters: [{ brief: "File to replay", placeholder: "file", parse: (text: string) => text }],
    },
  },
  loader: async () => (await import("./run.ts")).replayCommand,
});

function parseSpeed(text: string): number {
  if (text === "max") return Infinity;
  const speed = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && speed > 0) return speed;
  throw new Error(`${JSON.stringify(text)} is neither max nor a number above 0`);
}
