import assert from "node:assert/strict";
import { Answered } from "../../src/server/answered.ts";
import { ProxyFixture } from "../testing/proxy_fixture.ts";

const answer = (extra: object) =>
  JSON.stringify({ kind: "ChannelAnswer", key: { id: "c1" }, ...extra });

Deno.test("a command is carried out once for one ID, also while it is under way", async () => {
  await using fixture = await ProxyFixture.start();
  const { promise: go, resolve } = Promise.withResolvers<void>();
  const first = fixture.asterisk.calls.length;
  fixture.asterisk.answer(async () => {
    await go;
    return { status: 409, body: '{"message":"x"}' };
  });
  const text = answer({ id: "request-1" });
  const answers = [fixture.request("ari.command", text), fixture.request("ari.command", text)];
  resolve();
  answers.push(fixture.request("ari.command", text));
  const wanted = '{"error":"Non-2XX response: 409 Conflict"}';
  assert.deepEqual(await Promise.all(answers), [wanted, wanted, wanted]);
  assert.equal(fixture.asterisk.calls.length - first, 1);
  await fixture.request("ari.command", answer({ id: "request-2" }));
  assert.equal(fixture.asterisk.calls.length - first, 2);
});

Deno.test("a command that comes after its deadline is not carried out", async () => {
  await using fixture = await ProxyFixture.start();
  const first = fixture.asterisk.calls.length;
  const past = new Date(Date.now() - 5_000).toISOString();
  assert.match(
    await fixture.request("ari.command", answer({ deadline: past })),
    /^\{"error":"Expired: came \d+ ms after its deadline"\}$/,
  );
  assert.equal(fixture.asterisk.calls.length, first);
  fixture.asterisk.answer([{ status: 204 }]);
  const future = new Date(Date.now() + 60_000).toISOString();
  assert.equal(await fixture.request("ari.command", answer({ deadline: future })), '{"error":""}');
});

Deno.test("a command with marks of the wrong kind is refused", async () => {
  await using fixture = await ProxyFixture.start();
  for (const extra of [{ id: 7 }, { deadline: "soon" }, { deadline: 12 }]) {
    assert.match(
      await fixture.request("ari.command", answer(extra)),
      /Malformed request: (id|deadline) must be/,
    );
  }
});

Deno.test("a proxy refuses requests beyond its limit, and goes on", async () => {
  await using fixture = await ProxyFixture.start({ requestLimit: 2 });
  const { promise: go, resolve } = Promise.withResolvers<void>();
  fixture.asterisk.answer(async () => {
    await go;
    return { status: 204 };
  });
  const under = [answer({}), answer({})].map((text) => fixture.request("ari.command", text));
  assert.equal(
    await fixture.request("ari.command", answer({})),
    '{"error":"Busy: 2 requests are under way"}',
  );
  resolve();
  assert.deepEqual(await Promise.all(under), ['{"error":""}', '{"error":""}']);
  assert.equal(await fixture.request("ari.command", answer({})), '{"error":""}');
});

Deno.test("answers are kept for a time and up to a number", async () => {
  const clock = { now: 0 };
  const answered = new Answered({ age: 100, limit: 3, now: () => clock.now });
  let performed = 0;
  const once = (id: string) =>
    answered.once(id, () => Promise.resolve({ error: `${++performed}` }));
  assert.equal((await once("a")).error, "1");
  assert.equal((await once("a")).error, "1");
  clock.now = 100;
  assert.equal((await once("a")).error, "2");
  for (const id of ["b", "c", "d", "e"]) await once(id);
  assert.ok(answered.size <= 3);
  assert.equal((await once("e")).error, "6");
});
