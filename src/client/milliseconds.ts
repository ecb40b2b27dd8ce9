/** Nanoseconds of milliseconds, as durations stand on the bus. */
export function nanosOf(milliseconds: number): number {
  return Math.round(milliseconds * 1e6);
}

/**
 * Nanoseconds of milliseconds for what Asterisk counts in whole seconds: rounded up, since a proxy cuts
 * what is left of a second, and what is less than one would become none, which means no limit.
 */
export function nanosOfSeconds(milliseconds: number): number {
  return nanosOf(secondsOf(milliseconds) * 1_000);
}

/** Whole seconds of milliseconds, rounded up, so that a short time does not become none. */
export function secondsOf(milliseconds: number): number {
  return Math.ceil(milliseconds / 1_000);
}
