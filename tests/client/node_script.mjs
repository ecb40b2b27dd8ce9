// Uses the library as a program on Node does. Arguments: the built module, the URL of the bus.
import assert from "node:assert/strict";

const [, , module, url] = process.argv;
const { AriProxyError, connect } = await import(module);

process.env.MESSAGEBUS_URL = url;
process.env.ARI_APPLICATION = "calls";
const client = await connect({ timeout: 2_000 });
assert.equal(client.app, "calls");
await client.settled;
assert.equal(client.nodes.length, 1);

// A call that comes in, and one that goes out.
const calls = client.calls();
await calls.ready;
const staged = client.channels.prepare({ endpoint: "PJSIP/alice", id: "c1" });
const events = staged.events();
const channel = await staged.execute();
assert.equal(channel.node, client.nodes[0].node);
const { value: call } = await calls.next();
assert.equal(call.channel.id, "c1");
const { value: event } = await events.next();
assert.equal(event.type, "StasisStart");
await assert.rejects(
  client.channels.get("nobody"),
  (error) => error instanceof AriProxyError && error.code === "not_found",
);

const stop = new AbortController();
const reason = new Error("stop");
stop.abort(reason);
await assert.rejects(client.channels.list({ signal: stop.signal }), (error) => error === reason);

await client.close();
assert.deepEqual(await events.next(), { done: true, value: undefined });
await assert.rejects(client.channels.list(), { code: "closed" });
await assert.rejects(connect({ url: "nats://127.0.0.1:1" }), {
  code: "unreachable",
  outcome: "not_sent",
});
console.log("fine");
