import assert from "node:assert/strict";
import { createRest } from "../../../src/ari/rest.ts";
import { encodeFrame } from "../../../src/ari/websocket/frames.ts";
import { withDeadline } from "../../testing/deadline.ts";
import { dialIn, version } from "../../testing/dialling_asterisk.ts";
import { startFakeAsterisk } from "../../testing/fake_asterisk.ts";
import { startFaultProxy } from "../../testing/fault_proxy.ts";
import { MovableClock } from "../../testing/movable_clock.ts";
import { Received } from "../../testing/received.ts";
import { cert, key } from "../../testing/tls_certificate.ts";
import { node, TestListener } from "./test_listener.ts";

const ping = { method: "GET", path: "/asterisk/ping" } as const;

/** The head of the response to a raw request. */
async function responseTo(port: number, lines: readonly string[]): Promise<string> {
  using connection = await Deno.connect({ hostname: "localhost", port });
  await connection.write(new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n`));
  let text = "";
  for await (const bytes of connection.readable) text += new TextDecoder().decode(bytes);
  return text;
}

const good = [
  "GET / HTTP/1.1",
  "Host: x",
  "Upgrade: websocket",
  "Connection: Upgrade",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
];

Deno.test("listener links an Asterisk that connects, delivers events and sends requests", async () => {
  await using listener = new TestListener();
  await using asterisk = await dialIn(listener.port, {
    node,
    applications: ["calls", "other"],
    answer: ({ uri }) => ({ status: 404, reason: "Not Found", body: uri }),
  });
  const link = await listener.link();
  assert.deepEqual(link.state, {
    up: true,
    node,
    info: { system: { entity_id: node, version } },
    kept: true,
  });
  assert.deepEqual(await link.rest.send({ method: "GET", path: "/channels/a%20b" }), {
    status: 404,
    reason: "Not Found",
    body: "channels/a%20b",
  });
  for (let n = 1; n <= 500; n++) asterisk.event("StasisStart", { n, text: "ü".repeat(n) });
  await listener.numbered(500);
  assert.deepEqual(listener.numbers, Array.from({ length: 500 }, (_, i) => i + 1));
  const registered = listener.events.items.slice(0, 2);
  assert.deepEqual(registered.map(({ application }) => application), ["calls", "other"]);

  asterisk.close();
  await listener.states.until((states) => states.some((state) => !state.up));
  assert.equal(link.state.up, false);
  await assert.rejects(link.rest.send(ping), { code: "unreachable" });
  await using _again = await dialIn(listener.port, { node });
  await listener.states.until((states) => states.filter(({ up }) => up).length === 2);
  assert.equal((await link.rest.send(ping)).status, 200);
  assert.equal(listener.links.size, 1);
});

Deno.test("listener refuses invalid requests and credentials", async () => {
  await using open = new TestListener();
  await using closed = new TestListener({ credentials: { username: "pbx", password: "s:ü" } });
  const ari = [...good, "Sec-WebSocket-Protocol: ari"];
  const basic = (text: string) =>
    `Authorization: Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(text)))}`;
  assert.match(await responseTo(open.port, good), / 400 /);
  assert.match(await responseTo(open.port, ["GET / HTTP/1.1", "Host: x"]), / 400 /);
  assert.match(
    await responseTo(open.port, [`GET / HTTP/1.1`, `X: ${"y".repeat(20_000)}`]),
    / 400 /,
  );
  assert.match(await responseTo(open.port, [...ari, "Origin: http://evil.example"]), / 403 /);
  assert.match(
    await responseTo(closed.port, ari),
    /^HTTP\/1\.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\nWWW-Authenticate: Basic /,
  );
  assert.match(await responseTo(closed.port, [...ari, basic("pbx:wrong")]), / 401 /);
  assert.match(await responseTo(closed.port, [...ari, basic("pbx")]), / 401 /);
  await assert.rejects(dialIn(closed.port, { node, credentials: "pbx:wrong" }), /refused/);
  assert.ok(closed.warnings.items.every((text) => /right user name and password/.test(text)));
  assert.ok(!closed.warnings.items.join().includes("wrong"));
  assert.equal(closed.links.size, 0);
  const header = [...ari, basic("pbx:s:ü")].slice(1).map((line) => line.split(": "));
  const socket = new WebSocket(`ws://localhost:${closed.port}`, {
    protocols: ["ari"],
    headers: { Authorization: header.at(-1)![1] },
  });
  await new Promise((resolve) => socket.onopen = resolve);
  assert.equal(socket.protocol, "ari");
  const over = new Promise((resolve) => socket.onclose = resolve);
  socket.close();
  await over;
});

Deno.test("listener uses TLS with a certificate", async () => {
  await using listener = new TestListener({ tls: { cert, key } });
  await using _asterisk = await dialIn(listener.port, { node, ca: cert });
  await listener.link();
});

Deno.test("listener closes connections that do not identify themselves", async () => {
  await using listener = new TestListener({ identifyTimeout: 20 });
  using connection = await Deno.connect({ hostname: "localhost", port: listener.port });
  const ended = await connection.read(new Uint8Array(1)).catch(() => null);
  assert.equal(ended, null);
  await using silent = await dialIn(listener.port, { node, applications: [] });
  await withDeadline(silent.closed, { what: "the end of a socket that says nothing" });
  await listener.warnings.count(2);
  assert.equal(listener.links.size, 0);

  await using few = new TestListener({ maxUnidentified: 1 });
  using _first = await Deno.connect({ hostname: "localhost", port: few.port });
  using second = await Deno.connect({ hostname: "localhost", port: few.port });
  assert.equal(await second.read(new Uint8Array(1)).catch(() => null), null);
});

Deno.test("listener holds events back until Asterisk is ready, up to a limit", async () => {
  let ready = false;
  await using listener = new TestListener();
  await using asterisk = await dialIn(listener.port, { node, ready: () => ready });
  asterisk.event("StasisStart", { n: 1 });
  await using other = await dialIn(listener.port, {
    node: "02:00:00:00:00:0b",
    ready: () => false,
  });
  // The other one has so many events that it must be ready.
  for (let n = 2; n <= 1_001; n++) other.event("StasisStart", { n });
  await listener.numbered(1_001);
  assert.equal(listener.links.get(node)!.state.up, false);
  ready = true;
  await listener.numbered(1);
  assert.ok((await listener.link()).state.up);
});

/** An Asterisk that identifies itself and after that sends only what the test says, not even pongs. */
async function dialSilently(port: number) {
  const connection = await Deno.connect({ hostname: "localhost", port });
  const send = (bytes: Uint8Array) => connection.write(bytes);
  const head = [...good, "Sec-WebSocket-Protocol: ari", "", ""].join("\r\n");
  await send(new TextEncoder().encode(head));
  const hello = { type: "ApplicationRegistered", application: "calls", asterisk_id: node };
  const text = (value: unknown) =>
    send(encodeFrame(1, new TextEncoder().encode(JSON.stringify(value)), { masked: true }));
  await text(hello);
  const buffer = new Uint8Array(65_536);
  return {
    /** Reads until a ping is received. */
    async ping() {
      while (true) {
        const count = await connection.read(buffer);
        assert.ok(count !== null, "it is given up");
        // A ping is a frame of two bytes, and no other frame ends with them.
        if (buffer[count - 2] === 0x89 && buffer[count - 1] === 0) return;
      }
    },
    pong: () => send(encodeFrame(10, new Uint8Array(), { masked: true })),
    text,
    [Symbol.dispose]: () => connection.close(),
  };
}

Deno.test("listener detects a dead WebSocket, and keeps a quiet one", async () => {
  await using listener = new TestListener({ socket: { silence: 5, probeTimeout: 200 } });
  using asterisk = await dialSilently(listener.port);
  await asterisk.text({
    type: "RESTResponse",
    transaction_id: "1",
    status_code: 200,
    message_body: JSON.stringify({ system: { entity_id: node, version } }),
  });
  await listener.link();
  for (let pings = 0; pings < 5; pings++) {
    await asterisk.ping();
    await asterisk.pong();
  }
  const down = await listener.states.until((states) => states.some(({ up }) => !up));
  assert.match(JSON.stringify(down), /does not respond to a ping/);
});

Deno.test("listener keeps a silent WebSocket longer while a request on it is unanswered", async () => {
  const socket = { silence: 5, probeTimeout: 5, longSilence: 200 };
  await using listener = new TestListener({ socket });
  using asterisk = await dialSilently(listener.port);
  // The request for Asterisk's version is unanswered; otherwise the second ping would not be sent.
  for (let pings = 0; pings < 5; pings++) await asterisk.ping();
  const down = await listener.states.until((states) => states.some(({ up }) => !up));
  assert.match(JSON.stringify(down), /does not respond to a ping/);
});

Deno.test("listener accepts a new WebSocket of an Asterisk whose former one is dead", async () => {
  await using listener = new TestListener({ duplicateTimeout: 100 });
  await using proxy = await startFaultProxy(listener.port);
  await using _dead = await dialIn(proxy.port, { node });
  const link = await listener.link();
  proxy.stall();
  await using alive = await dialIn(listener.port, { node });
  // Any message may wait for the end of the former one.
  alive.send('{"type":"Application');
  alive.event("StasisStart", { n: 1 });
  await listener.numbered(1);
  assert.ok(link.state.up);
  assert.equal((await link.rest.send(ping)).status, 200);
  assert.equal(alive.requests.items.length, 1);
  proxy.resume();
});

Deno.test("listener refuses a second Asterisk with the same entity ID", async () => {
  await using listener = new TestListener();
  await using first = await dialIn(listener.port, { node });
  await listener.link();
  await using second = await dialIn(listener.port, { node });
  second.event("StasisStart", { n: 2 });
  const { code, reason } = await withDeadline(second.closed, { what: "the second is refused" });
  assert.deepEqual([code, reason], [1008, "Another Asterisk has this entity ID"]);
  first.event("StasisStart", { n: 1 });
  await listener.numbered(1);
  assert.deepEqual(listener.numbers, [1]);
  assert.match(listener.warnings.items[0], /Two Asterisks have the entity ID 02:00:00:00:00:0a/);
});

Deno.test("listener limits the number of Asterisks", async () => {
  await using listener = new TestListener({ asterisks: 1 });
  await using first = await dialIn(listener.port, { node });
  await listener.link();
  await using second = await dialIn(listener.port, { node: "02:00:00:00:00:0b" });
  await withDeadline(second.closed, { what: "the second is refused" });
  assert.deepEqual(listener.warnings.items, [
    "Refused an Asterisk: 1 are connected already",
  ]);
  assert.deepEqual(listener.accused, ["02:00:00:00:00:0b"]);
  first.event("StasisStart", { n: 1 });
  await listener.numbered(1);
});

Deno.test("listener replaces the Asterisk that has been disconnected for longest", async () => {
  using clock = new MovableClock();
  await using listener = new TestListener({ asterisks: 3 });
  const nodes = ["a", "b", "c", "d", "e"].map((end) => `02:00:00:00:00:0${end}`);
  const [a, b, c] = await Promise.all(
    nodes.slice(0, 3).map((node) => dialIn(listener.port, { node })),
  );
  for (const node of nodes.slice(0, 3)) await listener.link(node);
  const downs = () => listener.states.items.filter(({ up }) => !up).length;
  for (const [index, asterisk] of [b, a].entries()) {
    asterisk.close();
    await asterisk.closed;
    await listener.states.until(() => downs() === index + 1);
    clock.advance(1_000);
  }
  await using _d = await dialIn(listener.port, { node: nodes[3] });
  await listener.link(nodes[3]);
  const codes = nodes.slice(0, 3).map((node) => {
    const { state } = listener.links.get(node)!;
    return state.up ? "up" : state.code;
  });
  assert.deepEqual(codes, ["lost", "closed", "up"]);
  await using _e = await dialIn(listener.port, { node: nodes[4] });
  await listener.link(nodes[4]);
  assert.deepEqual(listener.warnings.items, []);
  await c[Symbol.asyncDispose]();
});

Deno.test("listener reports another version of Asterisk after it reconnects", async () => {
  await using listener = new TestListener();
  let told = "22.1.0";
  const info = () => ({
    status: 200,
    body: JSON.stringify({ system: { entity_id: node, version: told } }),
  });
  await using _first = await dialIn(listener.port, { node, info });
  const link = await listener.link();
  told = "23.0.0";
  await using _second = await dialIn(listener.port, { node, info, applications: ["other"] });
  await listener.states.until((states) => states.filter(({ up }) => up).length === 2);
  assert.equal(link.state.up && link.state.info.system.version, "23.0.0");
  await using _third = await dialIn(listener.port, { node, info, applications: ["third"] });
  // Nothing has changed, so nothing is reported; its events are delivered.
  _third.event("StasisStart", { n: 1 });
  await listener.numbered(1);
  assert.equal(listener.states.items.length, 2);
});

Deno.test("listener serves an Asterisk whose ARI user is refused, and names the setting", async () => {
  await using listener = new TestListener();
  const denied = () => ({ status: 403, reason: "Forbidden" });
  await using asterisk = await dialIn(listener.port, { node, info: denied });
  asterisk.event("StasisStart", { n: 1 });
  await listener.link();
  await listener.numbered(1);
  assert.deepEqual(listener.warnings.items, [
    "Asterisk refuses the ARI user: GET /asterisk/info answered 403 Forbidden; " +
    "check local_ari_user in ari.conf",
  ]);
});

Deno.test("listener tracks the applications that a WebSocket registers and unregisters", async () => {
  await using listener = new TestListener();
  await using first = await dialIn(listener.port, { node, applications: ["one", "two"] });
  await listener.link();
  // The second application belongs to the first WebSocket as well.
  await using refused = await dialIn(listener.port, { node, applications: ["two"] });
  assert.equal((await withDeadline(refused.closed, { what: "the refusal" })).code, 1008);
  first.event("ApplicationUnregistered", { application: "two" });
  first.event("StasisStart", { n: 1 });
  await listener.numbered(1);
  await using other = await dialIn(listener.port, { node, applications: ["two"] });
  other.event("StasisStart", { n: 2 });
  await listener.numbered(2);
  assert.equal(listener.warnings.items.length, 1);
});

Deno.test("listener accepts any number of per-call WebSockets, also with one name", async () => {
  await using listener = new TestListener();
  const applications = ["calls:PJSIP/alice-00000001"];
  await using first = await dialIn(listener.port, { node, applications });
  const link = await listener.link();
  const asked = Promise.withResolvers<void>();
  const info = () => {
    asked.resolve();
    return { status: 200, body: JSON.stringify({ system: { entity_id: node, version } }) };
  };
  await using second = await dialIn(listener.port, { node, applications, info });
  await asked.promise;
  second.event("StasisStart", { n: 1 });
  first.event("StasisStart", { n: 2 });
  await listener.numbered(1);
  await listener.numbered(2);
  // Requests go to the newest, since the older one may end at any time.
  await link.rest.send(ping);
  assert.equal(second.requests.items.length, 1);
  second.close();
  await second.closed;
  assert.ok(link.state.up);
});

Deno.test("listener continues after handlers that throw, and warns once for repeated failures", async () => {
  const warnings = new Received<string>();
  const seen = new Received<string>();
  await using listener = new TestListener({
    onAsterisk: (_, connect) => {
      connect({
        onEvent: ({ text }) => {
          seen.add(text);
          if (text.includes("bad")) throw new Error("boom");
        },
        onState: () => {
          throw new Error("bang");
        },
        onWarning: warnings.add,
      });
    },
  });
  await using asterisk = await dialIn(listener.port, { node });
  for (const n of ["bad", "bad", "good", "bad"]) asterisk.event("StasisStart", { n });
  await seen.count(5);
  assert.deepEqual(warnings.items, [
    "Cannot handle a change of Asterisk's state: bang",
    "Cannot handle an event: boom",
    "Cannot handle an event: boom",
  ]);
});

Deno.test("listener closes the WebSocket of an Asterisk that is not accepted", async () => {
  await using listener = new TestListener({ onAsterisk: () => {} });
  await using asterisk = await dialIn(listener.port, { node });
  await withDeadline(asterisk.closed, { what: "the end of a socket that is not linked" });
});

Deno.test("listener does not wait indefinitely for an Asterisk that does not close", async () => {
  const listener = new TestListener({ socket: { closeTimeout: 20 } });
  using _asterisk = await dialSilently(listener.port);
  await listener.states.until(() => true);
  await withDeadline(listener[Symbol.asyncDispose](), { what: "the listener closes" });
});

Deno.test("listener closes unidentified connections when it closes", async () => {
  const listener = new TestListener();
  using connection = await Deno.connect({ hostname: "localhost", port: listener.port });
  const half = new TextEncoder().encode("GET / HTTP/1.1\r\n");
  await connection.write(half);
  await using asterisk = await dialIn(listener.port, { node });
  await listener.link();
  listener.listener.close();
  assert.equal(await connection.read(new Uint8Array(1)).catch(() => null), null);
  asterisk.event("StasisStart", { n: 1 });
  await listener.numbered(1);
  await listener[Symbol.asyncDispose]();
  assert.deepEqual(listener.warnings.items, []);
});

Deno.test("listener serves per-call WebSockets and prefers the persistent one for requests", async () => {
  await using listener = new TestListener();
  const applications = ["calls:PJSIP/alice-00000001"];
  await using call = await dialIn(listener.port, { node, applications });
  const link = await listener.link();
  assert.ok(link.state.up && !link.state.kept);
  await link.rest.send(ping);
  assert.equal(call.requests.items.length, 1);
  await using lasting = await dialIn(listener.port, { node });
  await using otherCall = await dialIn(listener.port, {
    node,
    applications: ["calls:PJSIP/bob-00000002"],
  });
  otherCall.event("StasisStart", { n: 1 });
  lasting.event("StasisStart", { n: 2 });
  await listener.events.until((events) => events.filter(({ n }) => n).length === 2);
  await link.rest.send(ping);
  assert.equal(lasting.requests.items.length, 1);
  lasting.close();
  await lasting.closed;
  await link.rest.send(ping);
  for (const socket of [call, otherCall]) {
    socket.close();
    await socket.closed;
  }
  await listener.states.until((states) => states.some((state) => !state.up));
  assert.match(JSON.stringify(listener.states.items.at(-1)), /"code":"idle"/);
});

Deno.test("listener sends requests over HTTP where an address leads to the same Asterisk", async () => {
  const overHttp = await startFakeAsterisk({ entityId: node });
  await using second = await startFakeAsterisk({ entityId: "02:00:00:00:00:0c" });
  const { username, password } = overHttp;
  using http = createRest({ url: overHttp.httpUrl, username, password });
  using httpOfSecond = createRest({ url: second.httpUrl, username, password });
  await using listener = new TestListener({ http: [http, httpOfSecond], httpCheckInterval: 1 });
  await using asterisk = await dialIn(listener.port, { node });
  await using other = await dialIn(listener.port, { node: "02:00:00:00:00:0b" });
  await using third = await dialIn(listener.port, { node: "02:00:00:00:00:0c" });
  const link = await listener.link();
  // After this the Asterisk at the HTTP address is known.
  await link.rest.download("/recordings/stored/r1/file");
  overHttp.answer(({ path }) =>
    path === "/asterisk/ping" ? { status: 200, body: "http" } : undefined
  );
  assert.equal((await link.rest.send(ping)).body, "http");
  assert.equal(asterisk.requests.items.length, 0);
  await (await listener.link("02:00:00:00:00:0b")).rest.send(ping);
  assert.equal(other.requests.items.length, 1);
  await (await listener.link("02:00:00:00:00:0c")).rest.send(ping);
  assert.equal(third.requests.items.length, 0);

  await overHttp[Symbol.asyncDispose]();
  assert.equal((await link.rest.send(ping)).body, "");
  assert.equal(asterisk.requests.items.length, 1);
  assert.ok(link.state.up);
  const [warning] = await listener.warnings.count(1);
  assert.match(warning, /Cannot use ari.http_url, so requests go over the WebSockets/);
  await using _again = await startFakeAsterisk({ entityId: node });
});

Deno.test("listener sends requests over HTTP that Asterisk serves over HTTP only", async () => {
  await using overHttp = await startFakeAsterisk({ entityId: node });
  const { httpUrl: url, username, password } = overHttp;
  using http = createRest({ url, username, password });
  await using listener = new TestListener({ http: [http] });
  const refusing = { answer: () => ({ status: 406, reason: "Not Acceptable" }) };
  await using _asterisk = await dialIn(listener.port, { node, ...refusing });
  await using _other = await dialIn(listener.port, { node: "02:00:00:00:00:0b", ...refusing });
  const file = { method: "GET", path: "/asterisk/info" } as const;
  const link = await listener.link();
  const large = {
    method: "POST",
    path: "/channels",
    body: `{"a":"${"y".repeat(70_000)}"}`,
  } as const;
  assert.notEqual((await link.rest.send({ ...file, path: "/asterisk/ping" })).status, 406);
  assert.notEqual((await link.rest.send(large)).status, 406);
  overHttp.answer(({ path }) =>
    path.endsWith("/file") ? { status: 200, body: new Uint8Array(3) } : undefined
  );
  const download = await link.rest.download("/recordings/stored/r1/file");
  assert.ok("read" in download && download.size === 3);
  download[Symbol.dispose]();
  // The HTTP address leads to the first one.
  const { status, body } = await (await listener.link("02:00:00:00:00:0b")).rest.send(ping);
  assert.equal(status, 406);
  assert.match(body, /over HTTP only; set ari.http_url/);
  const other = await listener.link("02:00:00:00:00:0b");
  const refused = await other.rest.download("/recordings/stored/r1/file");
  assert.ok("body" in refused && /over HTTP only/.test(refused.body));
});

Deno.test("listener delivers events until the closing handshake is complete", async () => {
  const listener = new TestListener();
  await using asterisk = await dialIn(listener.port, { node });
  const link = await listener.link();
  for (let n = 1; n <= 2_000; n++) asterisk.event("StasisStart", { n });
  listener.listener.close();
  await link[Symbol.asyncDispose]();
  await asterisk.closed;
  assert.equal(listener.numbers.length, 2_000);
  assert.equal(link.state.up, false);
  await assert.rejects(link.rest.send(ping), { code: "aborted" });
  await assert.rejects(dialIn(listener.port, { node }), /refused/);
  await listener[Symbol.asyncDispose]();
});
