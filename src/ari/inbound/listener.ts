/**
 * Accepts the WebSockets that Asterisks open, and assigns each to the link of its Asterisk.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { createHash, timingSafeEqual } from "node:crypto";
import { pause } from "../../common/pause.ts";
import type { ConnectAsterisk, OnWarning } from "../asterisk_link.ts";
import { closeConnection } from "../connection.ts";
import type { RawEvent } from "../read_event.ts";
import { HttpDirectory } from "./directory.ts";
import { InboundLink } from "./link.ts";
import { InboundSocket, type InboundSocketOptions } from "./socket.ts";
import type { AriRest } from "../rest.ts";
import {
  BadUpgrade,
  readUpgradeRequest,
  refuse,
  type UpgradeRequest,
} from "../websocket/handshake.ts";
import { errorText } from "../../common/error_text.ts";

/** Options of {@linkcode AriListener}. None of the callbacks may wait or throw. */
interface AriListenerOptions {
  /** Name or address to listen on. */
  readonly hostname: string;
  /** Port; 0 for any free one. */
  readonly port: number;
  /** Credentials that Asterisk has to send. @default any client may connect */
  readonly credentials?: Credentials;
  /** Certificate and private key for TLS, as PEM. @default plain TCP */
  readonly tls?: { readonly cert: string; readonly key: string };
  /**
   * REST over HTTP at the addresses where these Asterisks may be. Requests to an Asterisk that responds at
   * one of them use it. @default requests use the WebSockets
   */
  readonly http?: readonly AriRest[];
  /** Interval of the checks of these addresses, in milliseconds. @default 10_000 */
  readonly httpCheckInterval?: number;
  /**
   * Called with each Asterisk that has no link yet, before any of its events is delivered. It calls
   * `connect` at once to accept this Asterisk; otherwise its WebSocket is closed.
   */
  readonly onAsterisk: (node: string, connect: ConnectAsterisk) => void;
  /** Called with the reason when a connection is refused. */
  readonly onWarning: OnWarning;
  /** Time for the handshake and the first event, in milliseconds. @default 10_000 */
  readonly identifyTimeout?: number;
  /** Maximum number of connections that have not identified themselves yet. @default 256 */
  readonly maxUnidentified?: number;
  /**
   * Maximum number of Asterisks; each has its own buffers. A further one takes the place of the one that
   * has been disconnected for longest, whose link is closed.
   *
   * @default 64
   */
  readonly asterisks?: number;
  /** Time for a WebSocket to answer a ping when a duplicate connects, in milliseconds. @default 2_000 */
  readonly duplicateTimeout?: number;
  /** Time that a request waits for a free WebSocket, in milliseconds. @default 1_000 */
  readonly queueTimeout?: number;
  /** Timeouts of the WebSockets. @default as documented there */
  readonly socket?: Pick<
    InboundSocketOptions,
    "requestTimeout" | "silence" | "probeTimeout" | "longSilence" | "closeTimeout"
  >;
}

/** Listens from its construction until it is closed. */
export class AriListener implements AsyncDisposable {
  readonly #options: AriListenerOptions;
  readonly #listener: Deno.TcpListener | Deno.TlsListener;
  readonly #links = new Map<string, InboundLink>();
  readonly #http: HttpDirectory;
  readonly #unidentified = new Set<Deno.Conn>();
  readonly #sockets = new Set<InboundSocket>();
  readonly #work = new Set<Promise<void>>();
  readonly #stop = new AbortController();
  readonly #accepting: Promise<void>;

  /**
   * Begins to listen.
   *
   * @throws What the runtime throws when the address is not available or the certificate is invalid.
   */
  constructor(options: AriListenerOptions) {
    this.#options = options;
    const { hostname, port, tls, http = [], httpCheckInterval: interval, onWarning } = options;
    this.#http = new HttpDirectory(http, { interval, onWarning });
    this.#listener = tls
      ? Deno.listenTls({ hostname, port, ...tls })
      : Deno.listen({ hostname, port });
    this.#accepting = this.#accept();
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  /** Accepts no more connections; the identified ones stay open. Idempotent. */
  close(): void {
    if (this.#stop.signal.aborted) return;
    this.#stop.abort();
    this.#listener.close();
    for (const connection of this.#unidentified) closeConnection(connection);
  }

  /** Closes everything. Idempotent. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
    await Promise.all([...this.#links.values()].map((link) => link[Symbol.asyncDispose]()));
    for (const socket of this.#sockets) socket.close("Closed by this side");
    this.#http[Symbol.dispose]();
    await Promise.all([this.#accepting, ...this.#work]);
  }

  async #accept(): Promise<void> {
    const { maxUnidentified = 256, onWarning } = this.#options;
    while (!this.#stop.signal.aborted) {
      try {
        const connection = await this.#listener.accept();
        if (this.#unidentified.size >= maxUnidentified) {
          onWarning("Refused a connection: too many have not identified themselves");
          closeConnection(connection);
          continue;
        }
        const work = this.#receive(connection).finally(() => this.#work.delete(work));
        this.#work.add(work);
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        // Too many open files, or a failed TLS handshake.
        onWarning(`Cannot accept a connection: ${errorText(error)}`);
        await pause(100, this.#stop.signal).catch(() => {});
      }
    }
  }

  /** Serves a connection until it is closed; never rejects. */
  async #receive(connection: Deno.TcpConn | Deno.TlsConn): Promise<void> {
    const { identifyTimeout = 10_000, onWarning } = this.#options;
    const host = hostOf(connection);
    const warn = (text: string) => onWarning(text, { from: host });
    this.#unidentified.add(connection);
    const timer = setTimeout(() => {
      if (!this.#stop.signal.aborted) {
        warn("Closed a connection: it did not identify itself in time");
      }
      closeConnection(connection);
    }, identifyTimeout);
    const identified = () => {
      clearTimeout(timer);
      this.#unidentified.delete(connection);
    };
    try {
      // Requests are small and must not be delayed.
      if ("setNoDelay" in connection) connection.setNoDelay(true);
      const request = await readUpgradeRequest(connection);
      const refusal = validate(request, this.#options.credentials);
      if (refusal) {
        warn(`Refused a connection: ${refusal.why}`);
        return await refuse(connection, refusal.status);
      }
      await request.accept("ari");
      const { received } = request;
      await this.#serve(connection, { host, received, identified });
    } catch (error) {
      closeConnection(connection);
      // A connection that is closed without a request is a port check.
      if (error instanceof BadUpgrade) warn(`Refused a connection: ${error.message}`);
    } finally {
      identified();
    }
  }

  async #serve(
    connection: Deno.Conn,
    { host, received, identified }: {
      host: string;
      received: Uint8Array;
      identified: () => void;
    },
  ): Promise<void> {
    let sink = (event: RawEvent) => {
      const { node, application } = event;
      // Not an event of Asterisk.
      if (node === "" || application === "") return;
      identified();
      const link = this.#linkOf(node);
      if (!link) {
        sink = () => {};
        return socket.close(`Asterisk ${node} is not accepted`);
      }
      sink = link.attach(socket, application);
      sink(event);
    };
    const socket = new InboundSocket(connection, {
      ...this.#options.socket,
      host,
      received,
      onEvent: (event) => sink(event),
    });
    this.#sockets.add(socket);
    await socket.closed;
    this.#sockets.delete(socket);
  }

  #linkOf(node: string): InboundLink | undefined {
    if (!this.#links.has(node) && !this.#stop.signal.aborted) {
      const { duplicateTimeout, queueTimeout, asterisks = 64, onWarning } = this.#options;
      const http = this.#http;
      if (this.#links.size >= asterisks && !this.#makeRoom()) {
        onWarning(`Refused an Asterisk: ${asterisks} are connected already`, { from: node });
        return undefined;
      }
      this.#options.onAsterisk(node, (hooks) => {
        const onClosed = () => this.#links.delete(node);
        const link = new InboundLink({
          ...hooks,
          node,
          http,
          duplicateTimeout,
          queueTimeout,
          onClosed,
        });
        this.#links.set(node, link);
        return link;
      });
    }
    return this.#links.get(node);
  }

  /** Closes the link of the Asterisk that has been disconnected for longest; false when all are connected. */
  #makeRoom(): boolean {
    const links = [...this.#links.values()];
    const link = links.reduce((one, other) => one.awaySince <= other.awaySince ? one : other);
    if (link.awaySince === Infinity) return false;
    const work = link[Symbol.asyncDispose]().finally(() => this.#work.delete(work));
    this.#work.add(work);
    return true;
  }
}

function hostOf({ remoteAddr }: Deno.Conn): string {
  return remoteAddr.transport === "tcp" ? `${remoteAddr.hostname}:${remoteAddr.port}` : "a socket";
}

/** The credentials that Asterisk has to send. */
interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** Why a connection is refused. */
interface Refusal {
  /** HTTP status of the response. */
  readonly status: 400 | 401 | 403;
  /** For the log. */
  readonly why: string;
}

/**
 * Checks the request of a client; undefined when it is accepted.
 *
 * @param credentials What it has to send; undefined when any client may connect.
 */
function validate(
  { headers, protocols }: UpgradeRequest,
  credentials: Credentials | undefined,
): Refusal | undefined {
  if (!protocols.includes("ari")) {
    return { status: 400, why: "it does not offer the subprotocol ari (protocols = ari)" };
  }
  if (credentials) {
    const { username, password } = credentials;
    const wanted = Buffer.from(`${username}:${password}`, "utf8").toString("base64");
    const given = /^basic +(\S+)$/i.exec(headers.get("authorization") ?? "")?.[1] ?? "";
    if (same(given, wanted)) return undefined;
    return { status: 401, why: "it did not send the right user name and password" };
  }
  // Any page in a browser on this machine could connect; Asterisk sends no origin.
  return headers.has("origin")
    ? { status: 403, why: "it is a browser, and no password is set" }
    : undefined;
}

/** Compares in constant time. */
function same(given: string, wanted: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}
