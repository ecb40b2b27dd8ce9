/**
 * The subcommands. What they do is loaded when one is run.
 *
 * @module
 */
import { buildRouteMap, type RouteMap } from "@stricli/core";
import { call } from "./call/command.ts";
import { complete, completion } from "./completion/command.ts";
import type { Context } from "./subcommand.ts";
import { context } from "./context/command.ts";
import { exitCodesText } from "./exit_codes.ts";
import { health } from "./health/command.ts";
import { help } from "./help/command.ts";
import { nodes } from "./nodes/command.ts";
import { replay } from "./replay/command.ts";
import { serve } from "./serve/command.ts";
import { tail } from "./tail/command.ts";

/** All subcommands. */
export const commands: RouteMap<Context> = buildRouteMap<
  | "serve"
  | "call"
  | "tail"
  | "nodes"
  | "replay"
  | "context"
  | "health"
  | "completion"
  | "help"
  | "__complete",
  Context
>({
  routes: {
    serve,
    call,
    tail,
    nodes,
    replay,
    context,
    health,
    completion,
    help,
    __complete: complete,
  },
  docs: {
    hideRoute: { __complete: true },
    brief: "Asterisk's ARI on a message bus",
    fullDescription: [
      "Asterisk's ARI on a message bus.",
      "",
      "Examples",
      "  ARI_PASSWORD=secret ari-proxy serve --app demo --ari.username asterisk",
      "  ari-proxy nodes",
      "  ari-proxy tail 'ari.event.demo.>'",
      "  ari-proxy call ChannelHangup 1700000000.1 reason=busy",
      "",
      exitCodesText,
    ].join("\n"),
  },
});
