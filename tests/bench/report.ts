/**
 * What the bench has measured, and how it is shown.
 *
 * @module
 */
import type { Program } from "./candidate.ts";
import { median } from "./statistics.ts";

type Name = Program["name"];

/** The figures in the order of the table; the digits are those behind the decimal point. */
const figures = {
  "events/s, full tilt": 0,
  "events lost, full tilt, %": 2,
  "events CPU s/100,000, full tilt": 2,
  "longest write of Asterisk, full tilt, ms": 1,
  "events/s, 64 unacknowledged": 0,
  "events lost, 64 unacknowledged, %": 2,
  "event latency p50, 2,000/s, ms": 2,
  "event latency p99, 2,000/s, ms": 2,
  "event latency p50, 5,000/s, ms": 2,
  "event latency p99, 5,000/s, ms": 2,
  "events CPU s/100,000, 5,000/s": 2,
  "request latency p50, one by one, ms": 2,
  "request latency p99, one by one, ms": 2,
  "requests/s, 64 in flight": 0,
  "request latency p50, 64 in flight, ms": 2,
  "request latency p99, 64 in flight, ms": 2,
  "requests CPU s/100,000, 64 in flight": 2,
  "start to first announcement, ms": 0,
  "memory idle, MB": 0,
  "memory peak, MB": 0,
} as const;

/** Name of a figure, with its unit. */
export type Figure = keyof typeof figures;

/** Measured numbers by program and figure, of which the medians are shown. */
export class Report {
  readonly #numbers = new Map<string, number[]>();

  /** Adds numbers of one round. */
  add(program: Name, numbers: Partial<Record<Figure, number>>): void {
    for (const [figure, number] of Object.entries(numbers)) {
      const name = `${program} ${figure}`;
      const list = this.#numbers.get(name) ?? [];
      this.#numbers.set(name, list);
      list.push(number);
    }
  }

  /** A table for people: the medians of both programs, their ratio, and the range of the proxy. */
  table(): string {
    const rows = names().map((figure) => {
      const digits = figures[figure];
      const proxy = this.#of("proxy", figure);
      const plain = this.#of("pass-through", figure);
      const ratio = median(proxy) / median(plain);
      return [
        figure,
        text(median(proxy), digits),
        text(median(plain), digits),
        Number.isFinite(ratio) ? text(ratio, 2) : "",
        `${text(Math.min(...proxy), digits)} to ${text(Math.max(...proxy), digits)}`,
      ];
    });
    const table = [["figure", "proxy", "pass-through", "ratio", "proxy, range"], ...rows];
    const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
    return table.map((row) =>
      row.map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column])
      ).join("  ")
    ).join("\n");
  }

  /** The same for programs, with all numbers. */
  json(): string {
    const entries = names().map((figure) => {
      const proxy = this.#of("proxy", figure);
      const plain = this.#of("pass-through", figure);
      return [figure, {
        proxy: median(proxy),
        passThrough: median(plain),
        ratio: median(proxy) / median(plain),
        rounds: { proxy, passThrough: plain },
      }];
    });
    return JSON.stringify(Object.fromEntries(entries), undefined, 2);
  }

  #of(program: Name, figure: Figure): number[] {
    return this.#numbers.get(`${program} ${figure}`) ?? [];
  }
}

function names(): Figure[] {
  // Object.keys does not know that the object has no others.
  return Object.keys(figures) as Figure[];
}

function text(number: number, digits: number): string {
  return number.toLocaleString("en", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}
