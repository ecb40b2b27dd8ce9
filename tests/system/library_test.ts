import assert from "node:assert/strict";
import type { AriClient } from "../../src/client/client.ts";
import { AriProxyError } from "../../src/protocol/errors.ts";
import { LibraryCluster, type StartBus } from "./library_cluster.ts";
import { startNats } from "../testing/servers/nats.ts";
import { startRabbitmq } from "../testing/servers/rabbitmq.ts";
import { withDeadline } from "../testing/deadline.ts";

const nodeA = "02:00:00:00:00:0a";
const nodeB = "02:00:00:00:00:0b";
const echo = "Local/echo@demo";

/** Whether an error has the code. */
const coded = (code: string) => (error: unknown) =>
  error instanceof AriProxyError && error.code === code;

/** The first item, in time. */
async function first<T>(items: AsyncIterator<T, undefined>, what: string): Promise<T> {
  const { value } = await withDeadline(items.next(), { what });
  assert.ok(value !== undefined, what);
  return value;
}

/** Passes on what does not take long. */
function soon<T>(promise: Promise<T>): Promise<T> {
  return withDeadline(promise, { what: "a playback or recording goes on" });
}

/** A channel on a node, in the application of the client. */
async function callOn(client: AriClient, node: string, id: string) {
  const staged = client.channels.prepare({ endpoint: echo, id, node });
  await using events = staged.events({ type: "StasisStart" });
  const channel = await staged.execute();
  await first(events, "the call enters the application");
  return channel;
}

/** The whole library on two real nodes, over a bus. */
function libraryTests(busName: string, startBus: StartBus): void {
  Deno.test(`library on ${busName} controls calls on two real nodes`, async (t) => {
    await using cluster = await LibraryCluster.start([nodeA, nodeB], { app: "demo", startBus });
    const { client } = cluster;

    await t.step("client knows its nodes", async () => {
      await client.settled;
      assert.deepEqual(client.nodes.map(({ node }) => node), [nodeA, nodeB]);
    });

    await t.step("prepare misses no event of a call", async () => {
      const call = client.channels.prepare({ endpoint: echo, id: "staged", appArgs: "a,b" });
      await using events = call.events({ types: ["StasisStart", "ChannelDestroyed"] });
      const channel = await call.execute();
      assert.equal(await call.execute(), channel);
      const started = await first(events, "StasisStart");
      assert.ok(started.type === "StasisStart");
      assert.deepEqual(started.args, ["a", "b"]);
      assert.equal(started.asterisk_id, channel.node);
      assert.deepEqual(channel.key, {
        kind: "channel",
        id: "staged",
        node: started.asterisk_id,
        app: "demo",
      });
      assert.equal((await channel.data()).state, "Up");
      await channel.hangup();
      assert.equal((await first(events, "ChannelDestroyed")).type, "ChannelDestroyed");
    });

    await t.step("lists contain the entities of all nodes", async () => {
      const a = await callOn(client, nodeA, "on-a");
      const b = await callOn(client, nodeB, "on-b");
      const found = new Map((await client.channels.list({ strict: true })).map((channel) => [
        channel.id,
        channel.node,
      ]));
      assert.equal(found.get("on-a"), nodeA);
      assert.equal(found.get("on-b"), nodeB);
      const onA = await client.derive({ node: nodeA }).channels.list();
      assert.ok(onA.every(({ node }) => node === nodeA));
      const gathered = await client.channels.gather();
      assert.equal(gathered.missing, 0);
      assert.deepEqual(gathered.errors, []);
      assert.equal((await client.channels.get("on-b")).node, nodeB);
      await a.hangup();
      await b.hangup();
    });

    await t.step("commands without a node find the one that has the channel", async () => {
      const channel = await callOn(client, nodeB, "found");
      const anywhere = client.channels.handle("found");
      assert.equal(anywhere.node, undefined);
      await anywhere.answer();
      await anywhere.setVariable("COLOUR", "blue");
      assert.equal(await channel.variable("COLOUR"), "blue");
      await assert.rejects(channel.variable("NOTHING"), coded("not_found"));
      const playback = anywhere.play("sound:hello-world");
      await soon(playback.started);
      assert.equal(playback.node, nodeB);
      await playback.stop();
      await soon(playback.finished);
      await anywhere.hangup();
    });

    await t.step("a user event is raised on the node of its source", async () => {
      const channel = await callOn(client, nodeB, "eventful");
      await using events = client.events({ type: "ChannelUserevent" });
      await events.ready;
      const application = client.applications.handle("demo");
      const sources = ["channel:eventful"];
      const about = { application: "demo", source: sources };
      for (let n = 0; n < 4; n++) {
        await application.userEvent("by-method", { sources, variables: { n } });
        await client.rest("POST /events/user/{eventName}", { eventName: "by-rest", ...about });
      }
      for (let n = 0; n < 8; n++) {
        const event = await first(events, "a user event");
        assert.equal(event.asterisk_id, nodeB);
        assert.ok(event.type === "ChannelUserevent" && event.channel?.id === "eventful");
      }
      const nobody = application.userEvent("by-method", { sources: ["channel:nobody"] });
      await assert.rejects(nobody, coded("invalid"));
      await channel.hangup();
    });

    await t.step("playback reports its start and its end", async () => {
      const channel = await callOn(client, nodeA, "played");
      await channel.answer();
      const playback = channel.play("sound:hello-world");
      await soon(playback.started);
      assert.equal((await playback.data()).media_uri, "sound:hello-world");
      await playback.pause();
      await playback.unpause();
      assert.equal((await soon(playback.finished)).playback.state, "done");
      await assert.rejects(playback.stop(), coded("not_found"));
      await assert.rejects(soon(channel.play("sound:no-such-sound").finished), coded("failed"));
      await assert.rejects(soon(channel.play("nonsense").finished), coded("invalid"));
      const long = channel.play("sound:demo-congrats");
      await soon(long.started);
      await channel.hangup();
      const outcome = await Promise.allSettled([soon(long.finished)]);
      assert.ok(outcome[0].status === "fulfilled" || outcome[0].reason instanceof AriProxyError);
    });

    await t.step("recording reports its end and can be kept, copied and deleted", async () => {
      const channel = await callOn(client, nodeB, "recorded");
      await channel.answer();
      const recording = channel.record("notes/one", { ifExists: "overwrite" });
      await soon(recording.started);
      assert.equal((await recording.data()).state, "recording");
      await recording.pause();
      await recording.resume();
      await recording.stop();
      assert.equal((await soon(recording.finished)).recording.name, "notes/one");
      assert.equal((await recording.stored.data()).format, "wav");
      const copy = await recording.stored.copy("notes/two");
      const names = (await client.recordings.stored.list()).map(({ id }) => id);
      assert.ok(names.includes("notes/two"));
      await assert.rejects(
        channel.record("notes/two", { ifExists: "fail" }).finished,
        coded("conflict"),
      );
      await copy.delete();
      await recording.stored.delete();
      const untilHangup = channel.record("notes/three", { ifExists: "overwrite" });
      await soon(untilHangup.started);
      await channel.hangup();
      await soon(untilHangup.finished);
      await untilHangup.stored.delete();
    });

    await t.step("bridge connects channels of its node", async () => {
      const one = await callOn(client, nodeA, "bridged-1");
      const two = await callOn(client, nodeA, "bridged-2");
      const staged = client.bridges.prepare({ name: "room", node: nodeA });
      await using events = staged.events({ types: ["ChannelEnteredBridge"] });
      const bridge = await staged.execute();
      await bridge.addChannel(one);
      await bridge.addChannel("bridged-2", { mute: true });
      assert.equal((await first(events, "the first enters")).type, "ChannelEnteredBridge");
      assert.deepEqual([...(await bridge.data()).channels ?? []].sort(), [
        "bridged-1",
        "bridged-2",
      ]);
      await bridge.startMusicOnHold();
      await bridge.stopMusicOnHold();
      await soon(bridge.play("sound:hello-world").finished);
      await bridge.removeChannel(two);
      await bridge.destroy();
      // Asterisk destroys it a little later, and notifies the application only while it has channels in it.
      const gone = async () => {
        while ((await client.bridges.list()).some(({ id }) => id === bridge.id));
      };
      await withDeadline(gone(), { what: "the bridge is gone" });
      await assert.rejects(bridge.data(), coded("not_found"));
      await assert.rejects(bridge.addChannel("nobody"), AriProxyError);
      await one.hangup();
      await two.hangup();
    });

    await t.step("dialog gets the events of its own call", async () => {
      const dialog = client.dialog("talk");
      const call = dialog.channels.prepare({ endpoint: echo, id: "in-dialog" });
      await using events = dialog.events({ types: ["StasisStart", "ChannelDestroyed"] });
      await events.ready;
      const channel = await call.execute();
      assert.equal(channel.key.dialog, "talk");
      const other = await callOn(client, channel.node ?? "", "outside");
      const started = await first(events, "StasisStart in the dialog");
      assert.equal(started.dialog, "talk");
      assert.ok("channel" in started && started.channel.id === "in-dialog");
      const playback = channel.play("sound:hello-world");
      await soon(playback.started);
      await other.hangup();
      await channel.hangup();
      const ended = await first(events, "the call ends");
      assert.ok(ended.type === "ChannelDestroyed" && ended.channel.id === "in-dialog");
      await dialog.close();
      assert.ok(!client.closed);
    });

    await t.step("each call goes to one worker", async () => {
      await using second = await cluster.connect();
      const taken: string[] = [];
      const worker = async (own: AriClient, name: string, signal: AbortSignal) => {
        const calls = own.calls({ signal });
        await calls.ready;
        const work = async () => {
          for await (const call of calls) {
            taken.push(call.channel.id);
            assert.ok(call.channel.node);
            await call.channel.setVariable("WORKER", name);
            await call.channel.hangup();
          }
        };
        const done = work();
        // When the test fails for another reason, that is the one to report.
        done.catch(() => {});
        return { done };
      };
      const stop = new AbortController();
      const workers = [
        await worker(client, "one", stop.signal),
        await worker(second, "two", stop.signal),
      ];
      await using ends = client.events({ type: "ChannelDestroyed" });
      await ends.ready;
      // For Asterisk an ID that another one begins with is taken: call-1 is while call-10 is there.
      const ids = Array.from({ length: 12 }, (_, i) => `call-${i + 10}`);
      await Promise.all(ids.map((id) => client.channels.originate({ endpoint: echo, id })));
      const open = new Set(ids);
      while (open.size > 0) open.delete((await first(ends, "all calls end")).channel.id);
      stop.abort();
      await Promise.all(workers.map(({ done }) => done));
      assert.deepEqual(taken.filter((id) => ids.includes(id)).sort(), ids.sort());
    });

    await t.step("resources of Asterisk can be read and changed", async () => {
      const onA = client.derive({ node: nodeA });
      assert.equal((await onA.asterisk.info()).system?.entity_id, nodeA);
      await client.asterisk.variables.set("FLAG", "1");
      assert.equal(await onA.asterisk.variables.get("FLAG"), "1");
      const modules = await onA.asterisk.modules.list();
      assert.ok(modules.some(({ id }) => id === "res_ari.so"));
      assert.equal((await onA.asterisk.modules.handle("res_ari.so").data()).status, "Running");
      await assert.rejects(client.asterisk.modules.get("nothing.so"), coded("not_found"));
      const device = onA.deviceStates.handle("Stasis:lamp");
      await device.set("INUSE");
      assert.equal((await device.data()).state, "INUSE");
      const states = await client.deviceStates.list();
      assert.deepEqual(states.map(({ id, node }) => [id, node]), [["Stasis:lamp", nodeA]]);
      await device.delete();
      assert.ok((await client.endpoints.list()).length > 0);
      assert.ok(
        (await client.sounds.list({ language: "en" })).some(({ id }) => id === "hello-world"),
      );
      const application = client.derive({ node: nodeA }).applications.handle("demo");
      await application.subscribe("deviceState:Stasis:lamp");
      assert.ok((await application.data()).device_names?.includes("Stasis:lamp"));
      await application.unsubscribe("deviceState:Stasis:lamp");
      const answer = await onA.asterisk.rest({ method: "GET", path: "/asterisk/ping" });
      assert.equal(answer.status, 200);
    });

    await t.step("a node that leaves is reported, and lists continue without it", async () => {
      const changes: string[] = [];
      const left = Promise.withResolvers<void>();
      client.onNode(({ type, node }) => {
        changes.push(`${type} ${node.node}`);
        left.resolve();
      });
      await cluster.nodes[1].proxy.close();
      await withDeadline(left.promise, { what: "the node leaves" });
      assert.deepEqual(changes, [`leave ${nodeB}`]);
      assert.deepEqual(client.nodes.map(({ node }) => node), [nodeA]);
      assert.ok((await client.bridges.list({ strict: true })).every(({ node }) => node === nodeA));
      await assert.rejects(
        client.derive({ node: nodeB }).asterisk.info(),
        coded("no_node"),
      );
    });

    await t.step("closed client refuses requests, and so do its children", async () => {
      const child = client.derive();
      const events = client.events();
      await client.close();
      assert.ok(child.closed);
      assert.deepEqual(await events.next(), { done: true, value: undefined });
      await assert.rejects(child.channels.list(), coded("closed"));
    });
  });
}

libraryTests("NATS", startNats);
libraryTests("RabbitMQ", startRabbitmq);
