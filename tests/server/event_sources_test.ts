import assert from "node:assert/strict";
import { type AriCall, makeCall } from "../../src/protocol/route.ts";
import { EventSources, type Restored } from "../../src/server/events/event_sources.ts";

/** What an Asterisk knows of the application `calls`. */
class World {
  known: Record<string, readonly unknown[]> = {};
  refused = new Set<string>();
  calls: string[] = [];
  down = false;
  readonly sources = new EventSources({
    apps: ["calls", "a b"],
    send: (call) => this.#answer(call),
    limit: 3,
  });

  #answer({ method, path, query, body }: AriCall) {
    if (this.down) return Promise.reject(new Error("It is down"));
    this.calls.push(`${method} ${path}${query && `?${query}`}${body ? ` ${body}` : ""}`);
    const source: string = body && JSON.parse(body).eventSource;
    const status = this.refused.has(source) ? 422 : 200;
    return Promise.resolve({ status, reason: "", body: JSON.stringify(this.known) });
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

Deno.test("event sources that Asterisk has forgotten are restored, and no others", async () => {
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
    refused: 0,
    calls: ["GET /applications/calls", post("endpoint:PJSIP/alice"), post("bridge:b1")],
  });
});

Deno.test("event sources of other applications, and those refused, are not remembered", async () => {
  const world = new World();
  world.refused.add("channel:nope");
  await world.subscribe("channel:nope");
  const body = { eventSource: "channel:c1" };
  await world.sources.send(makeCall("POST", "/applications/other/subscription", { body }));
  assert.deepEqual(await world.restore(), { count: 0, refused: 0, calls: [] });
});

Deno.test("event sources that Asterisk does not have yet are tried again", async () => {
  const world = new World();
  await world.subscribe("endpoint:PJSIP/alice");
  world.refused.add("endpoint:PJSIP/alice");
  const { count, refused } = await world.restore();
  assert.deepEqual([count, refused], [0, 1]);
  world.refused.clear();
  assert.equal((await world.restore()).count, 1);
});

Deno.test("channels that are gone are forgotten as sources without a word", async () => {
  const world = new World();
  await world.subscribe("channel:c1");
  world.refused.add("channel:c1");
  assert.equal((await world.restore()).count, 0);
  assert.deepEqual((await world.restore()).calls, []);
});

Deno.test("event sources are remembered up to a number of each kind, the latest ones", async () => {
  const world = new World();
  await world.subscribe("endpoint:PJSIP/alice");
  for (const id of [1, 2, 3, 4, 2, 5]) await world.subscribe(`channel:c${id}`);
  const { calls } = await world.restore();
  assert.deepEqual(calls.slice(1), [
    post("endpoint:PJSIP/alice"),
    ...["channel:c4", "channel:c2", "channel:c5"].map(post),
  ]);
});

Deno.test("an event filter is restored as Asterisk had it, if it has it no more", async () => {
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

Deno.test("event sources wait for the next connection when Asterisk is away again", async () => {
  const world = new World();
  await world.subscribe("channel:c1");
  world.down = true;
  await assert.rejects(world.restore(), /It is down/);
  world.down = false;
  await assert.rejects(
    world.sources.restore("calls", AbortSignal.abort(new Error("Over"))),
    /Over/,
  );
  assert.equal((await world.restore()).count, 1);
});
