/**
 * Counts what is left on abort signals: a listener on a signal that lives as long as the process is
 * memory that is never released, and no other test notices it.
 *
 * @module
 */

type Listener = EventListenerOrEventListenerObject | null;

/**
 * Records the listeners of all abort signals from its making until it is disposed of. Those of a
 * signal that has aborted do not count: they are released with it.
 */
export class AbortListeners implements Disposable {
  readonly #listeners = new Map<AbortSignal, Set<Listener>>();
  readonly #add = EventTarget.prototype.addEventListener;
  readonly #remove = EventTarget.prototype.removeEventListener;

  constructor() {
    const [listeners, add, remove] = [this.#listeners, this.#add, this.#remove];
    EventTarget.prototype.addEventListener = function (type, listener, options) {
      if (this instanceof AbortSignal && type === "abort") {
        listeners.set(this, (listeners.get(this) ?? new Set()).add(listener));
      }
      add.call(this, type, listener, options);
    };
    EventTarget.prototype.removeEventListener = function (type, listener, options) {
      if (this instanceof AbortSignal) listeners.get(this)?.delete(listener);
      remove.call(this, type, listener, options);
    };
  }

  /** How many listeners signals have that have not aborted. */
  get count(): number {
    let count = 0;
    for (const [signal, listeners] of this.#listeners) {
      if (!signal.aborted) count += listeners.size;
    }
    return count;
  }

  /** How many listeners one signal has. */
  on(signal: AbortSignal): number {
    return this.#listeners.get(signal)?.size ?? 0;
  }

  [Symbol.dispose](): void {
    EventTarget.prototype.addEventListener = this.#add;
    EventTarget.prototype.removeEventListener = this.#remove;
  }
}
