/**
 * What is published waits for the subscriptions made before it.
 *
 * Who subscribes to answers and then asks for them must not miss any. The broker works through the
 * channels of a connection side by side, so it does not see to that.
 *
 * @module
 */
import { errorText } from "../../common/error_text.ts";

/** Actions in the order in which they were asked for, with pauses in between. */
export class RabbitmqPublishOrder {
  /** Ends with the last in line; undefined when there is nobody. */
  #tail: Promise<void> | undefined;
  /** Tells who stood in the line before it was dropped. */
  #epoch = 0;
  readonly #onFailed: (reason: string) => void;

  /** @param onFailed Is told why an action whose turn came later was not done. */
  constructor(onFailed: (reason: string) => void) {
    this.#onFailed = onFailed;
  }

  /** Whether nobody stands in the line. */
  get empty(): boolean {
    return this.#tail === undefined;
  }

  /** Lets all that comes later wait for a promise, which must not reject. */
  wait(barrier: Promise<unknown>): void {
    this.#append(async () => void await barrier);
  }

  /**
   * Does something at once, or later when others stand in the line.
   *
   * @returns What the action returns when it is done at once, else true.
   * @throws What the action throws when it is done at once.
   */
  run(action: () => boolean): boolean {
    if (this.empty) return action();
    this.#append(() => {
      if (!action()) this.#onFailed("no channel is open");
    });
    return true;
  }

  /** Resolves when all that stands in the line now is done, or dropped. */
  async passed(): Promise<void> {
    await this.#tail;
  }

  /** Forgets all that stands in the line. */
  drop(): void {
    this.#epoch++;
    this.#tail = undefined;
  }

  #append(step: () => void | Promise<void>): void {
    const epoch = this.#epoch;
    const tail = (this.#tail ?? Promise.resolve())
      .then(() => epoch === this.#epoch ? step() : undefined)
      // One that fails holds up nobody behind it.
      .catch((error) => this.#onFailed(errorText(error)))
      .then(() => {
        if (this.#tail === tail) this.#tail = undefined;
      });
    this.#tail = tail;
  }
}
