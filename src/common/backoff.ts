/**
 * Backoff: the pauses between attempts.
 *
 * @module
 */

/** Options of {@linkcode backoff}. */
export interface BackoffOptions {
  /** The pause after the first failure, before jitter, in milliseconds. */
  readonly first: number;
  /** The longest pause, in milliseconds. */
  readonly max: number;
  /**
   * Random numbers, from 0 up to but not including 1.
   *
   * @default Math.random
   */
  readonly random?: () => number;
}

/**
 * Returns the pause before the next attempt. It doubles with each attempt up to `max`. Half of it is
 * fixed, to limit the rate, and half is random, so that the clients of a server that was restarted do
 * not reconnect all at once.
 *
 * @param attempt How many attempts have failed, less one: it counts from 0.
 * @returns Whole milliseconds, between half the full pause and the full pause.
 *
 * @example
 * ```ts ignore
 * backoff(0, { first: 100, max: 5_000 }); // 50 to 100
 * backoff(3, { first: 100, max: 5_000 }); // 400 to 800
 * backoff(9, { first: 100, max: 5_000 }); // 2500 to 5000
 * ```
 */
export function backoff(attempt: number, options: BackoffOptions): number {
  const random = options.random ?? Math.random;
  // The exponent is capped because 2 ** 1024 is infinite, and infinity times a first of 0 is NaN.
  const full = Math.min(options.max, options.first * 2 ** Math.min(attempt, 50));
  return Math.round(full / 2 + (full / 2) * random());
}
