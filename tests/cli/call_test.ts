import assert from "node:assert/strict";
import { description } from "../../src/protocol/api/description.ts";
import { kinds } from "../../src/protocol/kinds/kinds.ts";
import { startFaultProxy } from "../testing/fault_proxy.ts";
import { Received } from "../testing/received.ts";
import { freePort } from "../testing/servers/free_port.ts";
import { startNats } from "../testing/servers/nats.ts";
import { CliFixture, type Outcome, runMain } from "../testing/cli_fixture.ts";
import type { FakeAnswer, RecordedCall } from "../testing/fake_asterisk.ts";

const channel = {
  id: "1.1",
  name: "PJSIP/alice-00000001",
  state: "Up",
  caller: { name: "", number: "100" },
};
const node = "02:00:00:00:00:0f";
const key = { kind: "channel", id: "1.1", node, app: "demo" };

function answer({ method, path }: RecordedCall): FakeAnswer | undefined {
  switch (`${method} ${path}`) {
    case "GET /channels":
      return { status: 200, body: JSON.stringify([channel]) };
    case "GET /bridges":
      return { status: 200, body: "[]" };
    case "GET /channels/1.1":
      return { status: 200, body: JSON.stringify(channel) };
    case "DELETE /channels/1.1":
      return { status: 204 };
    case "POST /channels/1.1/answer":
      return { status: 409, body: '{"message":"Channel not in Stasis application"}' };
    case "POST /channels":
      return { status: 200, body: '{"id":"new"}' };
    case "POST /channels/1.1/ring":
      return { status: 403, body: '{"message":"Write access denied"}' };
    case "GET /channels/1.1/variable":
      return { status: 200, body: '{"value":"blue"}' };
  }
}

async function start(): Promise<CliFixture> {
  const fixture = await CliFixture.start();
  const { asterisk } = await fixture.node("demo");
  asterisk.answer(answer);
  return fixture;
}

const terminal = { terminal: true };
const json = (outcome: Outcome) => JSON.parse(outcome.out);

Deno.test("call shows answers as JSON where nobody watches and as tables on a terminal", async () => {
  await using fixture = await start();

  const list = await fixture.run(["call", "ChannelList"]);
  assert.deepEqual(json(list), { error: "", keys: [key] });
  assert.equal(list.out.split("\n").length, 2);
  assert.equal(
    (await fixture.run(["call", "ChannelList"], terminal)).out,
    `ID   KIND     NODE               APPLICATION\n1.1  channel  ${node}  demo\n`,
  );
  const none = ["call", "BridgeList"];
  assert.deepEqual(json(await fixture.run(none)), { error: "", keys: [] });
  assert.equal(
    (await fixture.run(none, terminal)).out,
    "ID  KIND  NODE  APPLICATION\n",
  );

  const data = await fixture.run(["call", "channeldata", "1.1"]);
  assert.deepEqual(json(data), { error: "", data: { channel: { key, ...channel } } });
  assert.deepEqual(json(await fixture.run(["call", "ChannelData", "1.1", "--json"], terminal)), {
    error: "",
    data: { channel: { key, ...channel } },
  });
  const { out } = await fixture.run(["call", "ChannelData", "1.1"], terminal);
  assert.match(
    out,
    /^key\.kind +channel\n.*^name +PJSIP\/alice-00000001\n.*^caller\.number +100\n/ms,
  );

  const hangup = ["call", "ChannelHangup", "1.1", "reason=busy", "--app", "demo", "--node", node];
  assert.deepEqual(await fixture.run(hangup, terminal), { code: 0, out: "ok\n", err: "" });
  assert.deepEqual(json(await fixture.run(hangup)), { error: "" });

  const variable = ["call", "ChannelVariableGet", "1.1", "-"];
  const { out: value } = await fixture.run(variable, { ...terminal, stdin: '{"name":"COLOUR"}' });
  assert.equal(value, "variable  blue\n");

  const made = await fixture.run(["call", "ChannelOriginate", "endpoint=PJSIP/a", "app=demo"]);
  assert.equal(json(made).key.kind, "channel");
});

Deno.test("call ends with the code of what went wrong", async () => {
  await using fixture = await start();
  const { asterisk } = await fixture.node("other");
  const go = Promise.withResolvers<void>();
  asterisk.answer(async () => {
    await go.promise;
    return undefined;
  });
  const port = await freePort();
  const cases: [string[], number, RegExp][] = [
    [["ChannelRing", "1.1", "--app", "demo"], 4, /^ari-proxy: Non-2XX response: 403 .*denied\n$/],
    [["ChannelAnswer", "1.1", "--app", "demo"], 5, /^ari-proxy: Non-2XX response: 409 .*\n$/],
    [["ChannelGet", "9.9", "--app", "demo"], 3, /^ari-proxy: .*Non-2XX response: 404 .*\n$/],
    [
      ["ChannelList", "--app", "nobody"],
      6,
      /^ari-proxy: No proxy serves the application nobody; see ari-proxy nodes\n$/,
    ],
    [["ChannelData", "1.1", "--app", "other", "--timeout", "200ms"], 7, /^ari-proxy: No response/],
    [["ChannelData"], 2, /^ari-proxy: Missing ID of the channel: as in call ChannelData ID\n$/],
    [
      ["ChannelList", "--url", `nats://anna:secret@127.0.0.1:${port}`],
      1,
      new RegExp(
        `^ari-proxy: Cannot reach NATS at 127\\.0\\.0\\.1:${port}: .*\nari-proxy: Start a server.*\n$`,
      ),
    ],
  ];
  for (const [args, code, text] of cases) {
    const outcome = await fixture.run(["call", ...args]);
    assert.equal(outcome.code, code, `${args.join(" ")}: ${outcome.err}`);
    assert.match(outcome.err, text);
    assert.equal(outcome.out, "");
  }
  go.resolve();
});

Deno.test("call says whether a command that failed may have been carried out", async () => {
  await using fixture = await start();
  const { asterisk } = await fixture.node("other", { entityId: "n2" });
  const go = Promise.withResolvers<void>();
  const arrived = new Received<string>();
  asterisk.answer(async ({ path }) => {
    arrived.add(path);
    await go.promise;
    return { status: 204 };
  });
  const ring = ["call", "ChannelRing", "1.1", "--app", "other", "--node", "n2"];
  const late = await fixture.run([...ring, "--timeout", "300ms"]);
  const text = "No response in time";
  assert.deepEqual(
    [late.code, late.err],
    [7, `ari-proxy: ${text} (it may have been carried out)\n`],
  );
  const inJson = await fixture.run([...ring, "--timeout", "300ms", "--json"]);
  assert.equal(inJson.err, `{"error":"${text}","code":"timeout","outcome":"unknown"}\n`);
  const nobody = await fixture.run([
    "call",
    "ChannelRing",
    "1.1",
    "--app",
    "demo",
    "--node",
    "gone",
  ]);
  assert.equal(nobody.code, 6);
  assert.match(nobody.err, /^ari-proxy: No proxy serves .* on the node gone; .* \(not sent\)\n$/);
  const list = await fixture.run(["call", "ChannelData", "1.1", "--app", "gone"]);
  assert.match(list.err, /^ari-proxy: No proxy serves [^(]*\n$/);

  const port = await freePort();
  const unreachable = await fixture.run([...ring, "--url", `nats://127.0.0.1:${port}`]);
  assert.equal(unreachable.code, 1);
  assert.match(unreachable.err, / \(not sent\)\nari-proxy: Start a server there, .*\n$/);

  // Without the node it goes to all, and so is not sent again when the bus is lost.
  const url = new URL(fixture.server.url);
  await using faults = await startFaultProxy(Number(url.port));
  url.port = `${faults.port}`;
  const { code, io } = fixture.begin([
    "call",
    "ChannelRing",
    "1.1",
    "--app",
    "other",
    "--url",
    url.href,
  ]);
  await arrived.count(3);
  faults.cut();
  assert.equal(await code, 8);
  assert.match(io.stderr.text, /^ari-proxy: .* \(it may have been carried out\)\n$/);
  go.resolve();
});

Deno.test("call ends with 4 when the bus does not let it in", async () => {
  await using nats = await startNats({ args: ["--user", "anna", "--pass", "right"] });
  const url = nats.url.replace("//", "//anna:wrong@");
  const { code, out, err } = await runMain(["call", "ChannelList", "--url", url]);
  assert.deepEqual([code, out], [4, ""]);
  assert.match(err, /^ari-proxy: [^\n]+\n$/);
  assert.doesNotMatch(err, /wrong/);
});

Deno.test("call merges the lists of all nodes and says who is missing", async () => {
  await using fixture = await start();
  const { asterisk } = await fixture.node("other", { entityId: "n2" });
  asterisk.answer(answer);

  const both = await fixture.run(["call", "ChannelList"]);
  assert.deepEqual(both.code, 0);
  assert.deepEqual(
    json(both).keys.map(({ node }: { node: string }) => node).sort(),
    [node, "n2"],
  );

  const go = Promise.withResolvers<void>();
  asterisk.answer(async (call) => {
    await go.promise;
    return answer(call);
  });
  const one = await fixture.run(["call", "ChannelList", "--timeout", "500ms"]);
  assert.equal(one.code, 0);
  assert.deepEqual(json(one).keys, [key]);
  assert.equal(one.err, "ari-proxy: 1 of the known nodes did not respond in time\n");

  go.resolve();
  asterisk.answer(() => ({ status: 500 }));
  const failing = await fixture.run(["call", "ChannelList"]);
  assert.equal(failing.code, 0);
  assert.deepEqual(json(failing).keys, [key]);
  assert.match(failing.err, /^ari-proxy: n2: Non-2XX response: 500 /);
});

Deno.test("call ends as soon as all nodes have answered, however long it might wait", async () => {
  await using fixture = await start();
  const { asterisk } = await fixture.node("other", { entityId: "n2" });
  asterisk.answer(answer);
  const cases: [args: string[], stdin?: string][] = [
    [["ChannelList"]],
    [["ChannelList", "--app", "demo"]],
    [["ChannelGet", "1.1", "--all"]],
    [["ChannelGet", "9.9", "--all"]],
    [["ChannelData", "1.1"]],
    [["ChannelOriginate", "endpoint=PJSIP/a", "app=demo"]],
    [["GET", "/channels"]],
    [["GET", "/channels/1.1", "--all"]],
    [["--batch", "-"], '{"kind":"ChannelList"}\n{"kind":"ChannelData","id":"1.1"}\n'],
  ];
  for (const [args, stdin] of cases) {
    // The test would give up long before.
    await fixture.run(["call", ...args, "--timeout", "1h"], { stdin });
  }
});

Deno.test("call with --all shows every answer, and fails when none is good", async () => {
  await using fixture = await start();
  const { asterisk } = await fixture.node("other", { entityId: "n2" });
  asterisk.answer(answer);
  const { code, out } = await fixture.run(["call", "ChannelGet", "1.1", "--all"]);
  assert.equal(code, 0);
  const nodes = out.trimEnd().split("\n").map((line) => JSON.parse(line).key.node);
  assert.deepEqual(nodes.sort(), [node, "n2"]);

  const missing = await fixture.run(["call", "ChannelGet", "9.9", "--all"]);
  assert.equal(missing.code, 3);
  assert.equal(missing.out, "");
  assert.match(missing.err, /^(ari-proxy: [0-9a-f:n]+: .*Non-2XX response: 404 .*\n){2}$/);
  const told = await fixture.run(["call", "ChannelGet", "9.9", "--all", "--json"]);
  const lines = told.err.trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(lines.map(({ code, outcome }) => [code, outcome]), [
    ["not_found", "failed"],
    ["not_found", "failed"],
  ]);
  assert.deepEqual(lines.map(({ node }) => node).sort(), [node, "n2"]);
});

Deno.test("call says which node refused, where there are several", async () => {
  await using fixture = await start();
  const answer409 = ["call", "ChannelAnswer", "1.1", "--app", "demo"];
  const refused = "Non-2XX response: 409 Conflict: Channel not in Stasis application\n";
  assert.equal((await fixture.run(answer409)).err, `ari-proxy: ${refused}`);
  await fixture.node("other", { entityId: "n2" });
  const several = await fixture.run(answer409);
  assert.deepEqual([several.code, several.err], [5, `ari-proxy: ${node}: ${refused}`]);
  const named = await fixture.run([...answer409, "--node", node]);
  assert.equal(named.err, `ari-proxy: ${refused}`);
  assert.equal(JSON.parse((await fixture.run([...answer409, "--json"])).err).node, node);
});

Deno.test("call takes its application from the environment", async () => {
  const env = { ARI_APPLICATION: "demo" };
  const { out } = await runMain(["call", "ChannelHangup", "1.1", "--dry-run"], { env });
  assert.deepEqual(JSON.parse(out), {
    subject: "ari.command.demo",
    request: {
      kind: "ChannelHangup",
      key: { kind: "channel", id: "1.1", app: "demo" },
      channel_hangup: { reason: "" },
    },
  });
});

Deno.test("call shows a request instead of sending it", async () => {
  const args = ["call", "ChannelStopHold", "1.1", "--app=a", "--node=n", "--dialog=d", "--dry-run"];
  assert.deepEqual(await runMain(args, terminal), {
    code: 0,
    out: "ari.command.a.n\n" +
      '{"kind":"ChannelStopHold","key":{"kind":"channel","id":"1.1","node":"n","dialog":"d","app":"a"}}\n',
    err: "",
  });
});

Deno.test("call describes kinds of requests", async () => {
  const list = await runMain(["call", "--list"]);
  const listed: { readonly kind?: string; readonly operation?: string }[] = JSON.parse(list.out);
  assert.deepEqual(listed.flatMap(({ kind = [] }) => kind), kinds);
  assert.equal(
    listed.flatMap(({ operation = [] }) => operation).length,
    Object.keys(description).length,
  );
  assert.deepEqual(listed.find(({ kind }) => kind === "ChannelHangup"), {
    kind: "ChannelHangup",
    id: "channel",
    asterisk: "DELETE /channels/{id}",
    class: "command",
    reply: "ok",
    fields: { reason: "string", reason_code: "string?" },
  });
  const table = await runMain(["call", "--list"], terminal);
  assert.match(
    table.out,
    /^ChannelHangup +DELETE \/channels\/\{id\} +ok +reason=TEXT reason_code=TEXT$/m,
  );

  const one = await runMain(["call", "channelrecord", "--describe"], terminal);
  assert.match(one.out, /^asterisk +POST \/channels\/\{id\}\/record$/m);
  assert.match(one.out, /^ {2}options\.MaxDuration=TIME$/m);
  assert.equal(
    JSON.parse((await runMain(["call", "ChannelPlay", "--describe"])).out).id,
    "channel",
  );
});
