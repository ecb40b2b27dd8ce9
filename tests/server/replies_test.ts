import assert from "node:assert/strict";
import { mock } from "node:test";
import { AriProxyError, codeOfError, outcomeOfError } from "../../src/protocol/errors.ts";
import { ReplyCache } from "../../src/server/requests/replies.ts";
import { node, ProxyFixture } from "../testing/proxy_fixture.ts";

const answer = (extra: object) =>
  JSON.stringify({ kind: "ChannelAnswer", key: { id: "c1" }, ...extra });

Deno.test("a command is carried out once for one ID, also while it is in flight", async () => {
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

const waitedTooLong = '{"error":"Expired: its deadline passed while it waited"}';

Deno.test("a command that waits for a connection beyond its deadline is not carried out", async () => {
  await using fixture = await ProxyFixture.start();
  const { promise: go, resolve } = Promise.withResolvers<void>();
  fixture.asterisk.answer(async () => {
    await go;
    return { status: 204 };
  });
  const first = fixture.asterisk.calls.length;
  const under = Array.from({ length: 64 }, () => fixture.request("ari.command", answer({})));
  await fixture.asterisk.until(() => fixture.asterisk.calls.length - first === 64);
  mock.timers.enable({ apis: ["Date"], now: 1_000 });
  try {
    const deadline = new Date(2_000).toISOString();
    const late = fixture.request("ari.command", answer({ deadline, id: "late" }));
    // What a bus in the process was given has arrived in the next turn.
    await new Promise((arrived) => setTimeout(arrived));
    const { requestsInFlight, requestsWaiting, cachedReplies } = fixture.proxy.gauges;
    assert.deepEqual([requestsInFlight, requestsWaiting, cachedReplies], [65, 1, 1]);
    mock.timers.setTime(2_001);
    resolve();
    assert.equal(await late, waitedTooLong);
    assert.equal(outcomeOfError(JSON.parse(waitedTooLong).error), "failed");
    await Promise.all(under);
    assert.equal(fixture.asterisk.calls.length - first, 64);
    assert.equal(fixture.proxy.gauges.requestsWaiting, 0);
  } finally {
    mock.timers.reset();
  }
});

Deno.test("a command whose deadline passes while its entity is looked up is not carried out", async () => {
  await using fixture = await ProxyFixture.start();
  const first = fixture.asterisk.calls.length;
  mock.timers.enable({ apis: ["Date"], now: 1_000 });
  try {
    fixture.asterisk.answer(() => {
      mock.timers.setTime(2_001);
      return { status: 200, body: '{"id":"c1"}' };
    });
    const play = JSON.stringify({
      kind: "ChannelPlay",
      key: { id: "c1" },
      deadline: new Date(2_000).toISOString(),
      channel_play: { playback_id: "p", media_uri: "sound:x" },
    });
    assert.equal(await fixture.request("ari.create", play), waitedTooLong);
    const calls = fixture.asterisk.calls.slice(first);
    assert.deepEqual(calls.map(({ method, path }) => `${method} ${path}`), ["GET /channels/c1"]);
  } finally {
    mock.timers.reset();
  }
});

Deno.test("a command with marks of the wrong kind is refused", async () => {
  await using fixture = await ProxyFixture.start();
  for (
    const extra of [{ id: 7 }, { id: "x".repeat(257) }, { deadline: "soon" }, { deadline: 12 }]
  ) {
    assert.match(
      await fixture.request("ari.command", answer(extra)),
      /Malformed request: (id|deadline) must be/,
    );
  }
});

Deno.test("a proxy refuses requests beyond its limit, and serves later ones", async () => {
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

Deno.test("replies are cached for two minutes after they were made, or after their deadline if that is later", async () => {
  const clock = { now: 1_000_000 };
  const answered = new ReplyCache({ now: () => clock.now });
  let performed = 0;
  const once = async (id: string, patience?: number) => {
    const deadline = patience === undefined ? undefined : clock.now + patience;
    const { error } = await answered.once({ id, hash: "", deadline }, () => {
      return Promise.resolve({ error: `${++performed}` });
    });
    return error;
  };
  assert.equal(await once("a"), "1");
  assert.equal(await once("b", 500), "2");
  assert.equal(await once("c", 300_000), "3");
  // Whoever tries again may have more patience.
  clock.now += 600;
  assert.equal(await once("b", 500), "2");
  clock.now += 119_399;
  assert.deepEqual([await once("a"), await once("b", 500)], ["1", "2"]);
  clock.now += 1;
  assert.equal(await once("a"), "4");
  clock.now += 500;
  assert.equal(await once("b", 500), "5");
  clock.now += 299_498;
  assert.equal(await once("c", 500), "3");
  const { size } = answered;
  clock.now += 10_000;
  await once("d");
  assert.equal(answered.size, size, "what has expired is still there");
});

Deno.test("the two minutes of a reply start when it was made", async () => {
  const clock = { now: 0 };
  const answered = new ReplyCache({ age: 100, now: () => clock.now });
  const { promise, resolve } = Promise.withResolvers<{ error: string }>();
  const first = answered.once({ id: "a", hash: "", deadline: 10 }, () => promise);
  clock.now = 1_000;
  resolve({ error: "first" });
  await first;
  clock.now = 1_099;
  const again = answered.once(
    { id: "a", hash: "", deadline: 2_000 },
    () => assert.fail("Done twice"),
  );
  assert.equal((await again).error, "first");
});

Deno.test("a request that was certainly not started may be carried out when it is retried", async () => {
  const answered = new ReplyCache();
  for (const code of ["expired", "busy"] as const) {
    const late = () => Promise.reject(new AriProxyError(code, "Not begun"));
    await assert.rejects(answered.once({ id: code, hash: "" }, late), { code });
    const { error } = await answered.once(
      { id: code, hash: "" },
      () => Promise.resolve({ error: "" }),
    );
    assert.equal(error, "");
  }
  const failing = () => Promise.reject(new AriProxyError("conflict", "No"));
  await assert.rejects(answered.once({ id: "c", hash: "" }, failing), { code: "conflict" });
  const again = answered.once({ id: "c", hash: "" }, () => assert.fail("Done twice"));
  await assert.rejects(again, { code: "conflict" });
});

Deno.test("replies that are forgotten early are reported only while their requests may be retried", async () => {
  const clock = { now: 0 };
  let forgotten = 0;
  const onForgotten = () => forgotten++;
  const answered = new ReplyCache({ sizeLimit: 1_000, now: () => clock.now, onForgotten });
  const once = (id: string) =>
    answered.once(
      { id, hash: "", deadline: 500 },
      () => Promise.resolve({ error: "x".repeat(200) }),
    );
  for (const id of ["a", "b", "c"]) await once(id);
  await once("c");
  assert.equal(forgotten, 1);
  clock.now = 501;
  await once("d");
  await once("d");
  assert.equal(forgotten, 1);
});

Deno.test("replies are forgotten early when they use too much memory, but not those in flight", async () => {
  let forgotten = 0;
  const answered = new ReplyCache({ sizeLimit: 2_000, onForgotten: () => forgotten++ });
  const { promise, resolve } = Promise.withResolvers<{ error: string }>();
  let performed = 0;
  const slow = answered.once({ id: "slow", hash: "" }, () => promise);
  for (const id of ["a", "b", "c"]) {
    const data = { rest: { text: `${++performed}`.repeat(1_000) } };
    await answered.once({ id, hash: "" }, () => Promise.resolve({ error: "", data }));
  }
  await new Promise((done) => setTimeout(done));
  assert.ok(answered.size <= 2_000);
  assert.equal(forgotten, 2);
  const same = answered.once(
    { id: "slow", hash: "" },
    () => Promise.reject(new Error("Done twice")),
  );
  resolve({ error: "x" });
  assert.deepEqual(await Promise.all([slow, same]), [{ error: "x" }, { error: "x" }]);
});

Deno.test("copies of a request in flight are refused beyond a limit, and not once it is answered", async () => {
  await using fixture = await ProxyFixture.start();
  const { promise: go, resolve } = Promise.withResolvers<void>();
  const first = fixture.asterisk.calls.length;
  fixture.asterisk.answer(async () => {
    await go;
    return { status: 204 };
  });
  const text = answer({ id: "same" });
  const waiting = Array.from({ length: 17 }, () => fixture.request("ari.command", text));
  const refused = await fixture.request("ari.command", text);
  assert.equal(refused, '{"error":"Busy: too many copies of the request wait for its answer"}');
  assert.equal(outcomeOfError(JSON.parse(refused).error), "unknown");
  resolve();
  assert.deepEqual(new Set(await Promise.all(waiting)), new Set(['{"error":""}']));
  assert.equal(await fixture.request("ari.command", text), '{"error":""}');
  assert.equal(fixture.asterisk.calls.length - first, 1);
});

Deno.test("copies are refused beyond a limit in all", async () => {
  const answered = new ReplyCache({ allCopies: 2 });
  const { promise, resolve } = Promise.withResolvers<{ error: string }>();
  const once = (id: string) => answered.once({ id, hash: "" }, () => promise);
  const all = [once("a"), once("b"), once("a"), once("b")];
  assert.throws(() => once("a"), { code: "busy", outcome: "unknown" });
  resolve({ error: "" });
  await Promise.all(all);
  await once("a");
});

Deno.test("a request that reads is carried out each time, also under an ID that was there before", async () => {
  await using fixture = await ProxyFixture.start();
  fixture.asterisk.answer([{ status: 200, body: '[{"id":"a"}]' }, { status: 200, body: "[]" }]);
  const list = '{"kind":"ChannelList","id":"same"}';
  assert.match(await fixture.request("ari.get", list), /"id":"a"/);
  assert.equal(await fixture.request("ari.get", list), '{"error":""}');
});

const reused =
  '{"error":"Malformed request: its id is that of an earlier request with other content"}';

Deno.test("a command with the id of another one is refused, and neither is carried out twice", async () => {
  await using fixture = await ProxyFixture.start();
  const { promise: go, resolve } = Promise.withResolvers<void>();
  fixture.asterisk.answer(async () => {
    await go;
    return { status: 204 };
  });
  const first = fixture.asterisk.calls.length;
  const text = answer({ id: "same" });
  const done = fixture.request("ari.command", text);
  const others = [
    answer({ id: "same", key: { id: "c2" } }),
    answer({ id: "same", kind: "ChannelHangup", channel_hangup: { reason: "busy" } }),
    answer({ id: "same", key: { id: "c1", dialog: "d1" } }),
  ];
  // While the first one is under way, and when it has been answered.
  for (const other of others) assert.equal(await fixture.request("ari.command", other), reused);
  resolve();
  assert.equal(await done, '{"error":""}');
  for (const other of others) assert.equal(await fixture.request("ari.command", other), reused);
  assert.equal(await fixture.request("ari.command", text), '{"error":""}');
  const again = answer({ id: "same", deadline: new Date(Date.now() + 60_000).toISOString() });
  assert.equal(await fixture.request("ari.command", again), '{"error":""}');
  const { length } = fixture.asterisk.calls;
  assert.equal(length - first, 1);
  assert.equal(codeOfError(JSON.parse(reused).error), "invalid");
  // Other content of a payload alone.
  const mute = (direction: string) =>
    answer({ id: "mute", kind: "ChannelMute", channel_mute: { direction } });
  assert.equal(await fixture.request("ari.command", mute("in")), '{"error":""}');
  assert.equal(await fixture.request("ari.command", mute("out")), reused);
});

Deno.test("a deadline counts as at most a day away", async () => {
  const day = 86_400_000;
  mock.timers.enable({ apis: ["Date"], now: 1_000 });
  try {
    await using fixture = await ProxyFixture.start();
    fixture.asterisk.answer(() => ({ status: 204 }));
    const first = fixture.asterisk.calls.length;
    const commands = () => fixture.asterisk.calls.length - first;
    const text = answer({ id: "far", deadline: "9999-12-31T23:59:59Z" });
    assert.equal(await fixture.request("ari.command", text), '{"error":""}');
    mock.timers.setTime(1_000 + day + 119_999);
    assert.equal(await fixture.request("ari.command", text), '{"error":""}');
    assert.equal(commands(), 1);
    mock.timers.setTime(1_000 + day + 120_001);
    assert.equal(await fixture.request("ari.command", text), '{"error":""}');
    assert.equal(commands(), 2);
  } finally {
    mock.timers.reset();
  }
});

Deno.test("a command is carried out once for each application that it is sent to", async () => {
  await using fixture = await ProxyFixture.start({ apps: ["a", "b"] });
  fixture.asterisk.answer(() => ({ status: 204 }));
  const first = fixture.asterisk.calls.length;
  const text = answer({ id: "same" });
  for (const app of ["a", "b", "a", "b"]) {
    assert.equal(await fixture.request(`ari.command.${app}.${node}`, text), '{"error":""}');
  }
  assert.equal(fixture.asterisk.calls.length - first, 2);
});
