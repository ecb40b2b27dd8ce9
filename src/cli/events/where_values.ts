/**
 * What the signs in an expression for `--where` mean.
 *
 * @module
 */
import { isObject } from "../../protocol/json.ts";

/** Whether a value counts as true by itself: it is there, and neither null, false nor empty. */
export function isThere(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return value !== undefined && value !== null && value !== false && value !== "";
}

/** Whether two values are the same. A text of a number equals the number; nothing equals null. */
export function equal(a: unknown, b: unknown): boolean {
  if (a === undefined || a === null) return b === undefined || b === null;
  if (typeof a === "number" || typeof b === "number") return numeric(a) === numeric(b);
  if (typeof a === "object" && typeof b === "object") {
    return JSON.stringify(a) === JSON.stringify(b);
  }
  return a === b;
}

/** Negative when the first one is less, positive when it is more; NaN when they cannot be compared. */
export function compare(a: unknown, b: unknown): number {
  if (typeof a === "string" && typeof b === "string") return a < b ? -1 : a > b ? 1 : 0;
  return (numeric(a) ?? NaN) - (numeric(b) ?? NaN);
}

/** Whether a value is matched; of a list one of the items. */
export function matches(value: unknown, pattern: RegExp): boolean {
  if (Array.isArray(value)) return value.some((item) => matches(item, pattern));
  if (value === undefined || value === null || typeof value === "object") return false;
  return pattern.test(String(value));
}

/** Whether a value is in another: an item of a list, a member of an object, a part of a text. */
export function isIn(value: unknown, container: unknown): boolean {
  if (Array.isArray(container)) return container.some((item) => equal(item, value));
  if (typeof value !== "string") return false;
  if (typeof container === "string") return container.includes(value);
  return isObject(container) && Object.hasOwn(container, value);
}

function numeric(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  const isNumeral = typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value);
  return isNumeral ? Number(value) : undefined;
}
