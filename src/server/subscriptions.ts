import type { Bus, BusMessage, BusSubscription } from "../bus/bus.ts";
import type { Coordinates } from "../protocol/key.ts";
import { createQueue, requestClasses, requestSubjects } from "../protocol/subjects.ts";

/** What is subscribed to. */
export interface RequestSubscriptionsOptions {
  /** The bus. */
  readonly bus: Bus;
  /** Takes the requests. */
  readonly handle: (message: BusMessage) => void;
}

/**
 * A proxy's subscriptions to requests, at three levels: all, application, node. Requests that make
 * something are shared with the other proxies, and left to them while Asterisk is away.
 */
export class RequestSubscriptions {
  readonly #options: RequestSubscriptionsOptions;
  #self: Coordinates | undefined;
  #plain: BusSubscription[] = [];
  #shared: BusSubscription[] = [];

  /** Makes the object; nothing is subscribed to yet. */
  constructor(options: RequestSubscriptionsOptions) {
    this.#options = options;
  }

  /** Subscribes as a proxy, to everything. Under other coordinates the former subscriptions end. */
  open(self: Coordinates): void {
    const same = this.#self?.app === self.app && this.#self.node === self.node;
    const former = same ? [] : [...this.#plain.splice(0), ...this.#shared.splice(0)];
    this.#self = self;
    if (this.#plain.length === 0) {
      this.#plain = requestClasses.filter((name) => name !== "create")
        .flatMap((name) => requestSubjects(name, self))
        .map((subject) => this.#subscribe(subject));
    }
    if (this.#shared.length === 0) {
      this.#shared = requestSubjects("create", self)
        .map((subject) => this.#subscribe(subject, createQueue));
    }
    // The new ones stand before the former ones go, so that no request falls in between.
    former.forEach((subscription) => subscription.close());
  }

  /** Leaves the requests that make something to other proxies. What was delivered is handled. */
  async leaveCreate(): Promise<void> {
    await Promise.all(this.#shared.splice(0).map((subscription) => subscription.drain()));
  }

  /** Ends all subscriptions. What was delivered is handled. */
  async drain(): Promise<void> {
    const all = [...this.#plain.splice(0), ...this.#shared.splice(0)];
    await Promise.all(all.map((subscription) => subscription.drain()));
  }

  #subscribe(subject: string, queue?: string): BusSubscription {
    return this.#options.bus.subscribe(subject, this.#options.handle, queue ? { queue } : {});
  }
}
