import assert from "node:assert/strict";
import type { BusMessage } from "../../src/bus/bus.ts";
import { InProcessBroker } from "../../src/bus/memory.ts";
import { type ProxyOptions, startProxy } from "../../src/server/proxy.ts";
import { app, MemoryLog, node, ProxyFixture } from "../testing/proxy_fixture.ts";
import { Received } from "../testing/received.ts";

const user = { username: "proxy", password: "secret" };
const other = "02:42:ac:11:00:0b";

function text({ data }: BusMessage): string {
  return new TextDecoder().decode(data);
}

/** Collects what comes on a subject, as texts. */
function collect(fixture: ProxyFixture, subject: string): Received<string> {
  const received = new Received<string>();
  fixture.bus.subscribe(subject, (message) => received.add(text(message)));
  return received;
}

function event(id: number): string {
  return `{"type":"StasisEnd","n":${id},"asterisk_id":"${node}","application":"${app}"}`;
}

Deno.test("proxy encodes an ID that tries to leave its path", async () => {
  await using fixture = await ProxyFixture.start();
  fixture.asterisk.answer([{ status: 204 }, { status: 204 }]);
  const first = fixture.asterisk.calls.length;
  for (const id of ["../../asterisk/modules/x", "c1?reason=busy#x"]) {
    const request = JSON.stringify({ kind: "ChannelAnswer", key: { id } });
    assert.equal(await fixture.request("ari.command", request), '{"error":""}');
  }
  assert.deepEqual(fixture.asterisk.calls.slice(first).map(({ path, query }) => path + query), [
    "/channels/..%2F..%2Fasterisk%2Fmodules%2Fx/answer",
    "/channels/c1%3Freason=busy%23x/answer",
  ]);
});

Deno.test("proxy refuses an ID that no encoding keeps in its path", async () => {
  await using fixture = await ProxyFixture.start();
  const first = fixture.asterisk.calls.length;
  for (const id of [".", ".."]) {
    const request = JSON.stringify({ kind: "ChannelAnswer", key: { id } });
    assert.equal(
      await fixture.request("ari.command", request),
      JSON.stringify({ error: `Cannot use "${id}" as id: it would change the path` }),
    );
  }
  assert.equal(fixture.asterisk.calls.length, first);
});

Deno.test("proxy refuses a dialog that would forge a subject, before it sends a request to Asterisk", async () => {
  await using fixture = await ProxyFixture.start();
  const first = fixture.asterisk.calls.length;
  for (const dialog of ["a b", "*", ">", "a..b", "a\r\nPUB x 0"]) {
    const request = JSON.stringify({ kind: "ChannelAnswer", key: { id: "c1", dialog } });
    assert.match(await fixture.request("ari.command", request), /Cannot use .* as dialog/);
  }
  assert.equal(fixture.asterisk.calls.length, first);
});

Deno.test("proxy refuses a dialog that is too long for the subjects of its bus", async () => {
  const broker = new InProcessBroker({ maxSubject: 255 });
  await using fixture = await ProxyFixture.start({ broker });
  fixture.asterisk.answer(() => ({ status: 204 }));
  const before = fixture.asterisk.calls.length;
  const answer = (dialog: string) =>
    fixture.request(
      "ari.command",
      JSON.stringify({ kind: "ChannelAnswer", key: { id: "c1", dialog } }),
    );
  const fitting = "d".repeat(255 - "ari.dialogevent.".length);
  const quoted = `"${"d".repeat(80)}…"`;
  assert.deepEqual(JSON.parse(await answer(`${fitting}d`)), {
    error: `Cannot use ${quoted} as dialog: its subject is over 255 bytes`,
  });
  assert.equal(fixture.proxy.gauges.boundEntities, 0);
  assert.equal(fixture.asterisk.calls.length, before);
  assert.equal(await answer(fitting), '{"error":""}');
  assert.equal(fixture.proxy.gauges.boundEntities, 1);
});

Deno.test("proxy counts bindings of dialogs that are dropped for others, and warns", async () => {
  await using fixture = await ProxyFixture.start();
  const bind = (dialog: string) =>
    fixture.request(
      "ari.command",
      JSON.stringify({ kind: "ChannelSubscribe", key: { id: "c1", dialog } }),
    );
  for (let i = 0; i < 103; i++) assert.equal(await bind(`d${i}`), '{"error":""}');
  assert.equal(fixture.proxy.counters.bindingsDropped, 3);
  const { details } = await fixture.log.line("A dialog gets no more events of an entity");
  assert.deepEqual(details, { kind: "channel", id: "c1", dialog: "d0" });
  assert.equal(fixture.log.lines.filter(({ level }) => level === "warn").length, 1);
});

Deno.test("proxy with names that are too long for the subjects of its bus does not start", async () => {
  await using bus = new InProcessBroker({ maxSubject: 255 }).connect();
  const [app, nodeId] = ["a".repeat(117), "n".repeat(117)];
  const start = (names: Pick<ProxyOptions, "apps" | "nodeId">) =>
    startProxy({
      ...names,
      bus,
      process: { id: "p", version: "0.0.0", started: new Date(0) },
      log: new MemoryLog(),
      asterisk: { httpUrl: "http://localhost:9", websocketUrl: "ws://localhost:9", ...user },
    });
  await using _fitting = start({ apps: [app], nodeId });
  const message = /^Cannot use "a+…" as application.* over 255 bytes$/;
  assert.throws(() => start({ apps: [`${app}a`], nodeId }), { code: "invalid", message });
  assert.throws(() => start({ apps: ["a".repeat(236)] }), { code: "invalid", message });
});

Deno.test("proxy serves no node whose name is too long for the subjects of its bus", async () => {
  const broker = new InProcessBroker({ maxSubject: 255 });
  await using fixture = await ProxyFixture.start({ broker });
  fixture.asterisk.entityId = "n".repeat(231);
  fixture.asterisk.dropSockets();
  const { details } = await fixture.log.line("Waiting for Asterisk");
  assert.match(
    `${details.reason}`,
    /^Cannot use "calls" as application with "n+…" as node: .* 255/,
  );
  assert.deepEqual(fixture.proxy.selves, []);
});

Deno.test("proxy responds with an error in place of a response that the bus does not take", async () => {
  const broker = new InProcessBroker({ maxPayload: 4096 });
  await using fixture = await ProxyFixture.start({ broker });
  const channels = Array.from({ length: 200 }, (_, i) => ({ id: `channel-${i}` }));
  fixture.asterisk.answer([{ status: 200, body: JSON.stringify(channels) }]);
  const answer = await fixture.request("ari.get", JSON.stringify({ kind: "ChannelList" }));
  assert.match(answer, /^\{"error":"Reply too large: \d+ bytes, the bus allows 4096; ask for less/);
});

const rest = (method: string, path: string) =>
  JSON.stringify({ kind: "Rest", key: {}, rest: { method, path } });

Deno.test("proxy does not read a response of Asterisk that is too large for the bus", async () => {
  const maxPayload = 100_000;
  await using fixture = await ProxyFixture.start({ broker: new InProcessBroker({ maxPayload }) });
  const channel = (i: number) => ({ id: `channel-${i}`, name: "x".repeat(500) });
  const channels = JSON.stringify(Array.from({ length: 800 }, (_, i) => channel(i)));
  const blanks = `{"a":1${" ".repeat(150_000)}}`;
  const text = `{"a":"${"x".repeat(200_000)}"}`;
  const bodies = [channels, channels, blanks, text, new Uint8Array(150_001)];
  fixture.asterisk.answer(bodies.map((body) => ({ status: 200, body })));
  // Of a list only the keys are told.
  assert.match(await fixture.request("ari.get", '{"kind":"ChannelList"}'), /"id":"channel-799"/);
  const refused = (size: number) =>
    JSON.stringify({
      error: `Reply too large: ${size} bytes, the bus allows 100000; ask for less at a time, and ` +
        "for the file of a recording in pieces (RecordingStoredFile)",
    });
  const get = (path: string) => fixture.request("ari.data", rest("GET", path));
  assert.equal(await get("/channels"), refused(channels.length));
  assert.match(await get("/blanks"), /"body":\{"a":1\}/);
  assert.equal(await get("/x"), refused(200_008));
  assert.equal(await get("/recordings/stored/x/file"), refused(150_001));
});

Deno.test("proxy passes Asterisk's reason in a header of the response", async () => {
  await using fixture = await ProxyFixture.start();
  fixture.asterisk.answer([{ status: 409, body: '{"message":"Channel not in Stasis\\n"}' }]);
  const data = new TextEncoder().encode('{"kind":"ChannelAnswer","key":{"id":"c1"}}');
  const { headers } = await fixture.bus.request("ari.command", data, { timeout: 5_000 });
  assert.equal(headers?.["Ari-Reason"], "Channel not in Stasis");
});

Deno.test("proxy logs a burst of malformed requests in two lines", async () => {
  await using fixture = await ProxyFixture.start();
  for (let i = 0; i < 100; i++) await fixture.request("ari.get", "{");
  await fixture.proxy.close();
  const lines = fixture.log.lines.filter(({ level }) => level === "warn");
  assert.deepEqual(lines.map(({ message }) => message), [
    "Refused a malformed request",
    "Refused a malformed request (99 more)",
  ]);
});

Deno.test("proxy handles a request without a reply subject", async () => {
  await using fixture = await ProxyFixture.start();
  fixture.asterisk.answer([{ status: 204 }]);
  const first = fixture.asterisk.calls.length;
  const data = new TextEncoder().encode('{"kind":"ChannelAnswer","key":{"id":"c1"}}');
  fixture.bus.publish("ari.command", data);
  await fixture.asterisk.until(() => fixture.asterisk.calls.length > first);
  assert.equal(fixture.asterisk.calls[first].path, "/channels/c1/answer");
});

Deno.test("proxy does not let one request wait for another", async () => {
  await using fixture = await ProxyFixture.start({ drainTimeout: 50 });
  fixture.asterisk.hang(({ path }) => path === "/channels/slow/answer");
  fixture.asterisk.answer(() => ({ status: 204 }));
  const request = (id: string) => JSON.stringify({ kind: "ChannelAnswer", key: { id } });
  fixture.bus.publish("ari.command", new TextEncoder().encode(request("slow")));
  assert.equal(await fixture.request("ari.command", request("fast")), '{"error":""}');
});

Deno.test("proxy without Asterisk leaves creates to others and responds that it is down", async () => {
  const broker = new InProcessBroker();
  await using fixture = await ProxyFixture.start({ broker });
  await using second = await ProxyFixture.start({ broker, node: other });
  second.asterisk.answer(() => ({ status: 200, body: "{}" }));
  await fixture.asterisk.refuse();
  await fixture.log.line("Asterisk is disconnected");
  for (let i = 0; i < 20; i++) {
    const request = JSON.stringify({ kind: "BridgeCreate", bridge_create: {} });
    assert.ok((await fixture.request("ari.create", request)).includes(other));
  }
  const request = JSON.stringify({ kind: "ChannelAnswer", key: { id: "c1" } });
  const direct = await fixture.request(`ari.command.${app}.${node}`, request);
  assert.equal(direct, '{"error":"ARI connection is down"}');
  assert.deepEqual(fixture.proxy.selves, []);
});

Deno.test("proxy serves Asterisk under its new entity ID when it changes", async () => {
  await using fixture = await ProxyFixture.start({ checkInterval: 5 });
  const announced = collect(fixture, "ari.announce");
  fixture.asterisk.entityId = other;
  await announced.until((items) => items.some((item) => item.includes(other)));
  fixture.asterisk.answer(() => ({ status: 204 }));
  const request = JSON.stringify({ kind: "ChannelAnswer", key: { id: "c1" } });
  assert.equal(await fixture.request(`ari.command.${app}.${other}`, request), '{"error":""}');
  await assert.rejects(fixture.request(`ari.command.${app}.${node}`, request), {
    code: "no_responders",
  });
  const events = collect(fixture, `ari.event.${app}.${other}`);
  fixture.asterisk.sendEvent(event(1).replace(node, other));
  await events.count(1);
});

Deno.test("proxy with a wrong password serves nothing and logs what to do", async () => {
  await using fixture = await ProxyFixture.start();
  fixture.asterisk.password = "changed";
  fixture.asterisk.dropSockets();
  const line = await fixture.log.line("Waiting for Asterisk");
  assert.match(`${line.details.reason}`, /401.*check the ARI user name and password/);
  assert.deepEqual(fixture.proxy.selves, []);
});

Deno.test("proxy keeps events in order while the bus is disconnected", async () => {
  await using fixture = await ProxyFixture.start();
  const events = collect(fixture, "ari.event.>");
  const send = (from: number, to: number) => {
    for (let i = from; i < to; i++) fixture.asterisk.sendEvent(event(i));
  };
  const received = (count: number) =>
    new Promise<void>((resolve) => {
      const timer = setInterval(() => {
        if (fixture.proxy.counters.eventsReceived < count) return;
        clearInterval(timer);
        resolve();
      }, 1);
    });
  send(0, 100);
  await events.count(100);
  fixture.proxyBus.disconnect();
  send(100, 200);
  await received(200);
  fixture.proxyBus.reconnect();
  send(200, 300);
  const sent = () => events.items.map((item) => JSON.parse(item).n).filter((n) => n !== undefined);
  await events.until(() => sent().length === 300);
  assert.deepEqual(sent(), [...Array(300).keys()]);
  assert.equal(fixture.proxy.counters.eventsDropped, 0);
});

Deno.test("proxy that is closed finishes requests in flight and takes no new ones", async () => {
  const broker = new InProcessBroker();
  await using fixture = await ProxyFixture.start({ broker });
  const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
  const { promise: go, resolve: let_go } = Promise.withResolvers<void>();
  fixture.asterisk.answer(async () => {
    ask();
    await go;
    return { status: 204 };
  });
  const request = JSON.stringify({ kind: "ChannelAnswer", key: { id: "c1" } });
  const answer = fixture.request("ari.command", request);
  await asked;
  const closed = fixture.proxy.close();
  await assert.rejects(fixture.request("ari.get", request), { code: "no_responders" });
  let_go();
  assert.equal(await answer, '{"error":""}');
  await closed;
  assert.deepEqual([fixture.proxy.selves, fixture.proxy.gauges.asterisks], [[], 0]);
});

Deno.test("proxy counts what is still queued for the bus when it is closed", async () => {
  await using fixture = await ProxyFixture.start();
  fixture.proxyBus.disconnect();
  for (let i = 0; i < 3; i++) fixture.asterisk.sendEvent(event(i));
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      if (fixture.proxy.counters.eventsReceived < 3) return;
      clearInterval(timer);
      resolve();
    }, 1);
  });
  await fixture.proxy.close();
  assert.equal(fixture.proxy.counters.eventsDropped, 3);
  await fixture.log.line("Dropped events");
});

Deno.test("proxy that has announced its shutdown does not announce that it is up again", async () => {
  await using fixture = await ProxyFixture.start();
  const states = collect(fixture, "ari.announce");
  const { promise: go, resolve } = Promise.withResolvers<void>();
  fixture.asterisk.answer(async () => {
    await go;
    return { status: 204 };
  });
  const first = fixture.asterisk.calls.length;
  const data = new TextEncoder().encode('{"kind":"ChannelAnswer","key":{"id":"c1"}}');
  fixture.bus.publish("ari.command", data);
  await fixture.asterisk.until(() => fixture.asterisk.calls.length > first);
  const closed = fixture.proxy.close();
  fixture.proxyBus.disconnect();
  fixture.proxyBus.reconnect();
  resolve();
  await closed;
  await fixture.bus.flush();
  assert.deepEqual(states.items.map((item) => JSON.parse(item).state), ["stopping"]);
});

Deno.test("proxy that is closed waits for hanging requests no longer than its timeout", async () => {
  await using fixture = await ProxyFixture.start({ drainTimeout: 20 });
  fixture.asterisk.hang(() => true);
  const request = JSON.stringify({ kind: "ChannelAnswer", key: { id: "c1" } });
  fixture.bus.publish("ari.command", new TextEncoder().encode(request));
  await fixture.asterisk.until(() => fixture.asterisk.calls.at(-1)?.path === "/channels/c1/answer");
  await fixture.proxy.close();
  assert.ok(fixture.log.lines.some(({ message }) => message.startsWith("Closed with requests")));
});
