import { buildCommand, type Command } from "@stricli/core";
import type { Context } from "../subcommand.ts";
import { durationFlag, settingFlag, switchFlag } from "../flags.ts";
import type { HealthFlags } from "./run.ts";

const flags = {
  health: settingFlag("health"),
  config: settingFlag("config"),
  live: switchFlag(
    "Check only whether the process is alive, not whether bus and Asterisk are connected",
  ),
  timeout: durationFlag("How long to wait for the response [default 3s]"),
  json: switchFlag("Write JSON on a terminal as well"),
} as const;

/** `health`: its flags, arguments and help text. */
export const health: Command<Context> = buildCommand<HealthFlags, [], Context>({
  docs: {
    brief: "Check the health of a proxy on this machine",
    fullDescription: [
      "Asks the proxy on this machine that serves its health at the address of --health, of",
      "ARI_PROXY_HEALTH, or of health in the file. It is for health checks of containers, which have",
      "no curl. A proxy that listens on all addresses is asked on loopback.",
      "",
      "It ends with 0 when bus and Asterisk are connected, or with --live when the process is alive,",
      "otherwise with 1, and with 2 when no address is given.",
      "",
      "Examples",
      "  ari-proxy health --health 127.0.0.1:9090",
      "  ARI_PROXY_HEALTH=:9090 ari-proxy health --live --timeout 1s",
    ].join("\n"),
  },
  parameters: { flags },
  loader: async () => (await import("./run.ts")).healthCommand,
});
