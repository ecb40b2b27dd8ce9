/**
 * A small server of the NATS client protocol, inside this program.
 *
 * It serves one machine, for demos and tests, so that nothing has to be installed: no storage, no
 * cluster, no TLS. Clients of NATS join it unchanged.
 *
 * @module
 */

import { pause } from "../common/pause.ts";
import { ClientConnection, type ClientContext } from "./client_connection.ts";
import { BufferPool } from "./outgoing.ts";
import { EmbeddedBusError } from "./errors.ts";
import type { Log } from "../common/log.ts";
import { Router } from "./router.ts";
import { errorText } from "../common/error_text.ts";
import { isLoopback } from "../common/is_loopback.ts";

export { EmbeddedBusError } from "./errors.ts";

/** Options of {@linkcode startEmbeddedBus}. */
interface EmbeddedBusOptions {
  /** The address to listen on. Other than loopback it requires a token. @default "127.0.0.1" */
  readonly hostname?: string;
  /** The port to listen on; 0 takes a free one. @default 4222 */
  readonly port?: number;
  /** The token that clients must send. @default none is required */
  readonly token?: string;
  /** The largest payload with its headers, in bytes. @default 1048576 */
  readonly maxPayload?: number;
  /** Bytes that may be queued for a client, which is disconnected beyond that. @default 67108864 */
  readonly maxPending?: number;
  /** The most clients at a time. @default 1024 */
  readonly maxConnections?: number;
  /** The most subscriptions of a client. @default 65536 */
  readonly maxSubscriptions?: number;
  /** Time for a client to send its token, in milliseconds. @default 2000 */
  readonly authTimeout?: number;
  /** Time after which a silent client is pinged, in milliseconds. @default 30000 */
  readonly pingInterval?: number;
  /** Where it logs. @default nowhere */
  readonly log?: Omit<Log, "error">;
}

/** An embedded bus. Disposing it closes all connections, and is idempotent. */
interface EmbeddedBus extends AsyncDisposable {
  /** `nats://HOST:PORT`, without the token. */
  readonly url: string;
  /** Where it listens. */
  readonly hostname: string;
  /** The port it listens on. */
  readonly port: number;
  /** How many clients are connected at this moment. */
  readonly clients: number;
  /** How many different subjects, with or without wildcards, they subscribe to at this moment. */
  readonly patterns: number;
}

/** Buffers for what goes out; 4 MiB are kept. */
const BUFFERS = { size: 64 * 1024, keep: 64 };
/** Pause after a connection could not be accepted, in milliseconds: no files are left, perhaps. */
const ACCEPT_PAUSE = 100;
const SILENT: Omit<Log, "error"> = { debug() {}, info() {}, warn() {} };

/**
 * Opens an embedded bus.
 *
 * @throws {EmbeddedBusError} With the code `in_use` when something listens there already, `invalid`
 * for a host beyond loopback without a token, or an empty token, and `failed` otherwise.
 */
// deno-lint-ignore require-await -- what is thrown at once must reject
export async function startEmbeddedBus(options: EmbeddedBusOptions = {}): Promise<EmbeddedBus> {
  const { hostname = "127.0.0.1", port = 4222, token } = options;
  checkAccess(hostname, token);
  return new Server(listen(hostname, port), hostname, options);
}

class Server implements EmbeddedBus {
  readonly hostname: string;
  readonly port: number;
  readonly url: string;
  readonly #listener: Deno.TcpListener;
  readonly #router = new Router();
  readonly #context: ClientContext;
  readonly #maxConnections: number;
  readonly #clients = new Set<ClientConnection>();
  /** All whose sockets are open: the clients, and those that still read why they were closed. */
  readonly #open = new Map<ClientConnection, Promise<void>>();
  readonly #idleTimer: ReturnType<typeof setInterval>;
  readonly #stop = new AbortController();
  readonly #accepting: Promise<void>;
  #count = 0;

  constructor(listener: Deno.TcpListener, hostname: string, options: EmbeddedBusOptions) {
    this.#listener = listener;
    this.hostname = hostname;
    this.port = listener.addr.port;
    this.url = urlOf(hostname, this.port);
    this.#maxConnections = options.maxConnections ?? 1024;
    this.#context = {
      router: this.#router,
      pool: new BufferPool(BUFFERS),
      hostname,
      port: this.port,
      serverId: crypto.randomUUID().replaceAll("-", "").toUpperCase(),
      token: options.token,
      maxPayload: options.maxPayload ?? 1024 * 1024,
      maxPending: options.maxPending ?? 64 * 1024 * 1024,
      maxSubscriptions: options.maxSubscriptions ?? 65_536,
      authTimeout: options.authTimeout ?? 2_000,
      log: options.log ?? SILENT,
    };
    this.#idleTimer = setInterval(() => {
      for (const client of this.#clients) client.checkIdle();
    }, options.pingInterval ?? 30_000);
    this.#accepting = this.#accept();
    this.#context.log.debug(
      `Embedded bus listens on ${this.url}: for this machine only, without storage`,
    );
  }

  get clients(): number {
    return this.#clients.size;
  }

  get patterns(): number {
    return this.#router.patterns;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#stop.signal.aborted) {
      this.#stop.abort();
      clearInterval(this.#idleTimer);
      this.#listener.close();
    }
    await this.#accepting;
    for (const connection of this.#open.keys()) connection.close();
    await Promise.all(this.#open.values());
  }

  async #accept(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        this.#welcome(await this.#listener.accept());
      } catch (error) {
        if (signal.aborted) return;
        this.#context.log.warn(`Embedded bus cannot accept a connection: ${errorText(error)}`);
        await pause(ACCEPT_PAUSE, signal).catch(() => {});
      }
    }
  }

  #welcome(conn: Deno.TcpConn): void {
    if (this.#stop.signal.aborted) return conn.close();
    const full = this.#clients.size >= this.#maxConnections;
    // Rejected clients have a moment to read the reason, but not without a limit.
    if (full && this.#open.size >= 2 * this.#maxConnections) return conn.close();
    const client = new ClientConnection(conn, this.#context, {
      id: ++this.#count,
      onEnd: () => void this.#clients.delete(client),
    });
    this.#clients.add(client);
    this.#open.set(client, client.run().finally(() => this.#open.delete(client)));
    if (full) client.end("Maximum Connections Exceeded");
  }
}

function checkAccess(hostname: string, token: string | undefined): void {
  const refuse = (why: string) => {
    throw new EmbeddedBusError("invalid", `Cannot open the embedded bus on ${hostname}: ${why}`);
  };
  if (token === "") refuse("the token is empty");
  if (!isLoopback(hostname) && token === undefined) refuse("beyond this machine it needs a token");
}

function listen(hostname: string, port: number): Deno.TcpListener {
  try {
    return Deno.listen({ hostname, port, transport: "tcp" });
  } catch (cause) {
    const what = `Cannot open the embedded bus on ${hostname}:${port}`;
    if (cause instanceof Deno.errors.AddrInUse) {
      throw new EmbeddedBusError("in_use", `${what}: the port is taken`, { cause });
    }
    throw new EmbeddedBusError("failed", `${what}: ${errorText(cause)}`, { cause });
  }
}

function urlOf(hostname: string, port: number): string {
  return `nats://${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
}
