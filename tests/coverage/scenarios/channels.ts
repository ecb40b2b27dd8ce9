import assert from "node:assert/strict";
import { app, type Bench, otherApp, type Scenario } from "../bench.ts";

/** From the first ring to the end. */
export const calls: Scenario = {
  name: "calls: originate, create, dial, answer, hang up",
  async run(bench) {
    const { id } = await bench.rest("POST /channels", {
      endpoint: "Local/ring@demo",
      app,
      appArgs: "first,second",
      variables: { COLOUR: "blue", SHAPE: { value: "round", report_events: true } },
    });
    await bench.event("ChannelCreated", { channel: { id } });
    await bench.rest("DELETE /channels/{channelId}", { channelId: id, reason: "busy" });
    await bench.event("ChannelDestroyed", { channel: { id } });

    // A channel that its owner dials; the other half of it waits in the application to be answered.
    const made = { channelId: "out", otherChannelId: "in" };
    await bench.rest("POST /channels/create", {
      ...made,
      endpoint: `Local/app-${app}@demo`,
      app,
    });
    await bench.event("StasisStart", { channel: { id: "out" } });
    await bench.rest("POST /channels/{channelId}/dial", { channelId: "out", timeout: 20 });
    await bench.event("StasisStart", { channel: { id: "in" } });
    await bench.event("Dial", { peer: { id: "out" } });
    const channelId = "in";
    await bench.rest("POST /channels/{channelId}/ring", { channelId });
    await bench.rest("DELETE /channels/{channelId}/ring", { channelId });
    await bench.rest("POST /channels/{channelId}/progress", { channelId });
    await bench.rest("POST /channels/{channelId}/answer", { channelId });
    await bench.event("ChannelStateChange", { channel: { id: "out", state: "Up" } });
    assert.equal((await bench.rest("GET /channels/{channelId}", { channelId })).state, "Up");
    const ids = (await bench.rest("GET /channels")).map(({ id }) => id);
    assert.deepEqual(ids.filter((id) => ["in", "out"].includes(id)).sort(), ["in", "out"]);
    await bench.rest("DELETE /channels/{channelId}", { channelId: "out", reason_code: "21" });
    await bench.event("ChannelHangupRequest", { channel: { id: "in" } });
    await bench.event("StasisEnd", { channel: { id: "in" } });
  },
};

/** Digits, sounds, and the audio of a channel. */
export const media: Scenario = {
  name: "channel media: digits, hold, music, silence, muting, detection",
  async run(bench) {
    await bench.call("presses", "Local/dtmf-5@demo");
    await bench.event("ChannelDtmfReceived", { channel: { id: "presses" }, digit: "5" });
    const channelId = await bench.call("media", "PJSIP/answer@holds");
    const on = { channelId };
    await bench.rest("POST /channels/{channelId}/dtmf", { ...on, dtmf: "5", duration: 100 });
    await bench.rest("POST /channels/{channelId}/mute", { ...on, direction: "in" });
    await bench.rest("DELETE /channels/{channelId}/mute", { ...on, direction: "in" });
    await bench.rest("POST /channels/{channelId}/moh", on);
    await bench.rest("DELETE /channels/{channelId}/moh", on);
    await bench.rest("POST /channels/{channelId}/silence", on);
    await bench.rest("DELETE /channels/{channelId}/silence", on);
    await bench.rest("POST /channels/{channelId}/hold", on);
    await bench.event("ChannelHold", { channel: { caller: { number: "holds" } } });
    await bench.rest("DELETE /channels/{channelId}/hold", on);
    await bench.event("ChannelUnhold", { channel: { caller: { number: "holds" } } });

    const speaker = await bench.call("speaker", "Local/play@demo", {
      variables: { "TALK_DETECT(set)": "100" },
    });
    await bench.event("ChannelTalkingStarted", { channel: { id: speaker } });
    await bench.event("ChannelTalkingFinished", { channel: { id: speaker } });
    await bench.call("tone", "PJSIP/tone@loop");
    await bench.rest("POST /channels/{channelId}/variable", {
      channelId: "tone",
      variable: "TONE_DETECT(1004,250)",
      value: "1",
    });
    await bench.event("ChannelToneDetected", { channel: { id: "tone" } });
  },
};

/** Variables, and the connected line. */
export const variables: Scenario = {
  name: "channel variables",
  async run(bench) {
    const channelId = await bench.call("variables", "Local/answer@demo");
    const on = { channelId };
    const set = { variable: "COLOUR", value: "blue & green, 100%" };
    await bench.rest("POST /channels/{channelId}/variable", { ...on, ...set });
    await bench.event("ChannelVarset", { channel: { id: channelId }, ...set });
    const { value } = await bench.rest("GET /channels/{channelId}/variable", {
      ...on,
      variable: "COLOUR",
    });
    assert.equal(value, set.value);
    await bench.rest("POST /channels/{channelId}/variables", {
      ...on,
      variables: { "CALLERID(num)": "200", "CONNECTEDLINE(num)": { value: "300" } },
    });
    await bench.event("ChannelCallerId", { channel: { id: channelId } });
    await bench.event("ChannelConnectedLine", { channel: { id: channelId } });
    const names = { variables: ["COLOUR", "CALLERID(num)"] };
    assert.deepEqual(await bench.rest("GET /channels/{channelId}/variables", { ...on, ...names }), {
      variables: { COLOUR: set.value, "CALLERID(num)": "200" },
    });
  },
};

/** From an application to somewhere else. */
export const journeys: Scenario = {
  name: "journeys: move, continue, redirect, claim",
  async run(bench) {
    const channelId = await bench.call("moves", "Local/answer@demo");
    await bench.rest("POST /channels/{channelId}/move", { channelId, app: otherApp });
    await bench.event("StasisStart", { channel: { id: channelId }, application: otherApp });
    await bench.rest("POST /channels/{channelId}/move", { channelId, app: "nobody", appArgs: "x" });
    await bench.event("ApplicationMoveFailed", { channel: { id: channelId } });
    await bench.call("goes", "Local/answer@demo");
    await bench.rest("POST /channels/{channelId}/continue", {
      channelId: "goes",
      context: "demo",
      extension: "after",
      priority: 1,
    });
    await bench.event("ChannelDialplan", {
      channel: { id: "goes", dialplan: { exten: "after" } },
    });

    await bench.rest("POST /channels", {
      endpoint: "Local/offer@demo",
      channelId: "caller",
      otherChannelId: "offered",
      context: "demo",
      extension: "answer",
      priority: 1,
    });
    await bench.event("CallBroadcast", { channel: { id: "offered" } });
    await bench.rest("POST /events/claim", { channelId: "offered", application: app });
    // It notifies those who did not get the call.
    await bench.event("CallClaimed", { channel: { id: "offered" }, application: otherApp });
    await bench.event("StasisStart", { channel: { id: "offered" } });

    // One that came by SIP and is not answered yet can be sent elsewhere.
    const started = await calledBySip(bench, `app-${app}`);
    await bench.rest("POST /channels/{channelId}/redirect", {
      channelId: started,
      endpoint: `PJSIP/sip:after@${bench.asterisk.sipAddress}`,
    });
  },
};

/** The ID of a channel that came in by SIP, into the application. */
async function calledBySip(bench: Bench, extension: string): Promise<string> {
  await bench.rest("POST /channels/{channelId}", {
    channelId: "sip-out",
    endpoint: `PJSIP/${extension}@loop`,
    context: "demo",
    extension: "answer",
    priority: 1,
  });
  const start = await bench.event("StasisStart", { channel: { caller: { number: "loop" } } });
  const { id } = start.channel as { id: string };
  return id;
}

/** Channels for listening in and for a program's media, and figures of RTP. */
export const extras: Scenario = {
  name: "snooping, external media, RTP",
  async run(bench) {
    const channelId = await bench.call("spied", "PJSIP/echo@loop");
    const spy = { channelId, app, spy: "both", whisper: "none" } as const;
    await bench.rest("POST /channels/{channelId}/snoop", { ...spy, snoopId: "spy-1" });
    await bench.event("StasisStart", { channel: { id: "spy-1" } });
    await bench.rest("POST /channels/{channelId}/snoop/{snoopId}", { ...spy, snoopId: "spy-2" });
    await bench.event("StasisStart", { channel: { id: "spy-2" } });
    await bench.rest("GET /channels/{channelId}/rtp_statistics", { channelId });
    const medium = await bench.rest("POST /channels/externalMedia", {
      channelId: "medium",
      app,
      external_host: "127.0.0.1:9",
      format: "ulaw",
      variables: { COLOUR: "blue" },
    });
    assert.equal(medium.id, "medium");
  },
};
