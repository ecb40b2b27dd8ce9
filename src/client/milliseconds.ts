/** Nanoseconds of milliseconds, as durations stand on the bus. */
export function nanosOf(milliseconds: number): number {
  return Math.round(milliseconds * 1e6);
}

/** Whole seconds of milliseconds, rounded up, so that a short time does not become none. */
export function secondsOf(milliseconds: number): number {
  return Math.ceil(milliseconds / 1_000);
}
