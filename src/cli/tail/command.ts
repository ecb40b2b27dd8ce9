import { buildCommand, type Command } from "@stricli/core";
import {
  busFlagsWithoutEnvironment,
  countFlag,
  durationFlag,
  switchFlag,
  type TextFlag,
  textFlag,
} from "../flags.ts";
import type { Context } from "../subcommand.ts";
import { exitCodesText } from "../exit_codes.ts";
import { parseSince } from "../parse_time.ts";
import type { TailFlags } from "./run.ts";

/** `tail`: its flags, arguments and help text. */
export const tail: Command<Context> = buildCommand<TailFlags, string[], Context>({
  docs: {
    brief: "Show events as they happen",
    fullDescription: [
      "Shows events as they happen; without a subject all of them. On a terminal each is a line,",
      "elsewhere the JSON that Asterisk sent. It ends with Ctrl-C.",
      "",
      "An expression (--where) compares members of an event with == != < <= > >=, matches them with ~",
      "and !~, looks them up in a list with in, and joins comparisons with && || ! and",
      "parentheses; a member alone is true when it exists and is not empty. A template (--format) has",
      "members in braces, or time, node, summary, subject or event, with a width behind a colon.",
      "",
      "Examples",
      "  ari-proxy tail",
      "  ari-proxy tail 'ari.event.demo.>' --type StasisStart,StasisEnd",
      "  ari-proxy tail --app demo --channel 1700000000.1",
      "  ari-proxy tail --call 1700000000.1 --since 10m --until-over",
      `  ari-proxy tail --where 'type ~ /^Channel/ && channel.caller.number == "100"'`,
      "  ari-proxy tail --format '{time} {type:24} {channel.name}'",
      "  ari-proxy tail --app demo --record calls.ndjson",
      "  ari-proxy tail --type ChannelDtmfReceived --count 1 --wait 30s",
      "",
      exitCodesText,
    ].join("\n"),
  },
  parameters: {
    flags: {
      node: textFlag("Node whose events to show; needs an application", "node"),
      dialog: textFlag("Dialog whose events to show", "dialog"),
      type: {
        ...textFlag("Types of events to show, separated by commas", "type"),
        variadic: true,
      },
      channel: {
        ...textFlag("Channels whose events to show, separated by commas", "id"),
        variadic: true,
      },
      where: textFlag("Expression that has to hold, as in 'channel.state == \"Up\"'", "expression"),
      call: textFlag("Show the events of a call, across its channels and bridges", "id"),
      "until-over": switchFlag("With --call: end when the call is over"),
      since: sinceFlag("Show first the events since then that proxies still keep"),
      record: textFlag("File to write the events to as well, for replay", "file"),
      format: textFlag(
        "Template for an event, as in '{time} {type:20} {channel.name}'",
        "template",
      ),
      count: countFlag("End after this number of events"),
      wait: durationFlag("End after this time; with --count and too few events that is a failure"),
      json: switchFlag("Write the events as they came on a terminal as well"),
      ...busFlagsWithoutEnvironment(
        "Stasis application whose events to show, else those of all; ARI_APPLICATION counts only with --node or --dialog",
      ),
    },
    aliases: { u: "url", n: "count" },
    positional: {
      kind: "array",
      parameter: {
        brief: "Subject to listen on; * matches one part of it, > the rest",
        placeholder: "subject",
        parse: (text) => text,
      },
    },
  },
  loader: async () => (await import("./run.ts")).tailCommand,
});

/** A flag with a time in the past as its value. */
function sinceFlag(brief: string): TextFlag<number> {
  return { ...textFlag(brief, "time"), parse: (text: string) => parseSince(text) };
}
