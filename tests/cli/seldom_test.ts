import assert from "node:assert/strict";
import { seldom } from "../../src/cli/serve/seldom.ts";

Deno.test("what is said seldom is said at once, and again after 30 s, each text for itself", () => {
  let time = 5;
  const isDue = seldom(() => time);
  const due = (at: number, ...texts: string[]) => {
    time = at;
    return texts.map(isDue);
  };
  assert.deepEqual(due(5, "refused", "refused", "unknown host", "refused"), [
    true,
    false,
    true,
    false,
  ]);
  assert.deepEqual(due(30_004, "refused", "unknown host"), [false, false]);
  assert.deepEqual(due(30_005, "refused", "refused", "unknown host"), [true, false, true]);
  // Texts without end are no reason to keep them all.
  for (let count = 0; count < 1_000; count++) assert.ok(isDue(`port ${count}`));
});
