/**
 * How the members of a queue group get each message once, whatever their subjects.
 *
 * Members with the same subject share a queue. But several queues that are bound to one exchange each
 * get a message, so members with a complete subject and those with wildcards would both get it. So a
 * group has two exchanges. All that some member wants comes to the first one, to which the queues of
 * complete subjects are bound; what goes to none of them goes on to the other one, the queues of
 * subjects with wildcards. Both go with the last queue.
 *
 * @module
 */

import type { Channel } from "amqplib";
import { bindingKey } from "./rabbitmq_pattern.ts";
import { bindingsOf, type GroupPlan } from "./topology.ts";

/** Leads the messages of a subject into its queue, and makes the exchanges for that. */
export async function bindMember(
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
 * Is called before a member stops consuming. The last one of a complete subject lets the messages go
 * to those with wildcards first: what comes while the broker deletes the queue would be lost.
 */
export async function leaveGroup(
  channel: Channel,
  subject: string,
  { name, exchanges }: GroupPlan,
): Promise<void> {
  if (!exchanges || exchanges.own !== exchanges.first) return;
  const alone = async () => (await channel.checkQueue(name)).consumerCount <= 1;
  const binding = [name, exchanges.first, bindingKey(subject)] as const;
  if (!await alone()) return;
  await channel.unbindQueue(...binding);
  // Who joins consumes first and binds then. So it is seen here, or its binding comes later.
  if (!await alone()) await channel.bindQueue(...binding);
}
