import assert from "node:assert/strict";
import { mock } from "node:test";
import { SocketRest } from "../../../src/ari/inbound/socket_rest.ts";
import { SocketPool } from "../../../src/ari/inbound/socket_pool.ts";

const ping = { method: "GET", path: "/asterisk/ping" } as const;
const add = { method: "POST", path: "/bridges/b1/addChannel" } as const;

/** A socket in the hands of a test. */
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

/** Turns among sockets; a test that waits for one in vain would fail by its own timeout. */
function startTurns(sockets: ReturnType<typeof makeSocket>[], queueTimeout = 60_000) {
  const turns = new SocketPool({
    node: "n1",
    queueTimeout,
    sockets: () => sockets.map(({ rest }) => rest),
  });
  for (const { rest } of sockets) rest.onResponse = () => turns.dispatch();
  return turns;
}

Deno.test("turns go to the socket on which the fewest requests wait", async () => {
  const [one, two] = [makeSocket(), makeSocket()];
  const turns = startTurns([one, two]);
  const all = [add, ping, ping, ping].map((request) => turns.send(request));
  assert.deepEqual([one.sent.length, two.sent.length], [2, 2]);
  two.answer("1");
  two.answer("2");
  all.push(turns.send(ping));
  assert.deepEqual([one.sent.length, two.sent.length], [2, 3]);
  one.answer("1");
  one.answer("2");
  two.answer("3");
  assert.equal((await Promise.all(all)).length, 5);
});

Deno.test("turns hold back what goes beyond the limit of a socket", async () => {
  const one = makeSocket({ inFlight: 2 });
  const turns = startTurns([one]);
  const all = [1, 2, 3, 4].map(() => turns.send(ping));
  assert.deepEqual(one.sent, ["1", "2"]);
  one.answer("1");
  assert.deepEqual(one.sent, ["1", "2", "3"]);
  one.answer("2");
  one.answer("3");
  one.answer("4");
  assert.equal((await Promise.all(all)).length, 4);
});

Deno.test("turns send nothing to a socket that is stuck, and go on when it is free", async () => {
  // Any time is too long for it.
  const [stuck, free] = [makeSocket({ stall: -1 }), makeSocket()];
  const sockets = [stuck];
  const turns = startTurns(sockets);
  const first = turns.send(add);
  const held = [turns.send(ping), turns.send(ping)];
  assert.deepEqual(stuck.sent, ["1"]);
  sockets.push(free);
  free.rest.onResponse = () => turns.dispatch();
  turns.dispatch();
  assert.deepEqual(free.sent, ["1", "2"]);
  held.push(turns.send(ping));
  assert.deepEqual(free.sent, ["1", "2", "3"]);
  ["1", "2", "3"].forEach(free.answer);
  await Promise.all(held);
  sockets.pop();
  const later = turns.send(ping);
  assert.deepEqual(stuck.sent, ["1"]);
  stuck.answer("1");
  assert.deepEqual(stuck.sent, ["1", "2"]);
  stuck.answer("2");
  await Promise.all([first, later]);
});

Deno.test("turns refuse what waits too long, and say what Asterisk is at", async () => {
  const stuck = makeSocket({ stall: -1 });
  const turns = startTurns([stuck], 1);
  const first = turns.send(add);
  await assert.rejects(turns.send(ping), {
    code: "busy",
    message: /^Asterisk n1 has been at POST \/bridges\/b1\/addChannel for .*ping was not sent$/,
  });
  await assert.rejects(turns.send(ping, { timeout: 0 }), { code: "busy" });
  stuck.answer("1");
  await first;
  assert.deepEqual(stuck.sent, ["1"]);
});

Deno.test("turns go on when a pong shows that an answer was lost", async () => {
  const one = makeSocket({ stall: -1, timeout: 1 });
  const turns = startTurns([one]);
  await assert.rejects(turns.send(add), { code: "timeout" });
  const held = turns.send(ping, { timeout: 60_000 });
  assert.deepEqual(one.pings, [1]);
  // A ping that was sent before the request shows nothing.
  one.rest.handled(0);
  assert.deepEqual(one.sent, ["1"]);
  assert.deepEqual(one.pings, [1, 1]);
  one.rest.handled(1);
  assert.deepEqual(one.sent, ["1", "2"]);
  one.answer("2");
  await held;
});

Deno.test("turns end with their callers, with the last socket and with the link", async () => {
  const stuck = makeSocket({ stall: -1 });
  const sockets = [stuck];
  const turns = startTurns(sockets);
  const first = turns.send(add);
  const caller = new AbortController();
  const given = turns.send(ping, { signal: caller.signal });
  caller.abort();
  await assert.rejects(given, { code: "aborted" });
  await assert.rejects(turns.send(ping, { signal: caller.signal }), { code: "aborted" });
  const left = turns.send(ping);
  sockets.pop();
  turns.dispatch();
  await assert.rejects(left, { code: "unreachable", message: /no WebSocket open/ });
  await assert.rejects(turns.send(ping), { code: "unreachable" });
  stuck.answer("1");
  await first;
});

Deno.test("turns send nothing whose time is over when its turn comes, whatever its time-out", async () => {
  mock.timers.enable({ apis: ["Date"], now: 1_000 });
  try {
    const one = makeSocket({ inFlight: 1 });
    const turns = startTurns([one]);
    const first = turns.send(ping);
    const late = [{}, { timeout: 60_000 }].map((options) =>
      assert.rejects(turns.send(ping, { ...options, notAfter: 1_100 }), { code: "expired" })
    );
    const next = turns.send(ping, { timeout: 60_000, notAfter: 2_000 });
    assert.equal(turns.waiting, 3);
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
