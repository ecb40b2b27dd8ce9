/** The middle one of some numbers, or the mean of the two in the middle; NaN of none. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
}

/**
 * The number that a part of some numbers does not exceed; NaN of none.
 *
 * @param part From 0 to 1.
 */
export function percentile(numbers: Float64Array, part: number): number {
  const sorted = numbers.toSorted();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
}
