import assert from "node:assert/strict";
import { backoff } from "../../src/common/backoff.ts";

Deno.test("backoff doubles up to the longest pause", () => {
  const pauses = [0, 1, 2, 3, 4, 5].map((attempt) =>
    backoff(attempt, { first: 100, max: 1_000, random: () => 0.999999 })
  );
  assert.deepEqual(pauses, [100, 200, 400, 800, 1_000, 1_000]);
});

Deno.test("backoff leaves half of the pause to chance", () => {
  const options = { first: 100, max: 1_000 };
  assert.equal(backoff(1, { ...options, random: () => 0 }), 100);
  assert.equal(backoff(1, { ...options, random: () => 0.5 }), 150);
  for (let attempt = 0; attempt < 100; attempt++) {
    const pause = backoff(attempt, options);
    assert.ok(pause >= 50 && pause <= 1_000 && Number.isInteger(pause));
  }
});

Deno.test("backoff stays at the longest pause however often it fails", () => {
  assert.equal(backoff(100_000, { first: 100, max: 1_000, random: () => 0 }), 500);
  assert.equal(backoff(100_000, { first: 0, max: 1_000, random: () => 0 }), 0);
});
