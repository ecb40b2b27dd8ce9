/**
 * Turns what the runtime throws while it talks to Asterisk into an {@linkcode AriError}.
 *
 * @module
 */
import { AriError } from "./errors.ts";
import { EndOfHead } from "./read_head.ts";

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
export interface FaultContext {
  /** Host and port. */
  readonly host: string;
  /** Method and path of a request, or what else was tried, for people. */
  readonly what: string;
  /** Whether a connection stood, so that the request may have arrived. @default false */
  readonly connected?: boolean;
}

/** Tells what an error of a socket means. Its text leaves out the URL that the cause may hold. */
export function fault(error: unknown, context: FaultContext): AriError {
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
