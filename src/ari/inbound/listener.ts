/**
 * Takes the WebSockets that Asterisks dial, and sorts them by who dialled.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { createHash, timingSafeEqual } from "node:crypto";
import { pause } from "../../common/pause.ts";
import type { ConnectAsterisk, OnWarning } from "../asterisk_link.ts";
import { closeConnection } from "../connection.ts";
import type { AriEvent } from "../read_event.ts";
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
  /** Name or address to listen at. */
  readonly hostname: string;
  /** Port; 0 stands for any that is free. */
  readonly port: number;
  /** Whom Asterisk has to show itself as. @default anyone may dial */
  readonly credentials?: Credentials;
  /** Certificate and private key for TLS, as PEM. @default plain TCP */
  readonly tls?: { readonly cert: string; readonly key: string };
  /**
   * REST over HTTP at the addresses where these Asterisks may be; each request goes there whose Asterisk
   * answers at one of them. @default requests go over the WebSockets
   */
  readonly http?: readonly AriRest[];
  /** Time between two looks at who answers at these addresses, in milliseconds. @default 10_000 */
  readonly httpCheckInterval?: number;
  /**
   * Called with each Asterisk that is not linked yet, before any of its events is read. It calls
   * `connect` at once, or does not want this Asterisk.
   */
  readonly onAsterisk: (node: string, connect: ConnectAsterisk) => void;
  /** Called with what is wrong with someone who dials. */
  readonly onWarning: OnWarning;
  /** Time for the handshake and for the first message after it, in milliseconds. @default 10_000 */
  readonly patience?: number;
  /** Most connections that have not told yet who they are. @default 256 */
  readonly strangers?: number;
  /**
   * Most Asterisks that are served; each may have its own buffers. Of those that are away the one that
   * has been so for longest makes room for another one: its link is closed.
   *
   * @default 64
   */
  readonly asterisks?: number;
  /** Time for a WebSocket to show that it lives when another one comes, in milliseconds. @default 2_000 */
  readonly duplicateTimeout?: number;
  /** How long a request waits for a WebSocket that is free, in milliseconds. @default 1_000 */
  readonly queueTimeout?: number;
  /** Times of the sockets. @default as told there */
  readonly socket?: Pick<
    InboundSocketOptions,
    "requestTimeout" | "silence" | "probeTimeout" | "longSilence" | "closeTimeout"
  >;
}

/** Listens, from its making until it is disposed of. */
export class AriListener implements AsyncDisposable {
  readonly #options: AriListenerOptions;
  readonly #listener: Deno.TcpListener | Deno.TlsListener;
  readonly #links = new Map<string, InboundLink>();
  readonly #http: HttpDirectory;
  readonly #strangers = new Set<Deno.Conn>();
  readonly #sockets = new Set<InboundSocket>();
  readonly #work = new Set<Promise<void>>();
  readonly #stop = new AbortController();
  readonly #accepting: Promise<void>;

  /**
   * Begins to listen.
   *
   * @throws What the runtime throws when the address cannot be had or the certificate is none.
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

  /** The port. */
  get port(): number {
    return this.#listener.addr.port;
  }

  /** Takes nobody any more; those who have come stay. Idempotent. */
  close(): void {
    if (this.#stop.signal.aborted) return;
    this.#stop.abort();
    this.#listener.close();
    for (const connection of this.#strangers) closeConnection(connection);
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
    const { strangers = 256, onWarning } = this.#options;
    while (!this.#stop.signal.aborted) {
      try {
        const connection = await this.#listener.accept();
        if (this.#strangers.size >= strangers) {
          onWarning("Refused a connection: too many have not told yet who they are");
          closeConnection(connection);
          continue;
        }
        const work = this.#receive(connection).finally(() => this.#work.delete(work));
        this.#work.add(work);
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        // Too many open files, or a failed handshake of TLS.
        onWarning(`Cannot take a connection: ${errorText(error)}`);
        await pause(100, this.#stop.signal).catch(() => {});
      }
    }
  }

  /** Serves one connection to its end; never rejects. */
  async #receive(connection: Deno.TcpConn | Deno.TlsConn): Promise<void> {
    const { patience = 10_000, onWarning } = this.#options;
    const host = hostOf(connection);
    const tell = (text: string) => onWarning(text, { from: host });
    this.#strangers.add(connection);
    const timer = setTimeout(() => {
      if (!this.#stop.signal.aborted) tell("Gave up a connection: it does not say who it is");
      closeConnection(connection);
    }, patience);
    const known = () => {
      clearTimeout(timer);
      this.#strangers.delete(connection);
    };
    try {
      // An answer to a request is small and must not wait for more to come.
      if ("setNoDelay" in connection) connection.setNoDelay(true);
      const request = await readUpgradeRequest(connection);
      const wrong = validate(request, this.#options.credentials);
      if (wrong) {
        tell(`Refused a connection: ${wrong.why}`);
        return await refuse(connection, wrong.status);
      }
      await request.accept("ari");
      await this.#serve(connection, { host, rest: request.rest, known });
    } catch (error) {
      closeConnection(connection);
      // Whoever leaves without a word is a check of the port.
      if (error instanceof BadUpgrade) tell(`Refused a connection: ${error.message}`);
    } finally {
      known();
    }
  }

  async #serve(
    connection: Deno.Conn,
    { host, rest, known }: { host: string; rest: Uint8Array; known: () => void },
  ): Promise<void> {
    let sink = (event: AriEvent) => {
      const { node, application } = event;
      // It is not an event of Asterisk.
      if (node === "" || application === "") return;
      known();
      const link = this.#linkOf(node);
      if (!link) {
        sink = () => {};
        return socket.close(`Asterisk ${node} is not wanted`);
      }
      sink = link.attach(socket, application);
      sink(event);
    };
    const socket = new InboundSocket(connection, {
      ...this.#options.socket,
      host,
      rest,
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
        onWarning(`Refused an Asterisk: ${asterisks} are served already`, { from: node });
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

  /** Closes the link of the Asterisk that has been away for longest; false when none is away. */
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

/** What Asterisk has to show. */
interface Credentials {
  /** User name. */
  readonly username: string;
  /** Password. */
  readonly password: string;
}

/** Why someone is refused. */
interface Objection {
  /** Status of HTTP to answer with. */
  readonly status: 400 | 401 | 403;
  /** For the log. */
  readonly why: string;
}

/**
 * What is wrong with someone who dials; undefined when nothing is.
 *
 * @param credentials What has to be shown; undefined when anyone may dial.
 */
function validate(
  { headers, protocols }: UpgradeRequest,
  credentials: Credentials | undefined,
): Objection | undefined {
  if (!protocols.includes("ari")) {
    return { status: 400, why: "it does not offer the subprotocol ari (protocols = ari)" };
  }
  if (credentials) {
    const { username, password } = credentials;
    const wanted = Buffer.from(`${username}:${password}`, "utf8").toString("base64");
    const given = /^basic +(\S+)$/i.exec(headers.get("authorization") ?? "")?.[1] ?? "";
    if (same(given, wanted)) return undefined;
    return { status: 401, why: "it has not the right user name and password" };
  }
  // Any page that a browser on this machine shows could dial; Asterisk sends no origin.
  return headers.has("origin")
    ? { status: 403, why: "it is a browser, and no password is set" }
    : undefined;
}

/** Compares in a time that does not tell how much is right. */
function same(given: string, wanted: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}
