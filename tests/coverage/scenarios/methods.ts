import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { app, otherApp, type Scenario } from "../bench.ts";

/** What calls are done with, by the methods of the library. */
export const channelMethods: Scenario = {
  name: "methods of channels, with what the original lacks",
  async run(bench) {
    const { channels } = bench.client;
    const called = async (id: string, endpoint: string) => {
      const channel = await channels.originate({ id, endpoint });
      await bench.event("StasisStart", { channel: { id } });
      return channel;
    };
    await (await called("coded", "Local/answer@demo")).hangup("busy", { code: 21 });
    await bench.event("ChannelDestroyed", { channel: { id: "coded" }, cause: 21 });

    const on = await called("continues", "Local/answer@demo");
    await on.continueInDialplan({ context: "demo", extension: "play", label: "speak" });
    await bench.event("ChannelDialplan", {
      channel: { id: on.id, dialplan: { exten: "play", app_name: "Playback" } },
    });

    const channel = await called("speaks", "PJSIP/answer@loop");
    const media = ["tone:440/300,0/300;tonezone=us", "sound:hello-world"];
    const playback = channel.play(media, { language: "en", skip: 1_000 });
    await playback.started;
    await playback.stop();
    await bench.event("PlaybackContinuing", { playback: { id: playback.id } });
    const { playback: end } = await playback.finished;
    assert.equal(end.state, "done");
    // Its last second.
    const began = performance.now();
    await channel.play("sound:demo-congrats", { offset: 20_000 }).finished;
    assert.ok(performance.now() - began < 15_000);

    await channel.setVariable("SIZE", "large", { reportEvents: true });
    await channel.setVariables({ COLOUR: "blue, green", SHAPE: { value: "round" } });
    assert.deepEqual(await channel.variables(["SIZE", "COLOUR", "SHAPE"]), {
      SIZE: "large",
      COLOUR: "blue, green",
      SHAPE: "round",
    });
    const { channel: told } = await bench.event("ChannelVarset", {
      channel: { id: channel.id, channelvars: { SIZE: "large" } },
    });
    assert.ok(told);
    assert.equal(typeof (await channel.rtpStatistics()).rxcount, "number");
    await channel.progress();
    await channel.move(otherApp, "a,b");
    await bench.event("StasisStart", { channel: { id: channel.id }, application: otherApp });

    const made = await channels.create({
      id: "made",
      endpoint: "Local/answer@demo",
      variables: { COLOUR: "blue" },
    });
    assert.equal(await made.variable("COLOUR"), "blue");
    const data = crypto.randomUUID();
    const medium = { id: "audio", externalHost: "127.0.0.1:9", format: "slin", direction: "both" };
    // Nobody listens there, and so far Asterisk gets.
    await assert.rejects(
      channels.externalMedia({
        ...medium,
        encapsulation: "audiosocket",
        transport: "tcp",
        data: "none",
      }),
      { code: "failed" },
    );
    const waiting = await channels.externalMedia({
      id: "socket",
      format: "ulaw",
      transport: "websocket",
      encapsulation: "none",
      connectionType: "server",
      variables: { DATA: data },
    });
    assert.match((await waiting.data()).name, /^WebSocket\//);
    assert.equal(await waiting.variable("DATA"), data);
  },
};

/** Where calls come and go. */
export const journeyMethods: Scenario = {
  name: "methods of calls that go elsewhere, with what the original lacks",
  async run(bench) {
    const { channels } = bench.client;
    await channels.originate({
      endpoint: "Local/offer@demo",
      id: "offerer",
      otherId: "claimed",
      dialplan: { context: "demo", extension: "answer" },
    });
    await bench.event("CallBroadcast", { channel: { id: "claimed" } });
    await channels.handle("claimed").claim();
    await bench.event("StasisStart", { channel: { id: "claimed" }, application: app });
    await assert.rejects(channels.handle("claimed").claim(), { code: /conflict|not_found/ });

    await channels.originate({
      id: "wants",
      endpoint: "PJSIP/refer-after@loop",
      variables: { "PJSIP_TRANSFER_HANDLING()": "ari-only" },
    });
    await bench.event("ChannelTransfer", { referred_by: { source_channel: { id: "wants" } } });
    await channels.handle("wants").transferProgress("channel_answered");
    await assert.rejects(channels.handle("nobody").redirect("PJSIP/sip:after@127.0.0.1"), {
      code: "not_found",
    });
  },
};

/** Bridges by the methods of the library. */
export const bridgeMethods: Scenario = {
  name: "methods of bridges, with what the original lacks",
  async run(bench) {
    const { bridges, channels } = bench.client;
    const pair = await Promise.all(["one", "two"].map(async (id) => {
      const channel = await channels.originate({ id, endpoint: "Local/answer@demo" });
      await bench.event("StasisStart", { channel: { id } });
      return channel;
    }));
    const bridge = await bridges.create({ variables: { COLOUR: "blue" } });
    await bridge.addChannel(pair, { inhibitConnectedLineUpdates: true });
    await bench.event("ChannelEnteredBridge", { channel: { id: "two" } });
    assert.deepEqual([...(await bridge.data()).channels ?? []].sort(), ["one", "two"]);
    assert.equal(await bridge.variable("COLOUR"), "blue");
    await bridge.setVariable("SIZE", "large", { reportEvents: true });
    await bridge.setVariables({ SHAPE: "round" });
    assert.deepEqual(await bridge.variables(["COLOUR", "SIZE", "SHAPE"]), {
      COLOUR: "blue",
      SIZE: "large",
      SHAPE: "round",
    });
    const media = ["sound:hello-world", "sound:hello-world"];
    const playback = bridge.play(media, { announcerFormat: "slin16", language: "en" });
    await playback.started;
    const recording = bridge.record("bridged", { recorderFormat: "slin16", ifExists: "overwrite" });
    await recording.started;
    await playback.stop();
    await recording.stop();
    await recording.finished;
    const bytes = await recording.stored.file().bytes();
    assert.equal(new DataView(bytes.buffer).getUint32(4, true), bytes.length - 8);
    await bridge.removeChannel(pair);
    await bench.event("ChannelLeftBridge", { channel: { id: "two" } });
    assert.deepEqual((await bridge.data()).channels, []);
    await bridge.destroy();
  },
};

/** What else there are methods for. */
export const otherMethods: Scenario = {
  name: "methods of Asterisk, applications and endpoints, with what the original lacks",
  async run(bench) {
    const { asterisk, applications, bridges, endpoints } = bench.client;
    assert.equal((await asterisk.ping()).ping, "pong");
    const info = await asterisk.info({ only: ["system", "status"] });
    assert.deepEqual(Object.keys(info).sort(), ["status", "system"]);

    const { node } = await bridges.create({ id: "first" });
    await bridges.create({ id: "second" });
    const application = applications.handle({ id: otherApp, node });
    await application.subscribe(["bridge:first", "bridge:second"]);
    const both = (await application.data()).bridge_ids ?? [];
    assert.deepEqual([...both].sort(), ["first", "second"]);
    await application.unsubscribe(["bridge:first", "bridge:second"]);
    assert.deepEqual((await application.data()).bridge_ids, []);
    await application.setEventFilter({ disallowed: [{ type: "BridgeMerged" }] });
    await application.setEventFilter({});
    await application.userEvent("Seen", {
      sources: ["bridge:first", "endpoint:PJSIP/loop"],
      variables: { COLOUR: "blue" },
    });
    await bench.event("ChannelUserevent", {
      eventname: "Seen",
      bridge: { id: "first" },
      endpoint: { resource: "loop" },
      userevent: { COLOUR: "blue" },
    });

    const from = "sip:desk@127.0.0.1";
    const loop = endpoints.handle("PJSIP/loop");
    await loop.sendMessage(from, { text: "to a handle", variables: { "X-Colour": "blue" } });
    const to = `pjsip:loop/sip:loop@${bench.asterisk.sipAddress}`;
    await endpoints.sendMessage(to, { from, text: "to an address" });
    const place = { to: "sip:after@127.0.0.1", toSelf: false };
    await loop.refer(from, { ...place, variables: { display_name: "After" } });
    await endpoints.refer(to, { from, ...place });
    await assert.rejects(endpoints.handle("PJSIP/nobody").sendMessage(from), {
      code: "not_found",
    });
  },
};

/** Files of stored recordings. */
export const files: Scenario = {
  name: "files of recordings in chunks",
  async run(bench) {
    const { stored } = bench.client.recordings;
    const whole = new Uint8Array(3_000_001);
    for (let i = 0; i < whole.length; i += 65_536) {
      crypto.getRandomValues(whole.subarray(i, i + 65_536));
    }
    const path = `${bench.asterisk.recordingFolder}/large.wav`;
    await Deno.writeFile(path, whole);
    const progress: (readonly [number, number])[] = [];
    const file = stored.handle("large").file({
      onProgress: (...figures) => progress.push(figures),
    });
    const sha = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
    // Several at once, in different ways.
    const [all, streamed] = await Promise.all([
      file.bytes(),
      new Response(stored.handle("large").file({ chunkLength: 100_000 }).stream()).bytes(),
    ]);
    assert.equal(sha(all), sha(whole));
    assert.equal(sha(streamed), sha(whole));
    assert.deepEqual(progress.at(-1), [whole.length, whole.length]);
    assert.equal(progress.length, 6);
    // Another file of the same size and name, of which the beginning is not the same.
    const reading = stored.handle("large").file({ chunkLength: 100_000 })[Symbol.asyncIterator]();
    await reading.next();
    await Deno.remove(path);
    await Deno.writeFile(path, whole.toReversed());
    const { asterisk } = bench;
    const chunk = (before: string) =>
      bench.client.request("RecordingStoredFile", {
        id: "large",
        app,
        node: asterisk.entityId,
      }, { offset: 100_000, length: 10, before });
    await assert.rejects(chunk(sha(whole.subarray(0, 100_001))), { code: "conflict" });
    // What was begun is read to its end from the file as it was.
    let left = 100_000;
    for await (const bytes of reading) left += bytes.length;
    assert.equal(left, whole.length);
    await assert.rejects(stored.handle("nowhere").file().bytes(), { code: "not_found" });
    await Deno.remove(path);
  },
};
