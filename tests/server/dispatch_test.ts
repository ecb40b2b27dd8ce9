import assert from "node:assert/strict";
import type { Kind } from "../../src/protocol/kinds.ts";
import { Dispatch } from "../../src/server/requests/dispatch.ts";
import { createStats } from "../../src/server/metrics.ts";
import { ThrottledWarning } from "../../src/server/throttled_warning.ts";
import { MemoryLog } from "../testing/proxy_fixture.ts";

/** A bus of which a test says how much is on its way. */
class FakeBus {
  readonly maxPayload = 1_000_000;
  readonly maxSubject = 1_024;
  readonly maxPending = 400_000;
  pending = 0;
  readonly answers: string[] = [];

  publish(_: string, data: Uint8Array): boolean {
    if (this.pending >= this.maxPending) return false;
    this.answers.push(new TextDecoder().decode(data));
    return true;
  }
}

Deno.test("large answers of what reads leave half of the way to the bus to events, and say so", async () => {
  const bus = new FakeBus();
  const log = new MemoryLog();
  using warnings = new ThrottledWarning(log);
  const outcomes: string[] = [];
  const body = JSON.stringify({ id: "c1", name: "x".repeat(100_000) });
  const dispatch = new Dispatch({
    bus,
    log,
    warnings,
    stats: createStats(),
    history: () => undefined,
    onRequest: (kind, outcome) => outcomes.push(`${kind} ${outcome}`),
    context: () => ({
      mint: () => "id",
      bind: () => {},
      send: ({ path }) =>
        Promise.resolve({ status: 200, reason: "OK", body: path.endsWith("/c1") ? body : "[]" }),
      readPiece: () => Promise.reject(new Error("Not a file")),
    }),
  });
  const ask = async (kind: Kind, extra: object = {}) => {
    const request = JSON.stringify({ kind, key: { id: "c1" }, ...extra });
    const data = new TextEncoder().encode(request);
    dispatch.handle({ subject: "ari.x", data, replyTo: "r" }, { app: "a", node: "n" });
    await dispatch.settled();
    return bus.answers.pop();
  };
  const post = { rest: { method: "POST", path: "/channels/c1" } };
  bus.pending = 99_000;
  assert.match(await ask("ChannelData") ?? "", /"id":"c1"/);
  bus.pending = 100_000;
  assert.equal(await ask("ChannelData"), '{"error":"Busy: too much is on its way to the bus"}');
  // Short answers find a place, and so does what tells that something was done.
  assert.equal(await ask("ChannelList"), '{"error":""}');
  assert.match(await ask("Rest", post) ?? "", /"name":"x/);
  assert.deepEqual(outcomes, ["ChannelData ok", "ChannelData busy", "ChannelList ok", "Rest ok"]);
});
