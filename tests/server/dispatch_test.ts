import assert from "node:assert/strict";
import { mock } from "node:test";
import type { Kind } from "../../src/protocol/kinds/kinds.ts";
import type { AriCall } from "../../src/protocol/ari_call.ts";
import { type AsteriskContext, Dispatch } from "../../src/server/requests/dispatch.ts";
import { createCounters } from "../../src/server/metrics.ts";
import { throttle } from "../../src/common/throttle.ts";
import { FakeBus } from "../testing/fake_bus.ts";
import { MemoryLog } from "../testing/proxy_fixture.ts";

/** A context in which Asterisk answers every request with the status 200. */
function contextOf(bodyOf: (call: AriCall) => string): AsteriskContext {
  return {
    mint: () => "id",
    bind: () => {},
    send: (call) => Promise.resolve({ status: 200, reason: "OK", body: bodyOf(call) }),
    readChunk: () => Promise.reject(new Error("Not a file")),
  };
}

Deno.test("large responses of requests that read leave half of the bus's buffer to events", async () => {
  const bus = new FakeBus();
  bus.maxPayload = 1_000_000;
  const log = new MemoryLog();
  using warnings = throttle(log);
  const outcomes: string[] = [];
  const times: number[] = [];
  const start = performance.now();
  const body = JSON.stringify({ id: "c1", name: "x".repeat(100_000) });
  const dispatch = new Dispatch({
    bus,
    log,
    warnings,
    counters: createCounters(),
    events: { history: () => undefined },
    asterisk: { connected: true },
    onRequest: (kind, outcome, time) => {
      outcomes.push(`${kind} ${outcome}`);
      times.push(time);
    },
    context: contextOf(({ path }) => path.endsWith("/c1") ? body : "[]"),
  });
  const ask = async (kind: Kind, extra: object = {}) => {
    const request = JSON.stringify({ kind, key: { id: "c1" }, ...extra });
    const data = new TextEncoder().encode(request);
    dispatch.handle({ subject: "ari.x", data, replyTo: "r" }, { app: "a", node: "n" });
    await dispatch.settled();
    return bus.messages.pop()?.text;
  };
  const post = { rest: { method: "POST", path: "/channels/c1" } };
  bus.pending = 99_000;
  assert.match(await ask("ChannelData") ?? "", /"id":"c1"/);
  bus.pending = 100_000;
  assert.equal(await ask("ChannelData"), '{"error":"Busy: too much is on its way to the bus"}');
  // Short responses are always published, and so are those of requests that act.
  assert.equal(await ask("ChannelList"), '{"error":""}');
  assert.match(await ask("Rest", post) ?? "", /"name":"x/);
  assert.ok(times.every((time) => time >= 0 && time <= performance.now() - start), `${times}`);
  assert.deepEqual(outcomes, ["ChannelData ok", "ChannelData busy", "ChannelList ok", "Rest ok"]);
});

Deno.test("requests for the event history wait for each other, and too many are refused", async () => {
  const bus = new FakeBus();
  bus.maxPayload = 1_000_000;
  const log = new MemoryLog();
  using warnings = throttle(log);
  let asked = 0;
  const dispatch = new Dispatch({
    bus,
    log,
    warnings,
    counters: createCounters(),
    events: {
      history: () => {
        asked++;
        const events = [{ seq: asked, time: "", event: "" }];
        return { application: "a", node: "n", epoch: "e", last_seq: asked, more: false, events };
      },
    },
    asterisk: { connected: false },
    context: contextOf(() => assert.fail("It needs no Asterisk")),
  });
  const data = new TextEncoder().encode('{"kind":"EventHistory"}');
  const ask = () =>
    dispatch.handle({ subject: "ari.x", data, replyTo: "r" }, { app: "a", node: "n" });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    for (let i = 0; i < 102; i++) ask();
    for (let n = 1; n <= 101; n++) {
      await turn();
      assert.equal(asked, n);
      mock.timers.tick(1);
    }
    await dispatch.settled();
    assert.equal(asked, 101);
    const busy = '{"error":"Busy: 100 requests for past events wait"}';
    assert.equal(bus.messages.filter(({ text }) => text === busy).length, 1);
    ask();
    await dispatch.settled();
    assert.equal(asked, 102);
  } finally {
    mock.timers.reset();
  }
});

Deno.test("responses that the bus does not accept are counted, and a request without a reply subject has none", async () => {
  const bus = new FakeBus();
  const log = new MemoryLog();
  using warnings = throttle(log);
  const counters = createCounters();
  const dispatch = new Dispatch({
    bus,
    log,
    warnings,
    counters,
    events: { history: () => undefined },
    asterisk: { connected: true },
    context: contextOf(() => "[]"),
  });
  const data = new TextEncoder().encode('{"kind":"ChannelList"}');
  const self = { app: "a", node: "n" };
  dispatch.handle({ subject: "ari.x", data }, self);
  await dispatch.settled();
  assert.deepEqual([bus.messages.length, counters.repliesDropped], [0, 0]);
  bus.pending = bus.maxPending;
  for (let n = 1; n <= 2; n++) {
    dispatch.handle({ subject: "ari.x", data, replyTo: "r" }, self);
    await dispatch.settled();
    assert.equal(counters.repliesDropped, n);
  }
  const { details } = await log.line("Cannot publish a response: no connection to the bus");
  assert.deepEqual(details, { subject: "ari.x" });
  assert.deepEqual([counters.requestsReceived, counters.requestsFailed], [3, 0]);
  assert.equal(dispatch.inFlight, 0);
});
