import assert from "node:assert/strict";
import { mock } from "node:test";
import { pause } from "../../src/common/pause.ts";
import { AbortListeners } from "../testing/abort_listeners.ts";

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

Deno.test("pause leaves no listener on a signal that goes on", async () => {
  using listeners = new AbortListeners();
  const { signal } = new AbortController();
  for (let count = 0; count < 3; count++) await pause(1, signal);
  assert.equal(listeners.count, 0);
});
