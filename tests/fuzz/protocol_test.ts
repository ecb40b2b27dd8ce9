/** Decoders of messages and events. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { readEventHead } from "../../src/common/event_head.ts";
import {
  type Announcement,
  decodeAnnouncement,
  encodeAnnouncement,
} from "../../src/protocol/announcement.ts";
import { AriProxyError } from "../../src/protocol/errors.ts";
import { concernsAny, endedEntity, eventEntities } from "../../src/protocol/event_entities.ts";
import { dialogCopy, parseEvent, publishedText } from "../../src/protocol/event_text.ts";
import { gapText, readGap } from "../../src/protocol/notice.ts";
import {
  epochHeader,
  eventHeaders,
  nodeHeader,
  readEventMarks,
  seqHeader,
} from "../../src/protocol/headers.ts";
import { isObject, jsonText } from "../../src/protocol/json.ts";
import { kinds } from "../../src/protocol/kinds/kinds.ts";
import { type AnyRequest, decodeRequest, encodeRequest } from "../../src/protocol/request.ts";
import { decodeResponse, encodeResponse } from "../../src/protocol/response.ts";
import { Sequence } from "../../src/protocol/sequence.ts";
import { announcements, events, requests, responses } from "./corpus.ts";
import { Fuzz } from "./fuzz.ts";
import { anyText, mutatedBytes, mutatedJson } from "./hostile.ts";

const fuzz = new Fuzz("protocol");
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Bytes of a text that was valid once, or of none. */
function damaged(texts: readonly string[]): fc.Arbitrary<Uint8Array> {
  return fc.oneof(
    { weight: 6, arbitrary: mutatedJson(texts).map((text) => encoder.encode(text)) },
    { weight: 6, arbitrary: mutatedBytes(texts) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 60 }) },
  );
}

/** What a decoder makes of bytes; undefined when it refuses them as it should. */
function accepted<T>(decode: () => T, codes: readonly string[]): T | undefined {
  try {
    return decode();
  } catch (error) {
    if (!(error instanceof AriProxyError) || !codes.includes(error.code)) throw error;
    assert.ok(error.message.length < 300, `A refusal of ${error.message.length} characters`);
    return undefined;
  }
}

/** Numbers that are written otherwise than they were read: what no double holds, and minus zero. */
const fickleNumber = /e\+?\d{3}|\d{309}|-0(?![.\d])/i;

function encodeAgain({ kind, key, payload, id, deadline }: AnyRequest): Uint8Array {
  return encodeRequest(kind, key, payload, { id, deadline });
}

fuzz.test(
  "a request of any bytes is refused, or means the same when it is encoded again",
  { input: damaged(requests), runs: 40_000 },
  (bytes) => {
    const request = accepted(() => decodeRequest(bytes), ["invalid", "unsupported"]);
    if (!request) return;
    assert.ok(kinds.includes(request.kind));
    assert.ok(Object.values(request.key).every((value) => typeof value === "string" && value));
    const again = accepted(() => encodeAgain(request), ["too_large"]);
    if (!again || fickleNumber.test(decoder.decode(bytes))) return;
    assert.equal(jsonText(decodeRequest(again)), jsonText(request));
  },
);

fuzz.test(
  "a response of any bytes is refused, or means the same when it is encoded again",
  { input: damaged(responses), runs: 30_000 },
  (bytes) => {
    const response = decodeResponse(bytes);
    if (!response) return;
    const again = accepted(() => encodeResponse(response), ["too_large"]);
    if (!again || fickleNumber.test(decoder.decode(bytes))) return;
    const { data, keys, ...rest } = response;
    // As texts, since what is nested deeply takes a comparison of values too far.
    assert.equal(
      jsonText(decodeResponse(again)),
      jsonText({ ...rest, ...(keys?.length && { keys }), data }),
    );
  },
);

fuzz.test(
  "an announcement of any bytes is not one, or means the same when it is encoded again",
  { input: damaged(announcements), runs: 20_000 },
  (bytes) => {
    const announcement = decodeAnnouncement(bytes);
    if (!announcement) return;
    assert.ok(announcement.node);
    assert.deepEqual(decodeAnnouncement(encodeAnnouncement(announcement)), announcement);
  },
);

const optional = fc.option(anyText.filter((text) => text.isWellFormed() && text !== ""), {
  nil: undefined,
});

fuzz.test(
  "an announcement says the same after the bus",
  {
    input: fc.record({ app: optional, node: optional, id: optional, channels: fc.nat() }),
    runs: 5_000,
  },
  ({ app = "a", node = "n", id, channels }) => {
    const told: Announcement = { app, node, channels, ...(id && { id }) };
    assert.deepEqual(decodeAnnouncement(encodeAnnouncement(told)), told);
  },
);

function textMember(event: Readonly<Record<string, unknown>> | undefined, name: string): string {
  const value = event?.[name];
  return typeof value === "string" ? value : "";
}

fuzz.test(
  "the head of an event is what its JSON says, however it is read",
  { input: mutatedJson(events), runs: 25_000 },
  (text) => {
    const event = parseEvent(text);
    // Of members with one name JSON.parse takes the last.
    if (jsonText(event) !== text) return;
    assert.deepEqual(readEventHead(text), {
      type: textMember(event, "type"),
      node: textMember(event, "asterisk_id"),
      application: textMember(event, "application"),
    });
  },
);

fuzz.test(
  "an event of any bytes is published, and its copies are JSON if it is",
  { input: damaged(events), runs: 30_000 },
  (bytes) => {
    const text = decoder.decode(bytes);
    const head = readEventHead(text);
    const published = publishedText(text, head, { node: "n", rename: bytes.length % 2 === 0 });
    const event = parseEvent(published);
    assert.equal(event === undefined, parseEvent(text) === undefined);
    if (!event) return;
    const entities = eventEntities(event);
    for (const { id } of entities) assert.ok(typeof id === "string" && id);
    endedEntity(event);
    concernsAny(event, [{ kind: "channel", id: "c1" }]);
    if (entities.length === 0) return;
    const copy = parseEvent(decoder.decode(dialogCopy(encoder.encode(published), 'a".b')));
    assert.ok(isObject(copy));
    if (!Object.hasOwn(event, "dialog")) assert.equal(copy.dialog, 'a".b');
  },
);

const notices = [
  gapText({
    timestamp: "2026-11-23T03:00:00.000+0000",
    reason: "overflow",
    detail: "Too many events waited",
    from: "2026-11-23T02:59:00.000+0000",
    to: "2026-11-23T03:00:00.000+0000",
    epoch: "e",
    first_seq: 3,
    last_seq: 9,
    count: 7,
    certain: true,
    asterisk_id: "n",
    application: "a",
  }),
];

fuzz.test(
  "a gap notice is not one, or means the same when it is encoded again",
  { input: mutatedJson(notices), runs: 20_000 },
  (text) => {
    const gap = readGap(parseEvent(text));
    if (gap) assert.equal(jsonText(readGap(parseEvent(gapText(gap)))), jsonText(gap));
  },
);

const headerText = fc.oneof(anyText, fc.constantFrom("1", "0", "01", "-1", "1e3", "9".repeat(16)));

fuzz.test(
  "headers of an event are marks, or refused",
  { input: fc.tuple(anyText, anyText, headerText), runs: 10_000 },
  ([node, epoch, seq]) => {
    const marks = readEventMarks({ [nodeHeader]: node, [epochHeader]: epoch, [seqHeader]: seq });
    if (!marks) return;
    assert.ok(marks.seq >= 1 && Number.isInteger(marks.seq));
    assert.deepEqual(readEventMarks(eventHeaders(marks)), marks);
  },
);

const arrivals = fc.array(
  fc.record({
    subject: fc.constantFrom("ari.event.a.n", "ari.event.b.n"),
    epoch: fc.constantFrom("e", "f"),
    skip: fc.nat(5),
    told: fc.nat(6),
  }),
  { maxLength: 30 },
);

fuzz.test(
  "numbers of events are received, reported or missing, each once",
  { input: arrivals, runs: 10_000 },
  (steps) => {
    const sequence = new Sequence();
    const next = new Map<string, number>();
    for (const { subject, epoch, skip, told } of steps) {
      const name = `${subject} ${epoch}`;
      const first = next.get(name);
      const seq = (first ?? 1) + skip;
      next.set(name, seq + 1);
      const range = { epoch, first: seq - told, last: seq - 1 };
      const missing = sequence.see({
        subject,
        marks: { node: "n", epoch, seq },
        time: "",
        ...(told > 0 && { reported: range }),
      });
      const numbers = missing.flatMap(({ first, last }) =>
        Array.from({ length: last - first + 1 }, (_, index) => first + index)
      );
      if (first === undefined) continue;
      const wanted = Array.from({ length: skip }, (_, index) => first + index);
      assert.deepEqual(numbers, wanted.filter((number) => told === 0 || number < range.first));
    }
  },
);

Deno.test("an event of many megabytes is published", () => {
  const value = '\\"'.repeat(5_000_000);
  const text = `{"variable":"x","value":"${value}","type":"ChannelVarset",` +
    `"asterisk_id":"n","application":"a"}`;
  const head = { type: "ChannelVarset", node: "n", application: "a" };
  assert.deepEqual(readEventHead(text), head);
  assert.equal(publishedText(text, head, { node: "n" }), text);
});
