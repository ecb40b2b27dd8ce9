import { mock } from "node:test";

/**
 * Moves the clock that durations are measured with (`performance.now`), so that a test need not
 * wait for something to have lasted. Timers are not moved.
 */
export class MovableClock implements Disposable {
  #offset = 0;
  readonly #mocked;

  constructor() {
    const now = performance.now.bind(performance);
    this.#mocked = mock.method(performance, "now", () => now() + this.#offset);
  }

  /** Lets so many milliseconds pass. */
  advance(ms: number): void {
    this.#offset += ms;
  }

  [Symbol.dispose](): void {
    this.#mocked.mock.restore();
  }
}
