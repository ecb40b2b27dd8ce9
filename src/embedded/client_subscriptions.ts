import type { Router } from "./router.ts";
import type { Subscription } from "./subscription.ts";

/** The subscriptions of one client, by the names that it gave them; the router knows the same ones. */
export class ClientSubscriptions {
  readonly #router: Router;
  readonly #limit: number;
  readonly #bySid = new Map<string, Subscription>();

  /**
   * Begins with none.
   *
   * @param limit How many there may be.
   */
  constructor(router: Router, limit: number) {
    this.#router = router;
    this.#limit = limit;
  }

  /** Adds one, unless its name is taken. Returns false when there are too many. */
  add(subscription: Subscription): boolean {
    if (this.#bySid.has(subscription.sid)) return true;
    if (this.#bySid.size >= this.#limit) return false;
    this.#bySid.set(subscription.sid, subscription);
    this.#router.add(subscription);
    return true;
  }

  /** Ends one after so many messages, or at once when it has had them. */
  limit(sid: string, max: number): void {
    const subscription = this.#bySid.get(sid);
    if (subscription === undefined) return;
    subscription.max = max;
    this.dropIfServed(subscription);
  }

  /** Ends one that has had all messages that it wanted. */
  dropIfServed(subscription: Subscription): void {
    if (subscription.delivered < subscription.max) return;
    this.#bySid.delete(subscription.sid);
    this.#router.remove(subscription);
  }

  /** Ends all. */
  clear(): void {
    for (const subscription of this.#bySid.values()) this.#router.remove(subscription);
    this.#bySid.clear();
  }
}
