import assert from "node:assert/strict";
import { eventLine } from "../../src/cli/events/line.ts";
import { createEventPrinter } from "../../src/cli/events/line.ts";

const head = {
  timestamp: "2026-11-22T22:18:58.338+0000",
  asterisk_id: "02:01",
  application: "demo",
};
const channel = {
  id: "1.1",
  name: "PJSIP/alice-00000001",
  state: "Up",
  caller: { name: "Alice", number: "100" },
  dialplan: { exten: "200" },
};
const matter = (event: Record<string, unknown>) => eventLine({ ...head, ...event }).matter;

Deno.test("eventLine has the head of an event, with the local time of day", () => {
  const here = new Date("2026-11-22T22:18:58.338Z");
  const two = (number: number) => `${number}`.padStart(2, "0");
  assert.deepEqual(eventLine({ type: "ChannelStateChange", ...head, channel }), {
    time: `${two(here.getHours())}:${two(here.getMinutes())}:58.338`,
    node: "02:01",
    application: "demo",
    type: "ChannelStateChange",
    matter: "PJSIP/alice-00000001 (1.1) Up",
  });
});

Deno.test("eventLine has what matters for each type of event", () => {
  const named = "PJSIP/alice-00000001 (1.1) Up";
  const bridge = { id: "b1", bridge_type: "mixing", channels: ["1.1"] };
  const playback = { id: "p", media_uri: "sound:x", state: "done", target_uri: "channel:1.1" };
  const recording = {
    name: "r",
    format: "wav",
    state: "done",
    target_uri: "bridge:b1",
    duration: 3,
  };
  const expected: [Record<string, unknown>, string][] = [
    [
      { type: "StasisStart", channel, args: ["a", "b"], replace_channel: { id: "" } },
      `${named}  from "Alice" <100>  to 200  args a,b`,
    ],
    [
      { type: "ChannelDestroyed", channel, cause: 16, cause_txt: "Normal Clearing" },
      `${named}  cause 16 (Normal Clearing)`,
    ],
    [
      { type: "ChannelDtmfReceived", channel, digit: "5", duration_ms: 100 },
      `digit 5  ${named}  100 ms`,
    ],
    [{ type: "ChannelVarset", channel, variable: "A", value: "b c" }, `A=b c  ${named}`],
    [{ type: "ChannelVarset", variable: "A", value: "1" }, "A=1"],
    [
      { type: "ChannelEnteredBridge", channel, bridge },
      `${named}  bridge (b1) mixing 1 in it`,
    ],
    [{ type: "PlaybackFinished", playback }, "sound:x  done  on channel:1.1  playback p"],
    [{ type: "RecordingFinished", recording }, "r  wav  done  of bridge:b1  seconds 3"],
    [
      { type: "Dial", dialstatus: "RINGING", peer: channel, dialstring: "alice" },
      `RINGING  to ${named}  dialled alice`,
    ],
    [
      { type: "ChannelUserevent", eventname: "E", userevent: { a: 1 }, channel },
      `E  {"a":1}  ${named}`,
    ],
    [
      { type: "DeviceStateChanged", device_state: { name: "Stasis:x", state: "BUSY" } },
      "Stasis:x  BUSY",
    ],
    [
      {
        type: "BridgeAttendedTransfer",
        result: "Success",
        transferer_first_leg: channel,
        transferee: { id: "1.2", name: "" },
        transfer_target: { id: "1.3", state: "Ring" },
        destination_type: "bridge",
      },
      `Success  by ${named}  of (1.2)  to (1.3) Ring  destination bridge`,
    ],
    [
      { type: "BridgeBlindTransfer", result: "Success", channel, exten: "300", context: "in" },
      `Success  by ${named}  to 300@in`,
    ],
    [
      { type: "BridgeMerged", bridge, bridge_from: { id: "b2", name: "x", channels: [] } },
      "bridge (b1) mixing 1 in it  from x (b2) 0 in it",
    ],
    [
      { type: "ChannelConnectedLine", channel: { ...channel, connected: { number: "7" } } },
      `${named}  with <7>`,
    ],
    [
      { type: "ChannelCallerId", channel: { ...channel, caller: { name: "A", number: "" } } },
      `${named}  from "A"`,
    ],
    [
      { type: "ChannelDialplan", channel, dialplan_app: "Dial", dialplan_app_data: "x,30" },
      `${named}  Dial(x,30)`,
    ],
    [
      {
        type: "ContactStatusChange",
        endpoint: { technology: "PJSIP", resource: "a", state: "" },
        contact_info: { contact_status: "Reachable", uri: "sip:a@b" },
      },
      "PJSIP/a  Reachable  at sip:a@b",
    ],
    [
      { type: "PeerStatusChange", peer: { peer_status: "Lagged", cause: "late" } },
      "Lagged  cause late",
    ],
    [
      {
        type: "EndpointStateChange",
        endpoint: { technology: "PJSIP", resource: "a", state: "on" },
      },
      "PJSIP/a on",
    ],
    [
      { type: "TextMessageReceived", message: { from: "a", to: "b", body: 'hi "you"' } },
      'from a  to b  "hi \\"you\\""',
    ],
    [
      { type: "ChannelTalkingFinished", channel, duration: 0 },
      `${named}  0 ms`,
    ],
    [
      {
        type: "AriProxyGap",
        count: 2,
        certain: false,
        from: "2026-11-22T22:18:58.338+0000",
        to: "later",
      },
      `up to 2 events may be missing  from ${eventLine({ ...head }).time} to later`,
    ],
    [{ type: "AriProxyGap", certain: true }, "events are missing"],
    [{ type: "StasisEnd", channel, dialog: "d" }, `${named}  dialog d`],
    [{ type: "ApplicationReplaced" }, ""],
    [
      {
        type: "AriProxyGap",
        reason: "overflow",
        detail: "Too many waited",
        count: 3,
        certain: true,
      },
      "3 events are missing  overflow  Too many waited",
    ],
    [
      { type: "AriProxyGap", reason: "bus", detail: "d", certain: false, to: "soon" },
      "events may be missing  bus  d  to soon",
    ],
  ];
  for (const [event, text] of expected) assert.equal(matter(event), text, `${event.type}`);
});

Deno.test("eventLine has the entities and plain members of unknown events", () => {
  const event = { type: "Novelty", channel, bridge: { id: "b1" }, flag: true, list: [1] };
  assert.equal(matter(event), "PJSIP/alice-00000001 (1.1) Up  bridge b1  flag=true");
  assert.equal(matter({ type: "constructor" }), "");
});

Deno.test("eventLine accepts whatever an event holds", () => {
  for (const value of [null, 1, "x", [], {}, { id: 1 }]) {
    for (const type of ["StasisStart", "Dial", "TextMessageReceived", "Novelty"]) {
      const event = { type, timestamp: "soon", channel: value, peer: value, message: value };
      assert.equal(eventLine(event).time, "soon");
    }
  }
});

Deno.test("an event printer aligns and cuts lines, and lets no control characters through", () => {
  const print = createEventPrinter();
  const end = (line: string) => line.slice(12);
  const event = { type: "ChannelVarset", ...head, variable: "A", value: "\x1b[31mred" };
  assert.equal(end(print(event, 120)), "  02:01  demo  ChannelVarset         A=\ufffd[31mred");
  const longer = { ...event, asterisk_id: "02:00:01" };
  assert.equal(end(print(longer, 120)), "  02:00:01  demo  ChannelVarset         A=\ufffd[31mred");
  assert.equal(end(print(event, 49)), "  02:01     ChannelVarset         A=…");
  assert.equal(print(event, 10).length, 10);
});

Deno.test("an event printer leaves room on a narrow terminal while there is one node and application", () => {
  const print = createEventPrinter();
  const event = { ...head, asterisk_id: "02:00:00:00:00:0a", type: "StasisStart", channel };
  const line = print(event, 80);
  assert.ok(line.endsWith(`PJSIP/alice-00000001 (1.1) Up  from "Alice"…`), line);
  assert.equal(print(event, 119).slice(12, 26), "  StasisStart ");
  assert.match(print(event, 120), /^\S+ {2}02:00:00:00:00:0a {2}demo {2}StasisStart/);
  assert.match(print({ ...event, application: "b" }, 80), /^\S+ {2}b {5}StasisStart/);
  assert.match(print(event, 80), /^\S+ {2}demo {2}StasisStart/);
  const second = print({ ...event, asterisk_id: "02:00:00:00:00:0b" }, 80);
  assert.match(second, /^\S+ {2}02:00:00:00:00:0b {2}demo {2}StasisStart/);
});

Deno.test("an event printer colours the columns and no more", () => {
  const print = createEventPrinter({ color: true });
  const line = print({ type: "StasisEnd", ...head, channel }, 200);
  const end = `\x1b[1mStasisEnd${" ".repeat(13)}\x1b[22mPJSIP/alice-00000001 (1.1) Up`;
  assert.ok(line.endsWith(end), JSON.stringify(line));
  const gap = print({ type: "AriProxyGap", ...head, reason: "bus" }, 200);
  assert.ok(gap.startsWith("\x1b[33m") && gap.endsWith("\x1b[39m"), JSON.stringify(gap));
});
