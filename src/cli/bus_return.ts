import type { Bus } from "../bus/bus.ts";
import type { NodeDirectory } from "../client/nodes.ts";
import { aborted } from "./cancel_signal.ts";

/** Options of {@linkcode BusReturn}. */
interface BusReturnOptions {
  /** How long anybody waits for the bus, and for a node that was there before, in milliseconds. */
  readonly timeout: number;
  /** Told when the bus is lost. */
  readonly onLost: (reason: string) => void;
}

/**
 * Lets those who send many requests wait while the bus is lost, and until the nodes that were there
 * before are back on it: else everything that is sent in between would fail.
 */
export class BusReturn implements Disposable {
  readonly #cluster: NodeDirectory;
  readonly #timeout: number;
  readonly #stops: readonly (() => void)[];
  #away: PromiseWithResolvers<void> | undefined;
  #backAt = Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Begins to watch. */
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

  /** Resolves when requests can be sent, or the time is over. */
  async ready(signal: AbortSignal): Promise<void> {
    if (!this.#away) return;
    const over = new AbortController();
    const patience = aborted(AbortSignal.any([signal, over.signal]), this.#timeout);
    await Promise.race([this.#away.promise, patience]);
    over.abort();
  }

  /** Stops watching. */
  [Symbol.dispose](): void {
    this.#stops.forEach((stop) => stop());
    this.#end();
  }

  /** The cluster asks by itself who is there when the bus is back. */
  #await(): void {
    if (!this.#away) return;
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
