import type { AriState, ConnectAsterisk } from "../ari/asterisk_link.ts";
import type { Coordinates } from "../protocol/key.ts";
import { assertFits } from "../protocol/subjects.ts";
import { type Counters, createCounters, type Gauges, sumCounters, sumGauges } from "./metrics.ts";
import { type Proxy, type ProxyOptions, startProxy } from "./proxy.ts";

/** Accepts the WebSockets of Asterisks that connect to the program. Disposing of it closes them. */
interface InboundListener extends AsyncDisposable {
  /** Accepts no more; those that were accepted stay open. */
  close(): void;
}

/** Options of {@linkcode InboundProxies}. */
export interface InboundProxiesOptions
  extends Omit<ProxyOptions, "apps" | "admit" | "appLimit" | "asterisk" | "nodeId" | "onAsterisk"> {
  /**
   * Opens the listener, which calls the function with each Asterisk that it has no link to. When it
   * closes the link to an Asterisk, the proxy of that is closed.
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
   * How long an Asterisk may be disconnected before its proxy is closed, in milliseconds. When it connects
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
 * Serves the Asterisks that connect to the program, each by a proxy of its own, which stays while that
 * Asterisk is disconnected and continues when it reconnects.
 */
export class InboundProxies implements Proxy {
  readonly #options: InboundProxiesOptions;
  readonly #entries = new Map<string, InboundEntry>();
  readonly #listener: InboundListener;
  /** The counters of proxies that are closed. */
  #closed: Counters = createCounters();
  /** Proxies that are being closed. They still count: sums must never fall. */
  readonly #closingProxies = new Map<Proxy, Promise<void>>();
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

  get counters(): Readonly<Counters> {
    return sumCounters([this.#closed, ...this.#proxies.map(({ counters }) => counters)]);
  }

  get gauges(): Gauges {
    return sumGauges(this.#proxies.map(({ gauges }) => gauges));
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
    return [
      ...Array.from(this.#entries.values(), ({ proxy }) => proxy),
      ...this.#closingProxies.keys(),
    ];
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
            // First, since a proxy that is being closed ignores the state.
            this.#watch(node, state);
            onState(state);
          },
        }),
    });
    this.#entries.set(node, { proxy });
  }

  /** Closes the proxy of an Asterisk that stays away; there may be many that connect only once. */
  #watch(node: string, state: AriState): void {
    const entry = this.#entries.get(node);
    if (!entry || this.#closing) return;
    clearTimeout(entry.timer);
    // The listener has closed the link to make room for another one.
    if (!state.up && state.code === "closed") return this.#forget(node, entry);
    entry.timer = state.up
      ? undefined
      : setTimeout(() => this.#forget(node, entry), this.#options.forgetAfter ?? 3_600_000);
  }

  #forget(node: string, { proxy }: InboundEntry): void {
    this.#entries.delete(node);
    const closing = proxy.close().finally(() => {
      this.#closed = sumCounters([this.#closed, proxy.counters]);
      this.#closingProxies.delete(proxy);
    });
    this.#closingProxies.set(proxy, closing);
    this.#options.log.info("Closing the proxy of an Asterisk that did not reconnect", { node });
  }

  async #close(): Promise<void> {
    // An Asterisk whose connection is closed connects again at once.
    this.#listener.close();
    for (const { timer } of this.#entries.values()) clearTimeout(timer);
    await Promise.all([
      ...this.#proxies.map((proxy) => proxy.close()),
      ...this.#closingProxies.values(),
    ]);
    await this.#listener[Symbol.asyncDispose]();
  }
}
