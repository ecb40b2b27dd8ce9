/**
 * For each operation of Asterisk, the method of the library that does it, with all its options.
 *
 * @module
 */
import type { AriClient } from "../../mod.ts";
import type { RestOperation } from "../../src/protocol/api/operation_types.ts";

/** Calls a method; several calls where not all options go together. */
export type Method = (client: AriClient, signal: AbortSignal) => Promise<unknown> | unknown;

/** Operations that differ from another one only in who generates the ID, which the library always does. */
export const twins = {
  "POST /bridges": "POST /bridges/{bridgeId}",
  "POST /bridges/{bridgeId}/play": "POST /bridges/{bridgeId}/play/{playbackId}",
  "POST /channels/{channelId}": "POST /channels",
  "POST /channels/{channelId}/play": "POST /channels/{channelId}/play/{playbackId}",
  "POST /channels/{channelId}/snoop": "POST /channels/{channelId}/snoop/{snoopId}",
} as const satisfies Partial<Record<RestOperation, RestOperation>>;

/** The event socket, which the proxy has. */
type Socket = "GET /events";

const key = (id: string) => ({ id, app: "calls", node: "02:42:ac:11:00:0a" });
const channel = (client: AriClient) => client.channels.handle(key("c1"));
const bridge = (client: AriClient) => client.bridges.handle(key("b1"));
const application = (client: AriClient) => client.applications.handle(key("calls"));
const endpoint = (client: AriClient) => client.endpoints.handle(key("PJSIP/alice"));
const live = (client: AriClient) => client.recordings.live.handle(key("r1"));
const stored = (client: AriClient) => client.recordings.stored.handle(key("r1"));
const config = (client: AriClient) => client.asterisk.config.handle(key("res_pjsip/endpoint/a"));
const module = (client: AriClient) => client.asterisk.modules.handle(key("res_pjsip.so"));
const log = (client: AriClient) => client.asterisk.logging.handle(key("extra"));
const device = (client: AriClient) => client.deviceStates.handle(key("Stasis:lamp"));
const mailbox = (client: AriClient) => client.mailboxes.handle(key("alice"));
const playback = (client: AriClient) => client.playbacks.handle(key("p1"));

const variables = { COLOUR: "blue", SHAPE: { value: "round", report_events: true } };
const texts = { Subject: "lunch" };
const media = ["sound:one", "sound:two"];
const play = { language: "fr", offset: 100, skip: 500 };
const record = {
  format: "wav",
  maxDuration: 9_000,
  maxSilence: 2_000,
  ifExists: "overwrite",
  beep: true,
  terminateOn: "#",
} as const;
const origin = {
  endpoint: "PJSIP/alice",
  id: "c1",
  otherId: "c2",
  originator: "c0",
  formats: "ulaw",
  appArgs: "a,b",
  variables,
};
/** What they begin is not waited for. */
const begun = ({ started }: { readonly started: Promise<void> }) => void started.catch(() => {});

/** The methods by operation. */
export const methods: Readonly<
  Record<Exclude<RestOperation, keyof typeof twins | Socket>, Method>
> = {
  "GET /applications": (c) => c.applications.list(),
  "GET /applications/{applicationName}": (c) => application(c).data(),
  "POST /applications/{applicationName}/subscription": (c) =>
    application(c).subscribe(["channel:c1", "bridge:b1"]),
  "DELETE /applications/{applicationName}/subscription": (c) =>
    application(c).unsubscribe(["channel:c1", "bridge:b1"]),
  "PUT /applications/{applicationName}/eventFilter": (c) =>
    application(c).setEventFilter({ disallowed: [{ type: "ChannelVarset" }] }),
  "GET /asterisk/config/dynamic/{configClass}/{objectType}/{id}": (c) => config(c).data(),
  "PUT /asterisk/config/dynamic/{configClass}/{objectType}/{id}": (c) =>
    config(c).update({ context: "demo" }),
  "DELETE /asterisk/config/dynamic/{configClass}/{objectType}/{id}": (c) => config(c).delete(),
  "GET /asterisk/info": (c) => c.asterisk.info({ only: ["system", "status"] }),
  "GET /asterisk/ping": (c) => c.asterisk.ping(),
  "GET /asterisk/modules": (c) => c.asterisk.modules.list(),
  "GET /asterisk/modules/{moduleName}": (c) => module(c).data(),
  "POST /asterisk/modules/{moduleName}": (c) => module(c).load(),
  "DELETE /asterisk/modules/{moduleName}": (c) => module(c).unload(),
  "PUT /asterisk/modules/{moduleName}": (c) => module(c).reload(),
  "GET /asterisk/logging": (c) => c.asterisk.logging.list(),
  "POST /asterisk/logging/{logChannelName}": (c) => c.asterisk.logging.create("extra", "notice"),
  "DELETE /asterisk/logging/{logChannelName}": (c) => log(c).delete(),
  "PUT /asterisk/logging/{logChannelName}/rotate": (c) => log(c).rotate(),
  "GET /asterisk/variable": (c) => c.asterisk.variables.get("COLOUR"),
  "POST /asterisk/variable": (c) => c.asterisk.variables.set("COLOUR", "blue"),
  "GET /bridges": (c) => c.bridges.list(),
  "POST /bridges/{bridgeId}": (c) =>
    c.bridges.create({ type: "holding", name: "queue", variables }),
  "GET /bridges/{bridgeId}": (c) => bridge(c).data(),
  "DELETE /bridges/{bridgeId}": (c) => bridge(c).destroy(),
  "GET /bridges/{bridgeId}/variable": (c) => bridge(c).variable("COLOUR"),
  "POST /bridges/{bridgeId}/variable": (c) =>
    bridge(c).setVariable("COLOUR", "blue", { reportEvents: true }),
  "GET /bridges/{bridgeId}/variables": (c) => bridge(c).variables(["COLOUR", "SHAPE"]),
  "POST /bridges/{bridgeId}/variables": (c) => bridge(c).setVariables(variables),
  "POST /bridges/{bridgeId}/addChannel": (c) =>
    bridge(c).addChannel(["c1", "c2"], {
      role: "announcer",
      absorbDtmf: true,
      mute: true,
      inhibitConnectedLineUpdates: true,
    }),
  "POST /bridges/{bridgeId}/removeChannel": (c) => bridge(c).removeChannel(["c1", "c2"]),
  "POST /bridges/{bridgeId}/videoSource/{channelId}": (c) => bridge(c).setVideoSource("c1"),
  "DELETE /bridges/{bridgeId}/videoSource": (c) => bridge(c).clearVideoSource(),
  "POST /bridges/{bridgeId}/moh": (c) => bridge(c).startMusicOnHold("jazz"),
  "DELETE /bridges/{bridgeId}/moh": (c) => bridge(c).stopMusicOnHold(),
  "POST /bridges/{bridgeId}/play/{playbackId}": (c, signal) =>
    begun(bridge(c).play(media, { ...play, announcerFormat: "slin16", signal })),
  "POST /bridges/{bridgeId}/record": (c, signal) =>
    begun(bridge(c).record("r1", { ...record, recorderFormat: "slin16", signal })),
  "GET /channels": (c) => c.channels.list(),
  "POST /channels": (c) =>
    Promise.all([
      c.channels.originate({ ...origin, timeout: 9_000, callerId: "A <1>" }),
      c.channels.originate({
        ...origin,
        dialplan: { context: "demo", extension: "1", priority: 2, label: "here" },
      }),
    ]),
  "POST /channels/create": (c) => c.channels.create(origin),
  "GET /channels/{channelId}": (c) => channel(c).data(),
  "DELETE /channels/{channelId}": (c) =>
    Promise.all([channel(c).hangup("busy"), channel(c).hangup("normal", { code: 21 })]),
  "POST /channels/{channelId}/continue": (c) =>
    channel(c).continueInDialplan({
      context: "demo",
      extension: "1",
      priority: 2,
      label: "here",
    }),
  "POST /channels/{channelId}/move": (c) => channel(c).move("other", "a,b"),
  "POST /channels/{channelId}/redirect": (c) => channel(c).redirect("PJSIP/bob"),
  "POST /channels/{channelId}/answer": (c) => channel(c).answer(),
  "POST /channels/{channelId}/ring": (c) => channel(c).ring(),
  "DELETE /channels/{channelId}/ring": (c) => channel(c).stopRing(),
  "POST /channels/{channelId}/progress": (c) => channel(c).progress(),
  "POST /channels/{channelId}/dtmf": (c) =>
    channel(c).sendDtmf("12", { before: 1, between: 2, duration: 3, after: 4 }),
  "POST /channels/{channelId}/mute": (c) => channel(c).mute("in"),
  "DELETE /channels/{channelId}/mute": (c) => channel(c).unmute("in"),
  "POST /channels/{channelId}/hold": (c) => channel(c).hold(),
  "DELETE /channels/{channelId}/hold": (c) => channel(c).stopHold(),
  "POST /channels/{channelId}/moh": (c) => channel(c).startMusicOnHold("jazz"),
  "DELETE /channels/{channelId}/moh": (c) => channel(c).stopMusicOnHold(),
  "POST /channels/{channelId}/silence": (c) => channel(c).startSilence(),
  "DELETE /channels/{channelId}/silence": (c) => channel(c).stopSilence(),
  "POST /channels/{channelId}/play/{playbackId}": (c, signal) =>
    begun(channel(c).play(media, { ...play, signal })),
  "POST /channels/{channelId}/record": (c, signal) =>
    begun(channel(c).record("r1", { ...record, signal })),
  "GET /channels/{channelId}/variable": (c) => channel(c).variable("COLOUR"),
  "POST /channels/{channelId}/variable": (c) =>
    channel(c).setVariable("COLOUR", "blue", { reportEvents: true }),
  "GET /channels/{channelId}/variables": (c) => channel(c).variables(["COLOUR", "SHAPE"]),
  "POST /channels/{channelId}/variables": (c) => channel(c).setVariables(variables),
  "POST /channels/{channelId}/snoop/{snoopId}": (c) =>
    channel(c).snoop({ app: "calls", appArgs: "a", spy: "in", whisper: "out" }),
  "POST /channels/{channelId}/dial": (c) => channel(c).dial({ caller: "c0", timeout: 9_000 }),
  "GET /channels/{channelId}/rtp_statistics": (c) => channel(c).rtpStatistics(),
  "POST /channels/externalMedia": (c) =>
    c.channels.externalMedia({
      id: "c1",
      app: "calls",
      externalHost: "127.0.0.1:9",
      format: "ulaw",
      encapsulation: "audiosocket",
      transport: "tcp",
      connectionType: "client",
      direction: "both",
      data: "40325ec2-5efd-4bd3-805f-53576e581d13",
      transportData: "v(a=b)",
      variables,
    }),
  "POST /channels/{channelId}/transfer_progress": (c) =>
    channel(c).transferProgress("channel_answered"),
  "GET /deviceStates": (c) => c.deviceStates.list(),
  "GET /deviceStates/{deviceName}": (c) => device(c).data(),
  "PUT /deviceStates/{deviceName}": (c) => device(c).set("BUSY"),
  "DELETE /deviceStates/{deviceName}": (c) => device(c).delete(),
  "GET /endpoints": (c) => c.endpoints.list(),
  "PUT /endpoints/sendMessage": (c) =>
    c.endpoints.sendMessage("pjsip:alice", { from: "sip:desk", text: "hi", variables: texts }),
  "POST /endpoints/refer": (c) =>
    c.endpoints.refer("pjsip:alice", {
      from: "sip:desk",
      to: "sip:bob",
      toSelf: true,
      variables: texts,
    }),
  "GET /endpoints/{tech}": (c) => c.endpoints.listByTech("PJSIP"),
  "GET /endpoints/{tech}/{resource}": (c) => endpoint(c).data(),
  "PUT /endpoints/{tech}/{resource}/sendMessage": (c) =>
    endpoint(c).sendMessage("sip:desk", { text: "hi", variables: texts }),
  "POST /endpoints/{tech}/{resource}/refer": (c) =>
    endpoint(c).refer("sip:desk", { to: "sip:bob", toSelf: true, variables: texts }),
  "POST /events/user/{eventName}": (c) =>
    application(c).userEvent("Seen", { sources: ["channel:c1", "bridge:b1"], variables: texts }),
  "POST /events/claim": (c) => channel(c).claim("calls"),
  "GET /mailboxes": (c) => c.mailboxes.list(),
  "GET /mailboxes/{mailboxName}": (c) => mailbox(c).data(),
  "PUT /mailboxes/{mailboxName}": (c) => mailbox(c).set({ new: 1, old: 2 }),
  "DELETE /mailboxes/{mailboxName}": (c) => mailbox(c).delete(),
  "GET /playbacks/{playbackId}": (c) => playback(c).data(),
  "DELETE /playbacks/{playbackId}": (c) => playback(c).stop(),
  "POST /playbacks/{playbackId}/control": (c) => playback(c).pause(),
  "GET /recordings/stored": (c) => c.recordings.stored.list(),
  "GET /recordings/stored/{recordingName}": (c) => stored(c).data(),
  "DELETE /recordings/stored/{recordingName}": (c) => stored(c).delete(),
  "GET /recordings/stored/{recordingName}/file": (c) => stored(c).file().bytes(),
  "POST /recordings/stored/{recordingName}/copy": (c) => stored(c).copy("r2"),
  "GET /recordings/live/{recordingName}": (c) => live(c).data(),
  "DELETE /recordings/live/{recordingName}": (c) => live(c).scrap(),
  "POST /recordings/live/{recordingName}/stop": (c) => live(c).stop(),
  "POST /recordings/live/{recordingName}/pause": (c) => live(c).pause(),
  "DELETE /recordings/live/{recordingName}/pause": (c) => live(c).resume(),
  "POST /recordings/live/{recordingName}/mute": (c) => live(c).mute(),
  "DELETE /recordings/live/{recordingName}/mute": (c) => live(c).unmute(),
  "GET /sounds": (c) => c.sounds.list({ language: "en", format: "wav" }),
  "GET /sounds/{soundId}": (c) => c.sounds.handle(key("hello-world")).data(),
};
