import assert from "node:assert/strict";
import { inTime } from "../../src/common/in_time.ts";

Deno.test("in time returns whether a promise is fulfilled in time, and passes its rejection on", async () => {
  assert.equal(await inTime(Promise.resolve(), 60_000), true);
  assert.equal(await inTime(new Promise(() => {}), 1), false);
  await assert.rejects(inTime(Promise.reject(new Error("It failed")), 60_000), /It failed/);
});

Deno.test("in time ignores what fails later", async () => {
  const { promise, reject } = Promise.withResolvers<void>();
  assert.equal(await inTime(promise, 1), false);
  reject(new Error("It failed"));
  await promise.catch(() => {});
});
