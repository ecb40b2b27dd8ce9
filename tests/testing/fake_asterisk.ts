/**
 * A stand-in for Asterisk that speaks ARI on a real port: REST answers by script, an event
 * WebSocket, and the faults that a real Asterisk does not produce on demand.
 *
 * @module
 */
import http from "node:http";
import https from "node:https";
import { Buffer } from "node:buffer";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { withDeadline } from "./deadline.ts";
import { acceptWebSocket, type WebSocketPeer } from "./websocket_peer.ts";

/** A REST call as it came over the wire. */
export interface RecordedCall {
  readonly method: string;
  /** Path below `/ari`, byte for byte. */
  readonly path: string;
  /** What follows `?`, byte for byte; empty when there is none. */
  readonly query: string;
  /** The body, without a final line feed; null when it is empty. */
  readonly body: string | null;
  readonly headers: Readonly<http.IncomingHttpHeaders>;
}

/** What to answer to a call. */
export interface FakeAnswer {
  readonly status: number;
  /** @default the usual one for the status, or none */
  readonly reason?: string;
  /** A text in JSON, or the bytes of a file. @default empty */
  readonly body?: string | Uint8Array;
  /** After how many bytes of the body the connection is cut. @default never */
  readonly cut?: number;
}

/** An answer of a queue; method and path, if given, have to be those of the call. */
export interface ScriptedAnswer extends FakeAnswer {
  readonly method?: string;
  readonly path?: string;
}

/** Answers a call; undefined leaves it to the fake. */
export type AnswerHandler = (
  call: RecordedCall,
) => FakeAnswer | undefined | Promise<FakeAnswer | undefined>;

/** Options of {@linkcode startFakeAsterisk}. */
export interface FakeAsteriskOptions {
  /** @default "02:00:00:00:00:0f" */
  readonly entityId?: string;
  /** @default "22.10.1" */
  readonly version?: string;
  /** @default "ari" */
  readonly username?: string;
  /** @default "ari-secret" */
  readonly password?: string;
  /**
   * Whether `GET /asterisk/info` is answered apart from the script and not recorded in `calls`.
   * @default true
   */
  readonly apart?: boolean;
  /** Certificate and key, as PEM, for https and wss. @default plain http and ws */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** How long an idle HTTP connection is kept, in milliseconds. @default 15_000, as Asterisk does */
  readonly idleTimeout?: number;
}

/** A running fake. */
export interface FakeAsterisk extends AsyncDisposable {
  /** Base URL of REST, without credentials. */
  readonly httpUrl: string;
  /** URL of the event socket, without credentials and query. */
  readonly websocketUrl: string;
  /** The ARI user. */
  readonly username: string;
  /** Its password; may be changed. */
  password: string;
  /** The entity ID in info; may be changed. */
  entityId: string;
  /** The start time in info; may be changed. */
  startupTime: string;
  /** The calls recorded so far. */
  readonly calls: readonly RecordedCall[];
  /** How often info was asked for. */
  readonly infos: number;
  /** How many pings came on event sockets. */
  readonly pings: number;
  /** How many HTTP connections have been opened so far, event sockets included. */
  readonly connections: number;
  /** HTTP connections open now, event sockets included. */
  readonly open: number;
  /** Open event sockets. */
  readonly sockets: number;
  /** What did not fit the script; a test may look whether it is empty. */
  readonly complaints: readonly string[];
  /** Sets the script: a queue of which each call takes the next, or a function. */
  answer(script: readonly ScriptedAnswer[] | AnswerHandler): void;
  /** Sends an event to the sockets of its `application`, or to all when it has none. */
  sendEvent(event: string | Readonly<Record<string, unknown>>): void;
  /** Breaks all event sockets. */
  dropSockets(): void;
  /** Makes the event sockets stay open and silent, pings included. @default true */
  stall(on?: boolean): void;
  /** Lets REST calls of which the test is true hang without an answer; null ends that. */
  hang(test: ((call: RecordedCall) => boolean) | null): void;
  /** Stops listening and cuts everything, so that connecting is refused. */
  refuse(): Promise<void>;
  /** Listens again, on the same port. */
  accept(): Promise<void>;
  /** Resolves when a socket serves the application. */
  connected(application: string): Promise<void>;
  /** Resolves when the condition holds; looks after every call and change of a connection. */
  until(condition: () => boolean): Promise<void>;
}

/** Starts a fake on a free port of the loopback. */
export async function startFakeAsterisk(options: FakeAsteriskOptions = {}): Promise<FakeAsterisk> {
  const fake = new Fake(options);
  await fake.accept();
  return fake;
}

class Fake implements FakeAsterisk {
  readonly username: string;
  password: string;
  entityId: string;
  startupTime = "2026-11-22T22:00:00.000+0000";
  readonly calls: RecordedCall[] = [];
  readonly complaints: string[] = [];
  infos = 0;
  pings = 0;
  connections = 0;
  readonly #options: FakeAsteriskOptions;
  readonly #streams = new Set<Duplex>();
  readonly #peers = new Set<WebSocketPeer>();
  readonly #applications = new Map<string, WebSocketPeer>();
  #server: http.Server | undefined;
  #port = 0;
  #queue: ScriptedAnswer[] = [];
  #handler: AnswerHandler | undefined;
  #hangs: ((call: RecordedCall) => boolean) | null = null;
  #stalled = false;
  #waiting: { condition: () => boolean; resolve: () => void }[] = [];

  constructor(options: FakeAsteriskOptions) {
    this.#options = options;
    this.username = options.username ?? "ari";
    this.password = options.password ?? "ari-secret";
    this.entityId = options.entityId ?? "02:00:00:00:00:0f";
  }

  get #secure(): "s" | "" {
    return this.#options.tls === undefined ? "" : "s";
  }
  get httpUrl(): string {
    return `http${this.#secure}://127.0.0.1:${this.#port}/ari`;
  }
  get websocketUrl(): string {
    return `ws${this.#secure}://127.0.0.1:${this.#port}/ari/events`;
  }
  get open(): number {
    return this.#streams.size;
  }
  get sockets(): number {
    return this.#peers.size;
  }

  answer(script: readonly ScriptedAnswer[] | AnswerHandler): void {
    this.#handler = typeof script === "function" ? script : undefined;
    this.#queue = typeof script === "function" ? [] : [...script];
  }

  sendEvent(event: string | Readonly<Record<string, unknown>>): void {
    const text = typeof event === "string" ? event : JSON.stringify(event);
    const application = typeof event === "string" ? undefined : event.application;
    if (this.#stalled) return;
    if (typeof application === "string") this.#applications.get(application)?.send(text);
    else for (const peer of this.#peers) peer.send(text);
  }

  dropSockets(): void {
    for (const peer of this.#peers) peer.destroy();
  }

  stall(on = true): void {
    this.#stalled = on;
  }

  hang(test: ((call: RecordedCall) => boolean) | null): void {
    this.#hangs = test;
  }

  connected(application: string): Promise<void> {
    return this.until(() => this.#applications.has(application));
  }

  until(condition: () => boolean): Promise<void> {
    if (condition()) return Promise.resolve();
    const met = new Promise<void>((resolve) => this.#waiting.push({ condition, resolve }));
    return withDeadline(met, { what: `the fake Asterisk waits for ${condition}` });
  }

  #changed(): void {
    this.#waiting = this.#waiting.filter(({ condition, resolve }) => {
      const done = condition();
      if (done) resolve();
      return !done;
    });
  }

  async accept(): Promise<void> {
    if (this.#server !== undefined) return;
    const { tls, idleTimeout = 15_000 } = this.#options;
    const server = tls === undefined ? http.createServer() : https.createServer({ ...tls });
    server.keepAliveTimeout = idleTimeout;
    server.on("request", (request, response) => {
      this.#serve(request, response).catch((error) => this.complaints.push(String(error)));
    });
    server.on("upgrade", (request, stream) => this.#upgrade(request, stream));
    server.on("connection", (stream: Duplex) => {
      this.connections++;
      this.#streams.add(stream);
      this.#changed();
      stream.once("close", () => {
        this.#streams.delete(stream);
        this.#changed();
      });
    });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(this.#port, "127.0.0.1", resolve);
    });
    const address: AddressInfo | string | null = server.address();
    if (address !== null && typeof address === "object") this.#port = address.port;
    this.#server = server;
  }

  async refuse(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    this.dropSockets();
    server.closeAllConnections();
    for (const stream of this.#streams) stream.destroy();
    await closed;
    await this.until(() => this.#peers.size === 0);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.refuse();
  }

  #authorized(request: http.IncomingMessage): boolean {
    const wanted = Buffer.from(`${this.username}:${this.password}`).toString("base64");
    return request.headers.authorization === `Basic ${wanted}`;
  }

  async #serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString("utf8").replace(/\n$/, "");
    const { path, query } = target(request);
    const call: RecordedCall = {
      method: request.method ?? "",
      path,
      query,
      body: text === "" ? null : text,
      headers: request.headers,
    };
    const apart = this.#options.apart ?? true;
    const info = call.method === "GET" && path === "/asterisk/info";
    if (info) this.infos++;
    if (!apart || !info) this.calls.push(call);
    // The script may take its time.
    this.#changed();
    const answer = this.#hangs?.(call) ? undefined : await this.#answerTo(request, call, apart);
    this.#changed();
    if (answer === undefined) return;
    const { status, body = "" } = answer;
    const headers: http.OutgoingHttpHeaders = { "Content-Length": Buffer.byteLength(body) };
    if (body !== "") {
      headers["Content-Type"] = typeof body === "string" ? "application/json" : "audio/wav";
    }
    const reason = answer.reason ?? http.STATUS_CODES[status] ?? "";
    response.writeHead(status, reason, headers);
    if (answer.cut === undefined) return void response.end(body);
    response.write(body.slice(0, answer.cut), () => response.destroy());
  }

  async #answerTo(
    request: http.IncomingMessage,
    call: RecordedCall,
    apart: boolean,
  ): Promise<FakeAnswer> {
    const { method, path } = call;
    if (!request.url?.startsWith("/ari/")) return { status: 404, body: "<h1>Not Found</h1>" };
    if (!this.#authorized(request)) {
      return { status: 401, body: `{"message":"Authentication required"}` };
    }
    const special = path === "/asterisk/info" || path.startsWith("/events/user/");
    const first = apart && special ? await this.#handler?.(call) : await this.#scripted(call);
    if (first !== undefined) return first;
    if (method === "GET" && path === "/asterisk/info") return this.#info();
    if (method === "POST" && path.startsWith("/events/user/")) return this.#userEvent(call);
    this.complaints.push(`No answer left for ${method} ${path}`);
    return { status: 404, body: `{"message":"Resource not found"}` };
  }

  async #scripted(call: RecordedCall): Promise<FakeAnswer | undefined> {
    if (this.#handler !== undefined) return await this.#handler(call);
    const next = this.#queue.shift();
    if (next === undefined) return undefined;
    const { method = call.method, path = call.path } = next;
    if (method !== call.method || path !== call.path) {
      this.complaints.push(`Wanted ${method} ${path}, got ${call.method} ${call.path}`);
    }
    return next;
  }

  #info(): FakeAnswer {
    const { version = "22.10.1" } = this.#options;
    const system = { version, entity_id: this.entityId };
    const status = { startup_time: this.startupTime };
    return { status: 200, body: JSON.stringify({ build: { os: "Linux" }, system, status }) };
  }

  #userEvent(call: RecordedCall): FakeAnswer {
    const application = new URLSearchParams(call.query).get("application") ?? "";
    if (!this.#applications.has(application)) {
      return { status: 404, body: `{"message":"Application not found"}` };
    }
    const eventname = decodeURIComponent(call.path.slice("/events/user/".length));
    this.sendEvent({
      type: "ChannelUserevent",
      timestamp: "2026-11-22T22:18:58.338+0000",
      eventname,
      userevent: { eventname },
      asterisk_id: this.entityId,
      application,
    });
    return { status: 204 };
  }

  #upgrade(request: http.IncomingMessage, stream: Duplex): void {
    const { path, query } = target(request);
    const names = (new URLSearchParams(query).get("app") ?? "").split(",").filter((app) => app);
    const status = !this.#authorized(request)
      ? "401 Unauthorized"
      : path !== "/events"
      ? "404 Not Found"
      : names.length === 0
      ? "400 Bad Request"
      : undefined;
    const call = { method: "GET", path, query, body: null, headers: request.headers };
    if (this.#hangs?.(call)) return;
    if (status !== undefined) {
      stream.end(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
      return;
    }
    const peer = acceptWebSocket(stream, {
      key: request.headers["sec-websocket-key"] ?? "",
      mute: () => this.#stalled,
      onPing: () => {
        this.pings++;
        this.#changed();
      },
      onClose: () => {
        this.#peers.delete(peer);
        for (const app of names) {
          if (this.#applications.get(app) === peer) this.#applications.delete(app);
        }
        this.#changed();
      },
    });
    this.#peers.add(peer);
    for (const application of names) {
      // Like Asterisk, the older socket stays open and merely gets no more events of the application.
      this.sendEvent({ type: "ApplicationReplaced", application, asterisk_id: this.entityId });
      this.#applications.set(application, peer);
    }
    this.#changed();
  }
}

/** Path below `/ari` and query of a request, as on the wire. */
function target(request: http.IncomingMessage): { path: string; query: string } {
  const [, path = "", query = ""] = /^(?:\/ari)?([^?]*)\??(.*)$/.exec(request.url ?? "") ?? [];
  return { path, query };
}
