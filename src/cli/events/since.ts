import { parseMilliseconds } from "../parse_time.ts";

/**
 * The time that a text names: so long ago (`5m`), a time of the day here that is over (`14:05`,
 * `14:05:30`), or a date with a time in ISO 8601, of this machine's zone unless it names another.
 *
 * @param now The time at this moment, in milliseconds since 1970.
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
  // Asterisk writes the offset without a colon, which is not what dates are read from.
  const date = Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, "$1:$2"));
  if (/^\d{4}-\d\d-\d\d/.test(text) && Number.isFinite(date)) return date;
  throw new Error(`${JSON.stringify(text)} is no time such as 5m, 14:05 or 2026-11-23T14:05:00Z`);
}
