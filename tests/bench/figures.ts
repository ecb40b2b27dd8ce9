/**
 * What the bench reports of each program, in the order of the table.
 *
 * @module
 */
import type { BusName } from "./options.ts";

/** What a figure is to be, of the original's or by itself. */
export interface Goal {
  /** Whether it is about the figure or about its ratio to the original's. */
  readonly of: "itself" | "original";
  /** The least that it is to be. */
  readonly least?: number;
  /** The most that it is to be. */
  readonly most?: number;
}

/** How a figure is shown. */
export interface FigureRow {
  /** Digits behind the decimal point. */
  readonly digits: number;
  /** What is wanted, where something is. */
  readonly goals?: Partial<Record<BusName, Goal>>;
}

const both = (goal: Goal) => ({ nats: goal, amqp: goal });
const atLeast = (least: number): Goal => ({ of: "original", least });
const atMost = (most: number): Goal => ({ of: "original", most });
const noMoreThan = (most: number): Goal => ({ of: "itself", most });

/** The figures; the name has the unit. */
export const figures = {
  "events/s, 64 unacknowledged": {
    digits: 0,
    goals: { nats: atLeast(3), amqp: atLeast(1.7) },
  },
  "events lost, 64 unacknowledged, %": { digits: 2, goals: both(noMoreThan(0)) },
  "CPU s per 100,000 events, 64 unacknowledged": { digits: 2, goals: { nats: atMost(0.35) } },
  "events/s, full tilt": { digits: 0, goals: { nats: atLeast(5) } },
  "events lost, full tilt, %": { digits: 2, goals: both(noMoreThan(0)) },
  "CPU s per 100,000 events, full tilt": { digits: 2, goals: { nats: atMost(0.35) } },
  "longest write of Asterisk, full tilt, ms": { digits: 1 },
  "event latency at 2,000/s, p50, ms": { digits: 2, goals: { nats: atMost(0.8) } },
  "event latency at 2,000/s, p99, ms": { digits: 2, goals: { nats: atMost(1) } },
  "event latency at 5,000/s, p50, ms": { digits: 2, goals: { nats: atMost(0.8) } },
  "event latency at 5,000/s, p99, ms": { digits: 2, goals: { nats: atMost(1) } },
  "CPU s per 100,000 events, 5,000/s": { digits: 2, goals: { nats: atMost(0.35) } },
  "requests/s, 64 in flight": { digits: 0, goals: both(atLeast(1.4)) },
  "request latency, 64 in flight, p50, ms": { digits: 2 },
  "request latency, 64 in flight, p99, ms": { digits: 2 },
  "CPU s per 100,000 requests, 64 in flight": { digits: 2, goals: { nats: atMost(1) } },
  "request latency, one by one, p50, ms": { digits: 2, goals: { nats: atMost(1.1) } },
  "request latency, one by one, p99, ms": { digits: 2 },
  "start to first announcement, ms": { digits: 0, goals: both(noMoreThan(300)) },
  "memory idle, MB": { digits: 0, goals: both(noMoreThan(70)) },
  "memory peak, MB": { digits: 0, goals: both(noMoreThan(120)) },
} as const satisfies Readonly<Record<string, FigureRow>>;

/** Name of a figure. */
export type Figure = keyof typeof figures;

/** The names, in the order of the table. */
export const figureNames: readonly Figure[] = Object.keys(figures).filter(isFigure);

/** How a figure is shown, and what is wanted. */
export function figureRow(name: Figure): FigureRow {
  return figures[name];
}

function isFigure(name: string): name is Figure {
  return Object.hasOwn(figures, name);
}
