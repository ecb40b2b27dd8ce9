/**
 * What the methods of handles and resources send, and that they fail when the proxy refuses.
 *
 * @module
 */
import assert from "node:assert/strict";
import { AriClient } from "../../src/client/client.ts";
import { isObject, type JsonObject } from "../../src/protocol/json.ts";
import { app, node } from "../testing/proxy_fixture.ts";
import { encode, FakeProxies } from "./fake_proxies.ts";

const place = { app, node };
const channel = (c: AriClient) => c.channels.handle({ id: "c1", ...place });
const bridge = (c: AriClient) => c.bridges.handle({ id: "b1", ...place });
const playback = (c: AriClient) => c.playbacks.handle({ id: "p1", ...place });
const live = (c: AriClient) => c.recordings.live.handle({ id: "r1", ...place });
const stored = (c: AriClient) => c.recordings.stored.handle({ id: "r1", ...place });
const endpoint = (c: AriClient) => c.endpoints.handle({ id: "PJSIP/a/b", ...place });
const application = (c: AriClient) => c.applications.handle({ id: "demo", ...place });
const variables = { COLOUR: "blue" };

/** Calls, and the requests that they send: class, kind, the payload, and the key where it is another one. */
const methods: readonly (readonly [(c: AriClient) => Promise<unknown>, ...string[]])[] = [
  [(c) => channel(c).answer(), "command ChannelAnswer"],
  [(c) => channel(c).hangup(), 'command ChannelHangup {"reason":"normal"}'],
  [(c) => channel(c).hangup("busy"), 'command ChannelHangup {"reason":"busy"}'],
  [
    (c) => channel(c).hangup("normal", { code: 21 }),
    'command ChannelHangup {"reason":"normal","reason_code":"21"}',
  ],
  [(c) => channel(c).busy(), "command ChannelBusy"],
  [(c) => channel(c).congestion(), "command ChannelCongestion"],
  [
    (c) => channel(c).continueInDialplan(),
    'command ChannelContinue {"context":"","extension":"","priority":0}',
  ],
  [
    (c) => channel(c).continueInDialplan({ context: "a", extension: "b", priority: 2, label: "l" }),
    'command ChannelContinue {"context":"a","extension":"b","priority":2,"label":"l"}',
  ],
  [
    (c) => channel(c).move("other"),
    'command Rest {"method":"POST","path":"/channels/c1/move","query":{"app":"other"}}',
  ],
  [
    (c) => channel(c).move("other", "x,y"),
    'command Rest {"method":"POST","path":"/channels/c1/move","query":{"app":"other","appArgs":"x,y"}}',
  ],
  [
    (c) => channel(c).redirect("PJSIP/bob"),
    'command Rest {"method":"POST","path":"/channels/c1/redirect","query":{"endpoint":"PJSIP/bob"}}',
  ],
  [
    (c) => channel(c).claim(),
    'command Rest {"method":"POST","path":"/events/claim","query":{"channelId":"c1","application":"calls"}}',
  ],
  [
    (c) => channel(c).claim("other"),
    'command Rest {"method":"POST","path":"/events/claim","query":{"channelId":"c1","application":"other"}}',
  ],
  [
    (c) => channel(c).transferProgress("channel_answered"),
    'command Rest {"method":"POST","path":"/channels/c1/transfer_progress","query":{"states":"channel_answered"}}',
  ],
  [(c) => channel(c).dial(), 'command ChannelDial {"caller":"","timeout":0}'],
  [
    (c) => channel(c).dial({ caller: "c2", timeout: 1_500 }),
    'command ChannelDial {"caller":"c2","timeout":2000000000}',
  ],
  [(c) => channel(c).ring(), "command ChannelRing"],
  [(c) => channel(c).stopRing(), "command ChannelStopRing"],
  [(c) => channel(c).progress(), 'command Rest {"method":"POST","path":"/channels/c1/progress"}'],
  [(c) => channel(c).hold(), "command ChannelHold"],
  [(c) => channel(c).stopHold(), "command ChannelStopHold"],
  [(c) => channel(c).data(), "data ChannelData"],
  [(c) => channel(c).mute(), 'command ChannelMute {"direction":"both"}'],
  [(c) => channel(c).mute("in"), 'command ChannelMute {"direction":"in"}'],
  [(c) => channel(c).unmute(), 'command ChannelUnmute {"direction":"both"}'],
  [(c) => channel(c).unmute("out"), 'command ChannelUnmute {"direction":"out"}'],
  [(c) => channel(c).startMusicOnHold(), 'command ChannelMOH {"music":""}'],
  [(c) => channel(c).startMusicOnHold("jazz"), 'command ChannelMOH {"music":"jazz"}'],
  [(c) => channel(c).stopMusicOnHold(), "command ChannelStopMOH"],
  [(c) => channel(c).startSilence(), "command ChannelSilence"],
  [(c) => channel(c).stopSilence(), "command ChannelStopSilence"],
  [
    (c) => channel(c).sendDtmf("12#"),
    'command ChannelSendDTMF {"dtmf":"12#","options":{"Before":0,"Between":0,"Duration":0,"After":0}}',
  ],
  [
    (c) => channel(c).sendDtmf("1", { before: 1, between: 2, duration: 3, after: 4 }),
    'command ChannelSendDTMF {"dtmf":"1","options":{"Before":1000000,"Between":2000000,"Duration":3000000,"After":4000000}}',
  ],
  [
    (c) => channel(c).play("sound:a", { id: "p1" }).accepted,
    'create ChannelPlay {"playback_id":"p1","media_uri":"sound:a"}',
  ],
  [
    (c) =>
      channel(c).play(["sound:a", "tone:b"], { id: "p1", language: "en", offset: 1.6, skip: 2 })
        .accepted,
    'create ChannelPlay {"playback_id":"p1","media_uri":"sound:a","further_media":["tone:b"],"lang":"en","offsetms":2,"skipms":2}',
  ],
  [
    (c) => channel(c).record("r1").accepted,
    'create ChannelRecord {"name":"r1","options":{"Format":"wav","MaxDuration":0,"MaxSilence":0,"Exists":"fail","Beep":false,"Terminate":"none"}}',
  ],
  [
    (c) =>
      channel(c).record("r1", {
        format: "gsm",
        maxDuration: 1_500,
        maxSilence: 500,
        ifExists: "append",
        beep: true,
        terminateOn: "#",
      }).accepted,
    'create ChannelRecord {"name":"r1","options":{"Format":"gsm","MaxDuration":2000000000,"MaxSilence":1000000000,"Exists":"append","Beep":true,"Terminate":"#"}}',
  ],
  [
    (c) => channel(c).snoop({ id: "s1" }),
    'create ChannelSnoop {"snoop_id":"s1","options":{"app":"calls"}}',
  ],
  [
    (c) => channel(c).snoop({ id: "s1", app: "other", appArgs: "x", spy: "in", whisper: "out" }),
    'create ChannelSnoop {"snoop_id":"s1","options":{"app":"other","appArgs":"x","spy":"in","whisper":"out"}}',
  ],
  [
    (c) => channel(c).rtpStatistics(),
    'data Rest {"method":"GET","path":"/channels/c1/rtp_statistics"}',
  ],
  [(c) => channel(c).variable("COLOUR"), 'data ChannelVariableGet {"name":"COLOUR"}'],
  [
    (c) => channel(c).setVariable("COLOUR", "blue"),
    'command ChannelVariableSet {"name":"COLOUR","value":"blue"}',
  ],
  [
    (c) => channel(c).setVariable("COLOUR", "blue", { reportEvents: false }),
    'command ChannelVariableSet {"name":"COLOUR","value":"blue","report_events":false}',
  ],
  [
    (c) => channel(c).variables(["COLOUR", "SIZE"]),
    'data Rest {"method":"GET","path":"/channels/c1/variables","query":{"variables":"COLOUR,SIZE"}}',
  ],
  [
    (c) => channel(c).setVariables(variables),
    'command Rest {"method":"POST","path":"/channels/c1/variables","body":{"variables":{"COLOUR":"blue"}}}',
  ],
  [
    (c) => channel(c).userEvent("Paid"),
    'command ChannelUserEvent {"UserEvent":{"eventname":"Paid","userevent":{}}}',
  ],
  [
    (c) => channel(c).userEvent("Paid", { amount: 3 }),
    'command ChannelUserEvent {"UserEvent":{"eventname":"Paid","userevent":{"amount":3}}}',
  ],
  [(c) => channel(c).subscribe(), "command ChannelSubscribe"],
  [(c) => bridge(c).data(), "data BridgeData"],
  [(c) => bridge(c).destroy(), "command BridgeDelete"],
  [(c) => bridge(c).addChannel("c1"), 'command BridgeAddChannel {"channel":"c1"}'],
  [
    (c) =>
      bridge(c).addChannel([channel(c), "c2"], {
        absorbDtmf: true,
        mute: false,
        role: "announcer",
        inhibitConnectedLineUpdates: true,
      }),
    'command BridgeAddChannel {"channel":"c1","further_channels":["c2"],"absorbDTMF":true,"mute":false,"role":"announcer","inhibitConnectedLineUpdates":true}',
  ],
  [(c) => bridge(c).removeChannel("c1"), 'command BridgeRemoveChannel {"channel":"c1"}'],
  [
    (c) => bridge(c).removeChannel(["c1", "c2", "c3"]),
    'command BridgeRemoveChannel {"channel":"c1","further_channels":["c2","c3"]}',
  ],
  [(c) => bridge(c).startMusicOnHold(), 'command BridgeMOH {"class":""}'],
  [(c) => bridge(c).startMusicOnHold("jazz"), 'command BridgeMOH {"class":"jazz"}'],
  [(c) => bridge(c).stopMusicOnHold(), "command BridgeStopMOH"],
  [
    (c) => bridge(c).play("sound:a", { id: "p1", announcerFormat: "slin16" }).accepted,
    'create BridgePlay {"playback_id":"p1","media_uri":"sound:a","announcer_format":"slin16"}',
  ],
  [
    (c) => bridge(c).record("r1", { recorderFormat: "slin16" }).accepted,
    'create BridgeRecord {"name":"r1","options":{"Format":"wav","MaxDuration":0,"MaxSilence":0,"Exists":"fail","Beep":false,"Terminate":"none","RecorderFormat":"slin16"}}',
  ],
  [(c) => bridge(c).setVideoSource(channel(c)), 'command BridgeVideoSource {"channel":"c1"}'],
  [(c) => bridge(c).clearVideoSource(), "command BridgeVideoSourceDelete"],
  [
    (c) => bridge(c).variable("COLOUR"),
    'data Rest {"method":"GET","path":"/bridges/b1/variable","query":{"variable":"COLOUR"}}',
  ],
  [
    (c) => bridge(c).setVariable("COLOUR", "blue"),
    'command Rest {"method":"POST","path":"/bridges/b1/variable","query":{"variable":"COLOUR","value":"blue"}}',
  ],
  [
    (c) => bridge(c).setVariable("COLOUR", "blue", { reportEvents: true }),
    'command Rest {"method":"POST","path":"/bridges/b1/variable","query":{"variable":"COLOUR","value":"blue","report_events":"true"}}',
  ],
  [
    (c) => bridge(c).variables(["COLOUR"]),
    'data Rest {"method":"GET","path":"/bridges/b1/variables","query":{"variables":"COLOUR"}}',
  ],
  [
    (c) => bridge(c).setVariables(variables),
    'command Rest {"method":"POST","path":"/bridges/b1/variables","body":{"variables":{"COLOUR":"blue"}}}',
  ],
  [(c) => bridge(c).subscribe(), "command BridgeSubscribe"],
  [(c) => playback(c).data(), "data PlaybackData"],
  [(c) => playback(c).stop(), "command PlaybackStop"],
  [(c) => playback(c).restart(), 'command PlaybackControl {"command":"restart"}'],
  [(c) => playback(c).pause(), 'command PlaybackControl {"command":"pause"}'],
  [(c) => playback(c).unpause(), 'command PlaybackControl {"command":"unpause"}'],
  [(c) => playback(c).reverse(), 'command PlaybackControl {"command":"reverse"}'],
  [(c) => playback(c).forward(), 'command PlaybackControl {"command":"forward"}'],
  [(c) => playback(c).subscribe(), "command PlaybackSubscribe"],
  [(c) => live(c).data(), "data RecordingLiveData"],
  [(c) => live(c).stop(), "command RecordingLiveStop"],
  [(c) => live(c).scrap(), "command RecordingLiveScrap"],
  [(c) => live(c).pause(), "command RecordingLivePause"],
  [(c) => live(c).resume(), "command RecordingLiveResume"],
  [(c) => live(c).mute(), "command RecordingLiveMute"],
  [(c) => live(c).unmute(), "command RecordingLiveUnmute"],
  [(c) => live(c).subscribe(), "command RecordingLiveSubscribe"],
  [(c) => stored(c).data(), "data RecordingStoredData"],
  [(c) => stored(c).copy("r2"), 'command RecordingStoredCopy {"destination":"r2"}'],
  [(c) => stored(c).delete(), "command RecordingStoredDelete"],
  [(c) => endpoint(c).data(), "data EndpointData"],
  [
    (c) => endpoint(c).sendMessage("sip:a@b"),
    'create Rest {"method":"PUT","path":"/endpoints/PJSIP/a%2Fb/sendMessage","query":{"from":"sip:a@b"}}',
  ],
  [
    (c) => endpoint(c).sendMessage("sip:a@b", { text: "", variables }),
    'create Rest {"method":"PUT","path":"/endpoints/PJSIP/a%2Fb/sendMessage","query":{"from":"sip:a@b","body":""},"body":{"variables":{"COLOUR":"blue"}}}',
  ],
  [
    (c) => endpoint(c).refer("sip:a@b", { to: "sip:c@d" }),
    'create Rest {"method":"POST","path":"/endpoints/PJSIP/a%2Fb/refer","query":{"from":"sip:a@b","refer_to":"sip:c@d"}}',
  ],
  [
    (c) => endpoint(c).refer("sip:a@b", { to: "sip:c@d", toSelf: false, variables }),
    'create Rest {"method":"POST","path":"/endpoints/PJSIP/a%2Fb/refer","query":{"from":"sip:a@b","refer_to":"sip:c@d","to_self":"false"},"body":{"variables":{"COLOUR":"blue"}}}',
  ],
  [(c) => application(c).data(), "data ApplicationData"],
  [
    (c) => application(c).subscribe("channel:1"),
    'command ApplicationSubscribe {"event_source":"channel:1"}',
  ],
  [
    (c) => application(c).subscribe(["channel:1", "bridge:2"]),
    'command ApplicationSubscribe {"event_source":"channel:1","further_event_sources":["bridge:2"]}',
  ],
  [
    (c) => application(c).unsubscribe("channel:1"),
    'command ApplicationUnsubscribe {"event_source":"channel:1"}',
  ],
  [
    (c) => application(c).setEventFilter({ allowed: [{ type: "Dial" }] }),
    'command Rest {"method":"PUT","path":"/applications/demo/eventFilter","body":{"allowed":[{"type":"Dial"}]}}',
  ],
  [
    (c) => application(c).userEvent("Paid"),
    'create Rest {"method":"POST","path":"/events/user/Paid","query":{"application":"demo"}}',
  ],
  [
    (c) => application(c).userEvent("Paid", { sources: ["channel:c1"], variables: { amount: 3 } }),
    'command Rest {"method":"POST","path":"/events/user/Paid","query":{"application":"demo","source":"channel:c1"},"body":{"variables":{"amount":3}}}',
  ],
  [(c) => c.deviceStates.handle({ id: "Stasis:a", ...place }).data(), "data DeviceStateData"],
  [
    (c) => c.deviceStates.handle({ id: "Stasis:a", ...place }).set("BUSY"),
    'command DeviceStateUpdate {"state":"BUSY"}',
  ],
  [
    (c) => c.deviceStates.handle("Stasis:a").delete(),
    'command DeviceStateDelete {"kind":"devicestate","id":"Stasis:a","app":"calls"}',
  ],
  [(c) => c.mailboxes.handle({ id: "m", ...place }).data(), "data MailboxData"],
  [
    (c) => c.mailboxes.handle("m").set({ new: 1, old: 2 }),
    'command MailboxUpdate {"new":1,"old":2} {"kind":"mailbox","id":"m","app":"calls"}',
  ],
  [
    (c) => c.mailboxes.handle("m").delete(),
    'command MailboxDelete {"kind":"mailbox","id":"m","app":"calls"}',
  ],
  [(c) => c.sounds.handle({ id: "s", ...place }).data(), "data SoundData"],
  [(c) => c.sounds.list(), 'get SoundList {"filters":{}} {"app":"calls"}'],
  [
    (c) => c.sounds.list({ language: "en", format: "gsm" }),
    'get SoundList {"filters":{"lang":"en","format":"gsm"}} {"app":"calls"}',
  ],
  [(c) => c.channels.get("c1"), 'get ChannelGet {"kind":"channel","id":"c1","app":"calls"}'],
  [(c) => c.channels.list(), 'get ChannelList {"app":"calls"}'],
  [(c) => c.bridges.get({ id: "b1", ...place }), "get BridgeGet"],
  [(c) => c.bridges.list(), 'get BridgeList {"app":"calls"}'],
  [(c) => c.playbacks.get("p1"), 'get PlaybackGet {"kind":"playback","id":"p1","app":"calls"}'],
  [
    (c) => c.recordings.live.get("r1"),
    'get RecordingLiveGet {"kind":"liverecording","id":"r1","app":"calls"}',
  ],
  [
    (c) => c.recordings.stored.get("r1"),
    'get RecordingStoredGet {"kind":"storedrecording","id":"r1","app":"calls"}',
  ],
  [(c) => c.recordings.stored.list(), 'get RecordingStoredList {"app":"calls"}'],
  [
    (c) => c.endpoints.get("PJSIP/a"),
    'get EndpointGet {"kind":"endpoint","id":"PJSIP/a","app":"calls"}',
  ],
  [(c) => c.endpoints.list(), 'get EndpointList {"app":"calls"}'],
  [
    (c) => c.endpoints.listByTech("PJSIP"),
    'get EndpointListByTech {"tech":"PJSIP"} {"app":"calls"}',
  ],
  [
    (c) => c.endpoints.sendMessage("pjsip:a", { from: "sip:a@b", text: "hi" }),
    'create Rest {"method":"PUT","path":"/endpoints/sendMessage","query":{"to":"pjsip:a","from":"sip:a@b","body":"hi"}} {"app":"calls"}',
  ],
  [
    (c) => c.endpoints.refer("pjsip:a", { from: "sip:a@b", to: "sip:c@d" }),
    'create Rest {"method":"POST","path":"/endpoints/refer","query":{"to":"pjsip:a","from":"sip:a@b","refer_to":"sip:c@d"}} {"app":"calls"}',
  ],
  [
    (c) => c.deviceStates.get("Stasis:a"),
    'get DeviceStateGet {"kind":"devicestate","id":"Stasis:a","app":"calls"}',
  ],
  [(c) => c.deviceStates.list(), 'get DeviceStateList {"app":"calls"}'],
  [(c) => c.mailboxes.get("m"), 'get MailboxGet {"kind":"mailbox","id":"m","app":"calls"}'],
  [(c) => c.mailboxes.list(), 'get MailboxList {"app":"calls"}'],
  [
    (c) => c.applications.get("demo"),
    'get ApplicationGet {"kind":"application","id":"demo","app":"calls"}',
  ],
  [(c) => c.applications.list(), 'get ApplicationList {"app":"calls"}'],
  [(c) => c.asterisk.info(), 'data AsteriskInfo {"app":"calls"}'],
  [
    (c) => c.asterisk.info({ only: ["build"] }),
    'data AsteriskInfo {"only":["build"]} {"app":"calls"}',
  ],
  [(c) => c.asterisk.ping(), 'data Rest {"method":"GET","path":"/asterisk/ping"} {"app":"calls"}'],
  [
    (c) => c.asterisk.rest({ method: "GET", path: "/asterisk/ping" }),
    'data Rest {"method":"GET","path":"/asterisk/ping"} {"app":"calls"}',
  ],
  [
    (c) => c.asterisk.modules.get("a.so"),
    'get AsteriskModuleGet {"kind":"module","id":"a.so","app":"calls"}',
  ],
  [(c) => c.asterisk.modules.list(), 'get AsteriskModuleList {"app":"calls"}'],
  [(c) => c.asterisk.modules.handle({ id: "a.so", ...place }).data(), "data AsteriskModuleData"],
  [(c) => c.asterisk.modules.handle({ id: "a.so", ...place }).load(), "command AsteriskModuleLoad"],
  [
    (c) => c.asterisk.modules.handle("a.so").reload(),
    'command AsteriskModuleReload {"kind":"module","id":"a.so","app":"calls"}',
  ],
  [
    (c) => c.asterisk.modules.handle("a.so").unload(),
    'command AsteriskModuleUnload {"kind":"module","id":"a.so","app":"calls"}',
  ],
  [
    (c) => c.asterisk.logging.get("full"),
    'get AsteriskLoggingGet {"kind":"logging","id":"full","app":"calls"}',
  ],
  [(c) => c.asterisk.logging.list(), 'get AsteriskLoggingList {"app":"calls"}'],
  [
    (c) => c.asterisk.logging.create("extra", "notice,warning"),
    'create AsteriskLoggingCreate {"config":"notice,warning"} {"kind":"logging","id":"extra","app":"calls"}',
  ],
  [(c) => c.asterisk.logging.handle({ id: "full", ...place }).data(), "data AsteriskLoggingData"],
  [
    (c) => c.asterisk.logging.handle("full").rotate(),
    'command AsteriskLoggingRotate {"kind":"logging","id":"full","app":"calls"}',
  ],
  [
    (c) => c.asterisk.logging.handle("full").delete(),
    'command AsteriskLoggingDelete {"kind":"logging","id":"full","app":"calls"}',
  ],
  [(c) => c.asterisk.config.handle({ id: "a/b/c", ...place }).data(), "data AsteriskConfigData"],
  [
    (c) => c.asterisk.config.handle("a/b/c").update({ x: "1" }),
    'command AsteriskConfigUpdate {"tuples":[{"attribute":"x","value":"1"}]} {"kind":"config","id":"a/b/c","app":"calls"}',
  ],
  [
    (c) => c.asterisk.config.handle("a/b/c").delete(),
    'command AsteriskConfigDelete {"kind":"config","id":"a/b/c","app":"calls"}',
  ],
  [
    (c) => c.asterisk.variables.get("COLOUR"),
    'data AsteriskVariableGet {"kind":"variable","id":"COLOUR","app":"calls"}',
  ],
  [
    (c) => c.asterisk.variables.set("COLOUR", "blue"),
    'command AsteriskVariableSet {"value":"blue"} {"kind":"variable","id":"COLOUR","app":"calls"}',
  ],
  [
    (c) => c.bridges.create({ id: "b1" }),
    'create BridgeCreate {"type":"mixing"} {"kind":"bridge","id":"b1","app":"calls"}',
  ],
  [
    (c) => c.bridges.create({ id: "b1", node, type: "holding", name: "n", variables }),
    'create BridgeCreate {"type":"holding","name":"n","variables":{"COLOUR":"blue"}}',
  ],
  [
    (c) => c.channels.originate({ id: "c1", endpoint: "PJSIP/a" }),
    'create ChannelOriginate {"originate_request":{"endpoint":"PJSIP/a","channelId":"c1","app":"calls"}} {"kind":"channel","app":"calls"}',
  ],
  [
    (c) =>
      c.channels.originate({
        id: "c1",
        endpoint: "PJSIP/a",
        app: "other",
        appArgs: "x",
        otherId: "c2",
        originator: "c3",
        formats: "ulaw",
        variables,
        node,
        timeout: 1_200,
        callerId: "1",
      }),
    'create ChannelOriginate {"originate_request":{"endpoint":"PJSIP/a","channelId":"c1","otherChannelId":"c2","originator":"c3","formats":"ulaw","variables":{"COLOUR":"blue"},"app":"other","appArgs":"x","timeout":2,"callerId":"1"}}',
  ],
  [
    (c) =>
      c.channels.originate({
        id: "c1",
        endpoint: "PJSIP/a",
        originator: channel(c),
        timeout: -5,
        dialplan: { context: "a", extension: "b", priority: 2, label: "l" },
      }),
    'create ChannelOriginate {"originate_request":{"endpoint":"PJSIP/a","channelId":"c1","originator":"c1","context":"a","extension":"b","priority":2,"label":"l","timeout":-1}} {"kind":"channel","app":"calls"}',
  ],
  [
    (c) => c.channels.create({ id: "c1", endpoint: "PJSIP/a", appArgs: "x" }),
    'create ChannelCreate {"channel_create_request":{"app":"calls","endpoint":"PJSIP/a","channelId":"c1","appArgs":"x"}} {"kind":"channel","app":"calls"}',
  ],
  [
    (c) => c.channels.externalMedia({ id: "c1", externalHost: "h:1", format: "ulaw" }),
    'create ChannelExternalMedia {"options":{"channelId":"c1","external_host":"h:1","format":"ulaw","app":"calls"}} {"app":"calls"}',
  ],
  [
    (c) =>
      c.channels.externalMedia({
        id: "c1",
        format: "ulaw",
        app: "other",
        encapsulation: "none",
        transport: "websocket",
        connectionType: "server",
        direction: "both",
        data: "d",
        transportData: "t",
        variables,
        node,
      }),
    'create ChannelExternalMedia {"options":{"app":"other","encapsulation":"none","transport":"websocket","direction":"both","data":"d","variables":{"COLOUR":"blue"},"channelId":"c1","external_host":"","format":"ulaw","connection_type":"server","transport_data":"t"}}',
  ],
];

/** A request as one line: the class of its subject, its kind, and its content. */
function shown(subject: string, request: JsonObject): string {
  const { kind, key, id: _id, deadline: _deadline, ...payloads } = request;
  const payload = Object.values(payloads)[0];
  const other = isObject(key) && (key.app !== app || key.node !== node) ? [key] : [];
  return [
    subject.split(".")[1],
    kind,
    ...(payload === undefined ? [] : [JSON.stringify(payload)]),
    ...other.map((key) => JSON.stringify(key)),
  ].join(" ");
}

/** A client, and proxies that record what it sends. */
async function start(stack: AsyncDisposableStack, reply: (request: JsonObject) => unknown) {
  const proxies = stack.use(new FakeProxies());
  proxies.theirs.subscribe("ari.ping", () => {
    proxies.theirs.publish("ari.announce", encode({ node, application: app, id: "p" }));
  });
  for (const requestClass of ["get", "data", "command", "create"]) {
    proxies.answer(`ari.${requestClass}.>`, reply);
  }
  const client = stack.use(AriClient.fromBus(proxies.bus, { app }));
  await client.settled;
  return { proxies, client };
}

const found = { kind: "x", id: "x1", app, node };

Deno.test("methods of handles and resources send what the proxies expect", async () => {
  await using stack = new AsyncDisposableStack();
  const { proxies, client } = await start(stack, ({ kind }) => ({
    error: "",
    key: found,
    keys: [found],
    data: dataOf(`${kind}`),
  }));
  for (const [call, ...wanted] of methods) {
    proxies.requests.length = 0;
    await call(client);
    assert.deepEqual(
      proxies.requests.map(({ subject, request }) => shown(subject, request)),
      wanted,
    );
  }
});

/** Data of any entity. */
function dataOf(kind: string): JsonObject {
  const names = ["application", "asterisk", "bridge", "channel", "config", "device_state"];
  const further = ["endpoint", "live_recording", "log", "mailbox", "module", "playback", "sound"];
  const all = [...names, ...further, "stored_recording"];
  return {
    ...Object.fromEntries(all.map((name) => [name, { id: "x1" }])),
    variable: "v",
    rest: { status: 200, body: kind === "Rest" ? { variables: {}, value: "v" } : undefined },
  };
}

Deno.test("methods of handles and resources fail when the proxy refuses", async () => {
  await using stack = new AsyncDisposableStack();
  const { client } = await start(stack, () => ({ error: "Non-2XX response: 409 Conflict" }));
  for (const [call] of methods) {
    await assert.rejects(call(client), { code: "conflict" }, String(call));
  }
});
