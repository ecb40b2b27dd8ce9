/**
 * Keeps one Asterisk connected: REST and event socket, for ever, whatever happens to it.
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
import type { AriEvent } from "./read_event.ts";
import { type AriRest, createRest } from "./rest.ts";
import { type AriWebSocket, eventQuery, openAriWebSocket } from "./websocket/outbound.ts";
import { awaitSilence, Pulse } from "./websocket/silence.ts";

/** Pauses between attempts to connect; each pair is in milliseconds. */
interface AriPauses {
  /** After a loss or a failure of any other kind. @default 100 growing to 5_000 */
  readonly lost: BackoffOptions;
  /** After a refusal of the user (401, 403). @default 5_000 growing to 30_000 */
  readonly denied: BackoffOptions;
  /** After another program took an application. @default 5_000 growing to 60_000 */
  readonly replaced: BackoffOptions;
}

/** Options of {@linkcode AriLink}. None of the callbacks may wait or throw. */
interface AriLinkOptions extends LinkHooks {
  /** Base URL of REST, such as `http://127.0.0.1:8088/ari`; may hold user name and password. */
  readonly httpUrl: string;
  /** URL of the event socket, such as `ws://127.0.0.1:8088/ari/events`; may hold them as well. */
  readonly websocketUrl: string;
  /** ARI user. @default the one in each URL */
  readonly username?: string;
  /** Its password. @default the one in each URL */
  readonly password?: string;
  /** The Stasis applications to serve: one at least, without commas. */
  readonly applications: readonly string[];
  /** What to show as the origin of the event socket. @default "http://localhost/" */
  readonly origin?: string;
  /** Certificates to trust, as PEM. @default the system's */
  readonly ca?: readonly string[];
  /** Time for a REST request, and for opening the socket, in milliseconds. @default 10_000 */
  readonly requestTimeout?: number;
  /** Time between looks at who Asterisk is, and whether it was restarted, in milliseconds. @default 10_000 */
  readonly checkInterval?: number;
  /** Time without any event after which the socket is pinged, in milliseconds. @default 15_000 */
  readonly silence?: number;
  /** Time for the pong, in milliseconds. @default 5_000 */
  readonly probeTimeout?: number;
  /** Pauses between attempts to connect. @default as told at {@linkcode AriPauses} */
  readonly pauses?: Partial<AriPauses>;
  /** Closes the link. */
  readonly signal?: AbortSignal;
}

/** Keeps one Asterisk connected, from {@linkcode AriLink.start} until it is disposed of. */
export class AriLink implements AsteriskLink {
  /** REST, to be used at any time; it does not wait for the event socket. */
  readonly rest: AriRest;
  /** For looks at Asterisk, which must not wait behind requests. */
  readonly #looks: AriRest;
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
    this.#looks = createRest({ url: httpUrl, username, password, timeout, ca, connections: 2 });
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

  /** Whether Asterisk is connected at this moment. */
  get state(): AriState {
    return this.#state;
  }

  /** Begins to connect. Idempotent; does nothing once the link is closed. */
  start(): void {
    if (!this.#stop.signal.aborted) this.#running ??= this.#run(this.#stop.signal);
  }

  /** Closes everything, gives up requests under way, and stays `closed`. Idempotent. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#close();
    await this.#running;
  }

  #close(): void {
    if (this.#stop.signal.aborted) return;
    this.#stop.abort();
    this.#options.signal?.removeEventListener("abort", this.#onAbort);
    this.rest[Symbol.dispose]();
    this.#looks[Symbol.dispose]();
    this.#tell({ up: false, code: "closed", reason: "Closed by this side" });
  }

  #enter(state: AriState): void {
    if (!this.#stop.signal.aborted) this.#tell(state);
  }

  #tell(state: AriState): void {
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

  /** Notes who Asterisk is; tells of it only when it was down, or was another one. */
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
        rest: this.#looks,
        signal,
        onUp: (info) => this.#identify(info),
        onWarning: (text) => this.#warn(text),
      });
      const kind = reason.code === "denied" || reason.code === "replaced" ? reason.code : "lost";
      const limits = this.#pauses[kind];
      // Pauses grow until a connection lasts, not merely until one is made: two programs that take
      // an application from each other both connect well every time.
      attempt = limits !== before || lived >= limits.max ? 0 : attempt + 1;
      before = limits;
      const retryIn = backoff(attempt, limits);
      this.#enter({ up: false, ...reason, retryIn });
      const resting = signal.aborted ? undefined : pause(retryIn, signal).catch(() => {});
      await Promise.all([resting, closed]);
    }
  }
}

/** What one connection reports to its link. */
interface ConnectionOwner {
  /** REST for the checks of who Asterisk is. */
  readonly rest: AriRest;
  /** Ends the connection. */
  readonly signal: AbortSignal;
  /** Called when the WebSocket is open, and then with each check of who Asterisk is. */
  readonly onUp: (info: AsteriskInfo) => void;
  /** Called, once a burst, with what goes wrong without ending the connection. */
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
  // What comes with the opening handshake, before the link has reported that it is up.
  let early: AriEvent[] | undefined = [];
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
): (event: AriEvent) => void {
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
 * Asks Asterisk repeatedly who it is. Resolves when it has been restarted since `info`: after that
 * nothing comes from the WebSocket, however alive it looks.
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
      if (failures++ === 0) onWarning(`${message}; the event socket is open nevertheless`);
    }
  }
}

const NO_ENTITY_ID: AriDownReason = {
  code: "no_entity_id",
  reason: "Cannot tell which Asterisk this is: it has no entity id; set entityid in asterisk.conf",
};

const SILENT: AriDownReason = {
  code: "silent",
  reason: "Event socket dead: it looks open, but Asterisk does not answer a ping",
};

const RESTARTED: AriDownReason = {
  code: "silent",
  reason: "Event socket dead: it looks open, but Asterisk was restarted",
};

function replaced(application: string): AriDownReason {
  const reason = `Event socket given up: another program took the application ${application}; ` +
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
