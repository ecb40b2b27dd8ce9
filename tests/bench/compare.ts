/**
 * Measures the programs beside each other, in rounds that alternate between them.
 *
 * @module
 */
import type { Size } from "./brokers.ts";
import { Candidate } from "./candidate.ts";
import { measureEvents } from "./events.ts";
import type { Section } from "./options.ts";
import { memory } from "./process_figures.ts";
import type { Program } from "./programs.ts";
import type { Report } from "./report.ts";
import { measureRequests } from "./requests.ts";
import type { Site } from "./site.ts";

/** What is compared. */
export interface Comparison {
  /** The programs. */
  readonly programs: readonly Program[];
  /** How much. */
  readonly size: Size;
  /** What. */
  readonly only: ReadonlySet<Section>;
  /** Where the numbers go. */
  readonly report: Report;
}

/** Measures how long the programs take to be there. */
export async function compareStarts(site: Site, comparison: Comparison): Promise<void> {
  const { programs, size, report } = comparison;
  for (let round = 0; round < size.rounds; round++) {
    for (const program of programs) {
      await using candidate = await Candidate.start(program, site);
      report.add(program.name, { "start to first announcement, ms": candidate.startUp });
    }
  }
}

/** Measures events and requests, and the memory that they take. */
export async function compareWork(site: Site, comparison: Comparison): Promise<void> {
  const { programs, size, only, report } = comparison;
  await using candidates = new AsyncDisposableStack();
  const running: Candidate[] = [];
  for (const program of programs) {
    const candidate = candidates.use(await Candidate.start(program, site));
    report.add(program.name, { "memory idle, MB": memory(candidate.pid).now });
    running.push(candidate);
  }
  for (const candidate of running) {
    await measureEvents(site, candidate, { count: size.windowed, window: 64 });
    await measureRequests(site, candidate, { count: size.single, inFlight: 64 });
  }
  for (let round = 0; round < size.rounds; round++) {
    // Who goes first changes with every round, and what is compared follows closely.
    const first = round % running.length;
    const order = [...running.slice(first), ...running.slice(0, first)];
    if (only.has("events")) await compareEvents(site, order, comparison);
    if (only.has("requests")) await compareRequests(site, order, comparison);
  }
  for (const { program, pid } of running) {
    report.add(program.name, { "memory peak, MB": memory(pid).peak });
  }
}

async function compareEvents(
  site: Site,
  candidates: readonly Candidate[],
  { size, report }: Comparison,
): Promise<void> {
  const { burst, windowed, seconds } = size;
  for (const candidate of candidates) {
    const { rate, lost, cpu } = await measureEvents(site, candidate, {
      count: windowed,
      window: 64,
    });
    report.add(candidate.program.name, {
      "events/s, 64 unacknowledged": rate,
      "events lost, 64 unacknowledged, %": lost,
      "CPU s per 100,000 events, 64 unacknowledged": cpu,
    });
  }
  for (const candidate of candidates) {
    const tilt = await measureEvents(site, candidate, { count: burst });
    report.add(candidate.program.name, {
      "events/s, full tilt": tilt.rate,
      "events lost, full tilt, %": tilt.lost,
      "CPU s per 100,000 events, full tilt": tilt.cpu,
      "longest write of Asterisk, full tilt, ms": tilt.longestWrite,
    });
  }
  for (const candidate of candidates) {
    const { p50, p99 } = await measureEvents(site, candidate, {
      count: 2_000 * seconds,
      rate: 2_000,
    });
    report.add(candidate.program.name, {
      "event latency at 2,000/s, p50, ms": p50,
      "event latency at 2,000/s, p99, ms": p99,
    });
  }
  for (const candidate of candidates) {
    const { p50, p99, cpu } = await measureEvents(site, candidate, {
      count: 5_000 * seconds,
      rate: 5_000,
    });
    report.add(candidate.program.name, {
      "event latency at 5,000/s, p50, ms": p50,
      "event latency at 5,000/s, p99, ms": p99,
      "CPU s per 100,000 events, 5,000/s": cpu,
    });
  }
}

async function compareRequests(
  site: Site,
  candidates: readonly Candidate[],
  { size, report }: Comparison,
): Promise<void> {
  for (const candidate of candidates) {
    const { p50, p99 } = await measureRequests(site, candidate, {
      count: size.single,
      inFlight: 1,
    });
    report.add(candidate.program.name, {
      "request latency, one by one, p50, ms": p50,
      "request latency, one by one, p99, ms": p99,
    });
  }
  for (const candidate of candidates) {
    const { rate, p50, p99, cpu } = await measureRequests(site, candidate, {
      count: size.many,
      inFlight: 64,
    });
    report.add(candidate.program.name, {
      "requests/s, 64 in flight": rate,
      "request latency, 64 in flight, p50, ms": p50,
      "request latency, 64 in flight, p99, ms": p99,
      "CPU s per 100,000 requests, 64 in flight": cpu,
    });
  }
}
