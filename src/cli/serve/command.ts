import { buildCommand, type Command } from "@stricli/core";
import {
  busAccessFlags,
  type FlagValues,
  inGroup,
  secretFileFlag,
  settingFlag,
  settingListFlag,
  settingSwitch,
  shortSettingFlag,
  switchFlag,
} from "../flags.ts";
import type { Context } from "../subcommand.ts";

const flags = {
  "print-config": switchFlag("Show every setting and its source, and end"),
  config: settingFlag("config"),
  context: settingFlag("context"),
  verbose: settingSwitch("verbose"),
  ...inGroup("Asterisk and application", {
    "ari.application": settingListFlag("ari.application"),
    app: { ...shortSettingFlag("ari.application"), variadic: true },
    "ari.username": settingFlag("ari.username"),
    "ari.password": settingFlag("ari.password"),
    "ari.password_file": secretFileFlag("ari.password"),
    "ari.http_url": settingFlag("ari.http_url"),
    "ari.websocket_url": settingFlag("ari.websocket_url"),
    "ari.websocket_origin": settingFlag("ari.websocket_origin"),
    "ari.ca_file": settingFlag("ari.ca_file"),
    "node-id": settingFlag("node_id"),
  }),
  ...busAccessFlags,
  ...inGroup("Bus", { "nats.url": settingFlag("nats.url") }),
  ...inGroup("Embedded bus", {
    "embedded.listen": settingFlag("embedded.listen"),
    "embedded.token": settingFlag("embedded.token"),
    "embedded.token_file": secretFileFlag("embedded.token"),
  }),
  ...inGroup("Asterisks that dial", {
    "listen.address": settingFlag("listen.address"),
    listen: shortSettingFlag("listen.address"),
    "listen.username": settingFlag("listen.username"),
    "listen.password": settingFlag("listen.password"),
    "listen.password_file": secretFileFlag("listen.password"),
    "listen.cert_file": settingFlag("listen.cert_file"),
    "listen.key_file": settingFlag("listen.key_file"),
  }),
  ...inGroup("Policy", {
    "policy.allow": settingListFlag("policy.allow"),
    "policy.deny": settingListFlag("policy.deny"),
    "policy.read_only": settingSwitch("policy.read_only"),
  }),
  ...inGroup("Operation", {
    health: settingFlag("health"),
    "log-level": settingFlag("log.level"),
    "log-format": settingFlag("log.format"),
    "history.size": settingFlag("history.size"),
    "history.age": settingFlag("history.age"),
  }),
} as const;

/** `serve`: its flags, arguments and help text. */
export const serve: Command<Context> = buildCommand<FlagValues<typeof flags>, [], Context>({
  docs: {
    brief: "Put an Asterisk on the bus (the default without a subcommand)",
    fullDescription: [
      "Puts an Asterisk on the bus, and waits for the one that is not reachable yet. On SIGTERM or",
      "SIGINT it finishes the requests in flight and ends; a second one ends it at once.",
      "",
      "Precedence: flag, environment variable, configuration file, default. In the file a setting",
      "has the name of its flag, with dots for levels; the exceptions are node_id, log.level and",
      "log.format.",
      "",
      "Examples",
      "  ARI_PASSWORD=secret ari-proxy serve --app demo --ari.username asterisk",
      "  ARI_APPLICATION=demo ARI_USERNAME=asterisk ARI_PASSWORD=secret ari-proxy",
      "  ari-proxy serve --listen 127.0.0.1:8089",
      "  ari-proxy serve --config /etc/ari-proxy/config.yaml --print-config",
      "  ari-proxy serve --health :9090 --log-level warn",
    ].join("\n"),
  },
  parameters: {
    flags,
    aliases: { v: "verbose", u: "url" },
  },
  loader: async () => (await import("./run.ts")).serveCommand,
});
