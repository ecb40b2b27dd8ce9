import type { BufferPool } from "./buffer_pool.ts";
import type { EmbeddedBusLog } from "./log.ts";
import type { Router } from "./router.ts";

/** What a connection shares with the others of its server. */
export interface ClientContext {
  /** Who gets what. */
  readonly router: Router;
  /** Buffers for what goes out. */
  readonly pool: BufferPool;
  /** Where the server listens. */
  readonly hostname: string;
  /** Where the server listens. */
  readonly port: number;
  /** Names this run of the server. */
  readonly serverId: string;
  /** What a client must show; undefined when nothing. */
  readonly token: string | undefined;
  /** The largest payload with its headers, in bytes. */
  readonly maxPayload: number;
  /** Bytes that may wait for a client. */
  readonly maxPending: number;
  /** Subscriptions that a client may have. */
  readonly maxSubscriptions: number;
  /** How long a client has to show its token, in milliseconds. */
  readonly authTimeout: number;
  /** Where it tells what happens. */
  readonly log: EmbeddedBusLog;
}
