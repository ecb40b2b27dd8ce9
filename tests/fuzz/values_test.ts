/** Values within messages: durations, times, keys, shapes, error texts. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { parseDuration } from "../../src/cli/parse_time.ts";
import { AriProxyError, codeOfError } from "../../src/protocol/errors.ts";
import { compactKey, type Key, keyMembers, keysMatch } from "../../src/protocol/key.ts";
import { isObject, parseJson } from "../../src/protocol/json.ts";
import { type AnyShape, decodeShape } from "../../src/protocol/shape.ts";
import { utcTime, wireTime } from "../../src/protocol/time.ts";
import { others } from "./corpus.ts";
import { Fuzz } from "./fuzz.ts";
import { anyText, hostileTexts, mutatedJson } from "./hostile.ts";

const fuzz = new Fuzz("values");

const durationLike = fc.array(
  fc.constantFrom(..."0123456789.+-nusmhµ ", "ms", "1m", "30s", "9".repeat(300), "1".repeat(9_000)),
  { maxLength: 9 },
).map((parts) => parts.join(""));

fuzz.test(
  "a duration is whole nanoseconds that fit into 64 bits, or is refused",
  { input: fc.oneof(durationLike, anyText), runs: 30_000 },
  (text) => {
    const nanoseconds = parseDuration(text);
    if (nanoseconds === undefined) return;
    assert.match(`${nanoseconds}`, /^-?\d{1,19}$/);
  },
);

const timeLike = fc.oneof(
  fc.tuple(
    fc.constantFrom("2026", "0000", "9999", "12026", "-001"),
    fc.constantFrom("01", "12", "13", "00"),
    fc.constantFrom("31", "29", "00"),
    fc.constantFrom("00:00:00", "23:59:60", "24:00:00"),
    fc.constantFrom("", ".1", ".123456789", `.${"9".repeat(9_000)}`),
    fc.constantFrom("Z", "z", "+0000", "-2359", "+23:59", "+9999", ""),
  ).map(([year, month, day, time, fraction, zone]) =>
    `${year}-${month}-${day}T${time}${fraction}${zone}`
  ),
  anyText,
);

fuzz.test(
  "a time has the form that clients in Go read, or is not a time",
  { input: timeLike, runs: 20_000 },
  (text) => {
    for (const time of [wireTime(text), utcTime(text)]) {
      if (time !== undefined) {
        assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d{4}$/);
      }
    }
  },
);

const key: fc.Arbitrary<Key> = fc.record(
  Object.fromEntries(
    keyMembers.map((member) => [member, fc.constantFrom("", "a", "b", "__proto__")]),
  ),
  { requiredKeys: [] },
);

fuzz.test(
  "keys match both ways, and the empty members of one change nothing",
  { input: fc.tuple(key, key), runs: 10_000 },
  ([a, b]) => {
    assert.equal(keysMatch(a, b), keysMatch(b, a));
    assert.equal(keysMatch(compactKey(a), b), keysMatch(a, b));
    assert.ok(keysMatch(a, a));
  },
);

const shape: AnyShape = {
  id: "string",
  type: "string?",
  cause: "integer?",
  duration: "nanoseconds",
  error: "boolean?",
  variables: "strings?",
  channel: { object: { id: "string", caller: "json?" }, optional: true },
  channels: { list: { id: "string" } },
};

fuzz.test(
  "a value fits its shape, or is refused with its place",
  { input: mutatedJson(others), runs: 30_000 },
  (text) => {
    const value = parseJson(text);
    if (!isObject(value)) return;
    try {
      const decoded = decodeShape(value, shape, "it");
      const again = decodeShape(decoded, shape, "it");
      assert.equal(JSON.stringify(again), JSON.stringify(decoded));
      for (const name of Object.keys(decoded)) assert.ok(Object.hasOwn(shape, name));
    } catch (error) {
      if (!(error instanceof AriProxyError)) throw error;
      assert.match(error.message, /^Malformed request: it\.[\w.[\]]+ must be [\w ]+$/);
    }
  },
);

const errorLike = fc.array(
  fc.constantFrom(
    ..."404 409 Non-2XX response: |key not supplied|Malformed request|is mandatory|not found|\n"
      .split("|"),
    ...hostileTexts,
  ),
  { maxLength: 12 },
).map((parts) => parts.join(""));

fuzz.test(
  "an error text of any kind has a code",
  { input: errorLike, runs: 20_000 },
  (text) => assert.match(codeOfError(text), /^[a-z_]+$/),
);
