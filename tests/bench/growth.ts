/**
 * Measures what grows with the size of an installation: the cost of an event with the dialogs and
 * channels that there are, and of a request with the nodes of the cluster.
 *
 * @module
 */
import type { Size } from "./brokers.ts";
import { Candidate } from "./candidate.ts";
import { measureCluster } from "./cluster_growth.ts";
import { measureEvents } from "./events.ts";
import { markdown } from "./markdown.ts";
import type { Program } from "./programs.ts";
import type { Site } from "./site.ts";

/** What was measured of one kind of growth. */
export interface GrowthTable {
  /** What grows. */
  readonly title: string;
  /** A table for people. */
  readonly table: string;
  /** The numbers, a row for each step. */
  readonly rows: readonly Readonly<Record<string, string | number>>[];
}

/** What there is in one step. */
interface Step {
  readonly name: string;
  /** Channels that events are of, in turn. */
  readonly channels: number;
  /** Dialogs that each of them is bound to. */
  readonly dialogs: number;
}

const steps: readonly Step[] = [
  { name: "1 channel, no dialog", channels: 1, dialogs: 0 },
  { name: "1 channel, 1 dialog", channels: 1, dialogs: 1 },
  { name: "1 channel, 10 dialogs", channels: 1, dialogs: 10 },
  { name: "1 channel, 100 dialogs", channels: 1, dialogs: 100 },
  { name: "1,000 channels, a dialog each", channels: 1_000, dialogs: 1 },
];

/** Copies that are this late, in milliseconds, are lost. */
const QUIET = 1_000;

/** Measures all of it. */
export async function measureGrowth(
  site: Site,
  { programs, size }: { readonly programs: readonly Program[]; readonly size: Size },
): Promise<readonly GrowthTable[]> {
  const rows = [];
  for (const step of steps) {
    for (const program of programs) {
      if (program.bind) rows.push(await measureStep(site, program, { step, size }));
    }
  }
  return [
    growthTable("Events: dialogs bound and channels alive", rows),
    growthTable("Requests: nodes in the cluster", await measureCluster(site, size)),
  ];
}

async function measureStep(
  site: Site,
  program: Program,
  { step, size }: { readonly step: Step; readonly size: Size },
) {
  const { channels, dialogs } = step;
  await using candidate = await Candidate.start(program, site);
  for (let channel = 0; channel < channels; channel++) {
    for (let dialog = 0; dialog < dialogs; dialog++) {
      await candidate.bind(site.bus, channel, `${program.app}-${channel}-${dialog}`);
    }
  }
  let copies = 0;
  let last = 0;
  const subscription = site.bus.subscribe(`ari.dialogevent.>`, () => {
    copies++;
    last = performance.now();
  });
  const warmUp = 500;
  const count = Math.ceil(size.grown / (1 + dialogs));
  await measureEvents(site, candidate, { count: warmUp, window: 64, channels });
  const figures = await measureEvents(site, candidate, { count, window: 64, channels });
  const wanted = (warmUp + count) * dialogs;
  last = performance.now();
  while (copies < wanted && performance.now() - last < QUIET) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  subscription.close();
  return {
    "there are": step.name,
    program: program.name,
    "events/s": Math.round(figures.rate),
    "messages/s": Math.round(figures.rate * (1 + dialogs)),
    "CPU µs an event": round(figures.cpu * 10),
    "CPU µs a message": round(figures.cpu * 10 / (1 + dialogs)),
    "lost, %": round(figures.lost + (wanted - copies) / Math.max(1, wanted) * 100),
  };
}

function growthTable(
  title: string,
  rows: readonly Readonly<Record<string, string | number>>[],
): GrowthTable {
  const text = (value: string | number) =>
    typeof value === "number" ? value.toLocaleString("en") : value;
  const table = markdown([
    Object.keys(rows[0] ?? {}),
    ...rows.map((row) => Object.values(row).map(text)),
  ]);
  return { title, table, rows };
}

function round(number: number): number {
  return Math.round(number * 100) / 100;
}
