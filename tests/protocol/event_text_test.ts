import assert from "node:assert/strict";
import fc from "fast-check";
import { endedEntity, eventEntities } from "../../src/protocol/event_entities.ts";
import { readEventHead } from "../../src/common/event_head.ts";
import { dialogCopy, publishedText } from "../../src/protocol/event_text.ts";

Deno.test("the head of an event is what its members are, however it is written", () => {
  const name = fc.oneof(fc.constantFrom("StasisStart", "calls", "n1"), fc.string());
  const value = fc.oneof(name, fc.jsonValue({ maxDepth: 3 }));
  // Strings that look like the members which the quick way looks for.
  const trap = fc.constantFrom(
    '","asterisk_id":"x","application":"y"}',
    ',"asterisk_id":"x","application":"y"}',
    '{"type":"Trap",',
  );
  const event = fc.record({
    variable: fc.oneof(name, trap),
    value: fc.oneof(name, trap),
    type: fc.oneof(name, trap),
    trap,
    channel: fc.dictionary(fc.oneof(name, trap), fc.oneof(value, trap)),
    asterisk_id: fc.oneof(name, trap),
    application: fc.oneof(name, trap),
  }, { requiredKeys: [] });
  fc.assert(
    fc.property(event, fc.boolean(), (event, nested) => {
      const text = JSON.stringify(nested ? { type: "Outer", event } : event);
      const parsed = JSON.parse(text);
      const read = (name: string) => typeof parsed[name] === "string" ? parsed[name] : "";
      assert.deepEqual(readEventHead(text), {
        type: read("type"),
        node: read("asterisk_id"),
        application: read("application"),
      });
    }),
    { numRuns: 20_000 },
  );
});

Deno.test("an event is published as it came when it lacks nothing", () => {
  const text = '{"type":"New","x": 1 ,"asterisk_id":"n1","application":"calls"}';
  assert.equal(publishedText(text, readEventHead(text), { node: "other" }), text);
});

Deno.test("an event without a node gets it", () => {
  const text = '{"type":"StasisEnd","application":"calls"}';
  assert.deepEqual(JSON.parse(publishedText(text, readEventHead(text), { node: "n1" })), {
    type: "StasisEnd",
    application: "calls",
    asterisk_id: "n1",
  });
});

Deno.test("an event of a renamed node has the new name", () => {
  const text = '{"type":"StasisEnd","asterisk_id":"n1","application":"calls"}';
  const published = publishedText(text, readEventHead(text), { node: "new", rename: true });
  assert.deepEqual(JSON.parse(published), {
    type: "StasisEnd",
    asterisk_id: "new",
    application: "calls",
  });
});

Deno.test("a text message has its variables as a list", () => {
  const text = JSON.stringify({
    type: "TextMessageReceived",
    message: { body: "hi", variables: { a: "1", b: "2" } },
    asterisk_id: "n1",
    application: "calls",
  });
  const { message } = JSON.parse(publishedText(text, readEventHead(text), { node: "n1" }));
  assert.deepEqual(message, {
    body: "hi",
    variables: [{ key: "a", value: "1" }, { key: "b", value: "2" }],
  });
});

Deno.test("the copy for a dialog differs in the dialog alone", () => {
  const text = ' {"type":"StasisEnd","application":"calls"}';
  const copy = dialogCopy(new TextEncoder().encode(text), 'a"b');
  assert.deepEqual(JSON.parse(new TextDecoder().decode(copy)), {
    dialog: 'a"b',
    type: "StasisEnd",
    application: "calls",
  });
});

Deno.test("the entities of an event are returned once each, in order, without absent ones", () => {
  const event = {
    type: "ChannelUserevent",
    channel: { id: "" },
    bridge: { id: "b1", channels: ["c1", "c2", "c1"] },
    endpoint: { technology: "PJSIP", resource: "alice", channel_ids: ["c2", "c3"] },
  };
  assert.deepEqual(eventEntities(event).map(({ kind, id }) => `${kind}:${id}`), [
    "bridge:b1",
    "channel:c1",
    "channel:c2",
    "endpoint:PJSIP/alice",
    "channel:c3",
  ]);
});

Deno.test("an entity ends with its last event and with no other", () => {
  const playback = { id: "p1" };
  assert.deepEqual(endedEntity({ type: "PlaybackFinished", playback }), {
    kind: "playback",
    id: "p1",
  });
  assert.equal(endedEntity({ type: "PlaybackStarted", playback }), undefined);
  assert.equal(endedEntity({ type: "toString", playback }), undefined);
});

Deno.test("anything at all in an event leaves its reader unharmed", () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.json()),
      fc.constantFrom("StasisStart", "Dial", "x"),
      (text, type) => {
        publishedText(text, readEventHead(text), { node: "n1" });
        const value = JSON.parse(
          JSON.stringify({ type, channel: text, bridge: { channels: text } }),
        );
        eventEntities(value);
        endedEntity(value);
      },
    ),
    { numRuns: 10_000 },
  );
});
