/**
 * All subscriptions of a bus without a queue group. They share one queue, so that the backlog in the
 * broker does not grow with their number, and messages keep their order across them.
 *
 * @module
 */

import { deferred } from "../../common/deferred.ts";
import { errorText } from "../../common/error_text.ts";
import { pause } from "../../common/pause.ts";
import { Buffer } from "node:buffer";
import type { Channel, ConsumeMessage } from "amqplib";
import type { BusMessage, BusSubscription } from "../bus.ts";
import { toBusMessage } from "./message.ts";
import { closeChannel, type Session } from "./session.ts";
import { type Binding, bindingsOf, ownQueue } from "./topology.ts";
import { ConsumerRecovery } from "./consumer_recovery.ts";
import { FLUSH_TIMEOUT } from "../base.ts";
import { SubjectTree } from "../subjects.ts";
import { inTime } from "../../common/in_time.ts";

/** Pause before a binding that was refused is tried again, in milliseconds. */
const REFUSED_PAUSE = 5_000;

const EMPTY = Buffer.alloc(0);

interface Entry {
  readonly handler: (message: BusMessage) => void;
}

/** What lives as long as a queue. */
interface QueueConsumer {
  readonly session: Session;
  readonly bindings: Bindings;
  /** Sends a message through the queue, and resolves when it has arrived. */
  mark(): Promise<void>;
}

/** The subscriptions, and the queue that they share. */
export class ExclusiveQueue {
  readonly #onError: (reason: string) => void;
  readonly #entries = new SubjectTree<Entry>();
  /** How many subscriptions need a binding, by its ID. */
  readonly #needed = new Map<string, { readonly binding: Binding; readonly count: number }>();
  readonly #marks = new Map<string, () => void>();
  #session: Session | undefined;
  #recovery: ConsumerRecovery | undefined;
  #consumer: QueueConsumer | undefined;

  /** @param onError Called with why the broker refuses or ends something; it is tried again. */
  constructor(onError: (reason: string) => void) {
    this.#onError = onError;
  }

  /** Resolves when all subscriptions are established, or the broker has refused them once. */
  async settled(): Promise<void> {
    await this.#recovery?.settled;
    await this.#consumer?.bindings.settled();
  }

  /** Makes a queue on a session, and a new one there whenever the broker deletes it. */
  attach(session: Session): void {
    this.#session = session;
    this.#consumer = undefined;
    this.#recovery?.close();
    this.#recovery = undefined;
    this.#ensureQueue();
  }

  /**
   * Adds a subscription.
   *
   * @returns The subscription, and a promise that resolves when it is established, or the broker
   * has refused it once, or is not connected.
   */
  add(
    subject: string,
    handler: (message: BusMessage) => void,
  ): { readonly subscription: BusSubscription; readonly established: Promise<unknown> } {
    let open = true;
    const entry: Entry = { handler: (message) => open && handler(message) };
    const bindings = bindingsOf(subject);
    this.#entries.add(subject, entry);
    const needed = bindings.map((binding) => this.#need(binding, 1));
    this.#ensureQueue();
    const established = this.#consumer === undefined
      ? this.#recovery?.settled
      : Promise.all(needed);

    let bound = true;
    const leave = () => {
      if (!bound) return;
      bound = false;
      for (const binding of bindings) this.#need(binding, -1);
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
    return { subscription, established: established ?? Promise.resolve() };
  }

  /** Closes all subscriptions. */
  close(): void {
    this.#recovery?.close();
    this.#session = undefined;
    this.#consumer = undefined;
  }

  /** Resolves when everything has been handled that the broker had for the present bindings. */
  async #caughtUp(): Promise<void> {
    const session = this.#session;
    if (!session?.open) return;
    const done = this.settled().then(() => this.#consumer?.mark()).catch(() => {});
    await inTime(Promise.race([done, session.ended]), FLUSH_TIMEOUT);
  }

  #need(binding: Binding, change: 1 | -1): Promise<void> | undefined {
    const count = (this.#needed.get(binding.id)?.count ?? 0) + change;
    if (count === 0) this.#needed.delete(binding.id);
    else this.#needed.set(binding.id, { binding, count });
    return this.#consumer?.bindings.update(binding);
  }

  #ensureQueue(): void {
    const session = this.#session;
    // A client that only sends requests needs no queue.
    if (this.#recovery !== undefined || session === undefined || this.#needed.size === 0) return;
    this.#recovery = new ConsumerRecovery({
      session,
      establish: () => this.#establish(session),
      onError: (reason) => this.#onError(`Lost the subscriptions, retrying: ${reason}`),
    });
  }

  async #establish(session: Session): Promise<{ readonly lost: Promise<string> }> {
    const { name, options } = ownQueue();
    const { promise: lost, resolve: lose } = deferred<string>();
    const channel = await session.channel((error) => {
      lose(error?.message ?? "the channel was closed");
    });
    try {
      await channel.assertQueue(name, options);
      await channel.consume(name, (delivery) => {
        if (delivery === null) lose("the broker cancelled the consumer");
        // What was sent to the queue itself is a mark, not a message.
        else if (delivery.fields.exchange === "") {
          this.#marks.get(delivery.properties.messageId)?.();
        } else this.#deliver(delivery);
      }, { noAck: true });
    } catch (error) {
      void closeChannel(channel);
      throw error;
    }
    const bindings = new Bindings({
      session,
      queue: name,
      needed: (id) => this.#needed.has(id),
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
    for (const { binding } of this.#needed.values()) bindings.update(binding);
    await bindings.settled();
    return { lost };
  }

  #deliver(delivery: ConsumeMessage): void {
    const entries = this.#entries.match(delivery.fields.routingKey);
    if (entries.length === 0) return;
    const message = toBusMessage(delivery);
    const last = entries.length - 1;
    for (const [index, { handler }] of entries.entries()) {
      // A receiver may change the payload, so only the last one gets the original.
      handler(index === last ? message : { ...message, data: message.data.slice() });
    }
  }
}

interface Update extends PromiseWithResolvers<void> {
  readonly binding: Binding;
}

interface BindingsOptions {
  readonly session: Session;
  readonly queue: string;
  /** Whether the binding with this ID is needed. */
  readonly needed: (id: string) => boolean;
  /** Called with what the broker refuses; it is tried again. */
  readonly onError: (reason: string) => void;
}

/** The bindings of a queue, made and removed one after the other as subscriptions need them. */
class Bindings {
  readonly #options: BindingsOptions;
  readonly #bound = new Set<string>();
  readonly #updates = new Map<string, Update>();
  readonly #refused = new Map<string, Binding>();
  readonly #end = new AbortController();
  /** Not the channel that is consumed from: the broker closes it when it refuses a binding. */
  #channel: Channel | undefined;
  #working: Promise<void> | undefined;

  constructor(options: BindingsOptions) {
    this.#options = options;
  }

  /**
   * Makes or removes a binding, depending on whether it is needed.
   *
   * @returns A promise that resolves when that is done, or refused. It never rejects.
   */
  update(binding: Binding): Promise<void> {
    const update = this.#updates.get(binding.id) ?? { binding, ...deferred<void>() };
    this.#updates.set(binding.id, update);
    this.#working ??= this.#work();
    return update.promise;
  }

  /** Resolves when all updates are done, or refused. It never rejects. */
  async settled(): Promise<void> {
    await this.#working;
  }

  /** Stops; the bindings are removed with their queue. */
  close(): void {
    this.#end.abort();
    if (this.#channel !== undefined) void closeChannel(this.#channel);
  }

  async #work(): Promise<void> {
    // What updates a binding meanwhile finds this work in progress.
    await undefined;
    for (const { binding, resolve } of this.#updates.values()) {
      this.#updates.delete(binding.id);
      if (!this.#end.signal.aborted && this.#options.session.open) await this.#adjust(binding);
      resolve();
    }
    this.#working = undefined;
  }

  async #adjust(binding: Binding): Promise<void> {
    const { session, queue, needed, onError } = this.#options;
    const { id, exchange, key } = binding;
    if (needed(id) === this.#bound.has(id)) return;
    try {
      this.#channel ??= await session.channel(() => this.#channel = undefined);
      if (needed(id)) {
        await this.#channel.bindQueue(queue, exchange, key);
        this.#bound.add(id);
      } else {
        await this.#channel.unbindQueue(queue, exchange, key);
        this.#bound.delete(id);
      }
    } catch (error) {
      if (this.#end.signal.aborted || !session.open) return;
      const reason = errorText(error);
      onError(`Cannot bind a queue to ${exchange} with ${key}: ${reason}`);
      if (this.#refused.size === 0) void this.#tryAgain();
      this.#refused.set(id, binding);
    }
  }

  async #tryAgain(): Promise<void> {
    const signal = AbortSignal.any([this.#end.signal, this.#options.session.signal]);
    await pause(REFUSED_PAUSE, signal).catch(() => {});
    const refused = [...this.#refused.values()];
    this.#refused.clear();
    if (!signal.aborted) refused.forEach((binding) => this.update(binding));
  }
}
