/**
 * How long to pause between attempts.
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
   * Source of chance, from 0 up to but not including 1.
   *
   * @default Math.random
   */
  readonly random?: () => number;
}

/**
 * Tells the pause before the next attempt. The pause doubles with each attempt up to `max`; half of
 * it is fixed, so that nobody hammers, and half is chance, so that many clients of one server that
 * comes back do not arrive at once.
 *
 * @param attempt How many attempts have failed before this pause was asked for, less one: it counts
 * from 0.
 * @returns Milliseconds, between half the full pause and the full pause, whole.
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
