import assert from "node:assert/strict";
import { parseDuration, parseMilliseconds, parseSince } from "../../src/cli/parse_time.ts";

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

Deno.test("a time in the past is a duration, a time of the day, or a date", () => {
  const now = Date.parse("2026-11-23T12:00:00Z");
  assert.equal(parseSince("5m", now), now - 300_000);
  assert.equal(parseSince("1h30m", now), now - 5_400_000);
  assert.equal(parseSince("2026-11-23T11:00:00Z", now), now - 3_600_000);
  assert.equal(parseSince("2026-11-23T11:00:00.000+0000", now), now - 3_600_000);
  const earlier = new Date(now - 60_000);
  const clock = `${earlier.getHours()}:${`${earlier.getMinutes()}`.padStart(2, "0")}`;
  assert.equal(parseSince(clock, now), now - 60_000);
  const later = new Date(now + 60_000);
  const ahead = `${later.getHours()}:${`${later.getMinutes()}`.padStart(2, "0")}:00`;
  assert.equal(parseSince(ahead, now), now + 60_000 - 86_400_000);
  for (const wrong of ["", "5", "25:00", "12:60", "yesterday", "-5m", "2026"]) {
    assert.throws(() => parseSince(wrong, now), /is not a time such as 5m/, wrong);
  }
});
