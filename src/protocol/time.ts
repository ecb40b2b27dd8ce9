/**
 * A time in the one form that clients in Go can read, `YYYY-MM-DDThh:mm:ss.mmm±hhmm`.
 *
 * Asterisk writes this form, and it passes unchanged; other ISO forms (`Z`, `±hh:mm`, no
 * milliseconds) are rewritten.
 *
 * @returns undefined when the value is not a time.
 */
export function wireTime(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  const match = isoPattern.exec(value);
  if (!match) return undefined;
  const [, seconds, fraction = "", offset] = match;
  const zone = offset.toUpperCase() === "Z" ? "+0000" : offset.replace(":", "");
  return `${seconds}.${fraction.slice(0, 3).padEnd(3, "0")}${zone}`;
}

/**
 * The same instant in UTC, in the form of {@linkcode wireTime}.
 *
 * @returns undefined when the value is not a time.
 */
export function utcTime(value: unknown): string | undefined {
  const time = wireTime(value);
  if (time === undefined || time.endsWith("+0000")) return time;
  const instant = new Date(`${time.slice(0, -2)}:${time.slice(-2)}`);
  const year = instant.getUTCFullYear();
  // In UTC the first and the last year can become one that has not four digits.
  return year >= 0 && year <= 9999 ? instant.toISOString().replace("Z", "+0000") : time;
}

const isoPattern = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|z|[+-]\d\d:?\d\d)$/;
