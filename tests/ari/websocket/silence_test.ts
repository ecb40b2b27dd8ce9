import assert from "node:assert/strict";
import { answersPing, awaitSilence, Pulse } from "../../../src/ari/websocket/silence.ts";
import { MovableClock } from "../../testing/movable_clock.ts";

/** A signal that never aborts. */
const { signal } = new AbortController();

Deno.test("pulse measures the time since the last sign of life", () => {
  using clock = new MovableClock();
  const pulse = new Pulse();
  clock.advance(50_000);
  const { silence } = pulse;
  assert.ok(silence >= 50_000 && silence < 51_000, `${silence}`);
  pulse.beat();
  assert.ok(pulse.silence < 1_000);
});

Deno.test("a ping is answered by whatever is received after it, not before", async () => {
  const pulse = new Pulse();
  pulse.beat();
  let pings = 0;
  const ping = () => void pings++;
  assert.equal(await answersPing(pulse, { ping, probeTimeout: 20, signal }), false);
  const answered = () => void queueMicrotask(() => pulse.beat());
  assert.equal(await answersPing(pulse, { ping: answered, probeTimeout: 20, signal }), true);
  assert.equal(pings, 1);
});

Deno.test("a ping is answered although the process itself was suspended", async () => {
  using clock = new MovableClock();
  const pulse = new Pulse();
  let turns = 0;
  const probing = answersPing(pulse, {
    ping: () => {
      clock.advance(60_000);
      // Read in one of the next turns of the event loop, long after the time by the clock.
      const read = () => ++turns < 3 ? void setTimeout(read, 1) : pulse.beat();
      setTimeout(read, 1);
    },
    probeTimeout: 1_000,
    signal,
  });
  assert.equal(await probing, true);
});

Deno.test("a ping waits no longer than until its answer, nor beyond its signal", async () => {
  const pulse = new Pulse();
  const begun = performance.now();
  const ping = () => void setTimeout(() => pulse.beat(), 1);
  assert.equal(await answersPing(pulse, { ping, probeTimeout: 1_000, signal }), true);
  assert.ok(performance.now() - begun < 900);
  const stop = new AbortController();
  const probing = answersPing(pulse, { ping: () => {}, probeTimeout: 60_000, signal: stop.signal });
  stop.abort(new Error("over"));
  await assert.rejects(probing, /over/);
});

Deno.test("a WebSocket is pinged once per silence, and dead without a response", async () => {
  using clock = new MovableClock();
  const pulse = new Pulse();
  let pings = 0;
  const ping = () => {
    pings++;
    if (pings < 3) queueMicrotask(() => pulse.beat());
    // The next silence has lasted long enough at the next check.
    if (pings < 3) queueMicrotask(() => clock.advance(30));
  };
  await awaitSilence(pulse, { ping, silence: 20, probeTimeout: 10, signal });
  assert.equal(pings, 3);
  const stop = new AbortController();
  pulse.beat();
  const quiet = awaitSilence(pulse, {
    ping: () => assert.fail("pinged too early"),
    silence: 60_000,
    probeTimeout: 10,
    signal: stop.signal,
  });
  stop.abort(new Error("over"));
  await assert.rejects(quiet, /over/);
});
