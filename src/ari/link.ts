/**
 * Keeps one Asterisk connected: REST and event socket, for ever, whatever happens to it.
 *
 * @module
 */
import { backoff, type BackoffOptions } from "../common/backoff.ts";
import { pause } from "../common/pause.ts";
import { parseAddress } from "./address.ts";
import type { AriState } from "./ari_state.ts";
import type { AsteriskLink, LinkHooks } from "./asterisk_link.ts";
import type { AsteriskInfo } from "./asterisk_info.ts";
import { connectOnce } from "./connection.ts";
import { eventQuery } from "./websocket/outbound.ts";
import { type AriRest, createRest } from "./rest.ts";
import { errorText } from "../common/error_text.ts";

/** Pauses between attempts to connect; each pair is in milliseconds. */
export interface AriPauses {
  /** After a loss or a failure of any other kind. @default 100 growing to 5_000 */
  readonly lost: BackoffOptions;
  /** After a refusal of the user (401, 403). @default 5_000 growing to 30_000 */
  readonly denied: BackoffOptions;
  /** After another program took an application. @default 5_000 growing to 60_000 */
  readonly replaced: BackoffOptions;
}

/** Options of {@linkcode AriLink}. None of the callbacks may wait or throw. */
export interface AriLinkOptions extends LinkHooks {
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
      const { fall, lived, closed } = await connectOnce({
        ...this.#options,
        rest: this.#looks,
        signal,
        onUp: (info) => this.#identify(info),
        onWarning: (text) => this.#warn(text),
      });
      const kind = fall.code === "denied" || fall.code === "replaced" ? fall.code : "lost";
      const limits = this.#pauses[kind];
      // Pauses grow until a connection lasts, not merely until one is made: two programs that take
      // an application from each other both connect well every time.
      attempt = limits !== before || lived >= limits.max ? 0 : attempt + 1;
      before = limits;
      const retryIn = backoff(attempt, limits);
      this.#enter({ up: false, ...fall, retryIn });
      const resting = signal.aborted ? undefined : pause(retryIn, signal).catch(() => {});
      await Promise.all([resting, closed]);
    }
  }
}
