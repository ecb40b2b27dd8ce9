import { buildCommand, type Command } from "@stricli/core";
import type { Context } from "./context.ts";
import { settingFlag, switchFlag } from "./flags.ts";

/** Flags of `serve`. */
export type ServeFlags = {
  /** Stasis application. */
  readonly "ari.application"?: string;
  /** ARI user. */
  readonly "ari.username"?: string;
  /** Its password. */
  readonly "ari.password"?: string;
  /** Base URL of REST. */
  readonly "ari.http_url"?: string;
  /** URL of the event socket. */
  readonly "ari.websocket_url"?: string;
  /** URL of the bus. */
  readonly "messagebus.url"?: string;
  /** Whether to log more. */
  readonly verbose?: boolean;
};

/** `serve`: its flags, arguments and help text. */
export const serve: Command<Context> = buildCommand<ServeFlags, [], Context>({
  docs: {
    brief: "Put an Asterisk on the bus (what happens without a subcommand)",
    fullDescription: [
      "Puts an Asterisk on the bus. It waits for whichever of both is not there yet. SIGTERM and",
      "SIGINT end it when the requests under way are done; a second one ends it at once.",
      "",
      "Examples",
      "  ari-proxy serve --ari.application demo --ari.username asterisk --ari.password secret",
      "  ARI_APPLICATION=demo ARI_USERNAME=asterisk ARI_PASSWORD=secret ari-proxy",
    ].join("\n"),
  },
  parameters: {
    flags: {
      "ari.application": settingFlag("ari.application"),
      "ari.username": settingFlag("ari.username"),
      "ari.password": settingFlag("ari.password"),
      "ari.http_url": settingFlag("ari.http_url"),
      "ari.websocket_url": settingFlag("ari.websocket_url"),
      "messagebus.url": settingFlag("messagebus.url"),
      verbose: switchFlag("Log for those who look for a fault [VERBOSE]"),
    },
    aliases: { v: "verbose" },
  },
  loader: async () => (await import("./serve.ts")).serveCommand,
});
