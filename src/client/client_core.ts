import type { Bus } from "../bus/bus.ts";
import { Cluster } from "./nodes.ts";
import { EventHub } from "./events/hub.ts";
import { InOrder } from "./in_order.ts";
import { NodeWatch } from "./node_watch.ts";

/** Options of {@linkcode ClientCore}. */
export interface ClientCoreOptions {
  /** Whether closing it closes the bus. */
  readonly ownsBus: boolean;
  /** How long a node counts after it was last heard of, in milliseconds. @default 300_000 */
  readonly maxAge?: number;
}

/** What a client and those derived from it share. */
export class ClientCore {
  /** The bus. */
  readonly bus: Bus;
  /** Who is there. */
  readonly cluster: Cluster;
  /** Who comes and goes. */
  readonly watch: NodeWatch;
  /** The subscriptions to events. */
  readonly hub: EventHub;
  /** What is asked for about the same thing and must not change places. */
  readonly order: InOrder = new InOrder();
  readonly #ownsBus: boolean;
  readonly #closings = new Set<Promise<unknown>>();
  #closed: Promise<void> | undefined;

  constructor(bus: Bus, options: ClientCoreOptions) {
    const { ownsBus, maxAge = 300_000 } = options;
    this.bus = bus;
    this.#ownsBus = ownsBus;
    this.cluster = new Cluster(bus, { maxAge });
    this.watch = new NodeWatch(this.cluster, { maxAge });
    this.hub = new EventHub(bus);
  }

  /** Has the end wait for something. */
  async whileClosing(closing: Promise<unknown>): Promise<void> {
    this.#closings.add(closing);
    await closing;
    this.#closings.delete(closing);
  }

  /** Resolves when nothing is left that the end waits for. */
  async closings(): Promise<void> {
    await Promise.allSettled(this.#closings);
  }

  /** Ends everything. */
  close(): Promise<void> {
    return this.#closed ??= this.#close();
  }

  async #close(): Promise<void> {
    this.watch[Symbol.dispose]();
    this.cluster[Symbol.dispose]();
    this.hub[Symbol.dispose]();
    await this.closings();
    if (this.#ownsBus) await this.bus.close();
  }
}
