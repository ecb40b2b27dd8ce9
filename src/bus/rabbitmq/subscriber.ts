/**
 * The subscriptions of a bus, in queue groups or not, and which of them are established.
 *
 * @module
 */

import type { BusMessage, BusSubscription } from "../bus.ts";
import { ExclusiveQueue } from "./exclusive_queue.ts";
import { QueueGroupMember } from "./queue_group.ts";
import type { Session } from "./session.ts";
import { bindingsOf, groupQueue } from "./topology.ts";

/** A subscription that was made. */
interface Subscribed {
  readonly subscription: BusSubscription;
  /** Resolves when it is established, or the broker has refused it once, or is not connected. */
  readonly established: Promise<unknown>;
}

/** All subscriptions; they outlive the sessions that they are attached to. */
export class Subscriber {
  readonly #onError: (reason: string) => void;
  readonly #queue: ExclusiveQueue;
  readonly #members = new Set<QueueGroupMember>();
  #session: Session | undefined;

  /** @param onError Called with why the broker refuses or ends something; it is tried again. */
  constructor(onError: (reason: string) => void) {
    this.#onError = onError;
    this.#queue = new ExclusiveQueue(onError);
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
   * @throws {BusError} With the code `invalid`.
   */
  join(
    subject: string,
    handler: (message: BusMessage) => void,
    group: string,
  ): Subscribed {
    // The caller gets what they throw.
    bindingsOf(subject);
    groupQueue(subject, group);
    const member = new QueueGroupMember({
      subject,
      group,
      handler,
      onError: this.#onError,
      onEnd: () => this.#members.delete(member),
    });
    this.#members.add(member);
    if (this.#session !== undefined) member.attach(this.#session);
    return { subscription: member, established: member.settled };
  }

  /** Establishes all on a session. */
  attach(session: Session): void {
    this.#session = session;
    this.#queue.attach(session);
    for (const member of this.#members) member.attach(session);
  }

  /** The session has ended. */
  detach(): void {
    this.#session = undefined;
  }

  /** Resolves when all are established, or the broker has refused them once. */
  async settled(): Promise<void> {
    const members = [...this.#members].map(({ settled }) => settled);
    await Promise.all([...members, this.#queue.settled()]);
  }

  /** Closes all subscriptions. */
  close(): void {
    this.#queue.close();
    for (const member of [...this.#members]) member.close();
  }
}
