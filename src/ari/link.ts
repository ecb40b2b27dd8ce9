/**
 * Keeps one Asterisk connected over REST and an ARI WebSocket; reconnects until it is closed.
 *
 * @module
 */
import { backoff, type BackoffOptions } from "../common/backoff.ts";
import { errorText } from "../common/error_text.ts";
import { pause } from "../common/pause.ts";
import { parseAddress } from "./address.ts";
import {
  type AriDownReason,
  type AriState,
  type AsteriskInfo,
  type AsteriskLink,
  downReason,
  type LinkHooks,
  readInfo,
  startupTime,
} from "./asterisk_link.ts";
import { AriError } from "./errors.ts";
import type { RawEvent } from "./read_event.ts";
import { type AriRest, createRest } from "./rest.ts";
import { type AriWebSocket, eventQuery, openAriWebSocket } from "./websocket/outbound.ts";
import { awaitSilence, Pulse } from "./websocket/silence.ts";

/** Backoff between attempts to connect, in milliseconds. */
interface AriPauses {
  /** After a lost connection, and any other failure. @default 100 growing to 5_000 */
  readonly lost: BackoffOptions;
  /** After a refusal of the user (401, 403). @default 5_000 growing to 30_000 */
  readonly denied: BackoffOptions;
  /** After another program took an application over. @default 5_000 growing to 60_000 */
  readonly replaced: BackoffOptions;
}

/** Options of {@linkcode AriLink}. None of the callbacks may wait or throw. */
interface AriLinkOptions extends LinkHooks {
  /** Base URL of REST, such as `http://127.0.0.1:8088/ari`; may hold user name and password. */
  readonly httpUrl: string;
  /** URL of the ARI WebSocket, such as `ws://127.0.0.1:8088/ari/events`; may hold them as well. */
  readonly websocketUrl: string;
  /** ARI user. @default the one in each URL */
  readonly username?: string;
  /** Its password. @default the one in each URL */
  readonly password?: string;
  /** The Stasis applications to serve: one at least, without commas. */
  readonly applications: readonly string[];
  /** `Origin` header of the ARI WebSocket. @default "http://localhost/" */
  readonly origin?: string;
  /** Certificates to trust, as PEM. @default the system's */
  readonly ca?: readonly string[];
  /** Time for a REST request, and for opening the WebSocket, in milliseconds. @default 10_000 */
  readonly requestTimeout?: number;
  /** Interval of checks of the entity ID and the start time, in milliseconds. @default 10_000 */
  readonly checkInterval?: number;
  /** Time without any event after which the WebSocket is pinged, in milliseconds. @default 15_000 */
  readonly silence?: number;
  /** Time for the pong, in milliseconds. @default 5_000 */
  readonly probeTimeout?: number;
  /** Backoff between attempts to connect. @default as in {@linkcode AriPauses} */
  readonly pauses?: Partial<AriPauses>;
  /** Closes the link. */
  readonly signal?: AbortSignal;
}

/** Keeps one Asterisk connected, from {@linkcode AriLink.start} until it is disposed of. */
export class AriLink implements AsteriskLink {
  /** REST, to be used at any time; it does not wait for the ARI WebSocket. */
  readonly rest: AriRest;
  /** REST for the checks, which must not queue behind requests. */
  readonly #checks: AriRest;
  readonly #options: AriLinkOptions;
  readonly #pauses: AriPauses;
  readonly #stop = new AbortController();
  readonly #onAbort = () => this.#close();
  #state: AriState = { up: false, code: "starting", reason: "Not connected yet" };
  #running: Promise<void> | undefined;

  /**
   * Prepares a link; nothing is connected before {@linkcode AriLink.start}.
   *
   * @throws {AriError} With the code `invalid` when a URL or an application cannot be used.
   */
  constructor(options: AriLinkOptions) {
    const { httpUrl, websocketUrl: url, username, password, ca, signal } = options;
    parseAddress({ url }, ["ws:", "wss:"]);
    eventQuery(options.applications);
    const timeout = options.requestTimeout;
    this.rest = createRest({ url: httpUrl, username, password, timeout, ca });
    this.#checks = createRest({ url: httpUrl, username, password, timeout, ca, connections: 2 });
    this.#options = options;
    this.#pauses = {
      lost: { first: 100, max: 5_000 },
      denied: { first: 5_000, max: 30_000 },
      replaced: { first: 5_000, max: 60_000 },
      ...options.pauses,
    };
    if (signal?.aborted) this.#close();
    else signal?.addEventListener("abort", this.#onAbort, { once: true });
  }

  get state(): AriState {
    return this.#state;
  }

  start(): void {
    if (!this.#stop.signal.aborted) this.#running ??= this.#run(this.#stop.signal);
  }

  /** Closes all connections, aborts pending requests, and stays `closed`. Idempotent. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#close();
    await this.#running;
  }

  #close(): void {
    if (this.#stop.signal.aborted) return;
    this.#stop.abort();
    this.#options.signal?.removeEventListener("abort", this.#onAbort);
    this.rest[Symbol.dispose]();
    this.#checks[Symbol.dispose]();
    this.#report({ up: false, code: "closed", reason: "Closed by this side" });
  }

  #enter(state: AriState): void {
    if (!this.#stop.signal.aborted) this.#report(state);
  }

  #report(state: AriState): void {
    this.#state = state;
    try {
      this.#options.onState(state);
    } catch (error) {
      const why = errorText(error);
      this.#warn(`Cannot handle a change of Asterisk's state: ${why}`);
    }
  }

  #warn(text: string): void {
    this.#options.onWarning?.(text);
  }

  /** Records the entity ID; reports it when the link was down, or the ID has changed. */
  #identify(info: AsteriskInfo): void {
    const node = info.system.entity_id;
    const state = { up: true, node, info } as const;
    if (this.#state.up && this.#state.node === node) this.#state = state;
    else this.#enter(state);
  }

  async #run(signal: AbortSignal): Promise<void> {
    let attempt = 0;
    let before: BackoffOptions | undefined;
    while (!signal.aborted) {
      const { reason, lived, closed } = await connectOnce(this.#options, {
        rest: this.#checks,
        signal,
        onUp: (info) => this.#identify(info),
        onWarning: (text) => this.#warn(text),
      });
      const kind = reason.code === "denied" || reason.code === "replaced" ? reason.code : "lost";
      const limits = this.#pauses[kind];
      // The backoff grows until a connection lasts, not merely until one is made: two programs that
      // take an application from each other both connect successfully every time.
      attempt = limits !== before || lived >= limits.max ? 0 : attempt + 1;
      before = limits;
      const retryIn = backoff(attempt, limits);
      this.#enter({ up: false, ...reason, retryIn });
      const resting = signal.aborted ? undefined : pause(retryIn, signal).catch(() => {});
      await Promise.all([resting, closed]);
    }
  }
}

/** What a connection uses of its link. */
interface ConnectionOwner {
  /** REST for the checks. */
  readonly rest: AriRest;
  /** Ends the connection. */
  readonly signal: AbortSignal;
  /** Called when the WebSocket is open, and then after each check. */
  readonly onUp: (info: AsteriskInfo) => void;
  /** Called with failures that do not end the connection, once for repeated ones. */
  readonly onWarning: (text: string) => void;
}

/** How a connection ended. */
interface ConnectionEnd {
  readonly reason: AriDownReason;
  /** How long the WebSocket was open, in milliseconds. */
  readonly lived: number;
  /** Resolves when nothing of the connection is left. */
  readonly closed: Promise<unknown>;
}

/** Connects and serves the connection until it ends; never rejects. */
async function connectOnce(
  options: AriLinkOptions,
  owner: ConnectionOwner,
): Promise<ConnectionEnd> {
  const { websocketUrl: url, username, password, applications, ca, origin, pauseReading } = options;
  const { requestTimeout: timeout, silence = 15_000, probeTimeout = 5_000 } = options;
  const { rest, signal } = owner;
  const ended = Promise.withResolvers<AriDownReason>();
  const pulse = new Pulse();
  const handle = eventHandler(options, owner, ended.resolve);
  // Events that come with the opening handshake, before the link has reported that it is up.
  let early: RawEvent[] | undefined = [];
  let info: AsteriskInfo;
  let socket: AriWebSocket;
  try {
    info = await readInfo(rest, { signal });
    if (info.system.entity_id === "") return neverUp(NO_ENTITY_ID);
    socket = await openAriWebSocket({
      ...{ url, username, password, applications, ca, origin, timeout, signal, pauseReading },
      onEvent: (event) => early ? early.push(event) : handle(event),
      onSign: () => pulse.beat(),
    });
  } catch (error) {
    return neverUp(downReason(asAriError(error)));
  }
  const begun = performance.now();
  pulse.beat();
  owner.onUp(info);
  early.forEach(handle);
  early = undefined;

  const watching = new AbortController();
  const both = AbortSignal.any([signal, watching.signal]);
  const pinging = { ping: () => socket.ping(), silence, probeTimeout, signal: both };
  const watch = async (dead: Promise<void>, reason: AriDownReason) => {
    try {
      await dead;
      ended.resolve(reason);
    } catch (error) {
      if (!both.aborted) ended.resolve({ code: "lost", reason: errorText(error) });
    }
  };
  const closed = Promise.all([
    socket.closed.then((reason) => ended.resolve({ code: "lost", reason })),
    watch(awaitSilence(pulse, pinging), SILENT),
    watch(awaitRestart(info, { ...owner, signal: both }, options.checkInterval), RESTARTED),
  ]);
  const reason = await ended.promise;
  const lived = performance.now() - begun;
  watching.abort();
  socket.close();
  return { reason, lived, closed };
}

function eventHandler(
  { applications, onEvent }: AriLinkOptions,
  { onWarning }: ConnectionOwner,
  end: (reason: AriDownReason) => void,
): (event: RawEvent) => void {
  let failing = false;
  return (event) => {
    try {
      onEvent(event);
      failing = false;
    } catch (error) {
      if (!failing) onWarning(`Cannot handle an event: ${errorText(error)}`);
      failing = true;
    }
    const { type, application } = event;
    if (type === "ApplicationReplaced" && applications.includes(application)) {
      end(replaced(application));
    }
  };
}

/**
 * Checks Asterisk periodically. Resolves when it has been restarted: after that nothing comes from the
 * WebSocket although it looks open.
 */
async function awaitRestart(
  first: AsteriskInfo,
  { rest, onUp, onWarning, signal }: ConnectionOwner,
  checkInterval = 10_000,
): Promise<void> {
  let failures = 0;
  while (true) {
    await pause(checkInterval, signal);
    try {
      const info = await readInfo(rest, { signal });
      signal.throwIfAborted();
      if (startupTime(info) !== startupTime(first)) return;
      failures = 0;
      if (info.system.entity_id !== "") onUp(info);
    } catch (error) {
      signal.throwIfAborted();
      const { message } = asAriError(error);
      if (failures++ === 0) onWarning(`${message}; the ARI WebSocket is open nevertheless`);
    }
  }
}

const NO_ENTITY_ID: AriDownReason = {
  code: "no_entity_id",
  reason: "Cannot identify this Asterisk: it has no entity ID; set entityid in asterisk.conf",
};

const SILENT: AriDownReason = {
  code: "silent",
  reason: "ARI WebSocket dead: it looks open, but Asterisk does not respond to a ping",
};

const RESTARTED: AriDownReason = {
  code: "silent",
  reason: "ARI WebSocket dead: it looks open, but Asterisk was restarted",
};

function replaced(application: string): AriDownReason {
  const reason =
    `ARI WebSocket closed: another program took the application ${application} over; ` +
    "run only one at a time for each Asterisk and application";
  return { code: "replaced", reason };
}

function neverUp(reason: AriDownReason): ConnectionEnd {
  return { reason, lived: 0, closed: Promise.resolve() };
}

function asAriError(error: unknown): AriError {
  if (error instanceof AriError) return error;
  return new AriError("bad_response", errorText(error), { cause: error });
}
