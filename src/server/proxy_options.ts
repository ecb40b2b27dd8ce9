import type { ConnectAsterisk } from "../ari/asterisk_link.ts";
import type { Bus } from "../bus/bus.ts";
import type { ErrorCode } from "../protocol/errors.ts";
import type { Coordinates } from "../protocol/key.ts";
import type { Kind } from "../protocol/kinds.ts";
import type { HistoryOptions } from "./events/history.ts";
import type { Levels, Stats } from "./metrics.ts";
import type { Log } from "../common/log.ts";
import type { Policy } from "./requests/policy.ts";

/** Where Asterisk is. */
export interface AsteriskAddress {
  /** Base URL of its REST interface, as in `http://localhost:8088/ari`. */
  readonly httpUrl: string;
  /** URL of its event socket, as in `ws://localhost:8088/ari/events`. */
  readonly websocketUrl: string;
  /** What to show as the origin of the event socket, where it is not the usual one. */
  readonly origin?: string;
  /** ARI user. */
  readonly username: string;
  /** Its password. */
  readonly password: string;
  /** Certificates of authorities to trust beside the usual ones, as PEM. @default none */
  readonly ca?: readonly string[];
}

/** Options of {@linkcode startProxy}. */
export interface ProxyOptions {
  /** Stasis applications: one at least, unless `admit` lets more of them come. */
  readonly apps: readonly string[];
  /**
   * Whether to serve an application that is not among `apps`, from its first event on. Without this
   * function an event of such an application counts as one of the first of `apps`.
   */
  readonly admit?: (application: string) => boolean;
  /**
   * How many applications there may be with those that `admit` lets come. Events of others are given
   * up and counted.
   *
   * @default as many as come
   */
  readonly appLimit?: number;
  /** The Asterisk: where it is, or, if it dials, what makes the link to it. */
  readonly asterisk: AsteriskAddress | ConnectAsterisk;
  /** Name of the node, instead of Asterisk's entity ID. */
  readonly nodeId?: string;
  /** What tells this process from others, and which version it is. */
  readonly process: { readonly id: string; readonly version: string; readonly started: Date };
  /** The bus. It stays open when the proxy is closed. */
  readonly bus: Bus;
  /**
   * What may be done to Asterisk.
   *
   * @default everything
   */
  readonly policy?: Policy;
  /** How much of the last events is kept for those who come late. */
  readonly history?: HistoryOptions;
  /** Where to tell what happens. */
  readonly log: Log;
  /** Called at each change of Asterisk's state, and at each attempt to connect that failed. */
  readonly onAsterisk?: (state: AsteriskState) => void;
  /** Called with each request that was answered. It must not throw. */
  readonly onRequest?: RequestListener;
  /**
   * How long closing waits for requests under way, in milliseconds.
   *
   * @default {5_000}
   */
  readonly drainTimeout?: number;
  /**
   * How long all of closing may take, in milliseconds: for requests under way, and then for what the
   * bus has not taken yet.
   *
   * @default {6_000}
   */
  readonly closeTimeout?: number;
  /**
   * How many requests may be under way; beyond that they are refused as `Busy`.
   *
   * @default {1_000}
   */
  readonly requestLimit?: number;
  /**
   * Time between announcements, in milliseconds.
   *
   * @default {60_000}
   */
  readonly announceInterval?: number;
  /**
   * Time between looks at who Asterisk is, and whether it was restarted, in milliseconds.
   *
   * @default {10_000}
   */
  readonly checkInterval?: number;
  /**
   * Time for a request to Asterisk, and for opening its event socket, in milliseconds.
   *
   * @default {10_000}
   */
  readonly requestTimeout?: number;
  /**
   * Time without any event after which the event socket is pinged, in milliseconds.
   *
   * @default {15_000}
   */
  readonly silence?: number;
  /**
   * Time for the pong, in milliseconds.
   *
   * @default {5_000}
   */
  readonly probeTimeout?: number;
}

/** Whether Asterisk is there, and if not, why. */
export type AsteriskState =
  | { readonly up: true; readonly node: string }
  | { readonly up: false; readonly reason: string };

/**
 * Is told of a request that was answered: its kind (`unknown` for what is no request), the code of
 * the error or `ok`, and the time it took, in milliseconds.
 */
export type RequestListener = (
  kind: Kind | "unknown",
  outcome: ErrorCode | "ok",
  time: number,
) => void;

/** A proxy that runs. */
export interface Proxy extends AsyncDisposable {
  /** What it has done so far. */
  readonly stats: Readonly<Stats>;
  /** What it holds at this moment. */
  readonly levels: Levels;
  /** Its coordinates, one for each application, while its Asterisk is there. */
  readonly selves: readonly Coordinates[];
  /** Stops taking requests, finishes those under way, flushes the bus. */
  close(): Promise<void>;
}
