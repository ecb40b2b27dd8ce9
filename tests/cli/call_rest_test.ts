import assert from "node:assert/strict";
import { CliFixture } from "../testing/cli_fixture.ts";

const terminal = { terminal: true };
const channels = (id: string) =>
  JSON.stringify([{
    id,
    caller: { number: "1" },
    state: "Up",
    name: `PJSIP/${id}`,
    language: "en",
  }]);

Deno.test("call by REST shows what Asterisk answers, and the lists of all nodes as one", async () => {
  await using fixture = await CliFixture.start();
  const first = await fixture.node("demo", { entityId: "n1" });
  const second = await fixture.node("demo", { entityId: "n2" });
  first.asterisk.answer(() => ({ status: 200, body: channels("c1") }));
  second.asterisk.answer(() => ({ status: 200, body: channels("c2") }));
  const words = ["call", "GET", "/channels", "--app", "demo"];
  const list: { id: string; caller: unknown }[] = JSON.parse((await fixture.run(words)).out);
  assert.deepEqual(list.map(({ id }) => id).sort(), ["c1", "c2"]);
  assert.deepEqual(list[0].caller, { number: "1" });
  const one = await fixture.run([...words, "--node", "n2"], terminal);
  assert.deepEqual(one.out.split("\n"), [
    "ID  NAME      STATE  LANGUAGE",
    "c2  PJSIP/c2  Up     en",
    "",
  ]);
  second.asterisk.answer(() => ({ status: 200, body: "[]" }));
  assert.equal((await fixture.run([...words, "--node", "n2"], terminal)).out, "none\n");
});

Deno.test("call by REST goes through the kind that does it to proxies that know kinds only", async () => {
  await using fixture = await CliFixture.start();
  const { bus } = fixture;
  const asked: { kind: string }[] = [];
  for (const subject of ["ari.data.demo", "ari.get.demo"]) {
    bus.subscribe(subject, ({ data, replyTo }) => {
      const request = JSON.parse(new TextDecoder().decode(data));
      asked.push(request);
      const answer = request.kind === "Rest"
        ? { error: "Not implemented" }
        : { error: "", keys: [{ kind: "channel", id: "c1", node: "go", app: "demo" }] };
      bus.publish(replyTo ?? "", new TextEncoder().encode(JSON.stringify(answer)));
    });
  }
  await bus.flush();
  const words = ["call", "GET", "/channels", "--app", "demo", "--timeout", "200ms"];
  const { code, out, err } = await fixture.run(words);
  assert.equal(code, 0, err);
  assert.deepEqual(JSON.parse(out).keys.map(({ id }: { id: string }) => id), ["c1"]);
  assert.deepEqual(asked.map(({ kind }) => kind), ["Rest", "ChannelList"]);
});

Deno.test("call by REST reaches what no kind does, with query and body", async () => {
  await using fixture = await CliFixture.start();
  const { asterisk } = await fixture.node("demo", { entityId: "n1" });
  asterisk.answer([{ status: 200, body: '{"ping":"pong"}' }, { status: 204 }]);
  const pong = await fixture.run(["call", "get", "/asterisk/ping", "--app", "demo"]);
  assert.deepEqual(JSON.parse(pong.out), { ping: "pong" });
  const first = asterisk.calls.length;
  const moved = await fixture.run(
    ["call", "POST", "/channels/c%2F1/move", "app=other", "-", "--app", "demo"],
    { stdin: '{"appArgs":"x"}' },
  );
  assert.equal(moved.code, 0, moved.err);
  assert.equal(moved.out, "null\n");
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
