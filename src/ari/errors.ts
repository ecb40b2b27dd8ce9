/**
 * What can go wrong between this program and Asterisk.
 *
 * @module
 */
import { EndOfHead } from "./connection.ts";
import type { BadResponse } from "./http/response_reader.ts";

/**
 * Why Asterisk could not be asked, or gave no usable answer:
 *
 * - `unreachable`: no connection came about, so a request was certainly not carried out
 * - `interrupted`: the connection broke before the answer was complete; a request may have been
 *   carried out
 * - `expired`: it could not be sent before the time after which it must not begin; nothing was sent
 * - `timeout`: no answer in time; a request may have been carried out
 * - `aborted`: the caller gave up, or the connection was closed by this side
 * - `tls`: the certificate is not trusted, or the other side speaks no TLS
 * - `denied`: wrong user name or password, or no permission (401, 403); event socket only
 * - `not_found`: there is no ARI at this address (404); event socket only
 * - `bad_response`: the answer is no HTTP, or has a status that makes no sense here
 * - `too_large`: the answer is larger than it may be; the request was carried out. The text of the
 *   cause is its size
 * - `no_room`: there is an answer, and no room for it beside other large ones; the request was carried out
 * - `busy`: Asterisk is at another request and takes this one no sooner; nothing was sent
 * - `invalid`: the request or the settings cannot be sent as they are; nothing was sent
 */
export type AriErrorCode =
  | "unreachable"
  | "interrupted"
  | "expired"
  | "timeout"
  | "aborted"
  | "tls"
  | "denied"
  | "not_found"
  | "bad_response"
  | "too_large"
  | "no_room"
  | "busy"
  | "invalid";

/** An error on the way to Asterisk or back. Its text never contains credentials or queries. */
export class AriError extends Error {
  /** What happened, for programs. */
  readonly code: AriErrorCode;

  /** Makes an error with a code. */
  constructor(code: AriErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "AriError";
    this.code = code;
  }
}

const CONNECT: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused",
  EHOSTUNREACH: "no route to the host",
  ENETUNREACH: "no route to the network",
  ETIMEDOUT: "the connection attempt timed out",
  EADDRNOTAVAIL: "no local port is free",
  EMFILE: "too many open files",
};

/** The runtime tells of a failed look-up only in words. */
const LOOKUP = /failed to lookup address/i;
const TLS = /certificate|\bTLS\b|\bSSL\b|handshake|InvalidContentType|corrupt message/i;

/** What the failed call was. */
interface FaultContext {
  /** Host and port. */
  readonly host: string;
  /** Method and path of a request, or what else was tried, for people. */
  readonly what: string;
  /** Whether a connection stood, so that the request may have arrived. @default false */
  readonly connected?: boolean;
}

/** Tells what an error of a socket means. Its text leaves out the URL that the cause may hold. */
export function toAriError(error: unknown, context: FaultContext): AriError {
  if (error instanceof AriError) return error;
  const { host, what } = context;
  const connected = context.connected === true || error instanceof EndOfHead;
  const cause = error instanceof Error ? error : new Error(String(error));
  const code = "code" in cause && typeof cause.code === "string" ? cause.code : "";
  const known = CONNECT[code];
  const options = { cause };
  if (known !== undefined && !connected) {
    return new AriError("unreachable", `Cannot reach Asterisk at ${host}: ${known}`, options);
  }
  if (!connected && LOOKUP.test(cause.message)) {
    const text = /temporary/i.test(cause.message) ? "cannot be looked up now" : "is not known";
    return new AriError(
      "unreachable",
      `Cannot reach Asterisk: the host name in ${host} ${text}`,
      options,
    );
  }
  if (!connected && TLS.test(cause.message)) {
    const text = `Cannot reach Asterisk at ${host} by TLS: ${withoutUrl(cause.message)}`;
    return new AriError("tls", text, options);
  }
  if (connected || code === "ECONNRESET" || code === "EPIPE") {
    const text = `Cannot complete ${what}: ${host} closed the connection before it answered`;
    return new AriError("interrupted", text, options);
  }
  const text = `Cannot reach Asterisk at ${host}: ${withoutUrl(cause.message)}`;
  return new AriError("unreachable", text, options);
}

function withoutUrl(text: string): string {
  return text.replaceAll(/\(?\b[a-z]+:\/\/\S+/gi, "").replaceAll(/\s+/g, " ").trim();
}

/** The error of a request that was not sent since its time was over. */
export function expired(what: string): AriError {
  return new AriError("expired", `${what} not sent: its time was over before it could be`);
}

/** The error for an answer that is none, or that is not read; its cause says why. */
export function badResponse(what: string, cause: BadResponse): AriError {
  const { code, message } = cause;
  const texts = {
    bad_response: `Bad answer to ${what}: ${message}`,
    too_large: `Answer to ${what} too large: it has ${message}`,
    no_room: `Cannot take the answer to ${what}: ${message}`,
  };
  return new AriError(code, texts[code], { cause });
}

/** Why requests are given up when this side ends the connection. */
export const CLOSED = "the connection to Asterisk is closed";

/** Who has given a request up, mostly. */
export const GIVEN_UP = "the caller gave up";

/** The error of a request that was given up. @param why By whom, or why. */
export function aborted(what: string, why: string, cause?: unknown): AriError {
  return new AriError("aborted", `${what} given up: ${why}`, { cause });
}
