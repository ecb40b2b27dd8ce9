/**
 * `ari-proxy health`: asks a proxy on this machine how it is, for health checks of containers.
 *
 * @module
 */
import { get } from "node:http";
import { text } from "node:stream/consumers";
import type { CommandFunction } from "@stricli/core";
import { isObject, parseJson } from "../../protocol/json.ts";
import { commandFunction, type Context } from "../subcommand.ts";
import { exitCodes } from "../exit_codes.ts";
import { findSetting, unusable } from "../settings/find.ts";
import type { HealthFlags } from "./command.ts";
import type { Io } from "../io.ts";
import { complain } from "../errors.ts";
import { loadSources } from "../settings/sources.ts";
import type { Listen } from "../settings/values.ts";
import { memberLines } from "../table.ts";
import { UsageError } from "../usage_error.ts";
import { errorText } from "../../common/error_text.ts";

/** `health`, for the command line library. */
export const healthCommand: CommandFunction<HealthFlags, [], Context> = commandFunction(health);

async function health(io: Io, flags: HealthFlags): Promise<number> {
  const sources = await loadSources(io, flags);
  const setting = findSetting("health", sources);
  if (!setting) {
    throw new UsageError(
      "Nobody to ask: set --health or ARI_PROXY_HEALTH to where the proxy answers, as in :9090",
    );
  }
  if (setting.value.port === 0) {
    throw unusable(
      "health",
      setting.source,
      new Error("port 0 stands for any, so none can be asked"),
    );
  }
  const path = flags.live ? "/livez" : "/readyz";
  const url = `http://${addressOf(setting.value)}${path}`;
  try {
    const { status, body } = await ask(url, flags.timeout ?? 3_000);
    show(body, io, flags);
    if (status === 200) return exitCodes.ok;
    complain(status === 503 ? "Not ready" : `Cannot tell: ${url} answered ${status}`, io.stderr);
  } catch (error) {
    complain(`Cannot ask ${url}: ${reasonOf(error)}`, io.stderr);
  }
  // One code for all of it: what checks the health of a container knows no other.
  return exitCodes.failed;
}

/** Where to ask a server that listens there. */
function addressOf({ hostname, port }: Listen): string {
  const host = { "": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1" }[hostname] ?? hostname;
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Asks there itself: a proxy for HTTP that the environment names is not for this machine. */
async function ask(url: string, timeout: number): Promise<Answer> {
  const answer = Promise.withResolvers<Answer>();
  const request = get(url, { agent: false }, (response) => {
    text(response).then(
      (body) => answer.resolve({ status: response.statusCode ?? 0, body }),
      answer.reject,
    );
  });
  request.on("error", answer.reject);
  const late = (): void => answer.reject(new Error("no answer in time"));
  const timer = setTimeout(late, timeout);
  try {
    return await answer.promise;
  } finally {
    clearTimeout(timer);
    request.destroy();
  }
}

function show(body: string, { stdout }: Io, { json }: HealthFlags): void {
  const report = parseJson(body);
  if (isObject(report) && stdout.isTerminal && !json) {
    stdout.write(`${memberLines(report).join("\n")}\n`);
  } else stdout.write(body.endsWith("\n") ? body : `${body}\n`);
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ENOTFOUND: "there is no such host",
  ECONNRESET: "the connection broke",
};

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return reasons[code] ?? errorText(error);
}
