import assert from "node:assert/strict";
import { mock } from "node:test";
import { throttle } from "../../src/common/throttle.ts";

function collect() {
  const lines: string[] = [];
  const warn = (message: string, details?: unknown) =>
    void lines.push(details === undefined ? message : `${message} ${JSON.stringify(details)}`);
  return { lines, warn };
}

Deno.test("a warning is logged once an interval, and then how often it was repeated", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const { lines, warn } = collect();
    using log = throttle({ warn });
    for (let count = 0; count < 5; count++) log.warn("Refused", { count });
    log.warn("Other");
    assert.deepEqual(lines.splice(0), ['Refused {"count":0}', "Other"]);
    mock.timers.tick(9_999);
    assert.deepEqual(lines, []);
    mock.timers.tick(1);
    assert.deepEqual(lines.splice(0), ["Refused (4 more)"]);
    log.warn("Refused");
    log.warn("Other");
    assert.deepEqual(lines, ["Refused", "Other"]);
  } finally {
    mock.timers.reset();
  }
});

Deno.test("warnings of one key are the same, and none is summed up where that is not wanted", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const { lines, warn } = collect();
    {
      using log = throttle({ warn }, { interval: 30_000, summary: false });
      const wait = (reason: string) => log.warn("Waiting", { reason }, { key: reason });
      ["refused", "refused", "unknown host", "refused"].forEach(wait);
      assert.deepEqual(lines.splice(0), [
        'Waiting {"reason":"refused"}',
        'Waiting {"reason":"unknown host"}',
      ]);
      mock.timers.tick(29_999);
      ["refused", "unknown host"].forEach(wait);
      assert.deepEqual(lines, []);
      mock.timers.tick(1);
      ["refused", "refused", "unknown host"].forEach(wait);
      assert.equal(lines.splice(0).length, 2);
    }
    assert.deepEqual(lines, []);
  } finally {
    mock.timers.reset();
  }
});

Deno.test("warnings of too many kinds share a line", () => {
  const { lines, warn } = collect();
  {
    using log = throttle({ warn });
    for (let host = 0; host < 10_000; host++) log.warn(`Refused host ${host}`);
    assert.equal(lines.length, 101);
    assert.match(lines[100], /^Further warnings/);
    // What is known already is counted as before.
    log.warn("Refused host 7");
  }
  assert.deepEqual(lines.slice(101), [
    "Refused host 7 (1 more)",
    `${lines[100]} (9899 more)`,
  ]);
});

Deno.test("a throttled log that has ended logs each warning and leaves no timer", () => {
  const { lines, warn } = collect();
  const log = throttle({ warn });
  log.warn("x");
  log.warn("x");
  log[Symbol.dispose]();
  log.warn("x");
  log.warn("x");
  log[Symbol.dispose]();
  assert.deepEqual(lines, ["x", "x (1 more)", "x", "x"]);
});
