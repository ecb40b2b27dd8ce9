/**
 * The subscriptions of a bus, in queue groups or not.
 *
 * @module
 */

import type { BusMessage, BusSubscription } from "../bus.ts";
import { RabbitmqExclusiveQueue } from "./queue.ts";
import { RabbitmqGroupMember } from "./group.ts";
import type { RabbitmqSession } from "./session.ts";
import { bindingsOf, groupQueue } from "./topology.ts";

/** A subscription that was made. */
export interface Subscribed {
  /** The subscription. */
  readonly subscription: BusSubscription;
  /** Resolves when the broker knows of it, or has refused it once, or is not there. */
  readonly known: Promise<unknown>;
}

/** All of them; they outlive the sessions that they are attached to. */
export class RabbitmqSubscriptions {
  readonly #onError: (reason: string) => void;
  readonly #queue: RabbitmqExclusiveQueue;
  readonly #members = new Set<RabbitmqGroupMember>();
  #session: RabbitmqSession | undefined;

  /** @param onError Is told why the broker refuses or ends something; it is tried again. */
  constructor(onError: (reason: string) => void) {
    this.#onError = onError;
    this.#queue = new RabbitmqExclusiveQueue(onError);
  }

  /**
   * Adds a subscription that gets every message.
   *
   * @throws {BusError} With the code `invalid`.
   */
  add(subject: string, handler: (message: BusMessage) => void): Subscribed {
    return this.#queue.add(subject, handler);
  }

  /**
   * Adds a member of a queue group.
   *
   * @param options The name of the group.
   * @throws {BusError} With the code `invalid`.
   */
  join(
    subject: string,
    handler: (message: BusMessage) => void,
    { group }: { readonly group: string },
  ): Subscribed {
    // What they refuse is the caller's to know.
    bindingsOf(subject);
    groupQueue(subject, group);
    const member = new RabbitmqGroupMember({
      subject,
      group,
      handler,
      onError: this.#onError,
      onEnd: () => this.#members.delete(member),
    });
    this.#members.add(member);
    if (this.#session !== undefined) member.attach(this.#session);
    return { subscription: member, known: member.settled };
  }

  /** Puts all on a session. */
  attach(session: RabbitmqSession): void {
    this.#session = session;
    this.#queue.attach(session);
    for (const member of this.#members) member.attach(session);
  }

  /** Tells that the session has ended. */
  detach(): void {
    this.#session = undefined;
  }

  /** Resolves when the broker knows of all, or has refused them once. */
  async settled(): Promise<void> {
    const members = [...this.#members].map(({ settled }) => settled);
    await Promise.all([...members, this.#queue.settled()]);
  }

  /** Ends all. */
  close(): void {
    this.#queue.close();
    for (const member of [...this.#members]) member.close();
  }
}
