import assert from "node:assert/strict";
import { CliFixture } from "../testing/cli_fixture.ts";

Deno.test("call by REST goes through the kind that does it", async () => {
  await using fixture = await CliFixture.start();
  const { asterisk } = await fixture.node("demo", { entityId: "n1" });
  asterisk.answer([{ status: 200, body: '[{"id":"c1"}]' }]);
  const list = await fixture.run(["call", "GET", "/channels", "--app", "demo"]);
  assert.deepEqual(JSON.parse(list.out).keys, [
    { kind: "channel", id: "c1", node: "n1", app: "demo" },
  ]);
});

Deno.test("call by REST reaches what no kind does, with query and body", async () => {
  await using fixture = await CliFixture.start();
  const { asterisk } = await fixture.node("demo", { entityId: "n1" });
  asterisk.answer([{ status: 200, body: '{"ping":"pong"}' }, { status: 204 }]);
  const pong = await fixture.run(["call", "get", "/asterisk/ping", "--app", "demo"]);
  assert.deepEqual(JSON.parse(pong.out), {
    error: "",
    data: { rest: { status: 200, reason: "OK", body: { ping: "pong" } } },
  });
  const first = asterisk.calls.length;
  const moved = await fixture.run(
    ["call", "POST", "/channels/c%2F1/move", "app=other", "-", "--app", "demo"],
    { stdin: '{"appArgs":"x"}' },
  );
  assert.equal(moved.code, 0, moved.err);
  const { method, path, query, body } = asterisk.calls[first];
  assert.deepEqual([method, path, query, body], [
    "POST",
    "/channels/c%2F1/move",
    "app=other",
    '{"appArgs":"x"}',
  ]);
});

Deno.test("call by REST tells what Asterisk said when it refused, and fails accordingly", async () => {
  await using fixture = await CliFixture.start();
  const { asterisk } = await fixture.node("demo", { entityId: "n1" });
  asterisk.answer([{ status: 404, body: '{"message":"Channel not found"}' }]);
  assert.deepEqual(
    await fixture.run(["call", "POST", "/channels/c1/move", "app=x", "--app", "demo"]),
    {
      code: 3,
      out: "",
      err: "ari-proxy: Non-2XX response: 404 Not Found: Channel not found\n",
    },
  );
});

Deno.test("call by REST refuses what is no path or parameter", async () => {
  await using fixture = await CliFixture.start();
  for (const args of [["GET"], ["GET", "channels"], ["POST", "/a/../b"], ["GET", "/x", "y"]]) {
    const { code, err } = await fixture.run(["call", ...args, "--dry-run"]);
    assert.equal(code, 2, args.join(" "));
    assert.match(err, /^ari-proxy: (Missing|Cannot use)/);
  }
});
