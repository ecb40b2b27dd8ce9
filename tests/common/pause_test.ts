import assert from "node:assert/strict";
import { mock } from "node:test";
import { pause } from "../../src/common/pause.ts";

Deno.test("pause ends when its time is over, and not before", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    let over = false;
    const paused = pause(1_000).then(() => over = true);
    mock.timers.tick(999);
    await Promise.resolve();
    assert.equal(over, false);
    mock.timers.tick(1);
    await paused;
  } finally {
    mock.timers.reset();
  }
});

Deno.test("pause rejects with the reason of its signal", async () => {
  const controller = new AbortController();
  const reason = new Error("wake up");
  const paused = assert.rejects(pause(60_000, controller.signal), (error) => error === reason);
  controller.abort(reason);
  await paused;
  await assert.rejects(
    async () => await pause(60_000, controller.signal),
    (error) => error === reason,
  );
});
