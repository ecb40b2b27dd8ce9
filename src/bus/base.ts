/**
 * Who wants to know of something.
 *
 * @module
 */

/** A set of listeners. One that throws does not keep the others from being called. */
export class Listeners<T> {
  readonly #listeners = new Set<(value: T) => void>();

  /** Adds a listener. Returns a function that removes it. */
  add(listener: (value: T) => void): () => void {
    // Wrapped, so that one function added twice is called twice and removed once.
    const own = (value: T) => listener(value);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  /** Calls all listeners. */
  tell(value: T): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(value);
      } catch {
        // A listener that fails is its owner's affair; what is told must not depend on who listens.
      }
    }
  }
}
