import assert from "node:assert/strict";
import { AriProxyError } from "../../src/protocol/errors.ts";
import {
  type Kind,
  kindRows,
  kinds,
  kindsOf,
  type Payload,
} from "../../src/protocol/kinds/kinds.ts";
import { decodeRequest, encodeRequest } from "../../src/protocol/request.ts";
import { restMethod } from "../../src/protocol/ari_call.ts";
import { description } from "../../src/protocol/api/description.ts";
import { operations, twinOf } from "../../src/protocol/api/lookup.ts";
import type { RestOperation } from "../../src/protocol/api/operation_types.ts";
import { parsePolicyRule, Policy, PolicyRuleError } from "../../src/server/requests/policy.ts";

type PolicyOptions = ConstructorParameters<typeof Policy>[0];

const media = { playback_id: "", media_uri: "sound:x" };
const self = { app: "demo", node: "n" };

/** Whether a policy lets a request through. */
function passes<K extends Kind>(
  options: PolicyOptions,
  kind: K,
  { id = "1700.1", payload }: { id?: string; payload?: Payload<K> } = {},
): boolean {
  const request = decodeRequest(encodeRequest(kind, { id }, payload));
  try {
    new Policy(options).check(request, self);
    return true;
  } catch (error) {
    assert.ok(error instanceof AriProxyError);
    assert.equal(error.code, "denied", error.message);
    return false;
  }
}

/** Whether a policy lets a call by `Rest` through, as in `GET /channels`. */
function passesCall(options: PolicyOptions, call: string): boolean {
  const [method, path] = call.split(" ");
  return passes(options, "Rest", { payload: { method, path } });
}

Deno.test("a policy denies the kinds that it names, by wildcard too, and only those", () => {
  const deny = ["ChannelHangup", "Bridge*"];
  assert.equal(passes({ deny }, "ChannelHangup", { payload: { reason: "" } }), false);
  assert.equal(passes({ deny }, "ChannelAnswer"), true);
  assert.equal(passes({ deny }, "BridgeDelete"), false);
  assert.equal(passes({ deny }, "BridgeSubscribe"), false);
  assert.equal(passes({ deny: ["*"] }, "ChannelList"), false);
});

Deno.test("a policy allows nothing but what it names, and denying overrides allowing", () => {
  const options = { allow: ["Channel*", "GET /bridges/*"], deny: ["ChannelHangup"] };
  assert.equal(passes(options, "ChannelAnswer"), true);
  assert.equal(passes(options, "ChannelHangup", { payload: { reason: "" } }), false);
  assert.equal(passes(options, "BridgeGet"), true);
  assert.equal(passes(options, "BridgeList"), false);
  assert.equal(passes(options, "BridgeDelete"), false);
  assert.equal(passesCall(options, "GET /bridges/b"), true);
  assert.equal(passesCall(options, "GET /bridges"), false);
  assert.equal(passesCall(options, "POST /channels/1/answer"), true);
  assert.equal(passesCall(options, "DELETE /channels/1"), false);
  assert.equal(passesCall(options, "POST /channels/1/move"), false);
  assert.equal(passesCall({ allow: ["Rest"] }, "POST /channels/1/move"), true);
  assert.equal(passesCall({ allow: ["R*"] }, "POST /channels/1/move"), false);
  assert.equal(passesCall({ allow: ["*"] }, "POST /channels/1/move"), true);
  assert.equal(passes({ allow: ["Rest"] }, "ChannelAnswer"), false);
});

Deno.test("a policy denies by Rest what it denies as a kind, however the path is written", () => {
  const ways: Readonly<Partial<Record<Kind, readonly string[]>>> = {
    ChannelHangup: [
      "DELETE /channels/1",
      "delete /channels/1",
      "DELETE /%63hannels/1",
      "DELETE /channels%00/1",
      "DELETE /channels/a%2Fb",
    ],
    ChannelOriginate: ["POST /channels", "POST /channels/mine"],
    ChannelCreate: ["POST /channels/create", "POST /channels/create%00x"],
    ChannelPlay: ["POST /channels/1/play", "POST /channels/1/play/2"],
    ChannelSnoop: ["POST /channels/1/snoop", "POST /channels/1/snoop/2"],
    BridgeCreate: ["POST /bridges", "POST /bridges/b"],
    AsteriskModuleUnload: ["DELETE /asterisk/modules/res_ari.so"],
  };
  for (const [kind, calls] of Object.entries(ways)) {
    for (const call of calls) {
      assert.equal(passesCall({ deny: [kind] }, call), false, `${call} with ${kind} denied`);
      assert.equal(passesCall({ deny: ["SoundList"] }, call), true, call);
    }
  }
  for (
    const call of ["DELETE /channels/1/", "DELETE //channels/1", "DELETE /bridges/../channels/1"]
  ) {
    const policy = new Policy({ deny: ["ChannelHangup"] });
    const [method, path] = call.split(" ");
    const request = decodeRequest(encodeRequest("Rest", {}, { method, path }));
    assert.throws(() => policy.check(request, self), { code: "invalid" }, call);
  }
});

Deno.test("a policy denies calls by method and path, and the kinds that make them", () => {
  assert.equal(passes({ deny: ["DELETE *"] }, "ChannelHangup", { payload: { reason: "" } }), false);
  assert.equal(passes({ deny: ["DELETE *"] }, "ChannelAnswer"), true);
  const deny = ["* /channels/*", "POST /bridges/{bridgeId}/addChannel", "GET /sounds"];
  assert.equal(passesCall({ deny }, "GET /channels"), true);
  assert.equal(passesCall({ deny }, "GET /channels/1"), false);
  assert.equal(passesCall({ deny }, "PUT /channels/1/a/b"), false);
  assert.equal(passesCall({ deny }, "POST /bridges/b/addChannel"), false);
  assert.equal(passesCall({ deny }, "POST /bridges/b/removeChannel"), true);
  assert.equal(passes({ deny }, "SoundList"), false);
});

Deno.test("a rule about a call that creates something applies with its ID in the path and without", () => {
  for (const rule of ["POST /channels/*/play", "POST /channels/*/play/*"]) {
    assert.equal(passes({ deny: [rule] }, "ChannelPlay", { payload: media }), false, rule);
    assert.equal(passes({ allow: [rule] }, "ChannelPlay", { payload: media }), true, rule);
    for (const call of ["POST /channels/1/play", "POST /channels/1/play/2"]) {
      assert.equal(passesCall({ deny: [rule] }, call), false, `${call} with ${rule} denied`);
    }
  }
  assert.equal(passesCall({ deny: ["POST /channels"] }, "POST /channels/mine"), false);
  assert.equal(passesCall({ deny: ["POST /bridges/*"] }, "POST /bridges"), false);
  assert.equal(passesCall({ deny: ["POST /channels"] }, "POST /channels/create"), true);
  assert.equal(passesCall({ allow: ["POST /channels/*/*"] }, "POST /channels/create"), false);
  assert.equal(passesCall({ deny: ["GET /channels"] }, "GET /channels/1"), true);
});

Deno.test("the paths of a call are those that Asterisk's description has", () => {
  const names = Object.keys(description);
  for (const operation of names) {
    const [verb] = operation.split(" ");
    const longer = names.find((other) =>
      other.startsWith(`${operation}/{`) && !other.slice(operation.length + 1).includes("/")
    );
    const shorter = operation.replace(/\/\{\w+\}$/, "");
    const both = shorter !== operation && names.includes(shorter);
    const twofold = verb === "POST" && (longer !== undefined || both);
    assert.equal(twinOf(operation as RestOperation) !== undefined, twofold, operation);
  }
});

Deno.test("a read-only policy allows every kind that reads, and no other", () => {
  const readOnly = true;
  assert.equal(passes({ readOnly }, "ChannelList"), true);
  assert.equal(passes({ readOnly }, "ChannelVariableGet", { payload: { name: "x" } }), true);
  assert.equal(passes({ readOnly }, "ChannelHangup", { payload: { reason: "" } }), false);
  assert.equal(passes({ readOnly, allow: ["Bridge*"] }, "ChannelList"), false);
  assert.equal(passesCall({ readOnly }, "GET /channels"), true);
  for (const method of ["POST", "PUT", "DELETE"]) {
    assert.equal(passesCall({ readOnly }, `${method} /channels/1`), false);
  }
});

Deno.test("the kinds of a call include each kind that makes it", () => {
  for (const kind of kinds) {
    const { call, made } = kindRows[kind];
    if (!call || made && call.startsWith("GET ")) continue;
    const [verb, template] = call.split(" ");
    const method = restMethod(verb);
    const path = template.replaceAll(/\{\w+\}/g, "x");
    const operation = operations.find({ method, path });
    const found = operation ? kindsOf(operation) : [];
    assert.ok(found.includes(kind), `${method} ${path}: ${found}, not ${kind}`);
    assert.ok(found.every((other) => kindRows[other].call === call), `${path}: ${found}`);
  }
});

Deno.test("a rule that matches nothing is refused, with suggestions", () => {
  const refuses = (text: string, message: RegExp, known?: string) =>
    assert.throws(() => parsePolicyRule(text), (error: unknown) => {
      assert.ok(error instanceof PolicyRuleError);
      assert.match(error.message, message);
      if (known) assert.ok(error.known.includes(known));
      return true;
    });
  refuses("ChannelHangUp", /^no kind of request is "ChannelHangUp"$/, "ChannelHangup");
  refuses("Chanel*", /^no kind of request is "Chanel\*"$/, "Channel*");
  refuses("GETT /channels", /no method "GETT"/, "GET");
  refuses("GET /chanels/*", /nothing below "\/chanels"/, "/channels");
  refuses("GET channels", /is not a path/);
  refuses("GET /channels/", /is not a path/);
  refuses("GET /channels?x=1", /is not a path/);
  refuses("DELETE", /^no kind of request/);
  refuses("Channel-*", /is not a rule/);
  refuses("", /is not a rule/);
});

Deno.test("a rule about calls is refused when Asterisk has no such call", () => {
  const nothing: readonly (readonly [rule: string, meant?: string])[] = [
    ["POST /channels/*/snop", "POST /channels/*/snoop"],
    ["POST /channels/1700.1/Play", "POST /channels/1700.1/play"],
    ["* /asterisk/modles/*", "* /asterisk/modules/*"],
    ["PUT /channels/*", "POST /channels/*"],
    ["DELETE /recordings/stored/team/greeting"],
    ["DELETE /recordings/stored/a%00b"],
    ["DELETE /recordings/stored/50%"],
  ];
  for (const [rule, meant] of nothing) {
    assert.throws(() => parsePolicyRule(rule), (error: unknown) => {
      assert.ok(error instanceof PolicyRuleError, rule);
      if (meant) assert.ok(error.known.includes(meant), `${rule}: ${error.known}`);
      return true;
    });
  }
  for (const operation of Object.keys(description)) {
    parsePolicyRule(operation);
    parsePolicyRule(operation.replace(/^\w+/, "*").replaceAll(/\{\w+\}/g, "a%2Fb"));
  }
  for (const { call, probe } of Object.values(kindRows)) {
    for (const route of [call, probe]) if (route) parsePolicyRule(route);
  }
});

Deno.test("a rule matches percent-encoded paths as calls have them", () => {
  const deny = ["DELETE /recordings/stored/team%2Fgreeting", "GET /channels/%2A"];
  const call = "DELETE /recordings/stored/team%2Fgreeting";
  assert.equal(passesCall({ deny }, call), false);
  assert.equal(passesCall({ allow: deny }, call), true);
  assert.equal(passes({ deny }, "RecordingStoredDelete", { id: "team/greeting" }), false);
  assert.equal(passesCall({ deny }, "DELETE /recordings/stored/team%252Fgreeting"), true);
  assert.equal(passesCall({ deny: ["* /%63hannels/*"] }, "GET /channels/1"), false);
  // An encoded asterisk is no wildcard.
  assert.equal(passesCall({ deny }, "GET /channels/*"), false);
  assert.equal(passesCall({ deny }, "GET /channels/1"), true);
});

Deno.test("rules that contradict each other are refused", () => {
  assert.throws(() => new Policy({ allow: ["Channel*"], deny: ["Channel*"] }), PolicyRuleError);
  for (const rule of ["ChannelHangup", "DELETE /channels/*"]) {
    assert.throws(() => new Policy({ allow: [rule], readOnly: true }), /does more than read/);
  }
  new Policy({ allow: ["Channel*", "Rest", "* /channels/*", "ChannelList"], readOnly: true });
});
