import { buildCommand, type Command } from "@stricli/core";
import { type BusFlags, busFlags } from "./bus_flags.ts";
import type { Context } from "./context.ts";
import { exitCodesText } from "./exit_codes.ts";
import { countFlag, durationFlag, switchFlag, textFlag } from "./flags.ts";

/** Flags of `tail`. */
export type TailFlags = BusFlags & {
  /** Node whose events are wanted. */
  readonly node?: string;
  /** Dialog whose events are wanted. */
  readonly dialog?: string;
  /** Types of the events that are wanted. */
  readonly type?: readonly string[];
  /** IDs of the channels whose events are wanted. */
  readonly channel?: readonly string[];
  /** How many events to show. */
  readonly count?: number;
  /** How long to show events, in milliseconds. */
  readonly wait?: number;
  /** Whether to write the events as they come on a terminal as well. */
  readonly json?: boolean;
};

/** `tail`: its flags, arguments and help text. */
export const tail: Command<Context> = buildCommand<TailFlags, string[], Context>({
  docs: {
    brief: "Show events as they happen",
    customUsage: ["[SUBJECT…] [OPTION…]"],
    fullDescription: [
      "Shows events as they happen, all of them without a subject: a line each on a terminal, the",
      "events as they came, one a line, elsewhere. It ends with Ctrl-C.",
      "",
      "Examples",
      "  ari-proxy tail",
      "  ari-proxy tail 'ari.event.demo.>' --type StasisStart,StasisEnd",
      "  ari-proxy tail --app demo --channel 1700000000.1",
      "  ari-proxy tail --type ChannelDtmfReceived --count 1 --wait 30s",
      "",
      exitCodesText,
    ].join("\n"),
  },
  parameters: {
    flags: {
      ...busFlags,
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
      count: countFlag("End after so many events"),
      wait: durationFlag("End after this time; with --count and too few events that is a failure"),
      json: switchFlag("Write the events as they came on a terminal as well"),
    },
    aliases: { u: "url", n: "count" },
    positional: {
      kind: "array",
      parameter: {
        brief: "Subject to listen on; * stands for one part of it, > for the rest",
        placeholder: "subject",
        parse: (text) => text,
      },
    },
  },
  loader: async () => (await import("./tail.ts")).tailCommand,
});
