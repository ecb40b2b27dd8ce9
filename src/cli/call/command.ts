import { buildCommand, type Command } from "@stricli/core";
import { busFlags, countFlag, durationFlag, switchFlag, textFlag } from "../flags.ts";
import type { Context } from "../subcommand.ts";
import { exitCodesText } from "../exit_codes.ts";
import { withUsage } from "../help/usage.ts";
import type { CallFlags } from "./run.ts";

/** Its flags, arguments and help text. */
const command: Command<Context> = buildCommand<CallFlags, string[], Context>({
  docs: {
    brief: "Send a request and show the response",
    fullDescription: [
      "Sends a request and shows the response: a table on a terminal, JSON elsewhere. A field is named",
      "in full, as in options.Format, or by its last part where that is clear. Times have a unit.",
      "",
      'A line of a batch has kind (or call, as in "POST /bridges"), id or key, any fields, and a tag,',
      "which comes back with the result. The results are JSON, a line each.",
      "",
      "Examples",
      "  ari-proxy call ChannelList",
      "  ari-proxy call ChannelHangup 1700.1 reason=busy --node 02:00:00:00:00:01",
      "  ari-proxy call ChannelOriginate endpoint=PJSIP/alice variables.COLOUR=blue",
      "  ari-proxy call ChannelRecord 1700.1 name=greeting Format=wav MaxDuration=30s",
      "  ari-proxy call POST /channels/1700.1/move app=other",
      "  ari-proxy call 'POST /channels/{channelId}/move' --describe",
      "  ari-proxy call GET /recordings/stored/greeting/file --output greeting.wav",
      `  echo '{"kind":"ChannelHangup","id":"1700.1"}' | ari-proxy call --batch -`,
      `  echo '{"name":"COLOUR"}' | ari-proxy call ChannelVariableGet 1700.1 -`,
      "",
      exitCodesText,
    ].join("\n"),
  },
  parameters: {
    flags: {
      id: textFlag("ID of the entity, where the argument could be taken for a field", "id"),
      node: textFlag("Node to send the request to; needs an application", "node"),
      dialog: textFlag("Dialog that gets the later events of the entity", "dialog"),
      timeout: durationFlag("How long to wait for responses [default 5s]"),
      all: switchFlag("Gather the responses of all nodes, one per line"),
      json: switchFlag("Write JSON on a terminal as well, and failures as JSON"),
      "dry-run": switchFlag("Show subject and request, and send nothing"),
      list: switchFlag("Show all kinds of requests and operations"),
      describe: switchFlag("Show what the kind or operation takes and returns"),
      batch: textFlag("File with a request on each line, - for standard input", "file"),
      concurrency: countFlag("With --batch: how many requests are in flight at most [default 16]"),
      "as-completed": switchFlag("With --batch: write results as they come, not in order"),
      "fail-fast": switchFlag("With --batch: stop after the first failure"),
      output: textFlag("File to write a recording to, - for standard output", "file"),
      unchecked: switchFlag("Send a REST request that Asterisk 22 does not describe"),
      ...busFlags,
    },
    aliases: { u: "url" },
    positional: {
      kind: "array",
      parameter: {
        brief: "Kind of request, ID of what it is about, and fields",
        placeholder: "argument",
        parse: (text) => text,
      },
    },
  },
  loader: async () => (await import("./run.ts")).callCommand,
});

/** `call`. */
export const call: Command<Context> = withUsage(command, [
  { words: "KIND [ID] [FIELD=VALUE…] [OPTION…]" },
  { words: "KIND [ID] -", does: "reads the fields as JSON from standard input" },
  {
    words: "METHOD PATH [PARAMETER=VALUE…]",
    does: "calls an operation of Asterisk's REST interface",
  },
  { words: "--batch FILE", does: "sends the requests of a file, a JSON object on each line" },
  { words: "--list", does: "shows all kinds and operations with their fields" },
  { words: "KIND --describe", does: "shows one of them" },
]);
