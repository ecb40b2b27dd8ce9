/**
 * Measures requests: rate, latency, CPU.
 *
 * @module
 */
import type { Candidate } from "./candidate.ts";
import { node } from "./channel.ts";
import { cpuSeconds } from "./process_figures.ts";
import type { Site } from "./site.ts";
import { percentile } from "./statistics.ts";

/** What came of some requests. */
export interface RequestFigures {
  /** Requests a second. */
  readonly rate: number;
  /** CPU seconds of the candidate for 100,000 requests. */
  readonly cpu: number;
  /** Time to the answer that half of the requests meet, in ms. */
  readonly p50: number;
  /** The same of 99 of 100 requests. */
  readonly p99: number;
}

/**
 * Sends requests for the data of a channel, some at a time.
 *
 * @throws {Error} When an answer does not have the channel.
 */
export async function measureRequests(
  { bus }: Site,
  candidate: Candidate,
  { count, inFlight }: { readonly count: number; readonly inFlight: number },
): Promise<RequestFigures> {
  const { app, request } = candidate.program;
  const subject = `ari.data.${app}.${node}`;
  const data = new TextEncoder().encode(request);
  const latencies = new Float64Array(count);
  let asked = 0;
  const ask = async () => {
    while (asked < count) {
      const index = asked++;
      const begun = performance.now();
      const answer = await bus.request(subject, data, { timeout: 10_000 });
      latencies[index] = performance.now() - begun;
      if (answer.data.length < 1000) {
        const text = new TextDecoder().decode(answer.data);
        throw new Error(`Cannot measure requests: ${candidate.program.name} answered ${text}`);
      }
    }
  };
  const cpuBefore = cpuSeconds(candidate.pid);
  const begun = performance.now();
  await Promise.all(Array.from({ length: inFlight }, ask));
  const elapsed = performance.now() - begun;
  const cpu = cpuSeconds(candidate.pid) - cpuBefore;
  return {
    rate: count / elapsed * 1000,
    cpu: cpu / count * 100_000,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
  };
}
