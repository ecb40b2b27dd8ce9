import assert from "node:assert/strict";
import { asteriskSegments, entityIn, operations, twinOf } from "../../src/protocol/api/lookup.ts";
import { routing } from "../../src/protocol/api/routing.ts";

Deno.test("an operation is found by its path as Asterisk reads it", () => {
  const find = (method: string, path: string) => operations.find({ method, path });
  assert.equal(find("POST", "/channels/1700.1/move"), "POST /channels/{channelId}/move");
  assert.equal(find("POST", "/channels/a%2Fb/%6Dove%00x"), "POST /channels/{channelId}/move");
  assert.equal(find("POST", "/channels/create"), "POST /channels/create");
  // A word is preferred to a value, also where the path does not go on.
  assert.equal(find("DELETE", "/channels/create"), undefined);
  assert.equal(find("POST", "/channels/create/move"), undefined);
  assert.equal(find("POST", "/channels/created/move"), "POST /channels/{channelId}/move");
  assert.equal(find("POST", "/channels/1/move/"), undefined);
  assert.equal(find("post", "/channels/1/move"), undefined);
  assert.equal(find("GET", "/conferences"), undefined);
});

Deno.test("a segment of a path ends at a NUL, and a broken one stays as it is", () => {
  assert.deepEqual(asteriskSegments("/a/b%20c/d%00e/%E4/f"), ["a", "b c", "d", "%E4", "f"]);
});

Deno.test("what creates something with an ID in the path has a twin without, and the other way round", () => {
  const play = "POST /channels/{channelId}/play";
  assert.equal(twinOf(play), `${play}/{playbackId}`);
  assert.equal(twinOf(`${play}/{playbackId}`), play);
  assert.equal(twinOf("POST /channels"), "POST /channels/{channelId}");
  for (
    const alone of [
      "POST /channels/create",
      "POST /channels/{channelId}/record",
      "GET /channels/{channelId}",
    ] as const
  ) {
    assert.equal(twinOf(alone), undefined);
  }
});

Deno.test("the entity of a path is known where it has to exist", () => {
  assert.equal(entityIn("GET /channels/{channelId}", "{channelId}"), "channel");
  assert.equal(
    entityIn("POST /bridges/{bridgeId}/videoSource/{channelId}", "{channelId}"),
    "channel",
  );
  assert.equal(entityIn("POST /channels/{channelId}", "{channelId}"), undefined);
  assert.equal(entityIn("GET /endpoints/{tech}/{resource}", "{tech}"), undefined);
  assert.equal(entityIn("POST /events/user/{eventName}", "{eventName}"), undefined);
});

Deno.test("lists of all nodes are merged, and nothing else", () => {
  const lists = Object.keys(routing).filter((operation) => operations.merges(operation));
  assert.deepEqual(lists, [
    "GET /applications",
    "GET /asterisk/modules",
    "GET /asterisk/logging",
    "GET /bridges",
    "GET /channels",
    "GET /deviceStates",
    "GET /endpoints",
    "GET /endpoints/{tech}",
    "GET /mailboxes",
    "GET /recordings/stored",
    "GET /sounds",
  ]);
  assert.equal(operations.merges("GET /conferences"), false);
  assert.equal(operations.merges("toString"), false);
});

Deno.test("exactly one node gets what any can do, and the others what only one can", () => {
  const creates = Object.keys(routing).filter((operation) => {
    const [method, template] = operation.split(" ");
    const path = template.replaceAll(/\{\w+\}/g, "x");
    return operations.classOf({ method, path }) === "create";
  });
  assert.deepEqual(creates, [
    "POST /bridges",
    "POST /bridges/{bridgeId}",
    "POST /channels",
    "POST /channels/create",
    "POST /channels/externalMedia",
    "POST /channels/{channelId}",
    "PUT /endpoints/sendMessage",
    "POST /endpoints/refer",
    "PUT /endpoints/{tech}/{resource}/sendMessage",
    "POST /endpoints/{tech}/{resource}/refer",
    "POST /events/user/{eventName}",
  ]);
});
