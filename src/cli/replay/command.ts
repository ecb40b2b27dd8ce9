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
      "Publishes the events that tail --record has written, with the recorded pauses between them,",
      "so that an application can be developed without Asterisk. They get new numbers. Other",
      "messages in the file, such as requests, are left out. --app and --node replace the recorded",
      "application and node.",
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
        ...textFlag("Factor of the recorded speed, or max [default 1]", "number"),
        parse: parseSpeed,
      },
      node: textFlag("Node to publish as, instead of the recorded one", "node"),
      loop: switchFlag("Repeat the recording until it is interrupted"),
      force: switchFlag("Publish even as a node that is running"),
      ...busFlagsWithoutEnvironment(
        "Stasis application to publish as, instead of the recorded one; ARI_APPLICATION does not count",
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
