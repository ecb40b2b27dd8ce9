/** Milliseconds as nanoseconds, the unit of durations on the bus. */
export function nanosOf(milliseconds: number): number {
  return Math.round(milliseconds * 1e6);
}

/**
 * Milliseconds as nanoseconds, for what Asterisk counts in whole seconds: rounded up, since a proxy
 * truncates to seconds, and less than one second would become 0, which means no limit.
 */
export function nanosOfSeconds(milliseconds: number): number {
  return nanosOf(secondsOf(milliseconds) * 1_000);
}

/** Milliseconds as whole seconds, rounded up, so that a short time does not become 0. */
export function secondsOf(milliseconds: number): number {
  return Math.ceil(milliseconds / 1_000);
}
