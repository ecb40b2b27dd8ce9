import type { AriState, ConnectAsterisk } from "../ari/asterisk_link.ts";
import type { Coordinates } from "../protocol/key.ts";
import { assertFits } from "../protocol/subjects.ts";
import { createStats, type Levels, type Stats, sumLevels, sumStats } from "./metrics.ts";
import { startProxy } from "./proxy.ts";
import type { Proxy, ProxyOptions } from "./proxy_options.ts";

/** What takes the WebSockets of Asterisks that dial. Disposing of it closes them. */
interface InboundListener extends AsyncDisposable {
  /** Takes nobody any more; those who have come stay. */
  close(): void;
}

/** Options of {@linkcode InboundProxies}. */
export interface InboundProxiesOptions
  extends Omit<ProxyOptions, "apps" | "admit" | "appLimit" | "asterisk" | "nodeId" | "onAsterisk"> {
  /**
   * Opens the listener, which calls the function with each Asterisk that it has no link to. An Asterisk
   * whose link it closes is forgotten.
   */
  readonly open: (onAsterisk: (node: string, connect: ConnectAsterisk) => void) => InboundListener;
  /** The applications to serve. @default all that Asterisks register */
  readonly apps?: readonly string[];
  /**
   * How many applications of one Asterisk are served where `apps` does not name them.
   *
   * @default {64}
   */
  readonly appsOfEach?: number;
  /**
   * How long an Asterisk may be away before its proxy is given up, in milliseconds. When it comes
   * later it gets a new one, with a new numbering of its events.
   *
   * @default {3_600_000}
   */
  readonly forgetAfter?: number;
}

interface InboundEntry {
  readonly proxy: Proxy;
  timer?: ReturnType<typeof setTimeout>;
}

/**
 * Serves the Asterisks that dial, each by a proxy of its own, which stays while that Asterisk is away
 * and goes on when it comes back.
 */
export class InboundProxies implements Proxy {
  readonly #options: InboundProxiesOptions;
  readonly #entries = new Map<string, InboundEntry>();
  readonly #listener: InboundListener;
  /** What those have done that were given up and are closed. */
  #past: Stats = createStats();
  /** Those that were given up, until they are closed. They still count: sums must never fall. */
  readonly #leaving = new Map<Proxy, Promise<void>>();
  #closing: Promise<void> | undefined;

  /**
   * Opens the listener.
   *
   * @throws {AriProxyError} With the code `invalid` for an application that is too long for the bus.
   * @throws What opening it throws.
   */
  constructor(options: InboundProxiesOptions) {
    this.#options = options;
    const { apps = [], bus } = options;
    for (const app of apps) assertFits({ app }, bus.maxSubject);
    this.#listener = options.open((node, connect) => this.#receive(node, connect));
  }

  get stats(): Readonly<Stats> {
    return sumStats([this.#past, ...this.#proxies.map(({ stats }) => stats)]);
  }

  get levels(): Levels {
    return sumLevels(this.#proxies.map(({ levels }) => levels));
  }

  get selves(): readonly Coordinates[] {
    return this.#proxies.flatMap(({ selves }) => selves);
  }

  close(): Promise<void> {
    return this.#closing ??= this.#close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  get #proxies(): Proxy[] {
    return [...Array.from(this.#entries.values(), ({ proxy }) => proxy), ...this.#leaving.keys()];
  }

  #receive(node: string, connect: ConnectAsterisk): void {
    if (this.#closing) return;
    const { apps, appsOfEach = 64, open: _, forgetAfter: _after, ...options } = this.#options;
    const proxy = startProxy({
      ...options,
      apps: [],
      admit: (app) => apps?.includes(app) ?? true,
      appLimit: apps ? undefined : appsOfEach,
      asterisk: ({ onState, ...hooks }) =>
        connect({
          ...hooks,
          onState: (state) => {
            // First, since a proxy that is given up takes no notice any more.
            this.#watch(node, state);
            onState(state);
          },
        }),
    });
    this.#entries.set(node, { proxy });
  }

  /** Gives up an Asterisk that stays away; there may be many that come once and never again. */
  #watch(node: string, state: AriState): void {
    const entry = this.#entries.get(node);
    if (!entry || this.#closing) return;
    clearTimeout(entry.timer);
    // The listener has closed its link to make room for another one.
    if (!state.up && state.code === "closed") return this.#forget(node, entry);
    entry.timer = state.up
      ? undefined
      : setTimeout(() => this.#forget(node, entry), this.#options.forgetAfter ?? 3_600_000);
  }

  #forget(node: string, { proxy }: InboundEntry): void {
    this.#entries.delete(node);
    const leaving = proxy.close().finally(() => {
      this.#past = sumStats([this.#past, proxy.stats]);
      this.#leaving.delete(proxy);
    });
    this.#leaving.set(proxy, leaving);
    this.#options.log.info("Forgot an Asterisk that stayed away", { node });
  }

  async #close(): Promise<void> {
    // An Asterisk that is hung up on dials again at once.
    this.#listener.close();
    for (const { timer } of this.#entries.values()) clearTimeout(timer);
    await Promise.all([
      ...this.#proxies.map((proxy) => proxy.close()),
      ...this.#leaving.values(),
    ]);
    await this.#listener[Symbol.asyncDispose]();
  }
}
