/**
 * Limits the rate of repeated warnings.
 *
 * @module
 */
import type { Log, LogDetails } from "./log.ts";

/** Different messages within an interval. Those beyond share one line. */
const maxMessages = 100;
const further = "Further warnings, of more kinds than are logged one by one";

/** A log of warnings that does not repeat itself within an interval. */
export interface ThrottledLog extends Disposable {
  /**
   * Logs a warning, unless the same one was logged within the interval.
   *
   * @param options.key What makes two warnings the same. @default the message
   */
  warn(message: string, details?: LogDetails, options?: { readonly key?: string }): void;
  /**
   * Logs what is still counted, and ends: later warnings are logged one by one. Idempotent.
   */
  [Symbol.dispose](): void;
}

/**
 * Makes a log of which a burst of ten thousand equal warnings makes two lines: the first at once, and
 * at the end of the interval the number of the others.
 *
 * @param options.interval Time without repetition, in milliseconds. @default 10_000
 * @param options.summary Whether the number of repetitions is logged. @default true
 */
export function throttle(
  log: Pick<Log, "warn">,
  { interval = 10_000, summary = true }: {
    readonly interval?: number;
    readonly summary?: boolean;
  } = {},
): ThrottledLog {
  const recent = new Map<string, { readonly message: string; repeated: number; timer: Timer }>();
  let ended = false;
  const forget = (key: string) => {
    const { message = "", repeated = 0, timer } = recent.get(key) ?? {};
    clearTimeout(timer);
    recent.delete(key);
    if (summary && repeated > 0) log.warn(`${message} (${repeated} more)`);
  };
  const warn: ThrottledLog["warn"] = (message, details, { key = message } = {}) => {
    const known = recent.get(key);
    if (known) {
      known.repeated++;
      return;
    }
    if (recent.size >= maxMessages && key !== further) return warn(further);
    log.warn(message, details);
    if (!ended) {
      const timer = setTimeout(() => forget(key), interval);
      recent.set(key, { message, repeated: 0, timer });
    }
  };
  return {
    warn,
    [Symbol.dispose]() {
      ended = true;
      [...recent.keys()].forEach(forget);
    },
  };
}

type Timer = ReturnType<typeof setTimeout>;
