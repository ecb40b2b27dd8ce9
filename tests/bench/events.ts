/**
 * Measures events: rate, loss, latency, CPU.
 *
 * @module
 */
import type { Candidate } from "./candidate.ts";
import { node } from "./channel.ts";
import { nowMicros, readStamp } from "./event_stream.ts";
import type { Sending } from "./fake_asterisk.ts";
import { cpuSeconds } from "./process_figures.ts";
import type { Site } from "./site.ts";
import { percentile } from "./statistics.ts";

/** No event for so long, in milliseconds, means that the missing ones are lost. */
const QUIET = 1_000;

/** What came of a sending. */
export interface EventFigures {
  /** Events a second that came through. */
  readonly rate: number;
  /** Events that did not come, or out of order, in percent. */
  readonly lost: number;
  /** CPU seconds of the candidate for 100,000 events. */
  readonly cpu: number;
  /** Latency from Asterisk's socket to the bus's subscriber that half of the events meet, in ms. */
  readonly p50: number;
  /** The same of 99 of 100 events. */
  readonly p99: number;
  /** The longest that Asterisk had to wait with a write, in ms; the real one cuts off at 100. */
  readonly longestWrite: number;
}

/** Sends events through a candidate and counts what comes out on the bus. */
export async function measureEvents(
  { bus, asterisk }: Site,
  candidate: Candidate,
  sending: Sending,
): Promise<EventFigures> {
  const { app } = candidate.program;
  const { count, window = 0 } = sending;
  const latencies = new Float64Array(count);
  const { promise: complete, resolve } = Promise.withResolvers<void>();
  let expected = 0;
  let received = 0;
  let disordered = 0;
  let last = 0;
  const step = Math.ceil(window / 2);
  const subscription = bus.subscribe(`ari.event.${app}.${node}`, ({ data }) => {
    const { number, time } = readStamp(data);
    if (number < expected) disordered++;
    expected = number + 1;
    last = nowMicros();
    latencies[received++] = (last - time) / 1000;
    if (window > 0 && received % step === 0) asterisk.acknowledge(app, received);
    if (received === count) resolve();
  });
  await bus.flush();
  const cpuBefore = cpuSeconds(candidate.pid);
  const begun = nowMicros();
  let ended = 0;
  const quiet = setInterval(() => {
    if (nowMicros() - Math.max(begun, last, ended) < QUIET * 1000) return;
    // Asterisk must not wait for ever for the acknowledgement of what is lost.
    if (window > 0) asterisk.acknowledge(app, count);
    if (ended > 0) resolve();
  }, 100);
  const sent = await asterisk.send(app, sending);
  ended = sent.ended;
  await complete;
  clearInterval(quiet);
  subscription.close();
  const cpu = cpuSeconds(candidate.pid) - cpuBefore;
  const arrived = latencies.subarray(0, received);
  return {
    rate: received === 0 ? 0 : received / (last - sent.begun) * 1e6,
    lost: (count - received + disordered) / count * 100,
    cpu: cpu / count * 100_000,
    p50: percentile(arrived, 0.5),
    p99: percentile(arrived, 0.99),
    longestWrite: sent.longestWrite,
  };
}
