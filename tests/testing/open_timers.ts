/**
 * Counts timers: what starts one for each event, or leaves one behind after each request, works and
 * is only slower.
 *
 * @module
 */

/** Counts the timers that are started while it is there. */
export class OpenTimers implements Disposable {
  readonly #open = new Set<unknown>();
  readonly #setTimeout = globalThis.setTimeout;
  readonly #clearTimeout = globalThis.clearTimeout;
  #started = 0;

  constructor() {
    const start = this.#setTimeout;
    const clear = this.#clearTimeout;
    const setTimeout = (
      callback: (...args: unknown[]) => void,
      ms?: number,
      ...args: unknown[]
    ) => {
      this.#started++;
      const timer = start(() => {
        this.#open.delete(timer);
        callback(...args);
      }, ms);
      this.#open.add(timer);
      return timer;
    };
    const clearTimeout = (timer: Parameters<typeof clear>[0]) => {
      this.#open.delete(timer);
      clear(timer);
    };
    Object.assign(globalThis, { setTimeout, clearTimeout });
  }

  /** How many were started, and neither have fired nor were cleared. */
  get count(): number {
    return this.#open.size;
  }

  /** How many were started in all. */
  get started(): number {
    return this.#started;
  }

  [Symbol.dispose](): void {
    Object.assign(globalThis, { setTimeout: this.#setTimeout, clearTimeout: this.#clearTimeout });
  }
}
