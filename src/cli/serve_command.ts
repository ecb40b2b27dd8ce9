import { buildCommand, type Command } from "@stricli/core";
import type { Context } from "./context.ts";
import {
  type FlagValues,
  secretFileFlag,
  settingFlag,
  settingListFlag,
  shortSettingFlag,
  switchFlag,
} from "./flags.ts";
import { settings } from "./settings.ts";

const flags = {
  "ari.application": settingListFlag("ari.application"),
  app: { ...shortSettingFlag("ari.application"), variadic: true },
  "ari.username": settingFlag("ari.username"),
  "ari.password": settingFlag("ari.password"),
  "ari.password_file": secretFileFlag("ari.password"),
  "ari.http_url": settingFlag("ari.http_url"),
  "ari.websocket_url": settingFlag("ari.websocket_url"),
  "ari.websocket_origin": settingFlag("ari.websocket_origin"),
  "messagebus.url": settingFlag("messagebus.url"),
  url: shortSettingFlag("messagebus.url"),
  "nats.url": settingFlag("nats.url"),
  "node-id": settingFlag("node_id"),
  "embedded.listen": settingFlag("embedded.listen"),
  "embedded.token": settingFlag("embedded.token"),
  "embedded.token_file": secretFileFlag("embedded.token"),
  config: settingFlag("config"),
  "print-config": switchFlag("Show every setting and where it comes from, and end"),
  verbose: switchFlag(`${settings.verbose.doc} [${settings.verbose.env.join(", ")}]`),
} as const;

/** Flags of `serve`. */
export type ServeFlags = FlagValues<typeof flags>;

/** `serve`: its flags, arguments and help text. */
export const serve: Command<Context> = buildCommand<ServeFlags, [], Context>({
  docs: {
    brief: "Put an Asterisk on the bus (what happens without a subcommand)",
    fullDescription: [
      "Puts an Asterisk on the bus. It waits for whichever of both is not there yet. SIGTERM and",
      "SIGINT end it when the requests under way are done; a second one ends it at once.",
      "",
      "A flag counts more than an environment variable, that more than the configuration file, and",
      "that more than the default. In the file the settings have the names of their flags, where a",
      "dot is a level; the exception is node_id.",
      "",
      "Examples",
      "  ari-proxy serve --ari.application demo --ari.username asterisk --ari.password secret",
      "  ARI_APPLICATION=demo ARI_USERNAME=asterisk ARI_PASSWORD=secret ari-proxy",
      "  ari-proxy serve --config /etc/ari-proxy/config.yaml --print-config",
    ].join("\n"),
  },
  parameters: {
    flags,
    aliases: { v: "verbose", u: "url" },
  },
  loader: async () => (await import("./serve.ts")).serveCommand,
});
