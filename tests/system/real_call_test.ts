import assert from "node:assert/strict";
import { AriProxyError } from "../../src/protocol/errors.ts";
import type { Key } from "../../src/protocol/key.ts";
import { RealCluster } from "../testing/real_cluster.ts";
import { Received } from "../testing/received.ts";
import { busNames } from "../testing/servers/bus_server.ts";

const app = "demo";
const nodeA = "02:00:00:00:00:0a";
const nodeB = "02:00:00:00:00:0b";

for (const on of busNames) {
  Deno.test(`${on}: a call on a real Asterisk is controlled through the bus from start to end`, async () => {
    await using cluster = await RealCluster.start([nodeA], { app, on });
    const { client, events } = cluster;
    const channel = (id: string): Key => ({ kind: "channel", id });

    const made = await client.request("ChannelOriginate", { dialog: "call-1" }, {
      originate_request: {
        endpoint: "Local/echo@demo",
        app,
        appArgs: "first,second",
        channelId: "call-1",
        variables: { GREETING: "hello" },
      },
    });
    assert.deepEqual(made.key, {
      kind: "channel",
      id: "call-1",
      node: nodeA,
      dialog: "call-1",
      app,
    });
    const started = await events.next("StasisStart", { channel: { id: "call-1" } });
    assert.equal(started.subject, `ari.event.${app}.${nodeA}`);
    assert.deepEqual(started.event.args, ["first", "second"]);
    assert.equal(started.event.asterisk_id, nodeA);

    await client.request("ChannelAnswer", channel("call-1"));
    const data = await client.request("ChannelData", channel("call-1"));
    assert.equal((data.data?.channel as { state: string }).state, "Up");
    const variable = await client.request("ChannelVariableGet", channel("call-1"), {
      name: "GREETING",
    });
    assert.deepEqual(variable.data, { variable: "hello" });

    const played = await client.request("ChannelPlay", channel("call-1"), {
      playback_id: "play-1",
      media_uri: "sound:hello-world",
    });
    assert.equal(played.key?.id, "play-1");
    await events.next("PlaybackStarted", { playback: { id: "play-1" } });
    await client.request("PlaybackStop", played.key ?? {});
    await events.next("PlaybackFinished", { playback: { id: "play-1" } });

    const bridge = await client.request("BridgeCreate", { dialog: "call-1" }, { type: "mixing" });
    assert.match(bridge.key?.id ?? "", /^[0-7][0-9a-hjkmnp-tv-z]{25}-br$/);
    await client.request("BridgeAddChannel", bridge.key ?? {}, { channel: "call-1" });
    await events.next("ChannelEnteredBridge", { channel: { id: "call-1" } });

    const recorded = await client.request("BridgeRecord", bridge.key ?? {}, {
      name: "folder/record 1",
      options: {
        Format: "wav",
        MaxDuration: 0,
        MaxSilence: 0,
        Exists: "overwrite",
        Beep: false,
        Terminate: "none",
      },
    });
    await events.next("RecordingStarted", { recording: { name: "folder/record 1" } });
    await client.request("RecordingLiveStop", recorded.key ?? {});
    await events.next("RecordingFinished", { recording: { name: "folder/record 1" } });
    const stored = await client.gather("RecordingStoredList", {});
    assert.deepEqual(stored.responses[0].keys?.map(({ id }) => id), ["folder/record 1"]);
    await client.request("RecordingStoredDelete", stored.responses[0].keys?.[0] ?? {});

    await client.request("ChannelHangup", channel("call-1"), { reason: "normal" });
    await events.next("ChannelDestroyed", { channel: { id: "call-1" } });
    await client.request("BridgeDelete", bridge.key ?? {});
    await assert.rejects(
      client.request("ChannelAnswer", channel("call-1")),
      (error: unknown) => error instanceof AriProxyError && error.code === "not_found",
    );
  });

  Deno.test(`${on}: a dialog gets the events of its own call and of no other`, async () => {
    await using cluster = await RealCluster.start([nodeA], { app, on });
    const { client, bus, events } = cluster;
    const heard = new Received<string>();
    bus.subscribe("ari.dialogevent.mine", ({ data }) => {
      const event = JSON.parse(new TextDecoder().decode(data));
      assert.equal(event.dialog, "mine");
      heard.add(`${event.type} ${event.channel?.id}`);
    });
    await bus.flush();
    for (const [channelId, dialog] of [["mine-1", "mine"], ["other-1", ""]]) {
      await client.request("ChannelOriginate", { dialog }, {
        originate_request: { endpoint: "Local/echo@demo", app, channelId },
      });
      await events.next("StasisStart", { channel: { id: channelId } });
      await client.request("ChannelHangup", { kind: "channel", id: channelId }, { reason: "" });
      await events.next("ChannelDestroyed", { channel: { id: channelId } });
    }
    // The copy for the dialog follows the event itself.
    await heard.until((lines) => lines.includes("ChannelDestroyed mine-1"));
    assert.ok(heard.items.includes("StasisStart mine-1"));
    assert.deepEqual(heard.items.filter((line) => line.includes("other-1")), []);
  });

  Deno.test(`${on}: two nodes: lists merge, commands find the node, a create goes to one`, async () => {
    await using cluster = await RealCluster.start([nodeA, nodeB], { app, on });
    const { client, events } = cluster;
    assert.deepEqual(client.nodes.members().map(({ node }) => node), [nodeA, nodeB]);

    for (const node of [nodeA, nodeB]) {
      await client.request("ChannelOriginate", { node }, {
        originate_request: { endpoint: "Local/echo@demo", app, channelId: `on-${node.slice(-1)}` },
      });
    }
    const started = await events.next("StasisStart", { channel: { id: "on-b" } });
    assert.equal(started.subject, `ari.event.${app}.${nodeB}`);
    await events.next("StasisStart", { channel: { id: "on-a" } });

    const lists = await client.gather("ChannelList", {});
    const found = lists.responses.flatMap(({ keys = [] }) => keys);
    const nodesOf = (id: string) => found.filter((key) => key.id === id).map(({ node }) => node);
    assert.deepEqual(nodesOf("on-a"), [nodeA]);
    assert.deepEqual(nodesOf("on-b"), [nodeB]);

    const data = await client.request("ChannelData", { kind: "channel", id: "on-b" });
    assert.equal((data.data?.channel as { key: Key }).key.node, nodeB);
    const played = await client.request("ChannelPlay", { kind: "channel", id: "on-b" }, {
      playback_id: "",
      media_uri: "sound:hello-world",
    });
    assert.equal(played.key?.node, nodeB);
    await client.request("ChannelHangup", { kind: "channel", id: "on-a" }, { reason: "" });
    await events.next("ChannelDestroyed", { channel: { id: "on-a" } });

    const count = 20;
    const made = await Promise.all(
      Array.from(
        { length: count },
        (_, i) => client.request("BridgeCreate", { id: `bridge-${i}` }, { type: "mixing" }),
      ),
    );
    assert.equal(made.length, count);
    const bridges = await client.gather("BridgeList", {});
    const ids = bridges.responses.flatMap(({ keys = [] }) => keys.map(({ id }) => id));
    assert.deepEqual(ids.sort(), made.map(({ key }) => key?.id).sort());
  });
}
