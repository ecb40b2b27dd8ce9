import assert from "node:assert/strict";
import fc from "fast-check";
import { decodeAnnouncement, encodeAnnouncement } from "../../src/protocol/announcement.ts";
import { codeOfError } from "../../src/protocol/errors.ts";
import { compileCall, millis, seconds } from "../../src/protocol/kinds/columns.ts";
import { mint } from "../../src/protocol/mint.ts";
import { decodeResponse } from "../../src/protocol/response.ts";
import { utcTime, wireTime } from "../../src/protocol/time.ts";

const encoder = new TextEncoder();

Deno.test("minted IDs have their form, differ, and grow with the time", () => {
  const ids = Array.from({ length: 1_000 }, () => mint("ch"));
  ids.forEach((id) => assert.match(id, /^[0-7][0-9a-hjkmnp-tv-z]{25}-ch$/));
  assert.equal(new Set(ids).size, ids.length);
  const stamps = ids.map((id) => id.slice(0, 10));
  assert.deepEqual([...stamps].sort(), stamps);
});

Deno.test("durations are cut to whole seconds and milliseconds", () => {
  const { body } = compileCall("POST /channels/{channelId}/dtmf", {
    body: { seconds: seconds("duration"), millis: millis("duration") },
  });
  const units = (duration: number) => body?.({ id: "", key: {}, payload: { duration }, self });
  const self = { app: "", node: "" };
  assert.deepEqual(units(90_600_000_000), { seconds: 90, millis: 90_600 });
  assert.deepEqual(units(1_999_999), { seconds: 0, millis: 1 });
  assert.deepEqual(units(-1), { seconds: -0 });
});

Deno.test("times come in the one form that Go clients read", () => {
  assert.equal(wireTime("2024-03-05T14:15:16Z"), "2024-03-05T14:15:16.000+0000");
  assert.equal(wireTime("2024-03-05T14:15:16.5+01:00"), "2024-03-05T14:15:16.500+0100");
  assert.equal(wireTime("2024-03-05T14:15:16.789+0100"), "2024-03-05T14:15:16.789+0100");
  assert.equal(wireTime("yesterday"), undefined);
  assert.equal(wireTime(null), undefined);
});

Deno.test("times are in UTC where clients expect that", () => {
  assert.equal(utcTime("2024-03-05T14:15:16.789+0100"), "2024-03-05T13:15:16.789+0000");
  assert.equal(utcTime("2024-01-01T00:15:00Z"), "2024-01-01T00:15:00.000+0000");
  assert.equal(utcTime("2024-01-01T00:15:00.250+00:30"), "2023-12-31T23:45:00.250+0000");
  assert.equal(utcTime(7), undefined);
});

Deno.test("announcements have the node under either name", () => {
  const self = { app: "calls", node: "n1" };
  assert.deepEqual(decodeAnnouncement(encodeAnnouncement(self)), self);
  const decode = (text: string) => decodeAnnouncement(encoder.encode(text));
  assert.deepEqual(decode('{"asterisk":"n1","application":"calls"}'), self);
  assert.deepEqual(decode('{"node":"n1","application":"calls"}'), self);
  assert.equal(decode('{"application":"calls"}'), undefined);
  assert.equal(decode('{"node":"n1"}'), undefined);
  assert.equal(decode("[]"), undefined);
  assert.equal(decode("nonsense"), undefined);
});

Deno.test("counts that an announcement does not have are unknown, not 0", () => {
  const counts = { events: 1, lost: 2, gaps: 3, requests: 4, failed: 5 };
  const self = { app: "calls", node: "n1" };
  assert.deepEqual(decodeAnnouncement(encodeAnnouncement({ ...self, counts })), {
    ...self,
    counts,
  });
  for (const name of Object.keys(counts)) {
    for (const value of [undefined, null, "7"]) {
      const text = JSON.stringify({
        node: "n1",
        application: "calls",
        counts: { ...counts, [name]: value },
      });
      assert.deepEqual(decodeAnnouncement(encoder.encode(text)), self, text);
    }
  }
});

Deno.test("what lacks the text error is not a response", () => {
  const decode = (text: string) => decodeResponse(encoder.encode(text));
  const others = [
    '{"stream":"ARI","seq":17}',
    "{}",
    "null",
    "[]",
    "",
    '{"error":null}',
    '{"key":{}}',
  ];
  for (const text of others) assert.equal(decode(text), undefined, text);
  assert.deepEqual(decode('{"error":""}'), { error: "" });
  assert.deepEqual(decode('{"Error":"no"}'), { error: "no" });
});

Deno.test("error texts of any proxy have a code", () => {
  const wanted = {
    "Non-2XX response: 404 Not Found": "not_found",
    "failed to get data: Error getting data for channel 'c': Non-2XX response: 409 Conflict":
      "conflict",
    "Non-2XX response: 403 Forbidden": "denied",
    "Non-2XX response: 500 Internal Server Error": "failed",
    "ARI connection is down": "asterisk_down",
    "Not implemented": "unsupported",
    "channel key not supplied": "invalid",
    "OriginateRequest is mandatory": "invalid",
    "anything": "failed",
  };
  for (const [text, code] of Object.entries(wanted)) assert.equal(codeOfError(text), code, text);
});

Deno.test("responses and announcements of any bytes are harmless", () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 100 }),
    fc.json().map((text) => encoder.encode(text)),
    fc.record({
      error: fc.jsonValue(),
      key: fc.jsonValue(),
      keys: fc.jsonValue(),
      data: fc.jsonValue(),
    })
      .map((value) => encoder.encode(JSON.stringify(value))),
  );
  fc.assert(
    fc.property(bytes, (data) => {
      decodeAnnouncement(data);
      decodeResponse(data);
    }),
    { numRuns: 20_000 },
  );
});
