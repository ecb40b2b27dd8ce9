import assert from "node:assert/strict";
import { NodeRateMeter } from "../../src/cli/nodes/members.ts";
import type { ClusterNode } from "../../src/client/nodes.ts";
import { CliFixture } from "../testing/cli_fixture.ts";

const counts = { events: 100, lost: 0, gaps: 1, requests: 10, failed: 0 };
const member = (heardAt: number, more: Partial<ClusterNode> = {}): ClusterNode => ({
  app: "demo",
  node: "n1",
  id: "p1",
  heardAt,
  counts,
  ...more,
});

Deno.test("a meter makes rates of what a process has counted between two announcements", () => {
  const meter = new NodeRateMeter();
  meter.hear(member(1_000));
  assert.equal(meter.of(member(1_000)), undefined);
  // Somebody else has asked, too.
  meter.hear(member(1_100, { counts: { ...counts, events: 101 } }));
  assert.equal(meter.of(member(1_100)), undefined);
  const now = { events: 300, lost: 2, gaps: 2, requests: 20, failed: 1 };
  meter.hear(member(3_000, { counts: now }));
  assert.deepEqual(meter.of(member(3_000)), {
    events: 100,
    requests: 5,
    failed: 0.5,
    gaps: 2,
    lost: 2,
  });
  meter.hear(member(5_000, { id: "p2" }));
  assert.equal(meter.of(member(5_000, { id: "p2" })), undefined);
  meter.hear(member(6_000, { counts: undefined }));
  assert.equal(meter.of(member(6_000)), undefined);
});

Deno.test("a meter waits 900 ms for a rate, and forgets a process that stops or announces no counts", () => {
  const meter = new NodeRateMeter();
  const more = { ...counts, events: 190, failed: 9 };
  meter.hear(member(1_000));
  meter.hear(member(1_899, { counts: more }));
  assert.equal(meter.of(member(1_899)), undefined);
  meter.hear(member(1_900, { counts: more }));
  assert.deepEqual(meter.of(member(1_900))?.events, 100);
  assert.deepEqual(meter.of(member(1_900))?.failed, 10);
  // Less than before is no negative rate.
  meter.hear(member(2_900, { counts }));
  assert.equal(meter.of(member(2_900))?.events, 0);
  meter.hear(member(3_900, { state: "stopping" }));
  assert.equal(meter.of(member(3_900)), undefined);
  meter.hear(member(4_900));
  assert.equal(meter.of(member(4_900)), undefined);
  meter.hear(member(4_900, { app: "other", counts: more }));
  meter.hear(member(5_900, { counts: more }));
  assert.equal(meter.of(member(5_900))?.events, 90);
});

Deno.test("nodes --watch shows what the nodes do in a second", async () => {
  await using fixture = await CliFixture.start();
  const { asterisk } = await fixture.node("demo", { entityId: "n1" });
  fixture.publish("ari.announce", '{"node":"go","asterisk":"go","application":"demo"}');
  const table = fixture.begin(["nodes", "--watch"], { terminal: true });
  const list = fixture.begin(["nodes", "--watch"]);
  await list.io.stdout.until(/"n1"/);
  for (let i = 0; i < 50; i++) asterisk.sendEvent({ type: "Any", application: "demo" });
  await list.io.stdout.until(/"eventsPerSecond":[1-9]/);
  await table.io.stdout.until(/EVENTS\/S {2}REQUESTS\/S {2}ERRORS\/S .*\n.*n1 +demo .* \d/);
  table.io.signal();
  list.io.signal();
  assert.deepEqual([await table.code, await list.code], [0, 0]);
  const entry = list.io.stdout.lines.map((line) => JSON.parse(line)).findLast(
    ({ eventsPerSecond }) => eventsPerSecond,
  );
  assert.ok(entry.eventsPerSecond > 5 && entry.eventsPerSecond < 60, JSON.stringify(entry));
  assert.deepEqual([entry.requestsPerSecond, entry.errorsPerSecond, entry.lost], [0, 0, 0]);
});
