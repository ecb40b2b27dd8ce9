/**
 * Parses durations.
 *
 * @module
 */

const units: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

/**
 * Nanoseconds of a duration as people write it: `1500ms`, `30s`, `1m30s`, `1.5h`. A number without a
 * unit is in nanoseconds.
 *
 * @returns undefined when the text is not a duration, or is one that 64 bits cannot hold.
 */
export function parseDuration(text: string): number | undefined {
  const nanoseconds = readDuration(text);
  return nanoseconds !== undefined && Math.abs(nanoseconds) <= 2 ** 63 ? nanoseconds : undefined;
}

function readDuration(text: string): number | undefined {
  if (/^[+-]?\d+$/.test(text)) return Number(text);
  const match = /^([+-]?)((?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+)$/.exec(text);
  if (!match) return undefined;
  let sum = 0;
  for (const [, amount, unit] of match[2].matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)) {
    sum += Number(amount) * units[unit];
  }
  return Math.round(match[1] === "-" ? -sum : sum);
}

/**
 * Milliseconds of a duration with a unit, rounded up.
 *
 * @returns undefined when the text is not a duration above 0, or lacks the unit.
 */
export function parseMilliseconds(text: string): number | undefined {
  const nanoseconds = /[a-zµ]$/.test(text) ? parseDuration(text) : undefined;
  return nanoseconds !== undefined && nanoseconds > 0 ? Math.ceil(nanoseconds / 1e6) : undefined;
}
