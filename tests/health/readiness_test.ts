import assert from "node:assert/strict";
import { Readiness } from "../../src/health/readiness.ts";

Deno.test("readiness reports what is missing, since when and why", () => {
  let time = Date.UTC(2026, 0, 1);
  const readiness = new Readiness(() => time);
  const began = "2026-01-01T00:00:00.000Z";
  const missing = { ready: false, since: began, reason: "Not connected yet" };
  assert.deepEqual(readiness.report(), {
    ready: false,
    stopping: false,
    bus: missing,
    asterisk: missing,
  });
  time += 1_000;
  readiness.down("asterisk", "Cannot reach http://anna:secret@pbx/ari: refused");
  readiness.up("bus");
  const { bus, asterisk } = readiness.report();
  assert.deepEqual(bus, { ready: true, since: "2026-01-01T00:00:01.000Z" });
  assert.equal(asterisk.since, began);
  assert.doesNotMatch(asterisk.reason ?? "", /secret/);
  readiness.up("asterisk");
  assert.equal(readiness.ready, true);

  time += 1_000;
  readiness.down("bus", "closed by the server");
  time += 1_000;
  readiness.down("bus", "connection refused");
  assert.deepEqual(readiness.report().bus, {
    ready: false,
    since: "2026-01-01T00:00:02.000Z",
    reason: "connection refused",
  });
  assert.equal(readiness.ready, false);
});

Deno.test("readiness counts reconnects, and notifies of changes only", () => {
  const readiness = new Readiness();
  let changes = 0;
  const stop = readiness.onChange(() => changes++);
  readiness.up("bus");
  readiness.up("bus");
  assert.deepEqual([readiness.reconnects("bus"), changes], [0, 1]);
  readiness.down("bus", "gone");
  readiness.down("bus", "gone");
  readiness.up("bus");
  assert.deepEqual([readiness.reconnects("bus"), readiness.reconnects("asterisk")], [1, 0]);
  assert.equal(changes, 3);
  stop();
  readiness.down("bus", "gone");
  assert.equal(changes, 3);
});

Deno.test("readiness ends for good when the program stops", () => {
  const readiness = new Readiness();
  readiness.up("bus");
  readiness.up("asterisk");
  readiness.stop();
  assert.equal(readiness.ready, false);
  assert.equal(readiness.report().stopping, true);
});
