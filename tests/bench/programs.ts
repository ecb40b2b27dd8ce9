/**
 * The programs that are measured.
 *
 * @module
 */
import { v8Flags } from "../../scripts/compile.ts";
import { channelId, node } from "./channel.ts";

/** Where a program finds its two sides. */
export interface Addresses {
  /** Base URL of the fake Asterisk's REST. */
  readonly httpUrl: string;
  /** URL of its event socket. */
  readonly websocketUrl: string;
  /** URL of the bus. */
  readonly busUrl: string;
}

/** What is measured. */
export interface Program {
  /** Name in the table. */
  readonly name: "proxy" | "original" | "pass-through";
  /** Its application. */
  readonly app: string;
  /** Its command line. */
  command(addresses: Addresses): string[];
  /** A request for the data of a channel, about 1 KB of answer. */
  readonly request: string;
  /** A request that binds a channel to a dialog; a program without one has no dialogs. */
  bind?(channel: number, dialog: string): string;
}

const file = (path: string) => new URL(path, import.meta.url).pathname;
/** With the flags of the executable, which compiles all it loads at each start. */
const deno = [Deno.execPath(), "run", "--no-code-cache", "-A", v8Flags];

/** What a proxy is asked, this one or the original. */
function asked(app: string): Pick<Program, "request" | "bind"> {
  const request = (kind: string, channel: number, dialog?: string) =>
    JSON.stringify({
      kind,
      key: { kind: "channel", id: channelId(channel), node, app, dialog },
    });
  return {
    request: request("ChannelData", 0),
    bind: (channel, dialog) => request("ChannelSubscribe", channel, dialog),
  };
}

const proxy = (bundle: string): Program => ({
  name: "proxy",
  app: "proxy",
  command: ({ httpUrl, websocketUrl, busUrl }) => [
    ...[...deno, "--no-config", "--unstable-net", bundle, "serve", "--ari.application", "proxy"],
    ...["--messagebus.url", busUrl, "--ari.http_url", httpUrl, "--ari.websocket_url", websocketUrl],
    ...["--ari.username", "bench", "--ari.password", "bench"],
  ],
  ...asked("proxy"),
});

const passThrough: Program = {
  name: "pass-through",
  app: "plain",
  command: ({ httpUrl, websocketUrl, busUrl }) => [
    ...[...deno, file("pass_through.ts"), "plain", httpUrl, websocketUrl, busUrl],
  ],
  request: `GET /channels/${channelId()}`,
};

const original = (program: string): Program => ({
  name: "original",
  app: "original",
  command: ({ httpUrl, websocketUrl, busUrl }) => [
    ...["env", "ARI_APPLICATION=original", "ARI_USERNAME=bench", "ARI_PASSWORD=bench"],
    ...[`ARI_HTTP_URL=${httpUrl}`, `ARI_WEBSOCKET_URL=${websocketUrl}`],
    ...[`MESSAGEBUS_URL=${busUrl}`, program],
  ],
  ...asked("original"),
});

/** The files of the programs. */
export interface ProgramFiles {
  /** Main file of the bundle that is in the executable. */
  readonly bundle: string;
  /** The original's program. @default it is left out */
  readonly original?: string | undefined;
}

/** What is measured. */
export function programsWith({ bundle, original: file }: ProgramFiles): readonly Program[] {
  return [proxy(bundle), ...(file === undefined ? [] : [original(file)]), passThrough];
}
