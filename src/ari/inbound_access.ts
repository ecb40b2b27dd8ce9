/**
 * Who may dial.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { createHash, timingSafeEqual } from "node:crypto";
import type { UpgradeRequest } from "./web_socket_accept.ts";

/** What Asterisk has to show. */
export interface Credentials {
  /** User name. */
  readonly username: string;
  /** Password. */
  readonly password: string;
}

/** Why someone is refused. */
export interface Objection {
  /** Status of HTTP to answer with. */
  readonly status: 400 | 401 | 403;
  /** For the log. */
  readonly why: string;
}

/**
 * What is wrong with someone who dials; undefined when nothing is.
 *
 * @param credentials What has to be shown; undefined when anyone may dial.
 */
export function objectionTo(
  { headers, protocols }: UpgradeRequest,
  credentials: Credentials | undefined,
): Objection | undefined {
  if (!protocols.includes("ari")) {
    return { status: 400, why: "it does not offer the subprotocol ari (protocols = ari)" };
  }
  if (credentials) {
    const { username, password } = credentials;
    const wanted = Buffer.from(`${username}:${password}`, "utf8").toString("base64");
    const given = /^basic +(\S+)$/i.exec(headers.get("authorization") ?? "")?.[1] ?? "";
    if (same(given, wanted)) return undefined;
    return { status: 401, why: "it has not the right user name and password" };
  }
  // Any page that a browser on this machine shows could dial; Asterisk sends no origin.
  return headers.has("origin")
    ? { status: 403, why: "it is a browser, and no password is set" }
    : undefined;
}

/** Compares in a time that does not tell how much is right. */
function same(given: string, wanted: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}
