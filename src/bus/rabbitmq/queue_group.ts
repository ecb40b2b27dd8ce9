/**
 * A subscription that is a member of a queue group: it consumes from the group's queue, on a channel of
 * its own, so that what the broker refuses to one subscription does not disturb others.
 *
 * The members of a group get each message once, whatever their subjects. Members with the same subject
 * share a queue. But several queues that are bound to one exchange each get a message, so members with
 * a complete subject and those with wildcards would both get it. So a group has two exchanges. What any
 * member subscribes to comes to the first one, to which the queues of complete subjects are bound; what
 * matches none of them goes on to the other one, the queues of subjects with wildcards. Both exchanges
 * are deleted with the last queue.
 *
 * @module
 */

import { deferred } from "../../common/deferred.ts";
import type { Channel } from "amqplib";
import type { BusMessage, BusSubscription } from "../bus.ts";
import { toBusMessage } from "./message.ts";
import { closeChannel, type Session } from "./session.ts";
import { bindingKey, covers } from "./pattern.ts";
import { bindingsOf, type GroupPlan, groupQueue } from "./topology.ts";
import { ConsumerRecovery } from "./consumer_recovery.ts";
import { FLUSH_TIMEOUT } from "../base.ts";
import { inTime } from "../../common/in_time.ts";

interface QueueGroupMemberOptions {
  /** The subject, with or without wildcards. */
  readonly subject: string;
  readonly group: string;
  /** Takes the messages; it must not throw. */
  readonly handler: (message: BusMessage) => void;
  /** Called with why the broker refuses or ends the subscription; it is tried again. */
  readonly onError: (reason: string) => void;
  /** Called when it is closed. */
  readonly onEnd: () => void;
}

interface Consumer {
  readonly channel: Channel;
  readonly tag: string;
}

/** A member of a queue group, which joins again on each session that it is given. */
export class QueueGroupMember implements BusSubscription {
  readonly #options: QueueGroupMemberOptions;
  #open = true;
  #session: Session | undefined;
  #recovery: ConsumerRecovery | undefined;
  #consumer: Consumer | undefined;
  #draining: Promise<void> | undefined;

  constructor(options: QueueGroupMemberOptions) {
    this.#options = options;
  }

  /** Resolves when the subscription is established, or the broker has refused it once. */
  get settled(): Promise<void> {
    return this.#recovery?.settled ?? Promise.resolve();
  }

  /** Joins the group on a session, and again there whenever the broker ends it. */
  attach(session: Session): void {
    this.#session = session;
    this.#consumer = undefined;
    this.#recovery?.close();
    this.#recovery = new ConsumerRecovery({
      session,
      establish: () => this.#join(session),
      onError: (reason) => {
        this.#options.onError(
          `Lost the subscription to ${this.#options.subject}, retrying: ${reason}`,
        );
      },
    });
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#recovery?.close();
    // A queue that is not the original's is deleted with its last consumer, the consumer with its channel.
    if (this.#consumer !== undefined) void closeChannel(this.#consumer.channel);
    this.#options.onEnd();
  }

  drain(): Promise<void> {
    return this.#draining ??= this.#drain();
  }

  async #drain(): Promise<void> {
    await inTime(Promise.race([this.#cancel(), this.#session?.ended]), FLUSH_TIMEOUT);
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
      // Everything that was delivered arrives before the broker's reply.
      await channel.cancel(tag);
    } catch {
      // It fails with the channel.
    }
  }

  async #join(session: Session): Promise<{ readonly lost: Promise<string> }> {
    const { subject, group, handler } = this.#options;
    const plan = groupQueue(subject, group);
    const { name, options } = plan;
    const { promise: lost, resolve: lose } = deferred<string>();
    const channel = await session.channel((error) => {
      lose(error?.message ?? "the channel was closed");
    });
    try {
      const { consumerCount, messageCount } = await channel.assertQueue(name, options);
      // Requests that arrived while there was no consumer must not be carried out late.
      if (consumerCount === 0 && messageCount > 0) await channel.purgeQueue(name);
      const { consumerTag: tag } = await channel.consume(name, (delivery) => {
        if (delivery === null) return lose("the broker cancelled the consumer");
        // A queue can get more than its subscription matches; see `bindingKey`.
        if (this.#open && covers(subject, delivery.fields.routingKey)) {
          handler(toBusMessage(delivery));
        }
      }, { noAck: true });
      // Only now: see `leaveGroup`.
      await bindMember(channel, subject, plan);
      void lost.then(() => closeChannel(channel));
      if (!this.#open || session !== this.#session) throw new Error("it was closed meanwhile");
      this.#consumer = { channel, tag };
      return { lost };
    } catch (error) {
      void closeChannel(channel);
      throw error;
    }
  }
}

/** Binds the queue of a subject, and declares the exchanges for that. */
async function bindMember(
  channel: Channel,
  subject: string,
  { name, exchanges }: GroupPlan,
): Promise<void> {
  if (!exchanges) {
    for (const { exchange, key } of bindingsOf(subject)) {
      await channel.bindQueue(name, exchange, key);
    }
    return;
  }
  const { first, rest, own } = exchanges;
  const options = { durable: true, autoDelete: true };
  await channel.assertExchange(rest, "topic", options);
  await channel.assertExchange(first, "topic", { ...options, alternateExchange: rest });
  for (const { exchange, key } of bindingsOf(subject)) {
    await channel.bindExchange(first, exchange, key);
  }
  await channel.bindQueue(name, own, bindingKey(subject));
  // An exchange goes when nothing is bound to it any more. No message has an empty subject.
  await channel.bindQueue(name, own === first ? rest : first, "");
}

/**
 * Called before a member stops consuming. The last one of a complete subject first directs the messages
 * to those with wildcards: what arrives while the broker deletes the queue would be lost.
 */
async function leaveGroup(
  channel: Channel,
  subject: string,
  { name, exchanges }: GroupPlan,
): Promise<void> {
  if (!exchanges || exchanges.own !== exchanges.first) return;
  const alone = async () => (await channel.checkQueue(name)).consumerCount <= 1;
  const binding = [name, exchanges.first, bindingKey(subject)] as const;
  if (!await alone()) return;
  await channel.unbindQueue(...binding);
  // A member that joins consumes before it binds. So it is seen here, or its binding comes later.
  if (!await alone()) await channel.bindQueue(...binding);
}
