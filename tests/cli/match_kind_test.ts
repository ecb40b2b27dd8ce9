import assert from "node:assert/strict";
import type { RestMethod } from "../../src/protocol/ari_call.ts";
import { matchKind } from "../../src/cli/call/match_kind.ts";

/** Kind, ID and payload of a call that is written as on a command line. */
function match(call: string) {
  const [method, path, ...rest] = call.split(" ");
  const parameters = Object.fromEntries(rest.map((text) => text.split("=")));
  const found = matchKind(method as RestMethod, path, parameters);
  return found && [found.kind, found.id, found.payload];
}

Deno.test("a call by REST is made through the kind that does it", () => {
  const wanted: Readonly<Record<string, unknown>> = {
    "GET /channels": ["ChannelList", "", undefined],
    "GET /channels/c%2F1": ["ChannelData", "c/1", undefined],
    "POST /channels/c1/answer": ["ChannelAnswer", "c1", undefined],
    "DELETE /channels/c1": ["ChannelHangup", "c1", {}],
    "DELETE /channels/c1 reason=busy": ["ChannelBusy", "c1", undefined],
    "DELETE /channels/c1 reason=no_answer": ["ChannelHangup", "c1", { reason: "no_answer" }],
    "POST /channels/c1/play media=sound:x": ["ChannelPlay", "c1", { media_uri: "sound:x" }],
    "POST /channels/c1/play/p1 media=sound:x": [
      "ChannelPlay",
      "c1",
      { playback_id: "p1", media_uri: "sound:x" },
    ],
    "POST /channels endpoint=PJSIP/a app=demo": [
      "ChannelOriginate",
      "",
      { originate_request: { endpoint: "PJSIP/a", app: "demo" } },
    ],
    "GET /channels/c1/variable variable=X": ["ChannelVariableGet", "c1", { name: "X" }],
    "GET /endpoints/PJSIP": ["EndpointListByTech", "", { tech: "PJSIP" }],
    "GET /endpoints/PJSIP/alice": ["EndpointData", "PJSIP/alice", undefined],
    "GET /asterisk/config/dynamic/a/b/c": ["AsteriskConfigData", "a/b/c", undefined],
    "POST /bridges/b1/addChannel channel=c1": ["BridgeAddChannel", "b1", { channel: "c1" }],
    "POST /bridges/b1 type=mixing": ["BridgeCreate", "b1", { type: "mixing" }],
    "POST /bridges type=mixing": ["BridgeCreate", "", { type: "mixing" }],
    "DELETE /applications/a/subscription eventSource=channel:c1": [
      "ApplicationUnsubscribe",
      "a",
      { event_source: "channel:c1" },
    ],
    "GET /recordings/stored/r1/file": ["RecordingStoredFile", "r1", undefined],
    "GET /asterisk/info": ["AsteriskInfo", "", undefined],
    "GET /asterisk/variable variable=X": ["AsteriskVariableGet", "X", undefined],
    "POST /asterisk/variable variable=X value=1": ["AsteriskVariableSet", "X", { value: "1" }],
    "PUT /mailboxes/m newMessages=1 oldMessages=2": ["MailboxUpdate", "m", { new: 1, old: 2 }],
    "POST /channels/c1/continue context=a extension=b priority=3": [
      "ChannelContinue",
      "c1",
      { context: "a", extension: "b", priority: 3 },
    ],
    "POST /channels/c1/dtmf dtmf=1 between=50": [
      "ChannelSendDTMF",
      "c1",
      { dtmf: "1", options: { Between: 50_000_000 } },
    ],
    "POST /channels/c1/record name=r format=wav maxDurationSeconds=9": [
      "ChannelRecord",
      "c1",
      { name: "r", options: { Format: "wav", MaxDuration: 9_000_000_000 } },
    ],
    "POST /channels endpoint=PJSIP/b timeout=5": [
      "ChannelOriginate",
      "",
      { originate_request: { endpoint: "PJSIP/b", timeout: 5 } },
    ],
  };
  for (const [call, found] of Object.entries(wanted)) assert.deepEqual(match(call), found, call);
});

Deno.test("a call by REST that no kind can say in full matches none", () => {
  const calls = [
    "POST /channels/c1/move app=other",
    "GET /asterisk/ping",
    "POST /channels endpoint=PJSIP/a timeout=soon",
    "POST /channels/c1/play media=sound:x offsetms=100",
    "DELETE /channels/c1 reason_code=17",
    "POST /channels/c1/play media=sound:x,sound:y",
    "POST /bridges/b1/addChannel channel=c1,c2",
    "DELETE /applications/a/subscription eventSource=channel:c1,bridge:b1",
    "GET /asterisk/info only=system",
    "PUT /channels",
  ];
  for (const call of calls) assert.equal(match(call), undefined, call);
});
