import assert from "node:assert/strict";
import { Tally } from "./call_traffic.ts";
import { outcomeOf } from "./numbered_events.ts";
import { growth, readLevels, type Sample, sampleTable } from "./samples.ts";
import { soak, type SoakReport } from "./soak.ts";
import { problemsOf } from "./verdict.ts";

Deno.test("memory, files and queues stay level under calls, changing clients, and disturbances", async () => {
  const report = await soak({ seconds: 110, calm: 6, interval: 5 });
  const { tally, events } = report;
  console.log(sampleTable([...report.samples, report.after]));
  console.log(
    `soak: ${tally.begun} requests, ${tally.calls} calls, ${events.heard} numbered events, ` +
      `${events.told} told as missing, ${report.disturbed} disturbances`,
  );
  assert.deepEqual(problemsOf(report), []);
  assert.ok(report.disturbed >= 5);
  // Requests were in flight when connections broke, so that some had to fail.
  assert.ok(tally.succeeded > 200);
});

const sample = (at: number, memory: number): Sample => ({
  at,
  memory,
  files: 10,
  threads: 5,
  levels: { requests_under_way: 0 },
});

Deno.test("the growth of a run is that of its second half, whatever single samples say", () => {
  const times = Array.from({ length: 101 }, (_, at) => at);
  const of = (memory: (at: number) => number) =>
    growth(times.map((at) => sample(at, memory(at))), (one) => one.memory);
  assert.equal(Math.round(of((at) => Math.min(at, 50))), 0);
  assert.equal(Math.round(of((at) => at)), 50);
  assert.ok(Math.abs(of((at) => 100 + 5 * (at % 2))) < 1);
  assert.equal(growth([sample(0, 1)], (one) => one.memory), 0);
});

Deno.test("the levels of a process are read from its metrics", () => {
  const text = '# HELP x\nari_proxy_outbox_bytes 17\nari_proxy_connected{to="bus"} 1\nother 2\n';
  assert.deepEqual(readLevels(text), { outbox_bytes: 17 });
});

/** A report of a run in which all went well, but for what is given. */
function report(change: Partial<SoakReport>): SoakReport {
  const tally = new Tally();
  Object.assign(tally, { begun: 2, succeeded: 2, calls: 1 });
  const events = {
    accepted: 1,
    refused: 0,
    heard: 1,
    told: 0,
    lost: [],
    disordered: 0,
    notices: {},
  };
  const [before, after] = [sample(0, 60), sample(9, 70)];
  return { samples: [before, after], before, after, tally, events, disturbed: 1, ...change };
}

Deno.test("a run with a leak, a hang or a loss fails", () => {
  const good = report({});
  assert.deepEqual(problemsOf(good), []);
  const { after, events } = good;
  const leaking = Array.from({ length: 20 }, (_, at) => sample(at, 60 + 10 * at));
  const hung = new Tally();
  Object.assign(hung, { begun: 3, succeeded: 2, hung: 1, calls: 1 });
  const cases: readonly (readonly [Partial<SoakReport>, RegExp])[] = [
    [{ samples: leaking }, /^Memory grew by \d+/],
    [{ after: { ...after, files: 11 } }, /^11 files are open/],
    [{ after: { ...after, levels: { requests_under_way: 2 } } }, /^2 requests are under way$/],
    [{ after: { ...after, levels: {} } }, /^The program tells no metrics$/],
    [{ tally: hung }, /^1 requests had no outcome in time, 1 requests had no outcome$/],
    [{ events: { ...events, lost: [7] } }, /^Events were lost silently: 7$/],
    [{ events: { ...events, disordered: 2 } }, /^2 events came twice/],
  ];
  for (const [change, wanted] of cases) {
    assert.match(problemsOf(report(change)).join(", "), wanted);
  }
});

Deno.test("an event is lost when it is not received and no notice is in its place", () => {
  const heard = [
    ...[0, 1].map((number) => ({ number })),
    { notice: "bus" },
    ...[4, 6, 5].map((number) => ({ number })),
  ];
  assert.deepEqual(outcomeOf([0, 1, 2, 4, 5, 6, 7], heard), {
    accepted: 7,
    refused: 0,
    heard: 5,
    told: 1,
    lost: [7],
    disordered: 1,
    notices: { bus: 1 },
  });
  assert.deepEqual(outcomeOf([0, 1, 2], [{ number: 0 }, { number: 2 }]).lost, [1]);
});
