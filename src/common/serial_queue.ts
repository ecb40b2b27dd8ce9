/**
 * Queues of asynchronous tasks.
 *
 * @module
 */

/** Runs tasks one after the other, in the order in which they were added. */
export class SerialQueue {
  readonly #rest: () => Promise<void> | void;
  #last: Promise<unknown> = Promise.resolve();
  #length = 0;

  /**
   * Creates an empty queue.
   *
   * @param options.rest Called after each task; the next one starts when its promise is fulfilled. It
   * must not reject. By default there is no pause.
   */
  constructor({ rest = () => {} }: { readonly rest?: () => Promise<void> | void } = {}) {
    this.#rest = rest;
  }

  /** How many tasks wait, without the one that runs. */
  get waiting(): number {
    return Math.max(0, this.#length - 1);
  }

  /** Whether no task runs or waits. */
  get idle(): boolean {
    return this.#length === 0;
  }

  /**
   * Runs a task after all that were added before, whether those succeed or fail.
   *
   * @throws What the task throws.
   */
  run<T>(task: () => T | Promise<T>): Promise<T> {
    this.#length++;
    const done = this.#last.then(task);
    this.#last = done.catch(() => {}).then(this.#rest).then(() => void this.#length--);
    return done;
  }

  /** Resolves when all tasks that were added so far have ended. Never rejects. */
  async drained(): Promise<void> {
    await this.#last;
  }
}

/** Runs tasks of the same key one after the other, and those of different keys side by side. */
export class KeyedQueue {
  readonly #queues = new Map<string, SerialQueue>();

  /** How many keys have tasks that run or wait. */
  get size(): number {
    return this.#queues.size;
  }

  /**
   * Runs a task after all of the same key that were added before, whether those succeed or fail.
   *
   * @throws What the task throws.
   */
  run<T>(key: string, task: () => T | Promise<T>): Promise<T> {
    const queue = this.#queues.get(key) ?? new SerialQueue();
    this.#queues.set(key, queue);
    const done = queue.run(task);
    queue.drained().then(() => {
      if (this.#queues.get(key)?.idle) this.#queues.delete(key);
    });
    return done;
  }
}
