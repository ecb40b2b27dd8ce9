/**
 * The order of messages behind subscriptions.
 *
 * What is published waits until the subscriptions made before it are established: a client that
 * subscribes to responses and then requests them must not miss any, and the broker works through the
 * channels of a connection side by side.
 *
 * @module
 */

import { errorText } from "../../common/error_text.ts";

/** Runs actions in order; those behind a subscription wait for it. */
export class PublishQueue {
  /** Settles with the last queued action; undefined when the queue is empty. */
  #tail: Promise<void> | undefined;
  /** Distinguishes actions that were queued before the queue was dropped. */
  #epoch = 0;
  readonly #onFailed: (reason: string) => void;

  /** @param onFailed Called with why a queued action was not done. */
  constructor(onFailed: (reason: string) => void) {
    this.#onFailed = onFailed;
  }

  /** Whether nothing is queued. */
  get empty(): boolean {
    return this.#tail === undefined;
  }

  /** Makes all later actions wait for a promise, which must not reject. */
  wait(barrier: Promise<unknown>): void {
    this.#append(async () => void await barrier);
  }

  /**
   * Runs an action at once, or later when others are queued.
   *
   * @returns What the action returns when it is run at once, else true.
   * @throws What the action throws when it is run at once.
   */
  run(action: () => boolean): boolean {
    if (this.empty) return action();
    this.#append(() => {
      if (!action()) this.#onFailed("no channel is open");
    });
    return true;
  }

  /** Resolves when all that is queued now is done, or dropped. */
  async passed(): Promise<void> {
    await this.#tail;
  }

  /** Drops all that is queued. */
  drop(): void {
    this.#epoch++;
    this.#tail = undefined;
  }

  #append(step: () => void | Promise<void>): void {
    const epoch = this.#epoch;
    const tail = (this.#tail ?? Promise.resolve())
      .then(() => epoch === this.#epoch ? step() : undefined)
      // An action that fails does not hold up those behind it.
      .catch((error) => this.#onFailed(errorText(error)))
      .then(() => {
        if (this.#tail === tail) this.#tail = undefined;
      });
    this.#tail = tail;
  }
}
