import type { BusHeaders } from "./bus.ts";

const DIGITS = /^\d+$/;

/** The number in the last of the headers, in which numbered messages differ; undefined when there is none. */
export function lastNumber(headers: BusHeaders, names: readonly string[]): string | undefined {
  const value = headers[names[names.length - 1]];
  return value !== undefined && DIGITS.test(value) ? value : undefined;
}

/** The headers of a numbered message up to its number, which message after message has alike. */
export class HeadersBeforeNumber {
  #names: readonly string[] = [];
  #values: readonly string[] = [];

  /** Whether headers are those of before, but for the number. */
  match(headers: BusHeaders, names: readonly string[]): boolean {
    if (names.length !== this.#names.length) return false;
    const last = names.length - 1;
    for (let index = 0; index < last; index++) {
      if (names[index] !== this.#names[index]) return false;
      if (headers[names[index]] !== this.#values[index]) return false;
    }
    return names[last] === this.#names[last];
  }

  /** Takes note of headers. */
  keep(headers: BusHeaders, names: readonly string[]): void {
    this.#names = names;
    this.#values = names.map((name) => headers[name]);
  }
}
