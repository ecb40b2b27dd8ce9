/**
 * The bindings of a queue, kept as they are wanted.
 *
 * @module
 */

import { deferred } from "../../common/deferred.ts";
import type { Channel } from "amqplib";
import { pause } from "../../common/pause.ts";
import { closeChannel, type RabbitmqSession } from "./session.ts";
import type { Binding } from "./topology.ts";
import { errorText } from "../../common/error_text.ts";

/** Pause before what was refused is tried again, in milliseconds. */
const AGAIN = 5_000;

/** Options of {@linkcode RabbitmqBindings}. */
export interface RabbitmqBindingsOptions {
  /** The session. */
  readonly session: RabbitmqSession;
  /** Name of the queue. */
  readonly queue: string;
  /** Tells whether the binding with this id is wanted. */
  readonly wanted: (id: string) => boolean;
  /** Is told what the broker refuses; it is tried again. */
  readonly onError: (reason: string) => void;
}

interface Touched extends PromiseWithResolvers<void> {
  readonly binding: Binding;
}

/** Binds and unbinds a queue, one after the other. */
export class RabbitmqBindings {
  readonly #options: RabbitmqBindingsOptions;
  readonly #bound = new Set<string>();
  readonly #touched = new Map<string, Touched>();
  readonly #refused = new Map<string, Binding>();
  readonly #end = new AbortController();
  /** Not the one that is consumed from: the broker closes it when it refuses something. */
  #channel: Channel | undefined;
  #working: Promise<void> | undefined;

  constructor(options: RabbitmqBindingsOptions) {
    this.#options = options;
  }

  /**
   * Looks after a binding that is not wanted any more, or newly wanted.
   *
   * @returns A promise that resolves when that is done, or refused. It never rejects.
   */
  touch(binding: Binding): Promise<void> {
    const touched = this.#touched.get(binding.id) ?? { binding, ...deferred<void>() };
    this.#touched.set(binding.id, touched);
    this.#working ??= this.#work();
    return touched.promise;
  }

  /** Resolves when all that was touched is done, or refused. It never rejects. */
  async settled(): Promise<void> {
    await this.#working;
  }

  /** Ends it; the bindings go with their queue. */
  close(): void {
    this.#end.abort();
    if (this.#channel !== undefined) void closeChannel(this.#channel);
  }

  async #work(): Promise<void> {
    // Whoever touches a binding finds this work under way.
    await undefined;
    for (const { binding, resolve } of this.#touched.values()) {
      this.#touched.delete(binding.id);
      if (!this.#end.signal.aborted && this.#options.session.open) await this.#adjust(binding);
      resolve();
    }
    this.#working = undefined;
  }

  async #adjust(binding: Binding): Promise<void> {
    const { session, queue, wanted, onError } = this.#options;
    const { id, exchange, key } = binding;
    if (wanted(id) === this.#bound.has(id)) return;
    try {
      this.#channel ??= await session.channel(() => this.#channel = undefined);
      if (wanted(id)) {
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
    await pause(AGAIN, signal).catch(() => {});
    const refused = [...this.#refused.values()];
    this.#refused.clear();
    if (!signal.aborted) refused.forEach((binding) => this.touch(binding));
  }
}
