import assert from "node:assert/strict";
import { createBackpressure } from "../../src/server/events/forward.ts";

Deno.test("backpressure pauses reading only while much is pending, and for a moment", async () => {
  const bus = { pending: 10 };
  const pauseOf = createBackpressure(bus, { limit: 10, time: 1 });
  assert.equal(pauseOf(), undefined);
  bus.pending = 11;
  const waited = pauseOf();
  assert.ok(waited);
  await waited;
  bus.pending = 0;
  assert.equal(pauseOf(), undefined);
});
