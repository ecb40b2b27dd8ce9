/**
 * Advice for the first start of `serve`, when settings are missing.
 *
 * @module
 */
import { AriError, type AriErrorCode } from "../../ari/errors.ts";
import { createRest } from "../../ari/rest.ts";
import { redactUrls } from "../../common/redact_url.ts";
import { splitUrls } from "../../common/split_urls.ts";
import { findSetting } from "../settings/find.ts";
import type { SettingSources } from "../settings/setting.ts";

/** How long to wait for an Asterisk that may not exist, in milliseconds. */
const probeTimeout = 1_000;

/**
 * Looks for an Asterisk at its usual address, and returns what is left to do, a line each.
 *
 * @param sources The settings so far.
 */
export async function firstSteps(sources: SettingSources): Promise<string[]> {
  const url = findSetting("ari.http_url", sources)?.value;
  const found = await Promise.all(splitUrls(url ?? "").map(probe));
  return [
    ...found,
    "For example: ari-proxy serve --ari.application demo --ari.username asterisk " +
    "--ari.password secret",
    "The same in the environment: ARI_APPLICATION=demo ARI_USERNAME=asterisk ARI_PASSWORD=secret",
    "All settings: ari-proxy serve --help, and what is set: ari-proxy serve --print-config",
  ];
}

const noAnswer: Readonly<Partial<Record<AriErrorCode, string>>> = {
  tls: "TLS fails there: check the certificate, and whether the port speaks TLS",
  timeout: "no response from there: check the address",
};

/** Sends a request without credentials, which an Asterisk with ARI answers with 401. */
async function probe(httpUrl: string): Promise<string> {
  const shown = redactUrls(httpUrl);
  try {
    using rest = createRest({ url: httpUrl, username: "", password: "", timeout: probeTimeout });
    const { status } = await rest.send({ method: "GET", path: "/asterisk/info" });
    return `Something answers at ${shown} (${status}: ${meaning(status)})`;
  } catch (error) {
    if (!(error instanceof AriError)) throw error;
    const text = noAnswer[error.code] ??
      "nothing answers there: start Asterisk with HTTP (http.conf), or set ARI_HTTP_URL";
    return `No Asterisk found at ${shown}: ${text}`;
  }
}

function meaning(status: number): string {
  if (status === 401 || status === 403) {
    return "this is ARI; set ARI_USERNAME and ARI_PASSWORD to a user of ari.conf";
  }
  if (status === 404) return "no ARI at this path; enable ARI in ari.conf, or set ARI_HTTP_URL";
  if (status < 300) return "it needs no password";
  return "this is not an ARI that is ready; check ARI_HTTP_URL";
}
