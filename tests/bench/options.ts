/**
 * What the command line of the bench says.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { brokers } from "./brokers.ts";

/** What can be measured by itself, in the order in which it is. */
export const sections = ["start", "events", "requests", "growth"] as const;

/** One of {@linkcode sections}. */
export type Section = typeof sections[number];

/** Name of a broker. */
export type BusName = keyof typeof brokers;

/** What to measure, and how. */
export interface BenchOptions {
  /** The brokers to measure on, one after the other. */
  readonly buses: readonly BusName[];
  /** What to measure. */
  readonly only: ReadonlySet<Section>;
  /** Whether a look is enough. */
  readonly quick: boolean;
  /** Whether to print JSON instead of tables. */
  readonly json: boolean;
  /** Programs to leave out. */
  readonly without: ReadonlySet<string>;
}

/**
 * Reads the command line.
 *
 * @throws {Error} For what it does not take.
 */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      bus: { type: "string", default: "both" },
      only: { type: "string", default: sections.join(",") },
      without: { type: "string", default: "" },
      quick: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
    },
  });
  const { bus, only, without, quick, json } = values;
  const names = Object.keys(brokers).filter(isBus);
  if (bus !== "both" && !isBus(bus)) {
    throw new Error(`Cannot measure on ${bus}: --bus takes ${names.join(", ")} or both`);
  }
  return {
    buses: bus === "both" ? names : [bus],
    only: new Set(only.split(",").map(sectionOf)),
    without: new Set(without.split(",")),
    quick,
    json,
  };
}

function isBus(name: string): name is BusName {
  return Object.hasOwn(brokers, name);
}

function sectionOf(name: string): Section {
  const section = sections.find((one) => one === name);
  if (section) return section;
  throw new Error(`Cannot measure ${name}: --only takes some of ${sections.join(",")}`);
}
