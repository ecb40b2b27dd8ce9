import assert from "node:assert/strict";
import { createBackpressure } from "../../src/server/events/forward.ts";

Deno.test("brake gives way only while much is on its way, and then for a moment", async () => {
  const bus = { pending: 10 };
  const brake = createBackpressure(bus, { limit: 10, time: 1 });
  assert.equal(brake(), undefined);
  bus.pending = 11;
  const waited = brake();
  assert.ok(waited);
  await waited;
  bus.pending = 0;
  assert.equal(brake(), undefined);
});
