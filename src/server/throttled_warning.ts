import type { Log, LogDetails } from "../common/log.ts";

/** Different messages of one interval; of those beyond only one line is said. */
const MAX_MESSAGES = 100;
const FURTHER = "Further warnings, of more kinds than are told one by one";

/**
 * Says a warning at once, and what comes within the interval after it only as a count at its end: a
 * burst of ten thousand bad messages makes two lines.
 */
export class ThrottledWarning implements Disposable {
  readonly #log: Log;
  readonly #interval: number;
  readonly #suppressed = new Map<string, number>();
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  #ended = false;

  /**
   * Makes a warning that speaks through a log.
   *
   * @param interval Time without repetition of a message, in milliseconds.
   */
  constructor(log: Log, interval = 10_000) {
    this.#log = log;
    this.#interval = interval;
  }

  /** Warns, unless the same message was said within the interval; then it is counted. */
  warn(message: string, details?: LogDetails): void {
    const known = this.#suppressed.has(message) || message === FURTHER;
    if (!known && this.#suppressed.size >= MAX_MESSAGES) return this.warn(FURTHER);
    const count = this.#suppressed.get(message);
    if (count !== undefined) {
      this.#suppressed.set(message, count + 1);
      return;
    }
    this.#log.warn(message, details);
    if (this.#ended) return;
    this.#suppressed.set(message, 0);
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#tell(message);
    }, this.#interval);
    this.#timers.add(timer);
  }

  /** Says what is still counted. Warnings that come later are said one by one. */
  [Symbol.dispose](): void {
    this.#ended = true;
    this.#timers.forEach((timer) => clearTimeout(timer));
    this.#timers.clear();
    [...this.#suppressed.keys()].forEach((message) => this.#tell(message));
  }

  #tell(message: string): void {
    const more = this.#suppressed.get(message) ?? 0;
    this.#suppressed.delete(message);
    if (more > 0) this.#log.warn(`${message} (${more} more)`);
  }
}
