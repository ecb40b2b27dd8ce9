/**
 * Whether Asterisk is connected, and why not.
 *
 * @module
 */
import type { AriError, AriErrorCode } from "./errors.ts";
import type { AsteriskInfo } from "./asterisk_info.ts";

/**
 * Why Asterisk is not connected:
 *
 * - `starting`: not tried yet
 * - `unreachable`: nothing listens, or does not answer
 * - `denied`: wrong user name or password
 * - `not_found`: no ARI at the address
 * - `tls`: the certificate is not trusted, or there is no TLS
 * - `bad_answer`: something else than ARI answers, or an Asterisk that is not ready
 * - `no_entity_id`: Asterisk does not know who it is
 * - `lost`: the event socket broke
 * - `idle`: the last WebSocket of a call has ended, and Asterisk has no other
 * - `replaced`: another program took an application
 * - `silent`: the event socket looks open, and Asterisk is not at its other end any more
 * - `closed`: closed by this side, for good
 */
export type AriDownCode =
  | "starting"
  | "unreachable"
  | "denied"
  | "not_found"
  | "tls"
  | "bad_answer"
  | "no_entity_id"
  | "lost"
  | "idle"
  | "replaced"
  | "silent"
  | "closed";

/** The event socket is open. */
export interface AriUp {
  /** Tells the two apart. */
  readonly up: true;
  /** Asterisk's entity id. */
  readonly node: string;
  /** What Asterisk told of itself. */
  readonly info: AsteriskInfo;
  /** Whether Asterisk keeps events while it is not connected, and sends them later. @default false */
  readonly kept?: boolean;
}

/** Why there is no event socket. */
export interface AriFall {
  /** For programs. */
  readonly code: AriDownCode;
  /** One line for people; says what to do about it where that is known. */
  readonly reason: string;
}

/** The event socket is not open. */
export interface AriDown extends AriFall {
  /** Tells the two apart. */
  readonly up: false;
  /** When the next attempt follows, in milliseconds from now; absent when none does. */
  readonly retryIn?: number;
}

/** Whether Asterisk is connected. */
export type AriState = AriUp | AriDown;

const FALLS: Readonly<Record<AriErrorCode, { code: AriDownCode; hint?: string }>> = {
  unreachable: {
    code: "unreachable",
    hint: "check that Asterisk runs and that http.conf enables HTTP at this address",
  },
  interrupted: {
    code: "unreachable",
    hint: "if Asterisk runs, it may be at its sessionlimit (http.conf)",
  },
  // Only what clients ask for expires.
  expired: { code: "unreachable" },
  timeout: { code: "unreachable" },
  aborted: { code: "closed" },
  tls: { code: "tls", hint: "check the certificate, and whether the port speaks TLS" },
  denied: { code: "denied", hint: "check the ARI user name and password against ari.conf" },
  not_found: {
    code: "not_found",
    hint: "check the path of the URL, and that ari.conf enables ARI",
  },
  bad_answer: { code: "bad_answer", hint: "check that the URL is that of Asterisk's HTTP server" },
  too_large: { code: "bad_answer" },
  no_room: { code: "bad_answer" },
  busy: { code: "unreachable" },
  invalid: { code: "bad_answer", hint: "check the settings" },
};

/** Tells why a failed attempt to connect leaves Asterisk not connected. */
export function fallOf(error: AriError): AriFall {
  const { code, hint } = FALLS[error.code];
  return { code, reason: hint === undefined ? error.message : `${error.message}; ${hint}` };
}
