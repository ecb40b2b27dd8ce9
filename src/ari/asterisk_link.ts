/**
 * What the rest of the program uses of an Asterisk: a link, whichever side connects, its state, and
 * what Asterisk reports about itself.
 *
 * @module
 */
import { parseObject } from "../common/parse_object.ts";
import { AriError, type AriErrorCode } from "./errors.ts";
import type { RawEvent } from "./read_event.ts";
import type { AriRest, SendOptions } from "./rest.ts";

export { AriError } from "./errors.ts";
export type { AriDownload } from "./http/download.ts";
export type { RawEvent } from "./read_event.ts";
export type { AriRest } from "./rest.ts";

/**
 * Receives warnings. What differs each time, such as an address, is in the details, so that
 * repetitions are recognized by the text.
 */
export type OnWarning = (text: string, details?: Readonly<Record<string, string>>) => void;

/** Callbacks of a link. None of them may wait or throw. */
export interface LinkHooks {
  /** Called with each event, in order. */
  readonly onEvent: (event: RawEvent) => void;
  /** Called at each change of the state, and at each attempt to connect that failed. */
  readonly onState: (state: AriState) => void;
  /** Called with failures that do not change the state, once for repeated ones. @default ignored */
  readonly onWarning?: OnWarning;
  /**
   * Called between two reads of the ARI WebSocket; the next read waits for the promise it returns.
   * Not called where Asterisk connects to this program: those WebSockets carry responses as well.
   *
   * @default reading is never paused
   */
  readonly pauseReading?: () => Promise<void> | undefined;
}

/**
 * Keeps one Asterisk connected, from {@linkcode AsteriskLink.start} until it is disposed of. While it
 * closes it may still deliver events that Asterisk had sent; afterwards no hook is called.
 */
export interface AsteriskLink extends AsyncDisposable {
  /** REST, to be used at any time; without a connection its requests are rejected. */
  readonly rest: AriRest;
  /** Whether Asterisk is connected at this moment. */
  readonly state: AriState;
  /** Begins to connect. Idempotent; does nothing once the link is closed. */
  start(): void;
}

/** Makes a link that reports to these hooks; it connects with {@linkcode AsteriskLink.start}. */
export type ConnectAsterisk = (hooks: LinkHooks) => AsteriskLink;

/**
 * Why Asterisk is not connected:
 *
 * - `starting`: not tried yet
 * - `unreachable`: nothing listens at the address, or it does not respond
 * - `denied`: wrong user name or password
 * - `not_found`: no ARI at the address
 * - `tls`: the certificate is not trusted, or there is no TLS
 * - `bad_response`: something other than ARI responds, or an Asterisk that is not ready
 * - `no_entity_id`: Asterisk has no entity ID
 * - `lost`: the ARI WebSocket broke
 * - `idle`: the last WebSocket of a call has ended, and Asterisk has no other
 * - `replaced`: another program took an application over
 * - `silent`: the ARI WebSocket looks open, but Asterisk is no longer connected to it
 * - `closed`: closed by this side, permanently
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

/** The ARI WebSocket is open. */
export interface AriUp {
  /** Distinguishes {@linkcode AriUp} from {@linkcode AriDown}. */
  readonly up: true;
  /** Asterisk's entity ID. */
  readonly node: string;
  /** What Asterisk reported about itself. */
  readonly info: AsteriskInfo;
  /** Whether Asterisk queues events while it is not connected, and sends them later. @default false */
  readonly kept?: boolean;
}

/** Why there is no ARI WebSocket. */
export interface AriDownReason {
  /** For programs. */
  readonly code: AriDownCode;
  /** One line for people, with the remedy where it is known. */
  readonly reason: string;
}

/** The ARI WebSocket is not open. */
export interface AriDown extends AriDownReason {
  /** Distinguishes {@linkcode AriUp} from {@linkcode AriDown}. */
  readonly up: false;
  /** Time until the next attempt, in milliseconds; absent when there is none. */
  readonly retryIn?: number;
}

/** Whether Asterisk is connected. */
export type AriState = AriUp | AriDown;

const DOWN: Readonly<Record<AriErrorCode, { code: AriDownCode; hint?: string }>> = {
  unreachable: {
    code: "unreachable",
    hint: "check that Asterisk runs and that http.conf enables HTTP at this address",
  },
  interrupted: {
    code: "unreachable",
    hint: "if Asterisk runs, it may be at its sessionlimit (http.conf)",
  },
  // Only requests of clients have a deadline.
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

/** Returns the reason for which a failed attempt to connect leaves the link down. */
export function downReason(error: AriError): AriDownReason {
  const { code, hint } = DOWN[error.code];
  return { code, reason: hint === undefined ? error.message : `${error.message}; ${hint}` };
}

/** The response to `GET /asterisk/info`; members that are not named here are not checked. */
export interface AsteriskInfo {
  /** Identifies this Asterisk. */
  readonly system: {
    /** The node; empty when Asterisk found no network card to derive it from. */
    readonly entity_id: string;
    /** Version, such as `22.10.1`. */
    readonly version: string;
    /** Other members. */
    readonly [member: string]: unknown;
  };
  /** Other members: build, configuration, status. */
  readonly [member: string]: unknown;
}

/**
 * Requests what identifies an Asterisk.
 *
 * @throws {AriError} As {@linkcode AriRest.send}, and with the code `denied` (401, 403),
 * `not_found` (404) or `bad_response` (any other status but 2xx, or no such JSON).
 */
export async function readInfo(rest: AriRest, options?: SendOptions): Promise<AsteriskInfo> {
  const response = await rest.send({ method: "GET", path: "/asterisk/info" }, options);
  const { status } = response;
  const line = `${status} ${response.reason}`.trim();
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
  const info = parseObject(response.body);
  if (!isInfo(info)) {
    const text =
      "Cannot use the response to GET /asterisk/info: it does not name Asterisk's system";
    throw new AriError("bad_response", text);
  }
  return info;
}

/** When Asterisk was started, as it writes it; undefined when it does not report it. */
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
