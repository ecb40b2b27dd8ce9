import { type Deferred, deferred } from "../../common/deferred.ts";

/** Options of {@linkcode BoundedQueue}. */
interface BoundedQueueOptions {
  /** How many items it holds. */
  readonly limit: number;
  /** Which item is dropped when it is full. */
  readonly drop: "oldest" | "newest";
}

/** A queue between a producer that never waits and a consumer that takes the items in order. */
export class BoundedQueue<T> {
  readonly #options: BoundedQueueOptions;
  readonly #waiting: Deferred<IteratorResult<T, undefined>>[] = [];
  #items: T[] = [];
  #ended = false;
  #failure: { readonly error: unknown } | undefined;

  constructor(options: BoundedQueueOptions) {
    this.#options = options;
  }

  /** How many items wait. */
  get length(): number {
    return this.#items.length;
  }

  /** Adds an item. Returns the dropped ones, which are none or one. */
  push(item: T): readonly T[] {
    if (this.#ended) return [item];
    const waiting = this.#waiting.shift();
    if (waiting) {
      waiting.resolve({ done: false, value: item });
      return [];
    }
    if (this.#items.length >= this.#options.limit && this.#options.drop === "newest") return [item];
    this.#items.push(item);
    return this.#items.length > this.#options.limit ? this.#items.splice(0, 1) : [];
  }

  /** The next item, when it arrives; after the last one the end, or the error. */
  next(): Promise<IteratorResult<T, undefined>> {
    const [item] = this.#items;
    if (this.#items.length > 0) {
      this.#items.shift();
      return Promise.resolve({ done: false, value: item });
    }
    if (this.#failure) {
      const { error } = this.#failure;
      this.#failure = undefined;
      return Promise.reject(error);
    }
    if (this.#ended) return Promise.resolve({ done: true, value: undefined });
    const waiting = deferred<IteratorResult<T, undefined>>();
    this.#waiting.push(waiting);
    return waiting.promise;
  }

  /** Accepts no more items. Those that wait can still be taken; then follows the end, or the error once. */
  end(failure?: { readonly error: unknown }): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#failure = failure;
    for (const waiting of this.#waiting.splice(0)) {
      this.next().then(waiting.resolve, waiting.reject);
    }
  }

  /** Removes all items, and returns them. */
  clear(): readonly T[] {
    const items = this.#items;
    this.#items = [];
    return items;
  }
}
