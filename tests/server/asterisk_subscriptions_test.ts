import assert from "node:assert/strict";
import { type AriCall, makeCall } from "../../src/protocol/ari_call.ts";
import { AsteriskSubscriptions } from "../../src/server/events/asterisk_subscriptions.ts";

type Restored = Awaited<ReturnType<AsteriskSubscriptions["restore"]>>;

/** An Asterisk with the application `calls`. */
class World {
  known: Record<string, readonly unknown[]> = {};
  refused = new Set<string>();
  calls: string[] = [];
  /** How many calls it takes before it is down. */
  calm = Infinity;
  readonly sources = new AsteriskSubscriptions({
    applications: { names: ["calls", "a b"] },
    send: (call) => this.#answer(call),
    limit: 3,
  });

  #answer({ method, path, query, body }: AriCall) {
    if (this.calm-- <= 0) return Promise.reject(new Error("It is down"));
    this.calls.push(`${method} ${path}${query && `?${query}`}${body ? ` ${body}` : ""}`);
    const source: string = body && JSON.parse(body).eventSource;
    const status = this.refused.has(source) ? 422 : 200;
    const reason = status === 200 ? "OK" : "Refused";
    return Promise.resolve({ status, reason, body: JSON.stringify(this.known) });
  }

  subscribe(source: string): Promise<unknown> {
    const body = { eventSource: source };
    return this.sources.send(makeCall("POST", "/applications/calls/subscription", { body }));
  }

  async restore(): Promise<Restored & { calls: readonly string[] }> {
    this.calls = [];
    const { signal } = new AbortController();
    return { ...await this.sources.restore("calls", signal), calls: this.calls };
  }
}

const post = (source: string) =>
  `POST /applications/calls/subscription {"eventSource":"${source}"}`;

Deno.test("event sources that Asterisk has lost are restored, and no others", async () => {
  const world = new World();
  await world.subscribe("deviceState:Stasis:lamp");
  await world.subscribe("endpoint:PJSIP/alice");
  await world.subscribe("endpoint:PJSIP/bob");
  const query = { eventSource: "bridge:b1,channel:c1" };
  await world.sources.send(makeCall("POST", "/applications/calls/subscription", { query }));
  const gone = { eventSource: "endpoint:PJSIP/bob" };
  await world.sources.send(
    makeCall("DELETE", "/applications/calls/subscription", { query: gone }),
  );
  world.known = { channel_ids: ["__AST_CHANNEL_ALL_TOPIC"], device_names: ["Stasis:lamp"] };
  assert.deepEqual(await world.restore(), {
    count: 2,
    missing: 0,
    reason: "",
    calls: ["GET /applications/calls", post("endpoint:PJSIP/alice"), post("bridge:b1")],
  });
});

Deno.test("event sources of other applications, and refused ones, are not recorded", async () => {
  const world = new World();
  world.refused.add("channel:nope");
  await world.subscribe("channel:nope");
  const body = { eventSource: "channel:c1" };
  await world.sources.send(makeCall("POST", "/applications/other/subscription", { body }));
  assert.deepEqual(await world.restore(), { count: 0, missing: 0, reason: "", calls: [] });
});

Deno.test("event sources that Asterisk does not have yet are retried", async () => {
  const world = new World();
  await world.subscribe("endpoint:PJSIP/alice");
  world.refused.add("endpoint:PJSIP/alice");
  const { count, missing, reason } = await world.restore();
  assert.deepEqual([count, missing], [0, 1]);
  assert.equal(reason, "endpoint:PJSIP/alice: Asterisk answered 422 Refused");
  world.refused.clear();
  assert.equal((await world.restore()).count, 1);
});

Deno.test("channels that do not exist any more are silently removed from the sources", async () => {
  const world = new World();
  await world.subscribe("channel:c1");
  world.refused.add("channel:c1");
  assert.equal((await world.restore()).count, 0);
  assert.deepEqual((await world.restore()).calls, []);
});

Deno.test("event sources are recorded up to a limit for each kind, the latest ones", async () => {
  const world = new World();
  await world.subscribe("endpoint:PJSIP/alice");
  for (const id of [1, 2, 3, 4, 2, 5]) await world.subscribe(`channel:c${id}`);
  const { calls } = await world.restore();
  assert.deepEqual(calls.slice(1), [
    post("endpoint:PJSIP/alice"),
    ...["channel:c4", "channel:c2", "channel:c5"].map(post),
  ]);
});

Deno.test("an event filter that Asterisk has lost is restored as it was", async () => {
  const world = new World();
  world.known = { events_allowed: [], events_disallowed: [{ type: "ChannelVarset" }] };
  const body = { disallowed: [{ type: "ChannelVarset" }] };
  await world.sources.send(makeCall("PUT", "/applications/calls/eventFilter", { body }));
  assert.deepEqual((await world.restore()).calls, ["GET /applications/calls"]);
  world.known = { events_allowed: [], events_disallowed: [] };
  assert.deepEqual((await world.restore()).calls.slice(1), [
    'PUT /applications/calls/eventFilter {"allowed":[],"disallowed":[{"type":"ChannelVarset"}]}',
  ]);
});

Deno.test("event sources are missing as long as Asterisk cannot be reached, and none is lost", async () => {
  const world = new World();
  await world.subscribe("endpoint:PJSIP/alice");
  await world.subscribe("channel:c1");
  world.calm = 0;
  const down = { missing: 2, reason: "It is down" };
  assert.deepEqual(await world.restore(), { ...down, count: 0, calls: [] });
  // The look and one of them succeed.
  world.calm = 2;
  const { count, missing } = await world.restore();
  assert.deepEqual([count, missing], [1, 1]);
  world.calm = Infinity;
  assert.equal((await world.restore()).count, 2);
  world.known = { channel_ids: ["c1"], endpoint_ids: ["PJSIP/alice"] };
  assert.deepEqual((await world.restore()).calls, ["GET /applications/calls"]);
});

Deno.test("event sources are not restored after the connection has ended", async () => {
  const world = new World();
  await world.subscribe("channel:c1");
  const over = AbortSignal.abort(new Error("Over"));
  await assert.rejects(world.sources.restore("calls", over), /Over/);
});

Deno.test("event sources that Asterisk has lost can be unsubscribed from", async () => {
  const world = new World();
  await world.subscribe("endpoint:PJSIP/alice");
  world.refused.add("endpoint:PJSIP/alice");
  assert.equal((await world.restore()).missing, 1);
  const body = { eventSource: "endpoint:PJSIP/alice" };
  const call = makeCall("DELETE", "/applications/calls/subscription", { body });
  assert.equal((await world.sources.send(call)).status, 422);
  assert.equal((await world.restore()).missing, 0);
});
