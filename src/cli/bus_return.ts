import type { Bus } from "../bus/bus.ts";
import type { NodeDirectory } from "../client/nodes.ts";
import { aborted } from "./cancel_signal.ts";

/** Options of {@linkcode BusReturn}. */
interface BusReturnOptions {
  /** How long to wait for the bus, and for nodes that were known before, in milliseconds. */
  readonly timeout: number;
  /** Called when the bus is disconnected. */
  readonly onLost: (reason: string) => void;
}

/**
 * Makes senders of many requests wait while the bus is disconnected, and until the nodes that were
 * known before have announced themselves again; otherwise all requests in between would fail.
 */
export class BusReturn implements Disposable {
  readonly #cluster: NodeDirectory;
  readonly #timeout: number;
  readonly #stops: readonly (() => void)[];
  #away: PromiseWithResolvers<void> | undefined;
  #backAt = Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Watches until it is disposed of. */
  constructor(bus: Bus, cluster: NodeDirectory, { timeout, onLost }: BusReturnOptions) {
    this.#cluster = cluster;
    this.#timeout = timeout;
    this.#stops = [
      bus.onStatus((status) => {
        if (status.type === "disconnected") {
          clearTimeout(this.#timer);
          this.#backAt = Infinity;
          this.#away ??= Promise.withResolvers();
          onLost(status.reason);
        } else if (status.type === "connected") this.#await();
      }),
      cluster.onAnnouncement(() => this.#look()),
    ];
  }

  /** Resolves when requests can be sent, or at the timeout. */
  async ready(signal: AbortSignal): Promise<void> {
    if (!this.#away) return;
    const over = new AbortController();
    const timeout = aborted(AbortSignal.any([signal, over.signal]), this.#timeout);
    await Promise.race([this.#away.promise, timeout]);
    over.abort();
  }

  [Symbol.dispose](): void {
    this.#stops.forEach((stop) => stop());
    this.#end();
  }

  /** The cluster sends a ping by itself when the bus is connected again. */
  #await(): void {
    this.#backAt = Date.now();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#end(), this.#timeout);
    this.#look();
  }

  #look(): void {
    const missing = this.#cluster.members().some(({ heardAt }) => heardAt < this.#backAt);
    if (this.#away && this.#backAt < Infinity && !missing) this.#end();
  }

  #end(): void {
    clearTimeout(this.#timer);
    this.#away?.resolve();
    this.#away = undefined;
  }
}
