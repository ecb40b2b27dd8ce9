/**
 * All subscriptions of a bus that are in no queue group. They share one queue, so that it depends on
 * none of them how much the broker has to keep, and messages keep their order across them.
 *
 * @module
 */

import { deferred } from "../../common/deferred.ts";
import { Buffer } from "node:buffer";
import type { ConsumeMessage } from "amqplib";
import type { BusMessage, BusSubscription } from "../bus.ts";
import { RabbitmqBindings } from "./rabbitmq_bindings.ts";
import { toBusMessage } from "./message.ts";
import { closeChannel, type RabbitmqSession } from "./session.ts";
import { type Binding, bindingsOf, ownQueue } from "./topology.ts";
import { RabbitmqUpkeep } from "./upkeep.ts";
import { SubjectTree } from "../subject_tree.ts";
import { inTime } from "../../common/in_time.ts";

/** The longest that a drain takes, in milliseconds. */
const DRAIN_TIMEOUT = 5_000;
const EMPTY = Buffer.alloc(0);

interface Entry {
  readonly handler: (message: BusMessage) => void;
}

/** What lives as long as a queue. */
interface QueueConsumer {
  readonly session: RabbitmqSession;
  readonly bindings: RabbitmqBindings;
  /** Sends a message through the queue, and resolves when it has come. */
  mark(): Promise<void>;
}

/** The subscriptions, and the queue that they share. */
export class RabbitmqExclusiveQueue {
  readonly #onError: (reason: string) => void;
  readonly #entries = new SubjectTree<Entry>();
  /** How many subscriptions need a binding, by its id. */
  readonly #wanted = new Map<string, { readonly binding: Binding; readonly count: number }>();
  readonly #marks = new Map<string, () => void>();
  #session: RabbitmqSession | undefined;
  #upkeep: RabbitmqUpkeep | undefined;
  #consumer: QueueConsumer | undefined;

  /** @param onError Is told why the broker refuses or ends something; it is tried again. */
  constructor(onError: (reason: string) => void) {
    this.#onError = onError;
  }

  /** Resolves when the broker knows of all subscriptions, or has refused them once. */
  async settled(): Promise<void> {
    await this.#upkeep?.settled;
    await this.#consumer?.bindings.settled();
  }

  /** Makes a queue on a session, and a new one there whenever the broker deletes it. */
  attach(session: RabbitmqSession): void {
    this.#session = session;
    this.#consumer = undefined;
    this.#upkeep?.close();
    this.#upkeep = undefined;
    this.#ensureQueue();
  }

  /**
   * Adds a subscription.
   *
   * @returns The subscription, and a promise that resolves when the broker knows of it, or has
   * refused it once, or is not there.
   */
  add(
    subject: string,
    handler: (message: BusMessage) => void,
  ): { readonly subscription: BusSubscription; readonly known: Promise<unknown> } {
    let open = true;
    const entry: Entry = { handler: (message) => open && handler(message) };
    const bindings = bindingsOf(subject);
    this.#entries.add(subject, entry);
    const wanted = bindings.map((binding) => this.#want(binding, 1));
    this.#ensureQueue();
    const known = this.#consumer === undefined ? this.#upkeep?.settled : Promise.all(wanted);

    let bound = true;
    const leave = () => {
      if (!bound) return;
      bound = false;
      for (const binding of bindings) this.#want(binding, -1);
    };
    const close = () => {
      open = false;
      leave();
      this.#entries.remove(subject, entry);
    };
    let draining: Promise<void> | undefined;
    const drain = async () => {
      leave();
      if (open) await this.#caughtUp();
      close();
    };
    const subscription = { close, drain: () => draining ??= drain() };
    return { subscription, known: known ?? Promise.resolve() };
  }

  /** Ends all. */
  close(): void {
    this.#upkeep?.close();
    this.#session = undefined;
    this.#consumer = undefined;
  }

  /** Resolves when all has been handled that the broker had for the bindings that are left now. */
  async #caughtUp(): Promise<void> {
    const session = this.#session;
    if (!session?.open) return;
    const done = this.settled().then(() => this.#consumer?.mark()).catch(() => {});
    await inTime(Promise.race([done, session.ended]), DRAIN_TIMEOUT);
  }

  #want(binding: Binding, change: 1 | -1): Promise<void> | undefined {
    const count = (this.#wanted.get(binding.id)?.count ?? 0) + change;
    if (count === 0) this.#wanted.delete(binding.id);
    else this.#wanted.set(binding.id, { binding, count });
    return this.#consumer?.bindings.touch(binding);
  }

  #ensureQueue(): void {
    const session = this.#session;
    // Who only asks needs no queue.
    if (this.#upkeep !== undefined || session === undefined || this.#wanted.size === 0) return;
    this.#upkeep = new RabbitmqUpkeep({
      session,
      establish: () => this.#establish(session),
      onTrouble: (reason) => this.#onError(`Cannot keep up the subscriptions: ${reason}`),
    });
  }

  async #establish(session: RabbitmqSession): Promise<{ readonly lost: Promise<string> }> {
    const { name, options } = ownQueue();
    const { promise: lost, resolve: lose } = deferred<string>();
    const channel = await session.channel((error) => {
      lose(error?.message ?? "the channel was closed");
    });
    try {
      await channel.assertQueue(name, options);
      await channel.consume(name, (delivery) => {
        if (delivery === null) lose("their queue was deleted");
        // Sent to the queue itself, it is no message.
        else if (delivery.fields.exchange === "") {
          this.#marks.get(delivery.properties.messageId)?.();
        } else this.#deliver(delivery);
      }, { noAck: true });
    } catch (error) {
      void closeChannel(channel);
      throw error;
    }
    const bindings = new RabbitmqBindings({
      session,
      queue: name,
      wanted: (id) => this.#wanted.has(id),
      onError: this.#onError,
    });
    const consumer: QueueConsumer = {
      session,
      bindings,
      mark: async () => {
        const id = crypto.randomUUID();
        const { promise, resolve } = deferred<void>();
        this.#marks.set(id, resolve);
        channel.sendToQueue(name, EMPTY, { messageId: id });
        await Promise.race([promise, lost]);
        this.#marks.delete(id);
      },
    };
    void lost.then(() => {
      if (this.#consumer === consumer) this.#consumer = undefined;
      bindings.close();
      return closeChannel(channel);
    });
    if (session === this.#session) this.#consumer = consumer;
    for (const { binding } of this.#wanted.values()) bindings.touch(binding);
    await bindings.settled();
    return { lost };
  }

  #deliver(delivery: ConsumeMessage): void {
    const entries = this.#entries.match(delivery.fields.routingKey);
    if (entries.length === 0) return;
    const message = toBusMessage(delivery);
    const last = entries.length - 1;
    for (const [index, { handler }] of entries.entries()) {
      // The payload is its receiver's to change, so only the last one gets the original.
      handler(index === last ? message : { ...message, data: message.data.slice() });
    }
  }
}
