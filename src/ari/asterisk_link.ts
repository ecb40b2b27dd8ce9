/**
 * What the rest of the program holds of an Asterisk: a link, whoever dialled whom, with its state, and
 * what Asterisk reports about itself.
 *
 * @module
 */
import { parseObject } from "../common/parse_object.ts";
import { AriError, type AriErrorCode } from "./errors.ts";
import type { AriEvent } from "./read_event.ts";
import type { AriRest, SendOptions } from "./rest.ts";

export { AriError } from "./errors.ts";
export type { AriDownload } from "./http/download.ts";
export type { AriEvent } from "./read_event.ts";
export type { AriRest } from "./rest.ts";

/**
 * Is told what goes wrong without changing a state. What differs each time, as addresses do, is in
 * the details, so that repetitions are known by the text.
 */
export type OnWarning = (text: string, details?: Readonly<Record<string, string>>) => void;

/** What a link tells and asks. None of the functions may wait or throw. */
export interface LinkHooks {
  /** Called with each event, in order. */
  readonly onEvent: (event: AriEvent) => void;
  /** Called at each change of the state, and at each attempt to connect that failed. */
  readonly onState: (state: AriState) => void;
  /** Called, once a burst, with what goes wrong without changing the state. @default ignored */
  readonly onWarning?: OnWarning;
  /**
   * Asked between two reads of the event socket; what it returns is waited for before the next one.
   * A link on which Asterisk dials does not ask: its sockets bring answers as well.
   *
   * @default it is read all the time
   */
  readonly pauseReading?: () => Promise<void> | undefined;
}

/**
 * Keeps one Asterisk connected, from {@linkcode AsteriskLink.start} until it is disposed of. While it
 * closes it may still bring events that Asterisk had sent; afterwards nothing is told any more.
 */
export interface AsteriskLink extends AsyncDisposable {
  /** REST, to be used at any time; without a connection its requests are rejected. */
  readonly rest: AriRest;
  /** Whether Asterisk is connected at this moment. */
  readonly state: AriState;
  /** Begins to connect. Idempotent; does nothing once the link is closed. */
  start(): void;
}

/** Makes a link that tells these hooks what happens; it begins with {@linkcode AsteriskLink.start}. */
export type ConnectAsterisk = (hooks: LinkHooks) => AsteriskLink;

/**
 * Why Asterisk is not connected:
 *
 * - `starting`: not tried yet
 * - `unreachable`: nothing listens, or does not answer
 * - `denied`: wrong user name or password
 * - `not_found`: no ARI at the address
 * - `tls`: the certificate is not trusted, or there is no TLS
 * - `bad_response`: something else than ARI answers, or an Asterisk that is not ready
 * - `no_entity_id`: Asterisk does not know who it is
 * - `lost`: the event socket broke
 * - `idle`: the last WebSocket of a call has ended, and Asterisk has no other
 * - `replaced`: another program took an application
 * - `silent`: the event socket looks open, and Asterisk is not at its other end any more
 * - `closed`: closed by this side, for good
 */
type AriDownCode =
  | "starting"
  | "unreachable"
  | "denied"
  | "not_found"
  | "tls"
  | "bad_response"
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
export interface AriDownReason {
  /** For programs. */
  readonly code: AriDownCode;
  /** One line for people; says what to do about it where that is known. */
  readonly reason: string;
}

/** The event socket is not open. */
export interface AriDown extends AriDownReason {
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
  bad_response: {
    code: "bad_response",
    hint: "check that the URL is that of Asterisk's HTTP server",
  },
  too_large: { code: "bad_response" },
  no_room: { code: "bad_response" },
  busy: { code: "unreachable" },
  invalid: { code: "bad_response", hint: "check the settings" },
};

/** Tells why a failed attempt to connect leaves Asterisk not connected. */
export function downReason(error: AriError): AriDownReason {
  const { code, hint } = FALLS[error.code];
  return { code, reason: hint === undefined ? error.message : `${error.message}; ${hint}` };
}

/** The answer to `GET /asterisk/info`; what is not named here is passed on unchecked. */
export interface AsteriskInfo {
  /** Who this Asterisk is. */
  readonly system: {
    /** The node; empty when Asterisk found no network card to make it from. */
    readonly entity_id: string;
    /** Version, such as `22.10.1`. */
    readonly version: string;
    /** What else Asterisk tells of its system. */
    readonly [member: string]: unknown;
  };
  /** What else Asterisk tells: build, configuration, status. */
  readonly [member: string]: unknown;
}

/**
 * Asks Asterisk who it is.
 *
 * @throws {AriError} As {@linkcode AriRest.send}, and with the code `denied` (401, 403),
 * `not_found` (404) or `bad_response` (any other status but 2xx, or no such JSON).
 */
export async function readInfo(rest: AriRest, options?: SendOptions): Promise<AsteriskInfo> {
  const answer = await rest.send({ method: "GET", path: "/asterisk/info" }, options);
  const { status } = answer;
  const line = `${status} ${answer.reason}`.trim();
  if (status === 401 || status === 403) {
    throw new AriError(
      "denied",
      `Asterisk refuses the ARI user: GET /asterisk/info answered ${line}`,
    );
  }
  if (status === 404) {
    throw new AriError("not_found", `Cannot find ARI: GET /asterisk/info answered ${line}`);
  }
  if (status < 200 || status > 299) {
    throw new AriError(
      "bad_response",
      `Cannot reach Asterisk: GET /asterisk/info answered ${line}`,
    );
  }
  const info = parseObject(answer.body);
  if (!isInfo(info)) {
    const text = "Cannot use the answer to GET /asterisk/info: it does not name Asterisk's system";
    throw new AriError("bad_response", text);
  }
  return info;
}

/** When Asterisk was started, in its own words; undefined when it does not tell. */
export function startupTime({ status }: AsteriskInfo): string | undefined {
  if (typeof status !== "object" || status === null || !("startup_time" in status)) {
    return undefined;
  }
  const { startup_time: time } = status;
  return typeof time === "string" ? time : undefined;
}

function isInfo(value: unknown): value is AsteriskInfo {
  if (typeof value !== "object" || value === null || !("system" in value)) return false;
  const { system } = value;
  return typeof system === "object" && system !== null &&
    "entity_id" in system && typeof system.entity_id === "string" &&
    "version" in system && typeof system.version === "string";
}
