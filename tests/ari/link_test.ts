import assert from "node:assert/strict";
import { startFakeAsterisk } from "../testing/fake_asterisk.ts";
import { MovableClock } from "../testing/movable_clock.ts";
import { type AriDownCode, type AriLinkOptions, linkTo, NEVER } from "./link_to.ts";

Deno.test("link connects, reports the node and delivers events as sent", async () => {
  await using fake = await startFakeAsterisk({ entityId: "02:00:00:00:00:0a" });
  await using t = linkTo(fake);
  assert.equal(t.link.state.up, false);
  const { node, info } = await t.up();
  assert.equal(node, "02:00:00:00:00:0a");
  assert.equal(info.system.version, "22.10.1");
  const sent = [`{"type":"StasisStart",  "application":"demo"}`, "no JSON", `{"type":"Odd"}`];
  for (const text of sent) fake.sendEvent(text);
  await t.until(() => t.events.length === 3);
  assert.deepEqual(t.events, sent);
  fake.answer([{ status: 204 }]);
  assert.equal((await t.link.rest.send({ method: "POST", path: "/bridges" })).status, 204);
  assert.deepEqual(t.warnings, []);
});

Deno.test("link connects as soon as Asterisk listens, and reconnects after a restart", async () => {
  await using fake = await startFakeAsterisk();
  await fake.refuse();
  await using t = linkTo(fake);
  const down = await t.down("unreachable");
  assert.match(
    down.reason,
    /^Cannot reach Asterisk at 127\.0\.0\.1:\d+: connection refused; check that Asterisk runs/,
  );
  assert.ok(down.retryIn !== undefined && down.retryIn >= 2 && down.retryIn <= 5);
  await fake.accept();
  await t.up();
  await fake.refuse();
  await t.down("lost");
  fake.entityId = "02:00:00:00:00:0b";
  await fake.accept();
  assert.equal((await t.up(2)).node, "02:00:00:00:00:0b");
});

Deno.test("link reconnects when its socket breaks", async () => {
  await using fake = await startFakeAsterisk();
  await using t = linkTo(fake);
  await t.up();
  fake.dropSockets();
  await t.down("lost");
  await t.up(2);
  fake.sendEvent("after");
  await t.until(() => t.events.includes("after"));
});

Deno.test("link increases its backoff while its connections do not last", async () => {
  await using fake = await startFakeAsterisk();
  const limits = { first: 2, max: 60_000, random: () => 1 };
  await using t = linkTo(fake, { pauses: { lost: limits } });
  for (let times = 1; times <= 4; times++) {
    await t.up(times);
    fake.dropSockets();
    await t.until(() => !t.link.state.up);
  }
  const pauses = t.states.flatMap((state) => state.up ? [] : [state.retryIn]);
  assert.deepEqual(pauses, [2, 4, 8, 16]);
});

Deno.test("link resets its backoff after a connection that lasted", async () => {
  using clock = new MovableClock();
  await using fake = await startFakeAsterisk();
  const limits = { first: 2, max: 60_000, random: () => 1 };
  await using t = linkTo(fake, { pauses: { lost: limits } });
  for (const [index, lasted] of [0, 0, 30_000, 60_000, 0, 0, 60_000].entries()) {
    await t.up(index + 1);
    clock.advance(lasted);
    fake.dropSockets();
    await t.until(() => !t.link.state.up);
  }
  const pauses = t.states.flatMap((state) => state.up ? [] : [state.retryIn]);
  assert.deepEqual(pauses, [2, 4, 8, 2, 4, 8, 2]);
});

Deno.test("link has a separate backoff for each kind of failure", async () => {
  await using fake = await startFakeAsterisk();
  const random = () => 1;
  await using t = linkTo(fake, {
    pauses: { lost: { first: 2, max: 1_000, random }, denied: { first: 3, max: 1_000, random } },
  });
  await t.up();
  const { password } = fake;
  fake.password = "changed";
  fake.dropSockets();
  const downs = () => t.states.flatMap((state) => state.up ? [] : [state.retryIn]);
  await t.until(() => downs().length >= 3);
  fake.password = password;
  await t.up(2);
  fake.dropSockets();
  await t.until(() => !t.link.state.up);
  assert.deepEqual(downs().slice(0, 3), [2, 3, 6]);
  assert.equal(downs().at(-1), 2);
});

Deno.test("link reports the remedy when Asterisk refuses it, and backs off", async () => {
  await using fake = await startFakeAsterisk();
  const refused = async (code: AriDownCode, options: Partial<AriLinkOptions>, text: RegExp) => {
    await using t = linkTo(fake, { pauses: { lost: NEVER }, ...options });
    const { reason, retryIn } = await t.down(code);
    assert.match(reason, text);
    assert.ok(!reason.includes("s3cret"));
    return retryIn;
  };
  const slow = await refused("denied", { password: "s3cret" }, /401 Unauthorized; check the ARI/);
  assert.ok(slow !== undefined && slow >= 2_500 && slow <= 5_000);
  const httpUrl = fake.httpUrl.replace("/ari", "/nothing");
  await refused("not_found", { httpUrl }, /404 Not Found; check the path/);
  const websocketUrl = fake.websocketUrl.replace("/events", "/nothing");
  await refused("not_found", { websocketUrl }, /ARI WebSocket at .* answered 404; check the path/);
  fake.entityId = "";
  await refused("no_entity_id", {}, /set entityid in asterisk\.conf$/);
  fake.answer((call) => call.path === "/asterisk/info" ? { status: 200, body: "{}" } : undefined);
  await refused("bad_response", {}, /does not name Asterisk's system/);
  fake.answer((call) => call.path === "/asterisk/info" ? { status: 503 } : undefined);
  await refused("bad_response", {}, /503 Service Unavailable/);
  assert.equal(fake.sockets, 0);
});

Deno.test("link reports a changed entity ID and keeps its WebSocket", async () => {
  await using fake = await startFakeAsterisk({ entityId: "02:00:00:00:00:0a" });
  await using t = linkTo(fake, { checkInterval: 5 });
  await t.up();
  const before = fake.connections;
  fake.entityId = "02:00:00:00:00:0b";
  assert.equal((await t.up(2)).node, "02:00:00:00:00:0b");
  assert.deepEqual(t.states.map((state) => state.up && state.node), [
    "02:00:00:00:00:0a",
    "02:00:00:00:00:0b",
  ]);
  assert.equal(fake.connections, before);
});

Deno.test("link keeps the last entity ID while Asterisk has none", async () => {
  await using fake = await startFakeAsterisk({ entityId: "02:00:00:00:00:0a" });
  await using t = linkTo(fake, { checkInterval: 5 });
  await t.up();
  fake.entityId = "";
  const asked = fake.infos;
  await fake.until(() => fake.infos >= asked + 3);
  assert.ok(t.link.state.up);
  assert.equal(t.link.state.node, "02:00:00:00:00:0a");
  assert.equal(t.states.length, 1);
});

Deno.test("link has the latest information that Asterisk reports about itself", async () => {
  await using fake = await startFakeAsterisk();
  await using t = linkTo(fake, { checkInterval: 5 });
  await t.up();
  const system = { entity_id: fake.entityId, version: "23.0.0" };
  const status = { startup_time: fake.startupTime };
  const body = JSON.stringify({ system, status });
  const asked = fake.infos;
  fake.answer(({ path }) => path === "/asterisk/info" ? { status: 200, body } : undefined);
  await fake.until(() => fake.infos >= asked + 3);
  assert.equal(t.link.state.up && t.link.state.info.system.version, "23.0.0");
  assert.equal(t.states.length, 1);
});

Deno.test("link stays up while only REST fails, and warns once for repeated failures", async () => {
  await using fake = await startFakeAsterisk();
  await using t = linkTo(fake, { checkInterval: 5 });
  await t.up();
  const failing = () => ({ status: 500 });
  for (let burst = 1; burst <= 2; burst++) {
    let asked = fake.infos;
    fake.answer((call) => call.path === "/asterisk/info" ? failing() : undefined);
    await fake.until(() => fake.infos >= asked + 4);
    asked = fake.infos;
    fake.answer([]);
    await fake.until(() => fake.infos >= asked + 4);
    assert.equal(t.warnings.length, burst);
  }
  assert.match(t.warnings[0], /answered 500 Internal Server Error; the ARI WebSocket is open/);
  assert.equal(t.states.length, 1);
});

Deno.test("link names the session limit when Asterisk closes connections at once", async () => {
  await using fake = await startFakeAsterisk();
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serving = (async () => {
    for await (const connection of listener) connection.close();
  })();
  {
    const httpUrl = `http://127.0.0.1:${listener.addr.port}/ari`;
    await using t = linkTo(fake, { httpUrl, pauses: { lost: NEVER } });
    const { reason } = await t.down("unreachable");
    assert.match(
      reason,
      /closed the connection before it answered; if Asterisk runs, .*sessionlimit/,
    );
  }
  listener.close();
  await serving;
});

Deno.test("link closes when another program takes its application over", async () => {
  await using fake = await startFakeAsterisk();
  await using first = linkTo(fake, { pauses: { replaced: { first: 5_000, max: 60_000 } } });
  await first.up();
  await using second = linkTo(fake);
  await second.up();
  const { reason, retryIn } = await first.down("replaced");
  assert.match(reason, /another program took the application demo over/);
  assert.ok(retryIn !== undefined && retryIn >= 2_500 && retryIn <= 5_000);
  assert.match(first.events.at(-1) ?? "", /ApplicationReplaced/);
  await fake.until(() => fake.sockets === 1);
  assert.ok(second.link.state.up);
});

Deno.test("link is not confused by events that contain the name of another type", async () => {
  await using fake = await startFakeAsterisk();
  await using t = linkTo(fake);
  await t.up();
  const tricky = [
    { type: "ApplicationReplaced", application: "another" },
    { type: "ChannelUserevent", eventname: '"ApplicationReplaced"', application: "demo" },
  ].map((event) => JSON.stringify(event));
  tricky.push('broken "ApplicationReplaced"');
  for (const text of tricky) fake.sendEvent(text);
  await t.until(() => t.events.length === tricky.length);
  assert.deepEqual(t.events, tricky);
  assert.ok(t.link.state.up);
});

Deno.test("link pings a silent WebSocket, and keeps it when there is a pong", async () => {
  await using fake = await startFakeAsterisk();
  await using t = linkTo(fake, { silence: 10, probeTimeout: 1_000 });
  await t.up();
  await fake.until(() => fake.pings >= 4);
  assert.equal(t.states.length, 1);
  // A read-only user could send nothing else.
  assert.deepEqual(fake.calls, []);
});

Deno.test("link replaces a WebSocket that does not answer a ping", async () => {
  await using fake = await startFakeAsterisk();
  await using t = linkTo(fake, { silence: 10, probeTimeout: 20 });
  await t.up();
  fake.stall();
  const { reason } = await t.down("silent");
  assert.match(
    reason,
    /^ARI WebSocket dead: it looks open, but Asterisk does not respond to a ping$/,
  );
  fake.stall(false);
  fake.dropSockets();
  await t.up(2);
});

Deno.test("link replaces a WebSocket when neither it nor REST responds", async () => {
  await using fake = await startFakeAsterisk();
  const times = { silence: 10, probeTimeout: 20, requestTimeout: 20, checkInterval: 5 };
  await using t = linkTo(fake, times);
  await t.up();
  fake.stall();
  fake.hang(() => true);
  await t.down("silent");
  await t.down("unreachable");
  fake.hang(null);
  fake.stall(false);
  await t.up(2);
});

Deno.test("link replaces a WebSocket when Asterisk was restarted", async () => {
  await using fake = await startFakeAsterisk();
  await using t = linkTo(fake, { checkInterval: 5 });
  await t.up();
  const asked = fake.infos;
  await fake.until(() => fake.infos >= asked + 4);
  assert.equal(t.states.length, 1);
  fake.startupTime = "2026-11-22T23:00:00.000+0000";
  const { reason } = await t.down("silent");
  assert.match(reason, /^ARI WebSocket dead: it looks open, but Asterisk was restarted$/);
  await t.up(2);
  // The new connection is compared with the new start time.
  const since = fake.infos;
  await fake.until(() => fake.infos >= since + 4);
  assert.equal(t.states.length, 3);
});

Deno.test("link continues after handlers that throw, and warns once for repeated failures", async () => {
  await using fake = await startFakeAsterisk();
  const seen: string[] = [];
  await using t = linkTo(fake, {
    onEvent: ({ text }) => {
      seen.push(text);
      if (text === "bad") throw new Error("boom");
    },
  });
  await t.up();
  for (const text of ["bad", "bad", "good", "bad"]) fake.sendEvent(text);
  await t.until(() => t.warnings.length === 2);
  assert.deepEqual(seen, ["bad", "bad", "good", "bad"]);
  assert.deepEqual(t.warnings, Array(2).fill("Cannot handle an event: boom"));
  assert.ok(t.link.state.up);
});

Deno.test("link closes at once in every state, and stays closed", async () => {
  await using fake = await startFakeAsterisk();
  for (const phase of ["new", "asking", "opening", "up", "waiting"] as const) {
    fake.hang(
      phase === "asking"
        ? () => true
        : phase === "opening"
        ? (call) => call.path === "/events"
        : null,
    );
    const password = phase === "waiting" ? "wrong" : fake.password;
    const caller = new AbortController();
    const t = linkTo(fake, { password, signal: caller.signal });
    const asked = fake.infos;
    if (phase === "asking") await fake.until(() => fake.infos > asked);
    if (phase === "opening") await fake.until(() => fake.open >= 2);
    if (phase === "up") await t.up();
    if (phase === "waiting") await t.down("denied");
    const before = t.states.length;
    caller.abort();
    assert.equal(t.link.state.up === false && t.link.state.code, "closed");
    assert.equal(t.states.length, before + 1);
    await t.link[Symbol.asyncDispose]();
    await t.link[Symbol.asyncDispose]();
    t.link.start();
    assert.equal(t.states.length, before + 1, phase);
    await fake.until(() => fake.open === 0);
  }
});

Deno.test("link can be closed in its callbacks", async () => {
  await using fake = await startFakeAsterisk();
  const codes: (AriDownCode | "up")[] = [];
  const closed = Promise.withResolvers<void>();
  await using t = linkTo(fake, {
    onState: (state) => {
      codes.push(state.up ? "up" : state.code);
      t.link[Symbol.asyncDispose]().then(closed.resolve, closed.reject);
    },
  });
  await closed.promise;
  assert.deepEqual(codes, ["up", "closed"]);
  await fake.until(() => fake.open === 0);
});

Deno.test("link continues after a state handler that throws", async () => {
  await using fake = await startFakeAsterisk();
  await using t = linkTo(fake, {
    onState: () => {
      throw new Error("boom");
    },
  });
  await t.until(() => t.warnings.length === 1);
  assert.equal(t.warnings[0], "Cannot handle a change of Asterisk's state: boom");
  fake.sendEvent("still");
  await t.until(() => t.events.length === 1);
});

Deno.test("link refuses settings that cannot work", async () => {
  await using fake = await startFakeAsterisk();
  assert.throws(() => linkTo(fake, { httpUrl: fake.websocketUrl }), { code: "invalid" });
  assert.throws(() => linkTo(fake, { websocketUrl: fake.httpUrl }), { code: "invalid" });
  assert.throws(() => linkTo(fake, { applications: [] }), { code: "invalid" });
  assert.throws(() => linkTo(fake, { applications: ["a,b"] }), { code: "invalid" });
});
