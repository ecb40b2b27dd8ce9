/**
 * Durations: whole nanoseconds on the bus, whole seconds or milliseconds in requests to Asterisk. This
 * is the only place that converts them.
 *
 * @module
 */

/** Whole seconds of a duration in nanoseconds, cut towards zero. */
export function nanosToSeconds(nanoseconds: number): number {
  return Math.trunc(nanoseconds / 1e9);
}

/** Whole milliseconds of a duration in nanoseconds, cut towards zero. */
export function nanosToMillis(nanoseconds: number): number {
  return Math.trunc(nanoseconds / 1e6);
}
