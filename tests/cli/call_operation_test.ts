import assert from "node:assert/strict";
import { CliFixture, runMain } from "../testing/cli_fixture.ts";

const move = "POST /channels/{channelId}/move";

/** The request that a call would send, or what was said against it. */
async function dryRun(...args: readonly string[]): Promise<unknown> {
  const { code, out, err } = await runMain(["call", ...args, "--dry-run"]);
  return code === 0 ? JSON.parse(out).request.rest : err.split("\n")[0];
}

Deno.test("call puts the parameters of an operation where Asterisk wants them", async () => {
  const call = { method: "POST", path: "/channels/1.1/move", query: { app: "x" } };
  assert.deepEqual(await dryRun("post", "/channels/1.1/move", "app=x"), call);
  assert.deepEqual(await dryRun(move, "channelid=1.1", "app=x"), call);
  assert.deepEqual(
    await dryRun(...move.split(" "), "channelId=a/b c", "app=x"),
    { ...call, path: "/channels/a%2Fb%20c/move" },
  );
  assert.deepEqual(
    await dryRun("POST /channels", "endpoint=Local/a@b", "variables.A=1", "variables.B=2"),
    {
      method: "POST",
      path: "/channels",
      query: { endpoint: "Local/a@b" },
      body: { variables: { A: "1", B: "2" } },
    },
  );
  assert.deepEqual(
    await dryRun("POST /channels/1/play", "media=tone:1/2,0/2", "media=sound:a", "offsetms=5"),
    {
      method: "POST",
      path: "/channels/1/play",
      body: { media: ["tone:1/2,0/2", "sound:a"], offsetms: 5 },
    },
  );
  assert.deepEqual(
    await dryRun("PUT /applications/x/eventFilter", 'filter={"allowed":[]}'),
    { method: "PUT", path: "/applications/x/eventFilter", body: { allowed: [] } },
  );
});

Deno.test("call refuses what Asterisk does not describe before it sends anything", async () => {
  const cases: readonly [readonly string[], string][] = [
    [["POST", "/channels/1/moove"], "Unknown operation POST /channels/1/moove"],
    [
      ["POST /chanels/{channelId}/move"],
      `Unknown operation POST /chanels/{channelId}/move; did you mean ${move}?`,
    ],
    [["GET /events"], "Cannot call GET /events: events come from the bus; see tail"],
    [["POST /channels/1/move", "ap=x"], `Unknown parameter ap of ${move}; did you mean app?`],
    [["POST /channels/1/move"], `Missing app=TEXT: ${move} needs it`],
    [[move], `Missing channelId=TEXT and app=TEXT: ${move} needs them`],
    [
      ["POST /channels/1/move", "channelId=2"],
      "Cannot use channelId=2: the path has a value for channelId",
    ],
    [["POST /channels/1/move", "app=x", "app=y"], `Cannot use app=y: ${move} takes one app`],
    [
      ["POST /channels/1/mute", "direction=boht"],
      'Cannot use "boht" for direction: it is both, in, out; did you mean both?',
    ],
    [["POST /channels/1/dial", "timeout=5s"], 'Cannot use "5s" for timeout: it is a whole number'],
    [["POST /channels/1/dial", "timeout=-1"], 'Cannot use "-1" for timeout: it is 0 or more'],
    [
      ["POST /channels/1/record", "name=x", "format=wav", "beep=yes"],
      'Cannot use "yes" for beep: it is true or false',
    ],
    [
      ["POST /channels/1/variables", "variables=x"],
      'Cannot use "x" for variables: it is a JSON object or list',
    ],
  ];
  for (const [args, text] of cases) {
    const said = await dryRun(...args);
    assert.ok(String(said).startsWith(`ari-proxy: ${text}`), String(said));
  }
  const unchecked = await dryRun("POST", "/channels/1/moove", "ap=x", "--unchecked");
  assert.deepEqual(unchecked, { method: "POST", path: "/channels/1/moove", query: { ap: "x" } });
});

Deno.test("call reads a body and takes its members for parameters", async () => {
  await using fixture = await CliFixture.start();
  const { asterisk } = await fixture.node("demo");
  asterisk.answer([{ status: 204 }]);
  const run = (stdin: string) =>
    fixture.run(["call", "POST /channels/1/move", "-", "--app", "demo"], { stdin });
  assert.equal((await run('{"app":"x"}')).code, 0);
  assert.equal(asterisk.calls.at(-1)?.body, '{"app":"x"}');
  assert.match((await run('{"ap":"x"}')).err, /Unknown parameter ap .*did you mean app\?/);
  assert.match((await run("{}")).err, /Missing app=TEXT/);
});

Deno.test("call describes operations", async () => {
  const { out } = await runMain(["call", move, "--describe"], { terminal: true });
  assert.match(out, /^does +Moves a channel to another application\.$/m);
  assert.match(out, /^ {2}\[appArgs=TEXT\] +Arguments for the application/m);
  assert.match(out, /^parameters\n {2}channelId=TEXT /m);
  const dial = await runMain(["call", "POST /channels/1/dial", "--describe"], { terminal: true });
  assert.match(dial.out, /\[timeout=NUMBER\] .*\. Without it: 0\.$/m);
  assert.match(dial.out, /channelId=TEXT +ID of the channel\.$/m);
  const plain = await runMain(["call", "GET /bridges", "--describe"]);
  assert.deepEqual(Object.keys(JSON.parse(plain.out)), ["operation", "does", "since", "result"]);
  for (const operation of ["POST /channels/create", "POST /channels/{channelId}"]) {
    const { out } = await runMain(["call", operation, "--describe"]);
    assert.equal(JSON.parse(out).operation, operation);
  }
  const json = JSON.parse((await runMain(["call", "POST", "/channels/1/dial", "--describe"])).out);
  assert.equal(json.parameters.timeout.default, "0");
  const list = await runMain(["call", "--list"], { terminal: true });
  assert.match(list.out, /^POST \/channels\/\{channelId\}\/move +void +channelId=TEXT app=TEXT/m);
});
