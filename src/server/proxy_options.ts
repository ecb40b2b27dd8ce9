import type { Bus } from "../bus/bus.ts";
import type { Coordinates } from "../protocol/key.ts";
import type { Log } from "./log.ts";
import type { Stats } from "./stats.ts";

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
}

/** Options of {@linkcode startProxy}. */
export interface ProxyOptions {
  /** Stasis applications, one at least. */
  readonly apps: readonly string[];
  /** The Asterisk. */
  readonly asterisk: AsteriskAddress;
  /** Name of the node, instead of Asterisk's entity ID. */
  readonly nodeId?: string;
  /** What tells this process from others, and which version it is. */
  readonly process: { readonly id: string; readonly version: string; readonly started: Date };
  /** The bus. It stays open when the proxy is closed. */
  readonly bus: Bus;
  /** Where to tell what happens. */
  readonly log: Log;
  /**
   * How long closing waits for requests under way, in milliseconds.
   *
   * @default {5_000}
   */
  readonly drainTimeout?: number;
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
   * Time between looks at Asterisk's entity ID, in milliseconds.
   *
   * @default {10_000}
   */
  readonly checkInterval?: number;
}

/** A proxy that runs. */
export interface Proxy extends AsyncDisposable {
  /** What it has done so far. */
  readonly stats: Readonly<Stats>;
  /** Its coordinates, one for each application, while its Asterisk is there. */
  readonly selves: readonly Coordinates[];
  /** Stops taking requests, finishes those under way, flushes the bus. */
  close(): Promise<void>;
}
