/**
 * How the library reports the end of calls, playbacks and recordings, on a real Asterisk.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { AriClient } from "../../src/client/client.ts";
import type { Channel } from "../../src/client/handles/channel.ts";
import { AriProxyError } from "../../src/protocol/errors.ts";
import { withDeadline } from "../testing/deadline.ts";
import type { AsteriskServer } from "../testing/servers/asterisk.ts";
import { startNats } from "../testing/servers/nats.ts";
import { LibraryCluster } from "./library_cluster.ts";

const node = "02:00:00:00:00:0a";

/** Whether an error has the code. */
const coded = (code: string) => (error: unknown) =>
  error instanceof AriProxyError && error.code === code;

/** Passes on what does not take long. */
const soon = <T>(promise: Promise<T>) => withDeadline(promise, { what: "it goes on" });

/** A caller over SIP, from the dialplan. */
async function caller(client: AriClient, asterisk: AsteriskServer): Promise<Channel> {
  await using calls = client.calls();
  await calls.ready;
  await asterisk.cli("channel originate PJSIP/app-demo@loop application Wait 60");
  const { value } = await soon(calls.next());
  assert.ok(value);
  return value.channel;
}

/** Somebody whom we have called. */
async function called(client: AriClient): Promise<Channel> {
  const staged = client.channels.prepare({ endpoint: "Local/answer@demo" });
  await using events = staged.events({ type: "StasisStart" });
  const channel = await staged.execute();
  await soon(events.next());
  return channel;
}

Deno.test("library reports the end of calls, playbacks and recordings", async (t) => {
  await using cluster = await LibraryCluster.start([node], { app: "demo", startBus: startNats });
  const { client, nodes: [{ asterisk }] } = cluster;
  const hangUp = () => asterisk.cli("channel request hangup all");

  await t.step("channel of a caller has ended when either side hangs up", async () => {
    for (const hangUpBy of [hangUp, (channel: Channel) => channel.hangup()]) {
      const channel = await caller(client, asterisk);
      const signal = channel.untilEnd();
      const ended = channel.ended();
      await channel.answer();
      await hangUpBy(channel);
      const event = await soon(ended);
      assert.equal(event?.type, "StasisEnd");
      assert.equal(event.channel.id, channel.id);
      await soon(channel.ended());
      assert.ok(signal.aborted);
    }
  });

  await t.step(
    "channel has ended when it continues in the dialplan, also for late subscribers",
    async () => {
      const channel = await caller(client, asterisk);
      const ended = channel.ended();
      await channel.continueInDialplan({ context: "demo", extension: "answer", priority: 1 });
      assert.equal((await soon(ended))?.type, "StasisEnd");
      assert.equal(await soon(channel.ended()), undefined);
      assert.equal((await channel.data()).id, channel.id);
      await channel.hangup();
    },
  );

  await t.step(
    "channel that moves to its own application has ended and is a new call",
    async () => {
      const channel = await caller(client, asterisk);
      const ended = channel.ended();
      await using calls = client.calls();
      await calls.ready;
      await channel.move("demo", "again");
      assert.equal((await soon(ended))?.type, "StasisEnd");
      const { value } = await soon(calls.next());
      assert.deepEqual([value?.channel.id, value?.args], [channel.id, ["again"]]);
      const again = value?.channel.ended();
      await channel.hangup();
      assert.equal((await soon(again ?? Promise.reject()))?.type, "StasisEnd");
    },
  );

  await t.step("channel that is not answered has ended, and the event has the reason", async () => {
    const endpoint = "Local/ring@demo";
    const channel = await client.channels.originate({ endpoint, timeout: 1_000 });
    const end = await soon(channel.ended());
    assert.ok(end?.type === "ChannelDestroyed");
    assert.ok(end.cause_txt);
    // This one is over before anybody can ask.
    const busy = await client.channels.originate({ endpoint: "PJSIP/busy@loop" });
    await soon(busy.ended());
  });

  await t.step("playback ends with its channel, also a queued one", async () => {
    for (const make of [() => caller(client, asterisk), () => called(client)]) {
      const channel = await make();
      const playing = channel.play("sound:demo-congrats");
      const waiting = channel.play("sound:hello-world");
      await soon(playing.started);
      await soon(waiting.accepted);
      await hangUp();
      await assert.rejects(soon(playing.finished), coded("not_found"));
      await assert.rejects(soon(waiting.finished), coded("not_found"));
    }
  });

  await t.step("playback ends with its bridge, and fails without a sound file", async () => {
    const channel = await called(client);
    const bridge = await client.bridges.create();
    await bridge.addChannel(channel);
    await assert.rejects(soon(bridge.play("sound:no-such").finished), coded("failed"));
    await assert.rejects(soon(channel.play("sound:no-such").finished), coded("failed"));
    const playback = bridge.play("sound:demo-congrats");
    await soon(playback.started);
    await bridge.destroy();
    await assert.rejects(soon(playback.finished), coded("not_found"));
    await channel.hangup();
  });

  await t.step("recording of a bridge ends when that is destroyed", async () => {
    for (let round = 0; round < 5; round++) {
      const channel = await called(client);
      const bridge = await client.bridges.create();
      await bridge.addChannel(channel);
      const recording = bridge.record("", round % 2 ? { recorderFormat: "slin16" } : {});
      await soon(recording.started);
      await bridge.destroy();
      const { recording: { name, state } } = await soon(recording.finished);
      assert.deepEqual([name, state], [recording.id, "done"]);
      await recording.stored.delete();
      await channel.hangup();
    }
  });

  await t.step(
    "recording of an empty bridge starts and ends without an event of Asterisk",
    async () => {
      const bridge = await client.bridges.create();
      const recording = bridge.record();
      await soon(recording.started);
      await bridge.destroy();
      assert.equal((await soon(recording.finished)).recording.name, recording.id);
      await recording.stored.delete();
    },
  );

  await t.step("recording ends and is kept when its caller hangs up", async () => {
    const channel = await caller(client, asterisk);
    await channel.answer();
    const recording = channel.record();
    await soon(recording.started);
    await hangUp();
    assert.equal((await soon(recording.finished)).recording.state, "done");
    await recording.stored.delete();
  });

  await t.step("unawaited requests keep their order", async () => {
    for (let round = 0; round < 15; round++) {
      const channel = await called(client);
      await using events = channel.events({ types: ["PlaybackStarted", "RecordingStarted"] });
      await events.ready;
      const first = channel.play("sound:demo-congrats");
      const second = round % 2 ? channel.record() : channel.play("sound:hello-world");
      const { value } = await soon(events.next());
      assert.ok(value?.type === "PlaybackStarted" && value.playback.id === first.id);
      await first.stop();
      await soon(second.started);
      await second.stop();
      await channel.hangup();
      await soon(Promise.allSettled([first.finished, second.finished]));
    }
  });
});
