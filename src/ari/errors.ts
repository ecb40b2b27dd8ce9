/**
 * What can fail between this program and Asterisk.
 *
 * @module
 */
import { EndOfHead } from "./connection.ts";
import type { BadResponse } from "./http/response_reader.ts";

/**
 * Why a request to Asterisk has no usable response:
 *
 * - `unreachable`: no connection could be made, so the request was certainly not carried out
 * - `interrupted`: the connection broke before the response was complete; the request may have been
 *   carried out
 * - `expired`: it could not be sent before its deadline; nothing was sent
 * - `timeout`: no response in time; the request may have been carried out
 * - `aborted`: aborted by the caller, or the connection was closed by this side
 * - `tls`: the certificate is not trusted, or the peer does not speak TLS
 * - `denied`: wrong user name or password, or no permission (401, 403); ARI WebSocket only
 * - `not_found`: there is no ARI at this address (404); ARI WebSocket only
 * - `bad_response`: the response is not HTTP, or has a status that makes no sense here
 * - `too_large`: the response is larger than the limit; the request was carried out. The message of
 *   the cause is its size
 * - `no_room`: the response does not fit beside other large ones; the request was carried out
 * - `busy`: Asterisk is carrying out another request and accepts this one no sooner; nothing was sent
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

/** A failure between this program and Asterisk. Its message never contains credentials or queries. */
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

/** The runtime has no code for a failed look-up, only a message. */
const LOOKUP = /failed to lookup address/i;
const TLS = /certificate|\bTLS\b|\bSSL\b|handshake|InvalidContentType|corrupt message/i;

/** What the failed call was. */
interface FailedCall {
  /** Host and port. */
  readonly host: string;
  /** Method and path of a request, or what else was tried, for people. */
  readonly what: string;
  /** Whether there was a connection, so that the request may have arrived. @default false */
  readonly connected?: boolean;
}

/**
 * Turns what the runtime throws while it talks to Asterisk into an {@linkcode AriError}. Its message
 * leaves out the URL that the cause may hold.
 *
 * A message that begins with "Cannot reach" means that nothing was sent; clients rely on it.
 */
export function toAriError(error: unknown, call: FailedCall): AriError {
  if (error instanceof AriError) return error;
  const { host, what } = call;
  const connected = call.connected === true || error instanceof EndOfHead;
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

/** The error of a request that was not sent because its deadline had passed. */
export function expired(what: string): AriError {
  return new AriError("expired", `${what} not sent: its deadline passed while it waited`);
}

/** The error for a response that is malformed or over a limit; its cause names it. */
export function badResponse(what: string, cause: BadResponse): AriError {
  const { code, message } = cause;
  const texts = {
    bad_response: `Bad response to ${what}: ${message}`,
    too_large: `Response to ${what} too large: it has ${message}`,
    no_room: `Cannot read the response to ${what}: ${message}`,
  };
  return new AriError(code, texts[code], { cause });
}

/** Why a request is aborted when this side closes the connection. */
export const CLOSED = "because the connection to Asterisk is closed";

/** Why most requests are aborted. */
export const BY_CALLER = "by the caller";

/** The error of a request that was aborted. @param why {@linkcode CLOSED} or {@linkcode BY_CALLER}. */
export function aborted(what: string, why: string, cause?: unknown): AriError {
  return new AriError("aborted", `${what} aborted ${why}`, { cause });
}
