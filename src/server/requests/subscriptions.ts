import type { Bus, BusMessage, BusSubscription } from "../../bus/bus.ts";
import type { Coordinates } from "../../protocol/key.ts";
import {
  createQueue,
  isRead,
  type RequestClass,
  requestClasses,
  requestSubjects,
} from "../../protocol/subjects.ts";

interface RequestSubscriptionsOptions {
  readonly bus: Pick<Bus, "subscribe">;
  /** Handles a request, for one of the applications. */
  readonly handle: (message: BusMessage, self: Coordinates) => void;
}

/**
 * A proxy's subscriptions to requests, at three levels: all proxies, application, node. Requests of the
 * class `create` go to exactly one proxy of those that subscribe (a queue group), and to the others while
 * Asterisk is not connected.
 *
 * Each of several applications is served as by a proxy of its own, so that a client gets as many responses
 * as there are announcements. But what acts is carried out once: requests to all proxies that do more than
 * read are handled for the first application only.
 */
export class RequestSubscriptions {
  readonly #options: RequestSubscriptionsOptions;
  readonly #plain = new Map<string, BusSubscription>();
  readonly #shared = new Map<string, BusSubscription>();

  /** Starts without subscriptions. */
  constructor(options: RequestSubscriptionsOptions) {
    this.#options = options;
  }

  /**
   * Subscribes for all applications. Subscriptions for others, or under another node, are closed; those
   * that are the same stay open, so that no request is received twice.
   */
  open(selves: readonly Coordinates[]): void {
    const wanted = requestClasses.flatMap((name) => subscriptionsOf(name, selves));
    const ids = new Set(wanted.map(({ id }) => id));
    for (const one of wanted) this.#open(one);
    // The new ones are opened before the former ones are closed, so that no request is missed.
    for (const opened of [this.#plain, this.#shared]) {
      for (const [id, subscription] of opened) {
        if (ids.has(id)) continue;
        opened.delete(id);
        subscription.close();
      }
    }
  }

  /** Leaves requests of the class `create` to other proxies. What was delivered is handled. */
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
