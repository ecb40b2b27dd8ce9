/**
 * A subscription that is a member of a queue group: it consumes from the group's queue, on a channel of
 * its own, so that what the broker refuses to one subscription does not disturb others.
 *
 * @module
 */

import { deferred } from "../../common/deferred.ts";
import type { Channel } from "amqplib";
import type { BusMessage, BusSubscription } from "../bus.ts";
import { toBusMessage } from "./message.ts";
import { bindMember, leaveGroup } from "./rabbitmq_group.ts";
import { covers } from "./rabbitmq_pattern.ts";
import { closeChannel, type RabbitmqSession } from "./session.ts";
import { groupQueue } from "./topology.ts";
import { RabbitmqUpkeep } from "./upkeep.ts";
import { inTime } from "../../common/in_time.ts";

/** The longest that a drain takes, in milliseconds. */
const DRAIN_TIMEOUT = 5_000;

/** Options of {@linkcode RabbitmqGroupMember}. */
export interface RabbitmqGroupMemberOptions {
  /** The subject, with or without wildcards. */
  readonly subject: string;
  /** Name of the queue group. */
  readonly group: string;
  /** Takes the messages; it must not throw. */
  readonly handler: (message: BusMessage) => void;
  /** Is told why the broker refuses or ends the subscription; it is tried again. */
  readonly onError: (reason: string) => void;
  /** Is called when it ends for good. */
  readonly onEnd: () => void;
}

interface Consumer {
  readonly channel: Channel;
  readonly tag: string;
}

/** A member of a queue group, which joins again on each session that it is given. */
export class RabbitmqGroupMember implements BusSubscription {
  readonly #options: RabbitmqGroupMemberOptions;
  #open = true;
  #session: RabbitmqSession | undefined;
  #upkeep: RabbitmqUpkeep | undefined;
  #consumer: Consumer | undefined;
  #draining: Promise<void> | undefined;

  constructor(options: RabbitmqGroupMemberOptions) {
    this.#options = options;
  }

  /** Resolves when the broker knows of the subscription, or has refused it once. */
  get settled(): Promise<void> {
    return this.#upkeep?.settled ?? Promise.resolve();
  }

  /** Joins the group on a session, and again there whenever the broker ends it. */
  attach(session: RabbitmqSession): void {
    this.#session = session;
    this.#consumer = undefined;
    this.#upkeep?.close();
    this.#upkeep = new RabbitmqUpkeep({
      session,
      establish: () => this.#join(session),
      onTrouble: (reason) => {
        this.#options.onError(`Cannot keep up subscription to ${this.#options.subject}: ${reason}`);
      },
    });
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#upkeep?.close();
    // A queue that is not the original's goes with its last consumer, and the consumer with its channel.
    if (this.#consumer !== undefined) void closeChannel(this.#consumer.channel);
    this.#options.onEnd();
  }

  drain(): Promise<void> {
    return this.#draining ??= this.#drain();
  }

  async #drain(): Promise<void> {
    await inTime(Promise.race([this.#cancel(), this.#session?.ended]), DRAIN_TIMEOUT);
    this.close();
  }

  async #cancel(): Promise<void> {
    if (!this.#open || !this.#session?.open) return;
    await this.settled;
    const consumer = this.#consumer;
    if (!consumer) return;
    const { subject, group } = this.#options;
    const { channel, tag } = consumer;
    try {
      await leaveGroup(channel, subject, groupQueue(subject, group));
      // Everything that was delivered comes before the broker's answer.
      await channel.cancel(tag);
    } catch {
      // It fails with the channel.
    }
  }

  async #join(session: RabbitmqSession): Promise<{ readonly lost: Promise<string> }> {
    const { subject, group, handler } = this.#options;
    const plan = groupQueue(subject, group);
    const { name, options } = plan;
    const { promise: lost, resolve: lose } = deferred<string>();
    const channel = await session.channel((error) => {
      lose(error?.message ?? "the channel was closed");
    });
    try {
      const { consumerCount, messageCount } = await channel.assertQueue(name, options);
      // What came while nobody was there is not to be carried out late.
      if (consumerCount === 0 && messageCount > 0) await channel.purgeQueue(name);
      const { consumerTag: tag } = await channel.consume(name, (delivery) => {
        if (delivery === null) return lose("its queue was deleted");
        // A queue can get more than its subscription asks for; see `bindingKey`.
        if (this.#open && covers(subject, delivery.fields.routingKey)) {
          handler(toBusMessage(delivery));
        }
      }, { noAck: true });
      // Only now: see `leaveGroup`.
      await bindMember(channel, subject, plan);
      void lost.then(() => closeChannel(channel));
      if (!this.#open || session !== this.#session) throw new Error("it is not wanted any more");
      this.#consumer = { channel, tag };
      return { lost };
    } catch (error) {
      void closeChannel(channel);
      throw error;
    }
  }
}
