import type { Bus, BusMessage, BusSubscription } from "../bus/bus.ts";
import type { Coordinates } from "../protocol/key.ts";
import {
  createQueue,
  type RequestClass,
  requestClasses,
  requestSubjects,
} from "../protocol/subjects.ts";

/** What is subscribed to. */
export interface RequestSubscriptionsOptions {
  /** The bus. */
  readonly bus: Bus;
  /** Takes a request, for one of the applications. */
  readonly handle: (message: BusMessage, self: Coordinates) => void;
}

/**
 * A proxy's subscriptions to requests, at three levels: all, application, node. Requests that make
 * something are shared with the other proxies, and left to them while Asterisk is away.
 *
 * With several applications each is served as by a proxy of its own, so that as many answers come as
 * proxies have announced themselves. But what is done and not merely read is done once: requests to
 * all that act or make something are taken for the first application only.
 */
export class RequestSubscriptions {
  readonly #options: RequestSubscriptionsOptions;
  #served = "";
  #plain: BusSubscription[] = [];
  #shared: BusSubscription[] = [];

  /** Makes the object; nothing is subscribed to yet. */
  constructor(options: RequestSubscriptionsOptions) {
    this.#options = options;
  }

  /** Subscribes for all applications. Under another node the former subscriptions end. */
  open(selves: readonly Coordinates[]): void {
    const served = JSON.stringify(selves);
    const former = served === this.#served
      ? []
      : [...this.#plain.splice(0), ...this.#shared.splice(0)];
    this.#served = served;
    if (this.#plain.length === 0) {
      const classes = requestClasses.filter((name) => name !== "create");
      this.#plain = classes.flatMap((name) => this.#subscribe(name, selves));
    }
    if (this.#shared.length === 0) this.#shared = this.#subscribe("create", selves, createQueue);
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

  #subscribe(
    name: RequestClass,
    selves: readonly Coordinates[],
    queue?: string,
  ): BusSubscription[] {
    const { bus, handle } = this.#options;
    const reads = name === "get" || name === "data";
    return selves.flatMap((self, i) => {
      const [toAll, ...own] = requestSubjects(name, self);
      const subjects = reads || i === 0 ? [toAll, ...own] : own;
      const options = queue ? { queue } : {};
      return subjects.map((subject) =>
        bus.subscribe(subject, (message) => handle(message, self), options)
      );
    });
  }
}
