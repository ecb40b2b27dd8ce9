import assert from "node:assert/strict";
import { parseDuration, parseMilliseconds } from "../../src/cli/parse_time.ts";

Deno.test("durations are read as people write them", () => {
  const wanted: Readonly<Record<string, number | undefined>> = {
    "30s": 30e9,
    "1m30s": 90e9,
    "1500ms": 1.5e9,
    "1.5h": 5400e9,
    "-2s": -2e9,
    "250": 250,
    "": undefined,
    "s": undefined,
    "5 s": undefined,
    "1d": undefined,
  };
  for (const [text, nanoseconds] of Object.entries(wanted)) {
    assert.equal(parseDuration(text), nanoseconds, text);
  }
});

Deno.test("durations in milliseconds need a unit, are above 0 and rounded up", () => {
  const wanted: Readonly<Record<string, number | undefined>> = {
    "30s": 30_000,
    "1h1m": 3_660_000,
    "1ns": 1,
    "1000001us": 1_001,
    "500µs": 1,
    "250": undefined,
    "0s": undefined,
    "-2s": undefined,
    "2S": undefined,
    "2d": undefined,
  };
  for (const [text, milliseconds] of Object.entries(wanted)) {
    assert.equal(parseMilliseconds(text), milliseconds, text);
  }
});

Deno.test("a duration that 64 bits cannot hold is not one", () => {
  assert.equal(parseDuration("9223372036854775808ns"), 2 ** 63);
  assert.equal(parseDuration("9223372036854780000ns"), undefined);
  assert.equal(parseDuration("2562048h"), undefined);
});
