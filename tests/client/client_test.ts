import assert from "node:assert/strict";
import { AriClient } from "../../src/client/client.ts";
import type { AriProxyGapEvent } from "../../src/client/events/gap_notice.ts";
import { isObject } from "../../src/protocol/json.ts";
import { app, node, ProxyFixture } from "../testing/proxy_fixture.ts";
import { encode, FakeProxies } from "./fake_proxies.ts";

const channelKey = { kind: "channel", id: "c1", app, node };

Deno.test("client repeats requests that read after a timeout, and no others", async () => {
  await using proxies = new FakeProxies();
  await using client = AriClient.fromBus(proxies.bus, { app, timeout: 20 });
  const data = { channel: { id: "c1", name: "PJSIP/a", state: "Up" } };
  proxies.answer(
    `ari.data.${app}.${node}`,
    (_, count) => count > 1 ? { error: "", data } : undefined,
  );
  proxies.answer(`ari.command.${app}.${node}`, () => undefined);
  proxies.answer(`ari.create.${app}.${node}`, () => undefined);
  const channel = client.channels.handle(channelKey);
  assert.equal((await channel.data()).state, "Up");
  assert.equal(proxies.requests.length, 2);
  await assert.rejects(channel.answer(), { code: "timeout" });
  await assert.rejects(channel.snoop(), { code: "timeout" });
  assert.equal(proxies.requests.length, 4);
});

Deno.test("client mints the IDs of what it creates before the request", async () => {
  await using proxies = new FakeProxies();
  await using client = AriClient.fromBus(proxies.bus, { app, timeout: 20 });
  proxies.answer(`ari.create.${app}`, () => undefined);
  const call = client.channels.prepare({ endpoint: "PJSIP/alice", timeout: 1_500 });
  await assert.rejects(call.execute(), { code: "timeout" });
  assert.match(call.id, /^[0-7][0-9a-hjkmnp-tv-z]{25}-ch$/);
  assert.deepEqual(proxies.unmarked, [{
    subject: `ari.create.${app}`,
    request: {
      kind: "ChannelOriginate",
      key: { kind: "channel", app },
      channel_originate: {
        originate_request: { endpoint: "PJSIP/alice", channelId: call.id, app, timeout: 2 },
      },
    },
  }]);
});

Deno.test("client keeps the dialog when the response lacks it", async () => {
  await using proxies = new FakeProxies();
  await using client = AriClient.fromBus(proxies.bus, { app });
  const key = { kind: "channel", id: "c1", app, node };
  proxies.answer(`ari.create.${app}`, () => ({ error: "", key }));
  const channel = await client.dialog("talk").channels.originate({ endpoint: "PJSIP/alice" });
  assert.deepEqual(channel.key, { ...key, dialog: "talk" });
});

Deno.test("client closes the clients derived from it, and those only themselves", async () => {
  await using proxies = new FakeProxies();
  const client = AriClient.fromBus(proxies.bus, { app });
  const stop = new AbortController();
  const child = client.derive({ signal: stop.signal });
  const grandchild = child.dialog("d");
  const events = grandchild.events();
  proxies.answer(`ari.command.${app}.${node}`, () => undefined);
  const reason = new Error("stop");
  const pending = child.channels.handle(channelKey).answer();
  stop.abort(reason);
  await assert.rejects(pending, (error) => error === reason);
  assert.ok(child.closed && grandchild.closed && !client.closed);
  assert.deepEqual(await events.next(), { done: true, value: undefined });
  await assert.rejects(child.channels.list(), { code: "closed", cause: reason });

  const left = client.channels.handle(channelKey).answer();
  const refused = assert.rejects(left, { code: "closed", message: "The client is closed" });
  await client.close();
  await refused;
  await client.close();
  assert.throws(() => client.events(), { code: "closed" });
  assert.throws(() => client.derive(), { code: "closed" });
  assert.ok(proxies.bus.connected);
});

Deno.test("client rejects with the reason of a signal that has aborted", async () => {
  await using proxies = new FakeProxies();
  await using client = AriClient.fromBus(proxies.bus, { app });
  const reason = new Error("no more");
  const signal = AbortSignal.abort(reason);
  await assert.rejects(client.channels.list({ signal }), (error) => error === reason);
});

Deno.test("list reports what is missing, and throws when it has to be complete", async () => {
  await using proxies = new FakeProxies();
  await using client = AriClient.fromBus(proxies.bus, { app, timeout: 50 });
  for (const name of [node, "n2", "n3"]) {
    proxies.theirs.publish("ari.announce", encode({ node: name, application: app }));
  }
  await client.settled;
  proxies.theirs.subscribe(`ari.get.${app}`, ({ replyTo = "" }) => {
    proxies.theirs.publish(replyTo, encode({ error: "", keys: [channelKey] }));
    proxies.theirs.publish(replyTo, encode({ error: "ARI connection is down" }));
  });
  const lacks: unknown[] = [];
  const onPartial = ({ errors, missing }: { errors: readonly Error[]; missing: number }) =>
    lacks.push([errors.map(({ message }) => message), missing]);
  const listed = await client.channels.list({ onPartial });
  assert.deepEqual(listed.map(({ key }) => key), [channelKey]);
  assert.deepEqual(lacks, [[["ARI connection is down"], 1]]);
  await assert.rejects(client.channels.list({ strict: true }), { code: "asterisk_down" });
  const { items, errors, missing } = await client.channels.gather();
  assert.deepEqual([items.length, errors.length, missing], [1, 1, 1]);
});

Deno.test("events drop the oldest when the buffer is full, and report it once", async () => {
  await using proxies = new FakeProxies();
  await using client = AriClient.fromBus(proxies.bus, { app });
  const notices: number[] = [];
  const gaps: AriProxyGapEvent[] = [];
  await using events = client.events({
    buffer: 2,
    onDrop: (dropped) => notices.push(dropped),
    onGap: (gap) => gaps.push(gap),
  });
  await events.ready;
  for (const id of ["1", "2", "3", "4"]) {
    await proxies.event({ type: "StasisEnd", channel: { id }, timestamp: `t${id}` });
  }
  assert.deepEqual([events.dropped, events.buffered, notices], [2, 2, [1]]);
  // The gap is reported in its place, in the loop as well.
  const { value: gap } = await events.next();
  assert.ok(gap?.type === "AriProxyGap");
  const { reason, count, from, to, certain } = gap;
  assert.deepEqual([reason, count, from, to, certain], ["dropped", 2, "t1", "t2", true]);
  assert.deepEqual(gaps, [gap]);
  const { value } = await events.next();
  assert.ok(value?.type === "StasisEnd" && value.channel.id === "3");
});

Deno.test("events of unknown types are delivered, and absent entities are left out", async () => {
  await using proxies = new FakeProxies();
  await using client = AriClient.fromBus(proxies.bus, { app });
  await using events = client.events({ types: ["UnknownEvent", "StasisStart"] });
  await events.ready;
  const wobbled = { type: "ChannelWobbled", how: "much" };
  await proxies.event({ type: "Dial" });
  await proxies.event(wobbled);
  await proxies.event({
    type: "StasisStart",
    args: [],
    channel: { id: "c1" },
    replace_channel: { id: "" },
  });
  const { value: unknown } = await events.next();
  assert.ok(unknown?.type === "UnknownEvent");
  assert.equal(unknown.unknownType, "ChannelWobbled");
  assert.deepEqual(unknown.event, { application: app, asterisk_id: node, ...wobbled });
  const { value: start } = await events.next();
  assert.ok(start?.type === "StasisStart");
  assert.equal(start.replace_channel, undefined);
});

Deno.test("events are narrowed by entity and node, and a dialog has its own subject", async () => {
  await using proxies = new FakeProxies();
  await using client = AriClient.fromBus(proxies.bus, { app });
  const of = (id: string, asterisk_id = node) => ({
    type: "StasisEnd",
    channel: { id },
    asterisk_id,
  });
  await using ofChannel = client.channels.handle("c1").events();
  await using ofNode = client.events({ node });
  await using ofDialog = client.dialog("talk").events();
  await Promise.all([ofChannel.ready, ofNode.ready, ofDialog.ready]);
  await proxies.event(of("c1"));
  await proxies.event(of("c2"));
  await proxies.event(of("c1", "n2"), `ari.event.${app}.n2`);
  await proxies.event({ ...of("c3"), dialog: "talk" }, "ari.dialogevent.talk");
  assert.deepEqual([ofChannel.buffered, ofNode.buffered, ofDialog.buffered], [2, 2, 1]);
});

Deno.test("events of a channel or bridge are also those of what is played to it or recorded of it", async () => {
  await using proxies = new FakeProxies();
  await using client = AriClient.fromBus(proxies.bus, { app });
  await using ofChannel = client.channels.handle(channelKey).events();
  await using ofBridge = client.bridges.handle("c1").events();
  await Promise.all([ofChannel.ready, ofBridge.ready]);
  for (const target_uri of ["channel:c1", "bridge:c1", "channel:c10", "channel:", "c1"]) {
    await proxies.event({ type: "PlaybackStarted", playback: { id: "p1", target_uri } });
    await proxies.event({ type: "RecordingFinished", recording: { name: "r1", target_uri } });
  }
  assert.deepEqual([ofChannel.buffered, ofBridge.buffered], [2, 2]);
  const { value: event } = await ofChannel.next();
  assert.ok(event?.type === "PlaybackStarted" && event.playback.target_uri === "channel:c1");
});

Deno.test("hangup accepts the reasons of Asterisk", async () => {
  await using proxies = new FakeProxies();
  await using client = AriClient.fromBus(proxies.bus, { app });
  proxies.answer(`ari.command.${app}.${node}`, () => ({ error: "" }));
  const channel = client.channels.handle(channelKey);
  await channel.hangup("answered_elsewhere");
  await channel.hangup("normal", { code: 21 });
  // @ts-expect-error a reason that Asterisk does not have
  await channel.hangup("bored");
  assert.equal(proxies.requests.length, 3);
});

Deno.test("events of a call's own connection make handles and pass filters of the application", async () => {
  await using proxies = new FakeProxies();
  await using client = AriClient.fromBus(proxies.bus, { app });
  await using events = client.channels.handle(channelKey).events({ type: "ChannelEnteredBridge" });
  await events.ready;
  await proxies.event({
    type: "ChannelEnteredBridge",
    application: `${app}:PJSIP/alice-00000001`,
    channel: { id: "c1" },
    bridge: { id: "b1" },
  });
  assert.equal(events.buffered, 1);
  const { value: event } = await events.next();
  assert.ok(event?.channel);
  assert.equal(event.application, `${app}:PJSIP/alice-00000001`);
  assert.deepEqual(client.channels.of({ ...event, channel: event.channel }).key, channelKey);
  assert.deepEqual(client.bridges.of(event).key, { kind: "bridge", id: "b1", app, node });
});

Deno.test("channel in a dialog binds itself before its events are ready", async () => {
  await using proxies = new FakeProxies();
  await using client = AriClient.fromBus(proxies.bus, { app, dialog: "talk", timeout: 50 });
  proxies.answer(
    `ari.command.${app}.${node}`,
    ({ key }) =>
      isObject(key) && key.id === "c1"
        ? { error: "" }
        : { error: "Non-2XX response: 404 Not Found" },
  );
  const channel = client.channels.handle(channelKey);
  await using events = channel.events();
  await events.ready;
  assert.deepEqual(proxies.unmarked.map(({ request }) => request), [
    { kind: "ChannelSubscribe", key: { ...channelKey, dialog: "talk" } },
  ]);
  await using refused = client.channels.handle({ ...channelKey, id: "c2" }).events();
  await assert.rejects(refused.next(), { code: "not_found" });
  assert.deepEqual(await refused.next(), { done: true, value: undefined });
});

Deno.test("calls that do not reach the loop are handed back", async () => {
  await using proxies = new FakeProxies();
  await using client = AriClient.fromBus(proxies.bus, { app });
  const refused: string[] = [];
  const calls = client.calls({ buffer: 2, onRefused: ({ channel }) => refused.push(channel.id) });
  await calls.ready;
  for (const id of ["1", "2", "3"]) {
    await proxies.event({ type: "StasisStart", args: ["x"], channel: { id } });
    await proxies.event({ type: "StasisEnd", channel: { id } });
  }
  assert.deepEqual(refused, ["3"]);
  for await (const { channel, args } of calls) {
    assert.deepEqual(channel.key, { kind: "channel", id: "1", app, node });
    assert.deepEqual(args, ["x"]);
    break;
  }
  assert.deepEqual([refused, calls.refused], [["3", "2"], 2]);
});

Deno.test("calls that were delivered before the end still reach the loop", async () => {
  await using proxies = new FakeProxies();
  await using client = AriClient.fromBus(proxies.bus, { app });
  const stop = new AbortController();
  const calls = client.calls({ signal: stop.signal });
  await calls.ready;
  await proxies.event({ type: "StasisStart", args: [], channel: { id: "1" } });
  stop.abort();
  const taken: string[] = [];
  for await (const { channel } of calls) taken.push(channel.id);
  assert.deepEqual(taken, ["1"]);
  await using anywhere = AriClient.fromBus(proxies.bus);
  assert.throws(() => anywhere.calls(), { code: "invalid" });
});

Deno.test("durations that Asterisk counts in seconds are rounded up, so that none becomes no limit", async () => {
  await using proxies = new FakeProxies();
  await using client = AriClient.fromBus(proxies.bus, { app });
  proxies.answer(`ari.create.${app}.${node}`, ({ key }) => ({ error: "", key }));
  proxies.answer(`ari.command.${app}.${node}`, () => ({ error: "" }));
  const channel = client.channels.handle(channelKey);
  await channel.record("r1", { maxDuration: 500, maxSilence: 1_500 }).accepted;
  await channel.record("r2").accepted;
  await channel.dial({ timeout: 1 });
  const durations = proxies.requests.flatMap(({ request: { kind, ...members } }) => {
    const { channel_record: record, channel_dial: dial } = members;
    if (isObject(dial)) return [[kind, dial.timeout]];
    const options = isObject(record) ? record.options : undefined;
    return isObject(options) ? [[kind, options.MaxDuration, options.MaxSilence]] : [];
  });
  assert.deepEqual(durations, [
    ["ChannelRecord", 1e9, 2e9],
    ["ChannelRecord", 0, 0],
    ["ChannelDial", 1e9],
  ]);
});

Deno.test("playback that is not awaited fails without an unhandled rejection", async () => {
  await using proxies = new FakeProxies();
  await using client = AriClient.fromBus(proxies.bus, { app });
  proxies.answer(`ari.create.${app}.${node}`, () => ({ error: "Non-2XX response: 404 Not Found" }));
  const channel = client.channels.handle(channelKey);
  const playback = channel.play("sound:hello");
  await assert.rejects(playback.finished, { code: "not_found" });
  channel.play("sound:hello");
  const recording = channel.record("r1");
  await assert.rejects(recording.started, { code: "not_found" });
});

Deno.test("playback ends with its channel, with its signal and with its client", async () => {
  await using proxies = new FakeProxies();
  const client = AriClient.fromBus(proxies.bus, { app });
  proxies.answer(`ari.create.${app}.${node}`, ({ key }) => ({ error: "", key }));
  const channel = client.channels.handle(channelKey);
  const reason = new Error("enough");
  const stop = new AbortController();
  const hungUp = channel.play("sound:a");
  const given = client.channels.handle({ ...channelKey, id: "c2" })
    .play("sound:b", { signal: stop.signal });
  const left = client.channels.handle({ ...channelKey, id: "c2" }).play("sound:c", { id: "p1" });
  await proxies.settle();
  await proxies.event({ type: "PlaybackStarted", playback: { id: "p1" } });
  await left.started;
  await proxies.event({ type: "ChannelDestroyed", channel: { id: "c1" } });
  await assert.rejects(hungUp.finished, { code: "not_found" });
  stop.abort(reason);
  await assert.rejects(given.finished, (error) => error === reason);
  await client.close();
  await assert.rejects(left.finished, { code: "closed" });
});

Deno.test("playback does not wait for the event of an end that was lost", async () => {
  await using proxies = new FakeProxies();
  await using client = AriClient.fromBus(proxies.bus, { app });
  proxies.answer(`ari.create.${app}.${node}`, ({ key }) => ({ error: "", key }));
  proxies.answer(
    `ari.data.${app}.${node}`,
    ({ key }) =>
      isObject(key) && key.id === "goes-on"
        ? { error: "", data: { playback: { id: key.id } } }
        : { error: "Non-2XX response: 404 Not Found" },
  );
  const announce = async (state: string) => {
    proxies.theirs.publish("ari.announce", encode({ node, application: app, id: "p", state }));
    await proxies.settle();
  };
  await announce("up");
  const channel = client.channels.handle(channelKey);
  const ended = channel.play("sound:a", { id: "ended" });
  const goesOn = channel.play("sound:b", { id: "goes-on" });
  for (const id of ["ended", "goes-on"]) {
    await proxies.event({ type: "PlaybackStarted", playback: { id } });
  }
  await Promise.all([ended.started, goesOn.started]);
  const statuses: string[] = [];
  client.onStatus(({ type }) => statuses.push(type));
  proxies.bus.disconnect();
  proxies.bus.reconnect();
  await assert.rejects(ended.finished, { code: "not_found" });
  assert.deepEqual(statuses, ["disconnected", "connected"]);
  await announce("stopping");
  await assert.rejects(goesOn.finished, { code: "no_node" });
});

Deno.test("client on a proxy with a fake Asterisk sends what Asterisk expects", async () => {
  await using fixture = await ProxyFixture.start();
  await using client = AriClient.fromBus(fixture.bus, { app, node });
  fixture.asterisk.answer(() => ({ status: 204 }));
  const channel = client.channels.handle("c/1");
  const before = fixture.asterisk.calls.length;
  await channel.sendDtmf("12", { duration: 80 });
  await channel.dial({ timeout: 1_200 });
  await channel.continueInDialplan({ context: "demo", extension: "after", priority: 1 });
  await channel.userEvent("Paid", { amount: 3 });
  await channel.move("other");
  await client.mailboxes.handle("box").set({ new: 2, old: 1 });
  const sent = fixture.asterisk.calls.slice(before).map(({ method, path, query, body }) =>
    `${method} ${path}${query && "?"}${query} ${body ?? ""}`.trim()
  );
  assert.deepEqual(sent, [
    'POST /channels/c%2F1/dtmf {"dtmf":"12","duration":80}',
    'POST /channels/c%2F1/dial {"timeout":2}',
    'POST /channels/c%2F1/continue {"context":"demo","extension":"after","priority":1}',
    'POST /events/user/Paid {"application":"calls","source":"channel:c/1","variables":{"amount":3}}',
    "POST /channels/c%2F1/move?app=other",
    'PUT /mailboxes/box {"newMessages":"2","oldMessages":"1"}',
  ]);
});
