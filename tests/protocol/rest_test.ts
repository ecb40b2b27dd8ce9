import assert from "node:assert/strict";
import { perform } from "../../src/protocol/kinds/engine.ts";
import type { RestPayload } from "../../src/protocol/kinds/any_operation.ts";
import { operations } from "../../src/protocol/api/lookup.ts";
import type { AriCall } from "../../src/protocol/ari_call.ts";

/** Carries a call out, with an Asterisk that returns the given response. */
async function rest(payload: RestPayload, answer = { status: 204, reason: "", body: "" }) {
  const calls: AriCall[] = [];
  const bound: string[] = [];
  const response = await perform({ kind: "Rest", key: { dialog: "d1" }, payload }, {
    self: { app: "calls", node: "n1" },
    mint: (kind) => `new-${kind}`,
    bind: (_, entities) => bound.push(...entities.map(({ kind, id }) => `${kind}:${id}`)),
    send(call) {
      calls.push(call);
      return Promise.resolve(answer);
    },
    readChunk: () => Promise.reject(new Error("Not a file")),
    now: () => 0,
    maxPayload: 1_000_000,
  });
  return { response, calls, bound };
}

Deno.test("a call by REST reaches Asterisk with its path encoded", async () => {
  const { calls, bound } = await rest({
    method: "post",
    path: "/channels/a b%2Fc/play/p#1".replace("#", "%23"),
    query: { media: "sound:x&y" },
    body: { lang: "en" },
  });
  assert.deepEqual(calls, [{
    method: "POST",
    path: "/channels/a%20b%2Fc/play/p%231",
    query: "media=sound:x%26y",
    body: '{"lang":"en"}',
  }]);
  assert.deepEqual(bound, ["channel:a b/c", "playback:p#1"]);
});

Deno.test("a REST request returns status and body, also of a refusal", async () => {
  const ok = { status: 200, reason: "OK", body: '{"value":"42"}' };
  assert.deepEqual((await rest({ method: "GET", path: "/asterisk/variable" }, ok)).response, {
    error: "",
    data: { rest: { status: 200, reason: "OK", body: { value: "42" } } },
  });
  const refused = { status: 409, reason: "Conflict", body: "no JSON" };
  assert.deepEqual((await rest({ method: "DELETE", path: "/bridges/b1" }, refused)).response, {
    error: "Non-2XX response: 409 Conflict",
    data: { rest: { status: 409, reason: "Conflict", body: "no JSON" } },
  });
});

Deno.test("a call by REST cannot leave ARI", async () => {
  const paths = [
    "",
    "channels",
    "//host/x",
    "/channels/../asterisk",
    "/channels/%2e%2e/x",
    "/a//b",
  ];
  for (const path of [...paths, "/channels?app=x", "/channels#x", "http://host/x"]) {
    await assert.rejects(rest({ method: "GET", path }), { code: "invalid" }, path);
  }
  await assert.rejects(rest({ method: "CONNECT", path: "/channels" }), { code: "invalid" });
  await assert.rejects(rest({ method: "POST", path: "/x", body: "text" }), { code: "invalid" });
});

Deno.test("a call by REST is of the class that brings it to the right nodes", () => {
  assert.equal(operations.classOf({ method: "GET", path: "/channels/c1" }), "data");
  for (const path of ["/channels", "/channels/my-id", "/channels/create", "/bridges/b1"]) {
    assert.equal(operations.classOf({ method: "POST", path }), "create", path);
  }
  assert.equal(operations.classOf({ method: "PUT", path: "/endpoints/sendMessage" }), "create");
  assert.equal(
    operations.classOf({ method: "PUT", path: "/endpoints/PJSIP/a/sendMessage" }),
    "create",
  );
  const userEvent = (query?: Readonly<Record<string, string>>, body?: unknown) =>
    operations.classOf({ method: "POST", path: "/events/user/x", query, body });
  assert.equal(userEvent(), "create");
  assert.equal(userEvent({ source: "endpoint:PJSIP/a,deviceState:Stasis:channel:x" }), "create");
  assert.equal(userEvent({ source: "endpoint:PJSIP/a,channel:c1" }), "command");
  assert.equal(userEvent({}, { source: ["bridge:b1"] }), "command");
  assert.equal(userEvent({}, { source: "channel:c1" }), "command");
  assert.equal(userEvent({}, { source: [1, null] }), "create");
  assert.equal(operations.classOf({ method: "POST", path: "/channels/c1/move" }), "command");
  assert.equal(operations.classOf({ method: "DELETE", path: "/bridges/b1" }), "command");
});

Deno.test("a call by REST concerns the entities that its path names", () => {
  const named = (path: string) => operations.entities(path).map(({ kind, id }) => `${kind}:${id}`);
  assert.deepEqual(named("/channels/create"), []);
  assert.deepEqual(named("/channels/externalMedia"), []);
  assert.deepEqual(named("/channels/created"), ["channel:created"]);
  assert.deepEqual(named("/channels/c1/snoop/s1"), ["channel:c1", "channel:s1"]);
  assert.deepEqual(named("/recordings/live/r1/mute"), ["liverecording:r1"]);
  assert.deepEqual(named("/asterisk/info"), []);
});
