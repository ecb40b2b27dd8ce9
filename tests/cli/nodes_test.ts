import assert from "node:assert/strict";
import { nodeEntry, nodeLines } from "../../src/cli/nodes/members.ts";
import type { ClusterNode } from "../../src/client/nodes.ts";
import { CliFixture } from "../testing/cli_fixture.ts";

Deno.test("nodes shows which nodes are running: a table on a terminal, JSON elsewhere", async () => {
  await using fixture = await CliFixture.start();
  await fixture.node("demo", { entityId: "n1" });
  await fixture.node("demo", { entityId: "n2" });
  await fixture.node("other", { entityId: "n1" });

  const began = performance.now();
  const table = await fixture.run(["nodes"], { terminal: true });
  // All have answered at once: what is waited for is another one, for 300 ms.
  const took = performance.now() - began;
  assert.ok(took >= 290 && took < 2_500, `${took} ms`);
  assert.deepEqual([table.code, table.err], [0, ""]);
  const lines = table.out.trimEnd().split("\n").map((line) => line.split(/ {2,}/));
  assert.deepEqual(lines.map((cells) => cells.slice(0, 2)), [
    ["NODE", "APPLICATION"],
    ["n1", "demo"],
    ["n2", "demo"],
    ["n1", "other"],
  ]);
  assert.match(lines[1][2], /^\d+s$/);

  const list = await fixture.run(["nodes", "--app", "other"]);
  assert.equal(list.code, 0);
  const [{ heardAt, started, ...rest }, ...more] = JSON.parse(list.out);
  assert.deepEqual([rest, more], [{
    node: "n1",
    application: "other",
    age: 0,
    state: "up",
    asteriskVersion: "22.10.1",
    version: "0.0.0",
  }, []]);
  assert.equal(started, new Date(0).toISOString());
  assert.ok(Math.abs(Date.now() - Date.parse(heardAt)) < 60_000);
});

Deno.test("nodes keeps to the width of a terminal, and leaves out last what may be wrong", async () => {
  await using fixture = await CliFixture.start();
  const version = "22.10.1+dfsg+~cs6.17.60671434-1";
  const announcement = {
    node: "02:00:00:00:00:0a",
    asterisk: "02:00:00:00:00:0a",
    application: "demo",
    asterisk_version: version,
    state: "up",
    version: "0.1.0",
    started: new Date().toISOString(),
    id: "p1",
    channels: 4,
  };
  let events = 0;
  fixture.bus.subscribe("ari.ping", () => {
    const counts = { events: events += 100, lost: 0, gaps: 7, requests: 10, failed: 0 };
    fixture.publish("ari.announce", JSON.stringify({ ...announcement, counts }));
  });
  await fixture.bus.flush();
  const once = await fixture.run(["nodes"], { terminal: true, columns: 90 });
  assert.match(once.out, / ASTERISK {2}PROXY {2}UPTIME\n.* 22\.10\.1 {3}0\.1\.0 {2}\d+s\n$/);
  assert.equal(JSON.parse((await fixture.run(["nodes"])).out)[0].asteriskVersion, version);
  const { code, io } = fixture.begin(["nodes", "--watch"], { terminal: true, columns: 80 });
  await io.stdout.until(
    /NODE {15}APPLICATION {2}STATE {2}EVENTS\/S {2}REQUESTS\/S {2}ERRORS\/S {2}GAPS/,
  );
  io.signal();
  assert.equal(await code, 0);
});

Deno.test("nodes marks two processes that have the same coordinates", async () => {
  await using fixture = await CliFixture.start();
  await fixture.node("demo", { entityId: "n1" });
  await fixture.node("demo", { entityId: "n1" });
  const { out } = await fixture.run(["nodes"], { terminal: true });
  assert.equal(out.match(/^n1 +demo +0s +double /gm)?.length, 2, out);
});

Deno.test("nodes fails with 6 when no node answers", async () => {
  await using fixture = await CliFixture.start();
  assert.deepEqual(await fixture.run(["nodes"]), {
    code: 6,
    out: "[]\n",
    err: "ari-proxy: No node responded\n",
  });
  assert.deepEqual(
    await fixture.run(["nodes", "--app", "x", "--wait", "20ms"], { terminal: true }),
    {
      code: 6,
      out: "",
      err: "ari-proxy: No node responded for the application x\n",
    },
  );
});

Deno.test("nodes --watch shows a table on a terminal until it is interrupted", async () => {
  await using fixture = await CliFixture.start();
  await fixture.node("demo", { entityId: "n1" });
  const { code, io } = fixture.begin(["nodes", "--watch"], { terminal: true });
  await io.stdout.until(/n1 +demo/);
  await fixture.node("demo", { entityId: "n2" });
  await io.stdout.until(/n2 +demo/);
  io.signal();
  assert.equal(await code, 0);
  assert.equal(io.stderr.text, "");
});

Deno.test("nodes --watch shows the given application only, and reports when the bus is disconnected", async () => {
  await using fixture = await CliFixture.startOwn();
  const announce = (app: string, node: string) =>
    fixture.publish("ari.announce", JSON.stringify({ node, asterisk: node, application: app }));
  fixture.bus.subscribe("ari.ping", () => {
    announce("demo", "n1");
    announce("other", "n2");
  });
  await fixture.bus.flush();
  const list = fixture.begin(["nodes", "--watch", "--app", "other"]);
  const json = fixture.begin(["nodes", "--watch", "--json"], { terminal: true });
  const table = fixture.begin(["nodes", "--watch", "--app", "demo"], { terminal: true });
  await list.io.stdout.until(/"n2"/);
  await json.io.stdout.until(/^\{"node":"n[12]".*\n\{"node":"n[12]"/);
  await table.io.stdout.until(/n1 +demo/);
  assert.ok(table.io.stdout.text.startsWith("\x1b[2J\x1b[H"));
  await fixture.server.kill();
  await table.io.stdout.until(/n1 +demo.*\n.*\n.*The bus is disconnected, reconnecting/);
  for (const { code, io } of [list, json, table]) {
    io.signal();
    assert.equal(await code, 0);
  }
  assert.ok(list.io.stdout.lines.every((line) => JSON.parse(line).node === "n2"));
  assert.doesNotMatch(table.io.stdout.text, /n2/);
});

Deno.test("nodes shows ages in the largest units, states, and only those counts that matter", () => {
  const now = Date.now();
  const started = (seconds: number) => new Date(now - seconds * 1_000 - 500).toISOString();
  const member = (node: string, more: Partial<ClusterNode>): ClusterNode => ({
    ...{ app: "demo", node, heardAt: now - 500, state: "up" },
    ...more,
  });
  const members = [
    member("a", { started: started(59), heardAt: now - 12_500 }),
    member("b", { started: started(60), heardAt: now - 13_500 }),
    member("c", { started: started(3_599), state: "stopping" }),
    member("d", { started: started(3_600) }),
    member("e", { started: started(48 * 3_600 - 1) }),
    member("f", { started: started(48 * 3_600), state: "up" }),
    member("g", { started: "soon", heardAt: now + 5_000 }),
    member("h", { state: undefined, asteriskVersion: "22.10.1~rc1", channels: 0 }),
  ];
  const cluster = { members: () => members, doubles: () => [members[5]] };
  const rates = { events: 9.94, requests: 9.96, failed: 0, gaps: 0, lost: 3 };
  const meter = {
    of: ({ node }: ClusterNode) => node === "a" ? rates : undefined,
  };
  const lines = nodeLines(cluster, {}, { columns: 200, meter });
  const ends = (text: string) => lines.map((line) => line.slice(lines[0].indexOf(text)));
  const cells = (from: string, to: string) =>
    lines.slice(1).map((line) => line.slice(lines[0].indexOf(from), lines[0].indexOf(to)).trim());
  assert.deepEqual(ends("UPTIME").slice(1), [
    ...["59s", "1m0s", "59m59s", "1h0m", "47h59m", "2d", "", ""],
  ]);
  assert.deepEqual(cells("LAST SEEN", "STATE"), ["12s", "13s", "0s", "0s", "0s", "0s", "0s", "0s"]);
  assert.deepEqual(cells("STATE", "CHANNELS"), [
    ...["up", "silent", "stopping", "up", "up", "double", "up", ""],
  ]);
  assert.deepEqual(cells("CHANNELS", "EVENTS/S"), ["", "", "", "", "", "", "", "0"]);
  assert.deepEqual(cells("EVENTS/S", "ASTERISK")[0].split(/ +/), ["9.9", "10", "0", "3"]);
  assert.deepEqual(cells("GAPS", "LOST")[0], "");
  assert.deepEqual(cells("EVENTS/S", "ASTERISK").slice(1).join(""), "");
  assert.equal(cells("ASTERISK", "UPTIME").at(-1), "22.10.1");
  const entry = nodeEntry(members[0], { rates: { ...rates, events: 1.26 } });
  const { eventsPerSecond, requestsPerSecond, errorsPerSecond, lost, age } = entry;
  assert.deepEqual([eventsPerSecond, requestsPerSecond, errorsPerSecond], [1.3, 10, 0]);
  assert.deepEqual([lost, age, entry.state, entry.application], [3, 12, "up", "demo"]);
  assert.equal(nodeEntry(members[0], { state: "" }).state, undefined);
});

Deno.test("nodes --watch writes announcements elsewhere", async () => {
  await using fixture = await CliFixture.start();
  await fixture.node("demo", { entityId: "n1" });
  const { code, io } = fixture.begin(["nodes", "--watch"]);
  await io.stdout.until(/"n1"/);
  await fixture.node("demo", { entityId: "n2" });
  await io.stdout.until(/"n2"/);
  io.signal();
  assert.equal(await code, 0);
  assert.ok(io.stdout.lines.every((line) => JSON.parse(line).application === "demo"));
});
