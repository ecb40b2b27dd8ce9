import assert from "node:assert/strict";
import { InProcessBroker } from "../../src/bus/memory.ts";
import { AriClient } from "../../src/client/client.ts";
import { app, ProxyFixture } from "../testing/proxy_fixture.ts";

/** Two nodes, and a client of both. */
async function cluster(stack: AsyncDisposableStack) {
  const broker = new InProcessBroker();
  const nodes = await Promise.all(
    ["n1", "n2"].map((node) => ProxyFixture.start({ broker, node })),
  );
  nodes.forEach((node) => stack.use(node));
  const client = stack.use(AriClient.fromBus(nodes[0].bus, { app }));
  await client.settled;
  const [one, two] = nodes.map(({ asterisk }) => asterisk);
  return { client, one, two };
}

const ok = (body: unknown) => ({ status: 200, body: JSON.stringify(body) });
const missing = { status: 404, body: '{"message":"Channel not found"}' };

Deno.test("a client's rest calls operations with their parameters, and returns their results", async () => {
  await using stack = new AsyncDisposableStack();
  const { client, one, two } = await cluster(stack);
  one.answer(() => missing);
  two.answer(() => ({ status: 204 }));
  const channelId = "c/1";
  const moved = await client.rest("POST /channels/{channelId}/move", { channelId, app: "other" });
  assert.equal(moved, undefined);
  const { method, path, query } = two.calls.at(-1)!;
  assert.deepEqual([method, path, query], ["POST", "/channels/c%2F1/move", "app=other"]);

  two.answer(() => missing);
  await assert.rejects(client.rest("GET /channels/{channelId}", { channelId }), {
    code: "not_found",
    message: /Channel not found/,
  });
  two.answer(() => ok({ asterisk_id: "n2", ping: "pong", timestamp: "2026-11-22T22:18:58.338" }));
  const { asterisk_id } = await client.rest("GET /asterisk/ping", {}, { key: { node: "n2" } });
  assert.equal(asterisk_id, "n2");
});

Deno.test("a client's rest joins the lists of all nodes, unless a node is named", async () => {
  await using stack = new AsyncDisposableStack();
  const { client, one, two } = await cluster(stack);
  one.answer(() => ok([{ id: "c1" }]));
  two.answer(() => ok([{ id: "c2" }, { id: "c3" }]));
  const ids = (await client.rest("GET /channels")).map(({ id }) => id);
  assert.deepEqual(ids.sort(), ["c1", "c2", "c3"]);
  const own = await client.derive({ node: "n1" }).rest("GET /channels");
  assert.deepEqual(own.map(({ id }) => id), ["c1"]);
  const named = await client.rest("GET /channels", {}, { key: { node: "n2" } });
  assert.equal(named.length, 2);

  one.answer(() => missing);
  assert.equal((await client.rest("GET /channels")).length, 2);
  two.answer(() => ok({ not: "a list" }));
  await assert.rejects(client.rest("GET /channels"), { code: "failed", message: /Malformed/ });
});

Deno.test("a client's rest is typed by Asterisk's description", async () => {
  await using stack = new AsyncDisposableStack();
  const { client, one, two } = await cluster(stack);
  for (const asterisk of [one, two]) asterisk.answer(() => missing);
  const refused = [
    // @ts-expect-error no such operation
    client.rest("POST /channels/{channelId}/moove", { channelId: "1", app: "x" }),
    // @ts-expect-error a parameter is missing
    client.rest("POST /channels/{channelId}/move", { channelId: "1" }),
    // @ts-expect-error all parameters are missing
    client.rest("POST /channels/{channelId}/move"),
    // @ts-expect-error a parameter that it does not have
    client.rest("POST /channels/{channelId}/move", { channelId: "1", app: "x", ap: "x" }),
    // @ts-expect-error a value that it cannot have
    client.rest("POST /channels/{channelId}/mute", { channelId: "1", direction: "up" }),
    // @ts-expect-error a result that it does not have
    client.rest("GET /asterisk/ping").then(({ pong }) => pong),
    // @ts-expect-error the event WebSocket cannot be called
    client.rest("GET /events"),
  ];
  const outcomes = await Promise.allSettled(refused);
  assert.ok(outcomes.every(({ status }) => status === "rejected"));
});
