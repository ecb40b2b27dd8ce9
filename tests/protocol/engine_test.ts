import assert from "node:assert/strict";
import { AriProxyError } from "../../src/protocol/errors.ts";
import { type AriResult, mainCall, perform } from "../../src/protocol/kinds/engine.ts";
import type { Kind, Payload } from "../../src/protocol/kinds/kinds.ts";
import type { Request } from "../../src/protocol/request.ts";
import type { Key } from "../../src/protocol/key.ts";

const ok: AriResult = { status: 200, reason: "OK", body: "{}" };
const notFound: AriResult = { status: 404, reason: "Not Found", body: "" };

/** What happened, in order: calls to Asterisk, and entities that were bound. */
async function carryOut<K extends Kind>(
  kind: K,
  key: Key,
  payload: Payload<K>,
  { answers = [], now = 0, maxPayload = 1_000_000, ...marks }: {
    readonly answers?: readonly AriResult[];
    readonly now?: number;
    readonly maxPayload?: number;
    readonly deadline?: number;
  } = {},
) {
  const done: string[] = [];
  const limits: (number | undefined)[] = [];
  const left = [...answers];
  // The payload belongs to the kind, which the compiler does not follow.
  const request = { kind, key, payload, ...marks } as unknown as Request;
  const outcome = await perform(request, {
    self: { app: "calls", node: "n1" },
    mint: (purpose) => `new-${purpose}`,
    bind: (dialog, entities) =>
      void done.push(`${dialog} ${entities.map(({ kind, id }) => `${kind}:${id}`).join(" ")}`),
    send({ method, path, query, body }, options) {
      done.push([method, path, query, body].filter((part) => part).join(" "));
      limits.push(options?.maxBody);
      return Promise.resolve(left.shift() ?? ok);
    },
    readChunk: ({ path }, wanted) => {
      done.push(`${path} ${JSON.stringify(wanted)}`);
      return Promise.resolve(left.shift() ?? ok);
    },
    now: () => now,
    maxPayload,
  }).catch((error: unknown) => error);
  const error = outcome instanceof AriProxyError ? outcome.message : undefined;
  return { done, limits, error, response: error === undefined ? outcome : undefined };
}

Deno.test("entities are bound before Asterisk is asked, or when it has said that they exist", async () => {
  const key = { id: "c1", dialog: "d" };
  assert.deepEqual((await carryOut("ChannelAnswer", key, undefined)).done, [
    "d channel:c1",
    "POST /channels/c1/answer",
  ]);
  const play = { playback_id: "p1", media_uri: "sound:x" };
  assert.deepEqual((await carryOut("ChannelPlay", key, play)).done, [
    "GET /channels/c1",
    "d channel:c1 playback:p1",
    'POST /channels/c1/play/p1 {"media":"sound:x"}',
  ]);
  const missing = await carryOut("ChannelPlay", key, play, { answers: [notFound] });
  assert.deepEqual(missing.done, ["GET /channels/c1"]);
  assert.match(missing.error ?? "", /^failed to get data: Error getting data for channel 'c1'/);
  const refused = await carryOut("BridgeGet", { id: "b1", dialog: "d" }, undefined, {
    answers: [notFound],
  });
  assert.deepEqual(refused.done, ["GET /bridges/b1"]);
  const found = await carryOut("BridgeGet", { id: "b1", dialog: "d" }, undefined);
  assert.deepEqual(found.done, ["GET /bridges/b1", "d bridge:b1"]);
  assert.deepEqual((await carryOut("ChannelAnswer", { id: "c1" }, undefined)).done, [
    "POST /channels/c1/answer",
  ]);
  const sources = { event_source: "endpoint:PJSIP/a", further_event_sources: ["other:x"] };
  const subscribed = await carryOut("ApplicationSubscribe", { id: "a", dialog: "d" }, sources);
  assert.equal(subscribed.done.at(-1), "d endpoint:PJSIP/a channel:");
});

Deno.test("columns leave out what is empty, or replace it, or send it as it is", async () => {
  const calls = async <K extends Kind>(kind: K, payload: Payload<K>) =>
    (await carryOut(kind, { id: "x" }, payload)).done.at(-1);
  assert.equal(await calls("ChannelHangup", { reason: "" }), "DELETE /channels/x reason=normal");
  assert.equal(
    await calls("ChannelHangup", { reason: "busy", reason_code: "21" }),
    "DELETE /channels/x reason_code=21",
  );
  assert.equal(
    await calls("ChannelHangup", { reason: "busy", reason_code: "" }),
    "DELETE /channels/x reason=busy",
  );
  assert.equal(await calls("BridgeMOH", { class: "" }), 'POST /bridges/x/moh {"mohClass":""}');
  assert.equal(await calls("ChannelMOH", { music: "" }), "POST /channels/x/moh {}");
  assert.equal(await calls("ChannelUnmute", {}), "DELETE /channels/x/mute direction=both");
  assert.equal(
    await calls("ChannelRecord", { name: "r" }),
    'POST /channels/x/record {"name":"r","format":"","maxDurationSeconds":0,' +
      '"maxSilenceSeconds":0,"beep":false}',
  );
  assert.equal(
    await calls("MailboxUpdate", { new: 1, old: 0 }),
    'PUT /mailboxes/x {"newMessages":"1","oldMessages":"0"}',
  );
  assert.equal(
    await calls("BridgeAddChannel", { channel: "a", further_channels: [], absorbDTMF: false }),
    'POST /bridges/x/addChannel {"channel":"a"}',
  );
  assert.equal(
    await calls("BridgeAddChannel", { channel: "a", further_channels: ["b"], mute: true }),
    'POST /bridges/x/addChannel {"channel":["a","b"],"mute":true}',
  );
  assert.equal(
    await calls("ApplicationUnsubscribe", {
      event_source: "channel:a",
      further_event_sources: ["bridge:b"],
    }),
    "DELETE /applications/x/subscription eventSource=channel:a%2Cbridge:b".replace("%2C", ","),
  );
  assert.equal(await calls("AsteriskInfo", { only: [] }), "GET /asterisk/info");
  assert.equal(await calls("AsteriskInfo", { only: ["a", "b"] }), "GET /asterisk/info only=a,b");
  assert.equal(await calls("SoundList", { filters: { lang: "en" } }), "GET /sounds lang=en");
  assert.equal(
    await calls("ChannelOriginate", {
      originate_request: { endpoint: "PJSIP/a", timeout: 0, variables: {} },
    }),
    'POST /channels {"endpoint":"PJSIP/a","channelId":"new-ch"}',
  );
});

Deno.test("what the caller leaves to the proxy is minted, and returned in the key", async () => {
  const { response } = await carryOut("ChannelRecord", { id: "c1", dialog: "d" }, { name: "" });
  const key = { kind: "liverecording", id: "new-rc", node: "n1", dialog: "d", app: "calls" };
  assert.deepEqual(response, { error: "", key });
  const bridge = await carryOut("BridgeCreate", {}, { type: "mixing" });
  assert.deepEqual(bridge.done, [
    'POST /bridges/new-br {"bridgeId":"new-br","type":"mixing"}',
  ]);
  const named = await carryOut("BridgeCreate", { id: "b1" }, { type: "" });
  assert.deepEqual(named.done, ['POST /bridges/b1 {"bridgeId":"b1"}']);
});

Deno.test("a request whose deadline has passed while it waited is not sent", async () => {
  const late = await carryOut("ChannelAnswer", { id: "c1" }, undefined, { now: 11, deadline: 10 });
  assert.deepEqual([late.done, late.error], [[], "Expired: its deadline passed while it waited"]);
  const timely = await carryOut("ChannelAnswer", { id: "c1" }, undefined, { now: 9, deadline: 10 });
  assert.equal(timely.done.length, 1);
  const play = { playback_id: "p1", media_uri: "sound:x" };
  const probed = await carryOut("ChannelPlay", { id: "c1" }, play, { now: 11, deadline: 10 });
  assert.deepEqual(probed.done, ["GET /channels/c1"]);
});

Deno.test("a response is read as far as a reply could be made of it", async () => {
  const options = { maxPayload: 1_000_000 };
  const limit = async <K extends Kind>(kind: K, payload: Payload<K>) =>
    (await carryOut(kind, { id: "x" }, payload, options)).limits.at(-1);
  assert.equal(await limit("ChannelData", undefined), 2_000_000);
  assert.equal(await limit("ChannelList", undefined), 8_000_000);
  assert.equal(await limit("ChannelVariableGet", { name: "a" }), 8_000_000);
  assert.equal(await limit("Rest", { method: "GET", path: "/channels" }), 2_000_000);
  const small = await carryOut("ChannelData", { id: "x" }, undefined, { maxPayload: 1 });
  assert.deepEqual(small.limits, [64 * 1024]);
});

Deno.test("a key without an ID is refused where the kind needs one, with the text of the original", async () => {
  const refusal = async (kind: Kind, payload?: unknown) =>
    (await carryOut(kind, {}, payload as never)).error;
  assert.equal(await refusal("ChannelAnswer"), "channel key not supplied");
  assert.equal(await refusal("DeviceStateGet"), "device key not supplied");
  assert.equal(await refusal("BridgeStageRecord", { name: "" }), "bridge key not supplied");
  assert.equal(await refusal("AsteriskLoggingRotate"), "Not allowed to rotate unnamed channels");
  assert.equal(await refusal("EndpointData"), "endpoint key not supplied");
  assert.equal(
    await refusal("AsteriskConfigDelete"),
    "Missing class: the call to Asterisk needs one",
  );
  // Another parameter of the path than an ID.
  const list = await carryOut("EndpointListByTech", {}, { tech: "PJSIP" });
  assert.deepEqual(list.done, ["GET /endpoints/PJSIP"]);
  for (const kind of ["ChannelList", "AsteriskInfo", "ChannelSubscribe"] as const) {
    assert.notEqual(await refusal(kind), `channel key not supplied`);
  }
});

Deno.test("IDs of several parts and chunks of files go into their places", async () => {
  const info = await carryOut("EndpointData", { kind: "endpoint", id: "PJSIP/a/b" }, undefined);
  assert.deepEqual(info.done, ["GET /endpoints/PJSIP/a%2Fb"]);
  const config = await carryOut("AsteriskConfigDelete", { id: "a/b/c/d" }, undefined);
  assert.deepEqual(config.done, ["DELETE /asterisk/config/dynamic/a/b/c"]);
  const whole = await carryOut("AsteriskConfigData", { id: "a/b/c/d" }, undefined);
  assert.deepEqual(whole.done, ["GET /asterisk/config/dynamic/a/b/c/d"]);
  const exact = await carryOut("AsteriskConfigDelete", { id: "a/b/c" }, undefined);
  assert.deepEqual(exact.done, ["DELETE /asterisk/config/dynamic/a/b/c"]);
  const short = await carryOut("AsteriskConfigDelete", { id: "a/b" }, undefined);
  assert.deepEqual([short.done, short.error], [[], "failed to parse key: invalid input ID"]);
  const file = await carryOut("RecordingStoredFile", { id: "r" }, { offset: 7 });
  assert.deepEqual(file.done, [
    '/recordings/stored/r/file {"offset":7,"length":0,"before":""}',
  ]);
});

Deno.test("the call of a request is known before it is carried out", () => {
  const completion = { self: { app: "calls", node: "n1" }, mint: () => "new" };
  const call = (kind: Kind, payload?: unknown) => {
    const request = { kind, key: { id: "x" }, payload } as unknown as Request;
    const { method, path } = mainCall(request, completion) ?? {};
    return method && `${method} ${path}`;
  };
  assert.equal(call("ChannelAnswer"), "POST /channels/x/answer");
  // It only checks that the channel exists.
  assert.equal(call("ChannelStagePlay", { playback_id: "", media_uri: "" }), "GET /channels/x");
  assert.equal(call("ChannelSubscribe"), undefined);
  assert.equal(call("Rest", { method: "get", path: "/a%2Fb/c" }), "GET /a%2Fb/c");
});
