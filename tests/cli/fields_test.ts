import assert from "node:assert/strict";
import { buildRequest, findKind } from "../../src/cli/call/by_kind.ts";
import { UsageError } from "../../src/cli/errors.ts";
import { AriProxyError } from "../../src/protocol/errors.ts";
import { kindRows, kinds } from "../../src/protocol/kinds/kinds.ts";

const build = (args: readonly string[], stdin = "", id?: string) => {
  const [name, ...rest] = args;
  return buildRequest(findKind(name), rest, {
    id,
    key: {},
    readPayload: () => Promise.resolve(stdin),
  });
};

const refuses = async (args: readonly string[], text: RegExp, stdin?: string) => {
  await assert.rejects(build(args, stdin), (error: unknown) => {
    assert.ok(error instanceof UsageError || error instanceof AriProxyError, `${error}`);
    assert.match(error.message, text);
    return true;
  });
};

Deno.test("a kind is found in any letter case, and a near one is proposed", () => {
  assert.equal(findKind("channelhangup"), "ChannelHangup");
  assert.throws(() => findKind("ChanelHangup"), /; did you mean ChannelHangup\?$/);
  assert.throws(() => findKind("Zebra"), /; see call --list$/);
});

Deno.test("a request can be built for every kind, without fields and with an ID", async () => {
  for (const kind of kinds) {
    if (kindRows[kind].reply === "keys") {
      assert.equal((await build([kind])).kind, kind);
      await refuses([kind, "1.1"], /^Cannot use the ID 1\.1: \w+ takes none$/);
      continue;
    }
    const request = await build([kind, "1.1"]);
    assert.equal(request.kind, kind);
    assert.equal(request.key.id, "1.1");
    assert.ok(request.key.kind);
  }
});

Deno.test("the key is of the kind of entity that the ID names", async () => {
  assert.deepEqual((await build(["ChannelPlay", "1.1"])).key, { kind: "channel", id: "1.1" });
  assert.deepEqual((await build(["BridgeCreate", "b"])).key, { kind: "bridge", id: "b" });
  assert.deepEqual((await build(["ChannelOriginate", "1.1"])).key, { kind: "channel", id: "1.1" });
  assert.deepEqual((await build(["ChannelList"])).key, {});
});

Deno.test("a field is found by its name in full or by the end of it", async () => {
  const full = await build(["ChannelOriginate", "originate_request.endpoint=PJSIP/a"]);
  const short = await build(["ChannelOriginate", "ENDPOINT=PJSIP/a"]);
  assert.deepEqual(full.payload, { originate_request: { endpoint: "PJSIP/a" } });
  assert.deepEqual(short, full);
});

Deno.test("a field holds what its shape says", async () => {
  const payload = async (...args: string[]) => (await build(args)).payload;
  assert.deepEqual(await payload("ChannelDial", "1", "timeout=30s"), {
    caller: "",
    timeout: 30_000_000_000,
  });
  assert.deepEqual(
    await payload("ChannelRecord", "1", "format=wav", "maxDuration=1500ms", "beep=true"),
    {
      name: "",
      options: {
        Format: "wav",
        MaxDuration: 1_500_000_000,
        MaxSilence: 0,
        Exists: "",
        Beep: true,
        Terminate: "",
      },
    },
  );
  assert.deepEqual(await payload("MailboxUpdate", "m", "new=3", "old=4"), { new: 3, old: 4 });
  assert.deepEqual(
    await payload("ChannelOriginate", "variables.A=1", "variables.b.c=x=y", "priority=-1"),
    {
      originate_request: { endpoint: "", priority: -1, variables: { A: "1", "b.c": "x=y" } },
    },
  );
  assert.deepEqual(await payload("ChannelOriginate", 'variables={"A":"1"}', "variables.B=2"), {
    originate_request: { endpoint: "", variables: { A: "1", B: "2" } },
  });
  assert.deepEqual(
    await payload("AsteriskConfigUpdate", "c", 'tuples=[{"attribute":"a","value":"b"}]'),
    { tuples: [{ attribute: "a", value: "b" }] },
  );
  assert.deepEqual(await payload("ChannelUserEvent", "1", "eventname=E", 'userevent={"a":1}'), {
    UserEvent: { eventname: "E", userevent: { a: 1 } },
  });
  assert.deepEqual(await payload("ChannelUserEvent", "1", "eventname=E", "userevent=plain"), {
    UserEvent: { eventname: "E", userevent: "plain" },
  });
});

Deno.test("an argument that is no field of the kind is an ID, once", async () => {
  assert.deepEqual((await build(["MailboxGet", "a=b@c"])).key, { kind: "mailbox", id: "a=b@c" });
  await refuses(["ChannelHangup", "reason=busy"], /^Missing ID of the channel: as in call Channel/);
  await refuses(["AsteriskVariableGet", "name=X"], /give the ID alone, as in .*VariableGet X$/);
  assert.equal((await build(["ChannelHangup", "reason=busy"], "", "reason=x")).key.id, "reason=x");
  await refuses(["ChannelHangup", "1.1", "1.2"], /^Cannot use the argument 1\.2: it is not FIELD/);
});

Deno.test("an unknown field is refused with what may have been meant and all there are", async () => {
  await refuses(
    ["ChannelHangup", "1", "raeson=busy"],
    /did you mean reason\?\nFields .*reason=TEXT/,
  );
  await refuses(["ChannelHangup", "raeson=busy"], /did you mean reason\?/);
  await refuses(["ChannelAnswer", "1", "x=y"], /^Unknown field x: ChannelAnswer has no fields$/);
});

Deno.test("a value that does not fit its field is refused", async () => {
  await refuses(["MailboxUpdate", "m", "new=three"], /"three" for new: it is a whole number$/);
  await refuses(["ChannelDial", "1", "timeout=soon"], /it is a time such as/);
  await refuses(["ChannelRecord", "1", "beep=loud"], /for options\.Beep: it is true or false$/);
  await refuses(["AsteriskConfigUpdate", "c", "tuples={}"], /it is a JSON list$/);
  await refuses(
    ["ChannelOriginate", 'variables={"A":1}'],
    /variables must be an object of strings/,
  );
});

Deno.test("the argument - reads the payload, and fields replace what it says", async () => {
  const request = await build(
    ["ChannelRecord", "1.1", "-", "name=y", "Beep=true"],
    '{"NAME":"x","options":{"format":"wav"}}',
  );
  assert.equal(request.key.id, "1.1");
  assert.deepEqual(request.payload, {
    name: "y",
    options: {
      Format: "wav",
      MaxDuration: 0,
      MaxSilence: 0,
      Exists: "",
      Beep: true,
      Terminate: "",
    },
  });
});

Deno.test("a payload that cannot be used is refused", async () => {
  await refuses(["ChannelHangup", "1", "-"], /standard input: it is not a JSON object/, "busy");
  await refuses(["ChannelHangup", "1", "-"], /reason must be a string/, '{"reason":1}');
  await refuses(["ChannelHangup", "1", "-"], /Unknown field raeson/, '{"raeson":"busy"}');
  await refuses(["ChannelAnswer", "1", "-"], /ChannelAnswer has no fields/, "{}");
});
