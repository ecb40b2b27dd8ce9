/**
 * Parses durations and times as people type them.
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

/**
 * Parses a time in the past: a duration before now (`5m`), the last time with this local time of day
 * (`14:05`, `14:05:30`), or a date with a time in ISO 8601, in the local zone unless it names another.
 *
 * @param now The current time, in milliseconds since 1970.
 * @returns Milliseconds since 1970.
 * @throws {Error} For any other text.
 */
export function parseSince(text: string, now: number = Date.now()): number {
  const ago = parseMilliseconds(text);
  if (ago !== undefined) return now - ago;
  const [, hours, minutes, seconds = "0"] = /^(\d\d?):(\d\d)(?::(\d\d))?$/.exec(text) ?? [];
  if (hours !== undefined && Number(hours) < 24 && Number(minutes) < 60 && Number(seconds) < 60) {
    const time = new Date(now);
    time.setHours(Number(hours), Number(minutes), Number(seconds), 0);
    if (time.getTime() > now) time.setDate(time.getDate() - 1);
    return time.getTime();
  }
  // Asterisk writes the offset without a colon, which `Date` does not parse.
  const date = Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, "$1:$2"));
  if (/^\d{4}-\d\d-\d\d/.test(text) && Number.isFinite(date)) return date;
  throw new Error(
    `${JSON.stringify(text)} is not a time such as 5m, 14:05 or 2026-11-23T14:05:00Z`,
  );
}
