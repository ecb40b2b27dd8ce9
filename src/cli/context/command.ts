/**
 * `context` and its subcommands: their flags, arguments and help texts.
 *
 * @module
 */
import { buildCommand, buildRouteMap, type Command, type RouteMap } from "@stricli/core";
import { contextFlags, switchFlag } from "../flags.ts";
import type { Context } from "../subcommand.ts";
import { withUsage } from "../help/usage.ts";
import type { ContextAddFlags, ContextShowFlags, ContextUseFlags } from "./run.ts";

const addFlags = {
  use: switchFlag("Use it when no context is named"),
  force: switchFlag("Replace one of the same name"),
  ...contextFlags,
} as const;

const nameParameter = {
  brief: "Name of the context",
  placeholder: "name",
  parse: (text: string) => text,
} as const;
const one = { kind: "tuple", parameters: [nameParameter] } as const;
const oneOrNone = {
  kind: "tuple",
  parameters: [{ ...nameParameter, optional: true }],
} as const;
const json = switchFlag("Write JSON on a terminal as well");
const load = () => import("./run.ts");

const add: Command<Context> = buildCommand<ContextAddFlags, [string], Context>({
  docs: {
    brief: "Keep a bus and an application under a name",
    fullDescription: [
      "Keeps where a bus is, the credentials, and which application is meant. Passwords and tokens",
      "stay in files of their own, of which the names are kept.",
      "",
      "Examples",
      "  ari-proxy context add lab --url nats://lab:4222 --app demo --use",
      "  ari-proxy context add live --url tls://bus:4222 --nats.creds_file ~/live.creds",
    ].join("\n"),
  },
  parameters: { flags: addFlags, aliases: { u: "url" }, positional: one },
  loader: async () => (await load()).addCommand,
});

const list: Command<Context> = buildCommand<ContextShowFlags, [], Context>({
  docs: { brief: "Show all contexts" },
  parameters: { flags: { json } },
  loader: async () => (await load()).listCommand,
});

const show: Command<Context> = buildCommand<ContextShowFlags, [string?], Context>({
  docs: { brief: "Show a context; without a name the one in use" },
  parameters: { flags: { json }, positional: oneOrNone },
  loader: async () => (await load()).showCommand,
});

const useOne: Command<Context> = buildCommand<ContextUseFlags, [string?], Context>({
  docs: { brief: "Choose the context to use when none is named" },
  parameters: {
    flags: { none: switchFlag("Use none of them") },
    positional: oneOrNone,
  },
  loader: async () => (await load()).useCommand,
});

const use = withUsage(useOne, [
  { words: "NAME" },
  { words: "--none", does: "uses none of them" },
]);

const remove: Command<Context> = buildCommand<Record<never, never>, [string], Context>({
  docs: { brief: "Remove a context" },
  parameters: { positional: one },
  loader: async () => (await load()).removeCommand,
});

/** `context`. */
export const context: RouteMap<Context> = buildRouteMap<
  "add" | "list" | "show" | "use" | "remove",
  Context
>({
  routes: { add, list, show, use, remove },
  docs: {
    brief: "Keep buses and applications under names",
    fullDescription: [
      "Keeps buses and applications under names. Subcommands that use the bus take both from the",
      "context that --context or ARI_PROXY_CONTEXT names, or else from the one chosen with context",
      "use; serve uses only the one that --context names. Precedence: flag, environment variable,",
      "context, configuration file, default.",
      "",
      "Examples",
      "  ari-proxy context add lab --url nats://lab:4222 --app demo",
      "  ari-proxy context list",
      "  ari-proxy context use lab",
      "  ari-proxy context show",
      "  ari-proxy context remove lab",
    ].join("\n"),
  },
});
