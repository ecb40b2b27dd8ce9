import { pause } from "../../common/pause.ts";
import { AriProxyError, errorTexts } from "../../protocol/errors.ts";

/** Options of {@linkcode InTurn}. */
export interface InTurnOptions {
  /**
   * How many tasks may wait; beyond that they are refused.
   *
   * @default {100}
   */
  readonly limit?: number;
  /**
   * Lets everything else have its turn.
   *
   * @default for a millisecond
   */
  readonly giveWay?: () => Promise<void>;
}

/**
 * Does what keeps the processor busy one after the other, and lets everything else have its turn in
 * between: many small requests for much work would otherwise keep events waiting.
 */
export class InTurn {
  readonly #limit: number;
  readonly #giveWay: () => Promise<void>;
  readonly #waiting: (() => void)[] = [];
  #working = false;

  /** Makes an empty queue. */
  constructor({ limit = 100, giveWay = () => pause(1) }: InTurnOptions = {}) {
    this.#limit = limit;
    this.#giveWay = giveWay;
  }

  /**
   * Does a task when its turn comes; at once when nothing waits.
   *
   * @throws {AriProxyError} With the code `busy` when too many wait, and what the task throws.
   */
  run<T>(task: () => T): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    if (this.#waiting.length >= this.#limit) {
      reject(new AriProxyError("busy", errorTexts.busyTelling(this.#limit)));
      return promise;
    }
    this.#waiting.push(() => {
      try {
        resolve(task());
      } catch (error) {
        reject(error);
      }
    });
    if (!this.#working) void this.#work();
    return promise;
  }

  async #work(): Promise<void> {
    this.#working = true;
    for (let next; (next = this.#waiting.shift());) {
      next();
      await this.#giveWay();
    }
    this.#working = false;
  }
}
