import assert from "node:assert/strict";
import { connectBus } from "../../src/bus/connect.ts";
import { AriClient } from "../../src/client/client.ts";
import type { Call } from "../../src/client/calls.ts";
import { AbortListeners } from "../testing/abort_listeners.ts";
import { withDeadline } from "../testing/deadline.ts";
import { OpenTimers } from "../testing/open_timers.ts";
import { app, node } from "../testing/proxy_fixture.ts";
import { busNames, ownOrSharedServer } from "../testing/servers/bus_server.ts";
import { encode, FakeProxies } from "./fake_proxies.ts";

const channelKey = { kind: "channel", id: "c1", app, node };

Deno.test("requests, streams and calls leave no timer, and no listener on a signal that lives longer", async () => {
  using listeners = new AbortListeners();
  using timers = new OpenTimers();
  await using proxies = new FakeProxies();
  await using client = AriClient.fromBus(proxies.bus, { app, timeout: 20, retries: 0 });
  proxies.theirs.subscribe("ari.ping", () => {
    proxies.theirs.publish("ari.announce", encode({ node, application: app, id: "p" }));
  });
  proxies.theirs.publish("ari.announce", encode({ node, application: app, id: "p" }));
  const key = { error: "", key: channelKey };
  proxies.answer(
    `ari.get.${app}`,
    ({ kind }) => kind === "ChannelList" ? { error: "", keys: [channelKey] } : key,
  );
  proxies.answer(`ari.get.${app}.${node}`, () => key);
  proxies.answer(`ari.get`, () => key);
  proxies.answer(`ari.command.${app}`, () => ({ error: "" }));
  proxies.answer(`ari.command.${app}.${node}`, () => ({ error: "" }));
  proxies.answer(`ari.create.${app}.${node}`, ({ key }) => ({ error: "", key }));
  proxies.answer(
    `ari.data.${app}.${node}`,
    ({ kind }) =>
      kind === "ApplicationData"
        ? { error: "", data: { application: { name: app, channel_ids: ["c1"] } } }
        : { error: "Non-2XX response: 404 Not Found" },
  );
  await client.settled;
  const { signal } = new AbortController();
  const before = listeners.count;
  const open = timers.count;
  const anywhere = client.derive({ app: "", node });
  const channel = client.channels.handle(channelKey);
  const stasisEnd = { type: "StasisEnd", channel: { id: "c1" } };
  for (let round = 0; round < 5; round++) {
    await channel.answer({ signal });
    await client.channels.handle("c1").answer({ signal });
    await client.channels.list({ signal });
    await client.asterisk.modules.handle("m").reload({ signal });
    await anywhere.channels.handle("c1").answer({ signal });
    await assert.rejects(channel.data({ signal }), { code: "not_found" });
    await assert.rejects(
      client.request("ChannelGet", { id: "c1", app: "x" }, undefined, { signal }),
    );
    await client.channels.handle("c1").snoop({ signal });

    const events = channel.events({ signal });
    await events.ready;
    await events.return();
    const calls = client.calls({ signal });
    await calls.ready;
    await calls.return();
    const derived = client.derive({ signal });
    await derived.close();

    const ended = channel.ended({ signal });
    const playback = channel.play("sound:a", { signal });
    const recording = channel.record("r", { signal });
    await Promise.all([playback.accepted, recording.accepted]);
    await proxies.event({ type: "RecordingFinished", recording: { name: "r" } });
    await proxies.event(stasisEnd);
    assert.equal((await ended)?.type, "StasisEnd");
    await recording.finished;
    await assert.rejects(playback.finished, { code: "not_found" });

    proxies.bus.disconnect();
    const resent = channel.answer({ signal, timeout: 5_000 });
    proxies.bus.reconnect();
    await resent;
  }
  assert.equal(listeners.on(signal), 0);
  assert.equal(listeners.count, before);
  assert.ok(timers.started > 50, "nothing was counted");
  // The last reply to the ping after the outage may still be awaited.
  assert.ok(timers.count <= open + 1, `${timers.count} timers are left`);
});

for (const name of busNames) {
  Deno.test(`lists and requests to all end when every node has answered on ${name}`, async () => {
    await using server = await ownOrSharedServer(name);
    await using theirs = await connectBus(server.url);
    await using bus = await connectBus(server.url);
    const place = { app: `t${crypto.randomUUID()}` };
    theirs.subscribe("ari.ping", () => {
      for (const node of ["n1", "n2"]) {
        theirs.publish("ari.announce", encode({ node, application: place.app, id: node }));
      }
    });
    for (const requestClass of ["get", "command"]) {
      theirs.subscribe(`ari.${requestClass}.${place.app}`, ({ replyTo = "" }) => {
        for (const node of ["n1", "n2"]) {
          const keys = [{ kind: "channel", id: "c1", node, app: place.app }];
          theirs.publish(replyTo, encode({ error: "", keys }));
        }
      });
    }
    await theirs.flush();
    const long = { timeout: 120_000 };
    const soon = <T>(promise: Promise<T>) =>
      withDeadline(promise, { what: "the answers of all", timeout: 10_000 });
    await using client = AriClient.fromBus(bus, place);
    // This one ends as soon as the nodes are known.
    assert.equal((await soon(client.channels.list(long))).length, 2);
    await client.settled;
    assert.equal((await soon(client.channels.list(long))).length, 2);
    await soon(client.asterisk.modules.handle("m").reload({ ...long, strict: true }));
    const { items, errors, missing } = await soon(client.channels.gather(long));
    assert.deepEqual([items.length, errors.length, missing], [2, 0, 0]);
  });

  Deno.test(`calls that the bus had delivered when the listener leaves reach its loop on ${name}`, async () => {
    await using server = await ownOrSharedServer(name);
    await using theirs = await connectBus(server.url);
    await using bus = await connectBus(server.url);
    await using client = AriClient.fromBus(bus, { app: `t${crypto.randomUUID()}` });
    const refused: string[] = [];
    const onRefused = ({ channel }: Call) => refused.push(channel.id);
    const [leaving, staying] = [
      client.calls({ onRefused, buffer: 5_000 }),
      client.calls({ buffer: 5_000 }),
    ];
    await Promise.all([leaving.ready, staying.ready]);
    const ids = Array.from({ length: 2_000 }, (_, i) => `c${i}`);
    for (const id of ids) {
      const event = { type: "StasisStart", application: client.app, args: [], channel: { id } };
      theirs.publish(`ari.event.${client.app}.n1`, encode(event));
    }
    const taken: string[] = [];
    let closing: Promise<void> | undefined;
    // The others of its calls are in flight when it leaves with the first.
    for await (const { channel } of leaving) {
      closing ??= leaving.close();
      taken.push(channel.id);
    }
    await closing;
    while (taken.length < ids.length) {
      const { value } = await withDeadline(staying.next(), { what: "the other calls" });
      taken.push(value?.channel.id ?? "");
    }
    await staying.close();
    assert.deepEqual(taken.sort(), ids.sort());
    assert.deepEqual([refused, leaving.refused], [[], 0]);
  });
}
