import assert from "node:assert/strict";
import { mock } from "node:test";
import { SocketRest } from "../../../src/ari/inbound/socket_rest.ts";
import { SocketPool } from "../../../src/ari/inbound/socket_pool.ts";

const ping = { method: "GET", path: "/asterisk/ping" } as const;
const add = { method: "POST", path: "/bridges/b1/addChannel" } as const;

/** A WebSocket that a test controls. */
function makeSocket(options: Partial<ConstructorParameters<typeof SocketRest>[0]> = {}) {
  const sent: string[] = [];
  const pings: number[] = [];
  const rest = new SocketRest({
    host: "test",
    send: (text) => void sent.push(JSON.parse(text).transaction_id),
    ping: () => void pings.push(rest.mark),
    ...options,
  });
  const answer = (id: string) => rest.take({ transaction_id: id, status_code: 200 });
  return { rest, sent, pings, answer };
}

/** A pool of these WebSockets. */
function startPool(sockets: ReturnType<typeof makeSocket>[], queueTimeout = 60_000) {
  const pool = new SocketPool({
    node: "n1",
    queueTimeout,
    sockets: () => sockets.map(({ rest }) => rest),
  });
  for (const { rest } of sockets) rest.onResponse(() => pool.dispatch());
  return pool;
}

Deno.test("pool sends to the WebSocket with the fewest unanswered requests", async () => {
  const [one, two] = [makeSocket(), makeSocket()];
  const pool = startPool([one, two]);
  const all = [add, ping, ping, ping].map((request) => pool.send(request));
  assert.deepEqual([one.sent.length, two.sent.length], [2, 2]);
  two.answer("1");
  two.answer("2");
  all.push(pool.send(ping));
  assert.deepEqual([one.sent.length, two.sent.length], [2, 3]);
  one.answer("1");
  one.answer("2");
  two.answer("3");
  assert.equal((await Promise.all(all)).length, 5);
});

Deno.test("pool queues requests over the limit of a WebSocket", async () => {
  const one = makeSocket({ inFlight: 2 });
  const pool = startPool([one]);
  const all = [1, 2, 3, 4].map(() => pool.send(ping));
  assert.deepEqual(one.sent, ["1", "2"]);
  one.answer("1");
  assert.deepEqual(one.sent, ["1", "2", "3"]);
  one.answer("2");
  one.answer("3");
  one.answer("4");
  assert.equal((await Promise.all(all)).length, 4);
});

Deno.test("pool sends nothing to a stuck WebSocket, and continues when it is free", async () => {
  // It is stuck at once.
  const [stuck, free] = [makeSocket({ stall: -1 }), makeSocket()];
  const sockets = [stuck];
  const pool = startPool(sockets);
  const first = pool.send(add);
  const held = [pool.send(ping), pool.send(ping)];
  assert.deepEqual(stuck.sent, ["1"]);
  sockets.push(free);
  free.rest.onResponse(() => pool.dispatch());
  pool.dispatch();
  assert.deepEqual(free.sent, ["1", "2"]);
  held.push(pool.send(ping));
  assert.deepEqual(free.sent, ["1", "2", "3"]);
  ["1", "2", "3"].forEach(free.answer);
  await Promise.all(held);
  sockets.pop();
  const later = pool.send(ping);
  assert.deepEqual(stuck.sent, ["1"]);
  stuck.answer("1");
  assert.deepEqual(stuck.sent, ["1", "2"]);
  stuck.answer("2");
  await Promise.all([first, later]);
});

Deno.test("pool refuses requests that wait too long, and names the one that Asterisk is carrying out", async () => {
  const stuck = makeSocket({ stall: -1 });
  const pool = startPool([stuck], 1);
  const first = pool.send(add);
  await assert.rejects(pool.send(ping), {
    code: "busy",
    message: /^Asterisk n1 has been at POST \/bridges\/b1\/addChannel for .*ping was not sent$/,
  });
  await assert.rejects(pool.send(ping, { timeout: 0 }), { code: "busy" });
  stuck.answer("1");
  await first;
  assert.deepEqual(stuck.sent, ["1"]);
});

Deno.test("pool continues when a pong shows that a response was lost", async () => {
  const one = makeSocket({ stall: -1, timeout: 1 });
  const pool = startPool([one]);
  await assert.rejects(pool.send(add), { code: "timeout" });
  const held = pool.send(ping, { timeout: 60_000 });
  assert.deepEqual(one.pings, [1]);
  // A ping that was sent before the request proves nothing.
  one.rest.handled(0);
  assert.deepEqual(one.sent, ["1"]);
  assert.deepEqual(one.pings, [1, 1]);
  one.rest.handled(1);
  assert.deepEqual(one.sent, ["1", "2"]);
  one.answer("2");
  await held;
});

Deno.test("waiting requests end with their callers, the last WebSocket and the link", async () => {
  const stuck = makeSocket({ stall: -1 });
  const sockets = [stuck];
  const pool = startPool(sockets);
  const first = pool.send(add);
  const caller = new AbortController();
  const given = pool.send(ping, { signal: caller.signal });
  caller.abort();
  await assert.rejects(given, { code: "aborted" });
  await assert.rejects(pool.send(ping, { signal: caller.signal }), { code: "aborted" });
  const left = pool.send(ping);
  sockets.pop();
  pool.dispatch();
  await assert.rejects(left, { code: "unreachable", message: /no WebSocket open/ });
  await assert.rejects(pool.send(ping), { code: "unreachable" });
  stuck.answer("1");
  await first;
});

Deno.test("pool sends nothing whose deadline has passed, whatever its timeout", async () => {
  mock.timers.enable({ apis: ["Date"], now: 1_000 });
  try {
    const one = makeSocket({ inFlight: 1 });
    const pool = startPool([one]);
    const first = pool.send(ping);
    const late = [{}, { timeout: 60_000 }].map((options) =>
      assert.rejects(pool.send(ping, { ...options, notAfter: 1_100 }), { code: "expired" })
    );
    const next = pool.send(ping, { timeout: 60_000, notAfter: 2_000 });
    assert.equal(pool.waiting, 3);
    mock.timers.setTime(1_101);
    one.answer("1");
    await Promise.all(late);
    assert.equal(one.sent.length, 2);
    one.answer(one.sent[1]);
    await Promise.all([first, next]);
  } finally {
    mock.timers.reset();
  }
});
