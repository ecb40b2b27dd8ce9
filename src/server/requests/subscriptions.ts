import type { Bus, BusMessage, BusSubscription } from "../../bus/bus.ts";
import type { Coordinates } from "../../protocol/key.ts";
import {
  createQueue,
  isRead,
  type RequestClass,
  requestClasses,
  requestSubjects,
} from "../../protocol/subjects.ts";

/** What is subscribed to. */
interface RequestSubscriptionsOptions {
  /** The bus. */
  readonly bus: Pick<Bus, "subscribe">;
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
  readonly #plain = new Map<string, BusSubscription>();
  readonly #shared = new Map<string, BusSubscription>();

  /** Makes the object; nothing is subscribed to yet. */
  constructor(options: RequestSubscriptionsOptions) {
    this.#options = options;
  }

  /**
   * Subscribes for all applications. What there was for others, or under another node, ends; what
   * is the same stays as it is, so that no request is taken twice.
   */
  open(selves: readonly Coordinates[]): void {
    const wanted = requestClasses.flatMap((name) => subscriptionsOf(name, selves));
    const ids = new Set(wanted.map(({ id }) => id));
    for (const one of wanted) this.#open(one);
    // The new ones stand before the former ones go, so that no request falls in between.
    for (const opened of [this.#plain, this.#shared]) {
      for (const [id, subscription] of opened) {
        if (ids.has(id)) continue;
        opened.delete(id);
        subscription.close();
      }
    }
  }

  /** Leaves the requests that make something to other proxies. What was delivered is handled. */
  async leaveCreate(): Promise<void> {
    await drain(this.#shared);
  }

  /** Ends all subscriptions. What was delivered is handled. */
  async drain(): Promise<void> {
    await Promise.all([drain(this.#plain), drain(this.#shared)]);
  }

  #open({ id, subject, self, shared }: Wanted): void {
    const opened = shared ? this.#shared : this.#plain;
    if (opened.has(id)) return;
    const { bus, handle } = this.#options;
    const options = shared ? { queue: createQueue } : {};
    opened.set(id, bus.subscribe(subject, (message) => handle(message, self), options));
  }
}

/** A subscription that there is to be. */
interface Wanted {
  readonly id: string;
  readonly subject: string;
  readonly self: Coordinates;
  readonly shared: boolean;
}

function subscriptionsOf(name: RequestClass, selves: readonly Coordinates[]): Wanted[] {
  return selves.flatMap((self, i) => {
    const [toAll, ...own] = requestSubjects(name, self);
    const subjects = isRead(name) || i === 0 ? [toAll, ...own] : own;
    const id = (subject: string) => JSON.stringify([subject, self.app, self.node]);
    return subjects.map((subject) => ({
      id: id(subject),
      subject,
      self,
      shared: name === "create",
    }));
  });
}

async function drain(opened: Map<string, BusSubscription>): Promise<void> {
  const all = [...opened.values()];
  opened.clear();
  await Promise.all(all.map((subscription) => subscription.drain()));
}
