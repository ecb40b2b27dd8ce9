/**
 * `ari-proxy health`: checks the health of a proxy on this machine, for health checks of containers.
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
import type { Io } from "../io.ts";
import { complain, UsageError } from "../errors.ts";
import { loadSources } from "../settings/sources.ts";
import type { Listen } from "../settings/values.ts";
import { memberLines } from "../table.ts";
import { errorText } from "../../common/error_text.ts";

/** Flags of `health`. */
export type HealthFlags = {
  /** Address of the health server, as in `:9090`. */
  readonly health?: string;
  /** Path of the configuration file. */
  readonly config?: string;
  /** Whether to check only that the process is alive. */
  readonly live?: boolean;
  /** How long to wait for the response, in milliseconds. */
  readonly timeout?: number;
  /** Whether to write JSON on a terminal as well. */
  readonly json?: boolean;
};

/** `health`, for the command line library. */
export const healthCommand: CommandFunction<HealthFlags, [], Context> = commandFunction(health);

async function health(io: Io, flags: HealthFlags): Promise<number> {
  const sources = await loadSources(io, flags);
  const setting = findSetting("health", sources);
  if (!setting) {
    throw new UsageError(
      "No node to ask: set --health or ARI_PROXY_HEALTH to the address of its health server, as in :9090",
    );
  }
  if (setting.value.port === 0) {
    throw unusable(
      "health",
      setting.source,
      new Error("port 0 means any port, and none can be asked"),
    );
  }
  const path = flags.live ? "/livez" : "/readyz";
  const url = `http://${addressOf(setting.value)}${path}`;
  try {
    const { status, body } = await request(url, flags.timeout ?? 3_000);
    show(body, io, flags);
    if (status === 200) return exitCodes.ok;
    complain(
      status === 503 ? "Not ready" : `Not a health server: ${url} answered ${status}`,
      io.stderr,
    );
  } catch (error) {
    complain(`Cannot query ${url}: ${reasonOf(error)}`, io.stderr);
  }
  // One code for all failures: a health check of a container has no other.
  return exitCodes.failed;
}

/** The address at which a server that listens there is reached. */
function addressOf({ hostname, port }: Listen): string {
  const host = { "": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1" }[hostname] ?? hostname;
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

interface HealthResponse {
  readonly status: number;
  readonly body: string;
}

/** Requests a page, without the HTTP proxy of the environment: it is not for this machine. */
async function request(url: string, timeout: number): Promise<HealthResponse> {
  const answer = Promise.withResolvers<HealthResponse>();
  const sent = get(url, { agent: false }, (response) => {
    text(response).then(
      (body) => answer.resolve({ status: response.statusCode ?? 0, body }),
      answer.reject,
    );
  });
  sent.on("error", answer.reject);
  const late = (): void => answer.reject(new Error("no response in time"));
  const timer = setTimeout(late, timeout);
  try {
    return await answer.promise;
  } finally {
    clearTimeout(timer);
    sent.destroy();
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
  ENOTFOUND: "no such host",
  ECONNRESET: "the connection was reset",
};

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return reasons[code] ?? errorText(error);
}
