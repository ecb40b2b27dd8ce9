import assert from "node:assert/strict";
import { CliFixture } from "../testing/cli_fixture.ts";

Deno.test("nodes shows who is there: a table on a terminal, JSON elsewhere", async () => {
  await using fixture = await CliFixture.start();
  await fixture.node("demo", { entityId: "n1" });
  await fixture.node("demo", { entityId: "n2" });
  await fixture.node("other", { entityId: "n1" });

  const table = await fixture.run(["nodes"], { terminal: true });
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

Deno.test("nodes keeps to the width of a terminal, and what is amiss in its sight", async () => {
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
  assert.match(once.out, / ASTERISK {2}PROXY {2}RUNS FOR\n.* 22\.10\.1 {3}0\.1\.0 {2}\d+s\n$/);
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

Deno.test("nodes fails with 6 when nobody is there", async () => {
  await using fixture = await CliFixture.start();
  assert.deepEqual(await fixture.run(["nodes"]), {
    code: 6,
    out: "[]\n",
    err: "ari-proxy: No node answers\n",
  });
  assert.deepEqual(
    await fixture.run(["nodes", "--app", "x", "--wait", "20ms"], { terminal: true }),
    {
      code: 6,
      out: "",
      err: "ari-proxy: No node answers for the application x\n",
    },
  );
});

Deno.test("nodes goes on showing a table on a terminal until it is interrupted", async () => {
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

Deno.test("nodes goes on writing announcements elsewhere", async () => {
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
