import { buildCommand, type Command } from "@stricli/core";
import { type BusFlags, busFlags } from "./bus_flags.ts";
import type { Context } from "./context.ts";
import { exitCodesText } from "./exit_codes.ts";
import { durationFlag, switchFlag, textFlag } from "./flags.ts";

/** Flags of `call`. */
export type CallFlags = BusFlags & {
  /** ID of the entity. */
  readonly id?: string;
  /** Node to ask. */
  readonly node?: string;
  /** Dialog to bind. */
  readonly dialog?: string;
  /** Time to wait for answers, in milliseconds. */
  readonly timeout?: number;
  /** Whether to gather the answers of all nodes. */
  readonly all?: boolean;
  /** Whether to write JSON on a terminal as well. */
  readonly json?: boolean;
  /** Whether to show the request instead of sending it. */
  readonly "dry-run"?: boolean;
  /** Whether to list the kinds of requests. */
  readonly list?: boolean;
  /** Whether to describe the kind instead of sending the request. */
  readonly describe?: boolean;
};

/** `call`: its flags, arguments and help text. */
export const call: Command<Context> = buildCommand<CallFlags, string[], Context>({
  docs: {
    brief: "Send a request and show the answer",
    customUsage: [
      "KIND [ID] [FIELD=VALUE…] [OPTION…]",
      { input: "KIND [ID] -", brief: "reads the fields as JSON from standard input" },
      { input: "--list", brief: "shows all kinds of requests with their fields" },
      { input: "KIND --describe", brief: "shows one of them" },
    ],
    fullDescription: [
      "Sends a request and shows the answer: a table on a terminal, JSON elsewhere. A field is named",
      "in full, as in options.Format, or by its last part where that is clear. Times have a unit.",
      "",
      "Examples",
      "  ari-proxy call ChannelList",
      "  ari-proxy call ChannelHangup 1700000000.1 reason=busy --node 02:00:00:00:00:01",
      "  ari-proxy call ChannelOriginate endpoint=PJSIP/alice app=demo variables.COLOUR=blue",
      "  ari-proxy call ChannelRecord 1700000000.1 name=greeting Format=wav MaxDuration=30s",
      `  echo '{"name":"COLOUR"}' | ari-proxy call ChannelVariableGet 1700000000.1 -`,
      "",
      exitCodesText,
    ].join("\n"),
  },
  parameters: {
    flags: {
      ...busFlags,
      id: textFlag("ID of the entity, where the argument could be taken for a field", "id"),
      node: textFlag("Node to ask; counts with an application only", "node"),
      dialog: textFlag("Dialog that shall get the later events of the entity", "dialog"),
      timeout: durationFlag("How long to wait for answers [default 5s]"),
      all: switchFlag("Gather the answers of all nodes, a line each"),
      json: switchFlag("Write JSON on a terminal as well"),
      "dry-run": switchFlag("Show subject and request, and send nothing"),
      list: switchFlag("Show all kinds of requests"),
      describe: switchFlag("Show what the kind takes and returns"),
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
  loader: async () => (await import("./call.ts")).callCommand,
});
