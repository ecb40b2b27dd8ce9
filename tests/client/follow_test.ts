import assert from "node:assert/strict";
import { mock } from "node:test";
import { AriClient } from "../../src/client/client.ts";
import { isObject, type JsonObject } from "../../src/protocol/json.ts";
import { app, node } from "../testing/proxy_fixture.ts";
import { Received } from "../testing/received.ts";
import { encode, FakeProxies } from "./fake_proxies.ts";

const channelKey = { kind: "channel", id: "c1", app, node };
const bridgeKey = { kind: "bridge", id: "b1", app, node };
const notFound = { error: "Non-2XX response: 404 Not Found" };

/** The kind of a request and the ID in its key. */
function called({ kind, key }: JsonObject): string {
  return `${kind} ${isObject(key) ? key.id : ""}`;
}

/** Proxies on which every request succeeds, and a client. */
async function start(stack: AsyncDisposableStack) {
  const proxies = stack.use(new FakeProxies());
  const client = stack.use(AriClient.fromBus(proxies.bus, { app }));
  proxies.answer(`ari.create.${app}.${node}`, ({ key }) => ({ error: "", key }));
  await proxies.settle();
  return { proxies, client };
}

Deno.test("playbacks and recordings on a channel keep their order, whether they succeed or fail", async () => {
  await using proxies = new FakeProxies();
  await using client = AriClient.fromBus(proxies.bus, { app });
  const requests = new Received<{ readonly id: unknown; answer(reply: unknown): void }>();
  proxies.theirs.subscribe(`ari.create.${app}.${node}`, ({ data, replyTo = "" }) => {
    const request = JSON.parse(new TextDecoder().decode(data));
    const { playback_id: played, name } = request.channel_play ?? request.channel_record;
    requests.add({
      id: `${request.key.id} ${played ?? name}`,
      answer: (reply) => proxies.theirs.publish(replyTo, encode(reply)),
    });
  });
  const channel = client.channels.handle(channelKey);
  const refused = channel.play("sound:a", { id: "p1" });
  const recording = client.derive().channels.handle(channelKey).record("r1");
  const invalid = channel.play("nonsense", { id: "p2" });
  const last = channel.play("sound:b", { id: "p3" });
  client.channels.handle({ ...channelKey, id: "c2" }).play("sound:c", { id: "p4" });

  const seen = () => requests.items.map(({ id }) => id);
  await requests.count(2);
  assert.deepEqual(seen(), ["c1 p1", "c2 p4"]);
  requests.items[0].answer(notFound);
  await assert.rejects(refused.accepted, { code: "not_found" });
  await requests.count(3);
  assert.deepEqual(seen().slice(2), ["c1 r1"]);
  requests.items[2].answer({ error: "", key: channelKey });
  await recording.accepted;
  await assert.rejects(invalid.accepted, { code: "invalid" });
  await requests.count(4);
  assert.deepEqual(seen().slice(3), ["c1 p3"]);
  requests.items[3].answer({ error: "", key: channelKey });
  await last.accepted;
});

Deno.test("playback that fails says whether its channel or bridge is gone", async () => {
  await using stack = new AsyncDisposableStack();
  const { proxies, client } = await start(stack);
  let found = true;
  proxies.answer(`ari.get.${app}.${node}`, ({ key }) => found ? { error: "", key } : notFound);
  const channel = client.channels.handle(channelKey);
  const failed = { type: "PlaybackFinished", playback: { id: "p1", state: "failed" } };

  const broken = channel.play("sound:a", { id: "p1" });
  await broken.accepted;
  await proxies.event(failed);
  await assert.rejects(broken.finished, { code: "failed", message: /could not play/ });

  // This event comes before that of its end.
  const leaving = channel.play("sound:a", { id: "p1" });
  await leaving.accepted;
  await proxies.event({ type: "ChannelHangupRequest", channel: { id: "c1" } });
  await proxies.event(failed);
  await assert.rejects(leaving.finished, { code: "not_found", message: /channel is gone/ });

  const ending = channel.play("sound:a", { id: "p1" });
  await ending.accepted;
  proxies.theirs.publish(
    `ari.event.${app}.${node}`,
    encode({ application: app, asterisk_id: node, ...failed }),
  );
  await proxies.event({ type: "StasisEnd", channel: { id: "c1" } });
  await assert.rejects(ending.finished, { code: "not_found" });

  found = false;
  for (const target of [channel, client.bridges.handle(bridgeKey)]) {
    const lost = target.play("sound:a", { id: "p1" });
    await lost.accepted;
    await proxies.event(failed);
    await assert.rejects(lost.finished, { code: "not_found" });
  }
});

Deno.test("playback ends with the StasisEnd of its channel, which is often its last event", async () => {
  await using stack = new AsyncDisposableStack();
  const { proxies, client } = await start(stack);
  const playback = client.channels.handle(channelKey).play("sound:a");
  await playback.accepted;
  await proxies.event({ type: "StasisEnd", channel: { id: "other" } });
  await proxies.event({ type: "StasisEnd", channel: { id: "c1" } });
  await assert.rejects(playback.finished, { code: "not_found", message: /channel is gone/ });
});

Deno.test("recording without an event of its end is looked up when its bridge may be gone", async () => {
  await using stack = new AsyncDisposableStack();
  const { proxies, client } = await start(stack);
  const bridge = client.bridges.handle(bridgeKey);
  let kept = true;
  proxies.answer(
    `ari.data.${app}.${node}`,
    ({ kind }) =>
      kind === "RecordingStoredData" && kept
        ? { error: "", data: { stored_recording: { name: "r1", format: "wav" } } }
        : notFound,
  );
  const left = { type: "ChannelLeftBridge", channel: { id: "c1" }, bridge: { id: "b1" } };

  const recording = bridge.record("r1");
  await recording.accepted;
  await proxies.event(left);
  const { type, application, asterisk_id, recording: told } = await recording.finished;
  assert.deepEqual([type, application, asterisk_id], ["RecordingFinished", app, node]);
  assert.deepEqual(told, { name: "r1", format: "wav", state: "done", target_uri: "bridge:b1" });
  await recording.started;

  // The stored recording may be a former one.
  const unsure = bridge.record("r1", { ifExists: "overwrite" });
  await unsure.accepted;
  await proxies.event(left);
  await assert.rejects(unsure.finished, { code: "not_found", outcome: "unknown" });

  kept = false;
  const nothing = bridge.record("r1");
  await nothing.accepted;
  await proxies.event({ type: "BridgeDestroyed", bridge: { id: "b1" } });
  await assert.rejects(nothing.finished, { code: "not_found", message: /bridge is gone/ });
});

Deno.test("recording of a bridge without events is looked up at growing intervals", async () => {
  await using stack = new AsyncDisposableStack();
  const { proxies, client } = await start(stack);
  let state = "queued";
  const looks = new Received<string>();
  proxies.answer(`ari.data.${app}.${node}`, (request) => {
    looks.add(called(request));
    if (request.kind === "RecordingStoredData") {
      return { error: "", data: { stored_recording: { name: "r1", format: "wav" } } };
    }
    return state ? { error: "", data: { live_recording: { name: "r1", state } } } : notFound;
  });
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const recording = client.bridges.handle(bridgeKey).record("r1", { ifExists: "overwrite" });
    await recording.accepted;
    const turns = async () => {
      for (let turn = 0; turn < 10; turn++) await proxies.settle();
    };
    const look = async (after: number) => {
      const { length } = looks.items;
      await turns();
      mock.timers.tick(after - 1);
      await turns();
      assert.equal(looks.items.length, length);
      mock.timers.tick(1);
      await looks.count(length + 1);
    };
    await look(1_000);
    state = "recording";
    await look(2_000);
    await recording.started;
    await look(4_000);
    await look(8_000);
    await look(16_000);
    await look(30_000);
    state = "";
    await look(30_000);
    await look(500);
    assert.deepEqual(new Set(looks.items.slice(0, 8)), new Set(["RecordingLiveData r1"]));
    assert.equal((await recording.finished).recording.format, "wav");
  } finally {
    mock.timers.reset();
  }
});
