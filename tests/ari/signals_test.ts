import assert from "node:assert/strict";
import { openAriWebSocket } from "../../src/ari/websocket/outbound.ts";
import { createRest } from "../../src/ari/rest.ts";
import { SocketRest } from "../../src/ari/inbound/socket_rest.ts";
import { SocketPool } from "../../src/ari/inbound/socket_pool.ts";
import { AbortListeners } from "../testing/abort_listeners.ts";
import { startFakeAsterisk } from "../testing/fake_asterisk.ts";
import { linkTo } from "./link_to.ts";

const get = { method: "GET", path: "/channels" } as const;

Deno.test("rest leaves no listener on a caller's signal, however a request ends", async () => {
  await using fake = await startFakeAsterisk();
  const { httpUrl: url, username, password } = fake;
  using rest = createRest({ url, username, password });
  using listeners = new AbortListeners();
  const { signal } = new AbortController();
  fake.answer(() => ({ status: 200, body: "ok" }));
  await rest.send(get, { signal });
  await rest.send(get, { signal });
  fake.hang(() => true);
  await assert.rejects(rest.send(get, { signal, timeout: 10 }), { code: "timeout" });
  await assert.rejects(rest.send({ ...get, path: "bad" }, { signal }), { code: "invalid" });
  await assert.rejects(rest.send(get, { signal, notAfter: 1 }), { code: "expired" });
  await assert.rejects(rest.download("/file", { signal, timeout: 10 }), { code: "timeout" });
  fake.hang(null);
  const file = await rest.download("/file", { signal });
  if ("read" in file) file[Symbol.dispose]();
  await fake.refuse();
  await assert.rejects(rest.send(get, { signal }), { code: "unreachable" });
  await assert.rejects(rest.download("/file", { signal }), { code: "unreachable" });
  assert.equal(listeners.count, 0);
});

Deno.test("REST over a WebSocket leaves no listener on a caller's signal", async () => {
  using listeners = new AbortListeners();
  const { signal } = new AbortController();
  const socket = new SocketRest({ host: "test", send: () => {}, inFlight: 1 });
  const pool = new SocketPool({ node: "n1", sockets: () => [socket], queueTimeout: 5 });
  socket.onResponse(() => pool.dispatch());
  const answer = (id: string) => socket.take({ transaction_id: id, status_code: 200 });
  const first = pool.send(get, { signal });
  const waiting = pool.send(get, { signal });
  answer("1");
  await first;
  const busy = pool.send(get, { signal });
  await assert.rejects(busy, { code: "busy" });
  answer("2");
  await waiting;
  await assert.rejects(pool.send(get, { signal, timeout: 1 }), { code: "timeout" });
  const broken = socket.send(get, { signal });
  socket.fail("gone");
  await assert.rejects(broken, { code: "interrupted" });
  assert.equal(listeners.count, 0);
});

Deno.test("ARI WebSocket leaves no listener on its signal, once closed or never opened", async () => {
  await using fake = await startFakeAsterisk();
  using listeners = new AbortListeners();
  const { signal } = new AbortController();
  const open = (password: string) =>
    openAriWebSocket({
      url: fake.websocketUrl,
      username: fake.username,
      password,
      applications: ["demo"],
      onEvent: () => {},
      signal,
    });
  await assert.rejects(open("wrong"), { code: "denied" });
  assert.equal(listeners.count, 0);
  const closed = await open(fake.password);
  closed.close();
  await closed.closed;
  const broken = await open(fake.password);
  fake.dropSockets();
  await broken.closed;
  await fake.refuse();
  await assert.rejects(open(fake.password), { code: "unreachable" });
  assert.equal(listeners.count, 0);
});

Deno.test("link has no more listeners after many connections than after the first", async () => {
  await using fake = await startFakeAsterisk();
  using listeners = new AbortListeners();
  const owner = new AbortController();
  const t = linkTo(fake, { signal: owner.signal, checkInterval: 2 });
  await t.up();
  const first = listeners.count;
  for (let times = 2; times <= 6; times++) {
    const asked = fake.infos;
    await fake.until(() => fake.infos >= asked + 2);
    fake.dropSockets();
    await t.up(times);
  }
  // A check may be in progress, which has at most two listeners.
  assert.ok(listeners.count <= first + 2, `${first} listeners became ${listeners.count}`);
  await t.link[Symbol.asyncDispose]();
  assert.equal(listeners.count, 0);
});
