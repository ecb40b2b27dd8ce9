/**
 * Whether a soak went well.
 *
 * @module
 */
import { growth } from "./samples.ts";
import type { SoakReport } from "./soak.ts";

/**
 * MiB that the memory may grow by in the second half of a run. In the first minutes it grows in any
 * case: answers are kept for two of them, events for ten, and the heap takes its size.
 */
const MEMORY = { short: 64, long: 24 };

/** What is a long run, in seconds. */
const LONG = 600;

/** What is wrong with a run, a line each; nothing when it went well. */
export function problemsOf(report: SoakReport): string[] {
  const { samples, before, after, tally, events } = report;
  const grown = growth(samples, ({ memory }) => memory);
  const long = (samples.at(-1)?.at ?? 0) >= LONG;
  const outcomes = tally.succeeded + Object.values(tally.failed).reduce((a, b) => a + b, 0);
  const checks: readonly (readonly [boolean, string])[] = [
    [
      grown <= (long ? MEMORY.long : MEMORY.short),
      `Memory grew by ${grown.toFixed(1)} MiB in the second half`,
    ],
    [after.files <= before.files, `${after.files} files are open, before it were ${before.files}`],
    [after.threads <= before.threads + 4, `${after.threads} threads, before ${before.threads}`],
    [!after.levels.requests_under_way, `${after.levels.requests_under_way} requests are under way`],
    [!after.levels.outbox_messages, `${after.levels.outbox_messages} messages wait for the bus`],
    [Object.keys(after.levels).length > 0, "The program tells no metrics"],
    [tally.hung === 0, `${tally.hung} requests had no outcome in time`],
    [outcomes === tally.begun, `${tally.begun - outcomes} requests had no outcome`],
    [tally.calls > 0, "No call came to its end"],
    [events.lost.length === 0, `Events were lost silently: ${events.lost.slice(0, 10).join(", ")}`],
    [events.disordered === 0, `${events.disordered} events came twice or too late`],
    [events.heard > 0, "No event was heard"],
  ];
  return checks.filter(([holds]) => !holds).map(([, text]) => text);
}
