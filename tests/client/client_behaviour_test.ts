import assert from "node:assert/strict";
import { connectBus } from "../../src/bus/connect.ts";
import { InProcessBroker } from "../../src/bus/memory.ts";
import { Requester } from "../../src/client/requester.ts";
import { decodeJson } from "../../src/protocol/json.ts";
import { recorded } from "../testing/vectors.ts";
import { app, node, ProxyFixture } from "../testing/proxy_fixture.ts";

/** The vectors of `client` and `presence` that are about a client; a test each. */
const names = new Set(
  [...recorded<{ name: string }>("client"), ...recorded<{ name: string }>("presence")]
    .map(({ name }) => name),
);

/** A test that stands for a vector. */
function vectorTest(name: string, what: string, run: () => Promise<void>): void {
  assert.ok(names.has(name), `no vector ${name}`);
  Deno.test(`client ${what}: ${name}`, run);
}

vectorTest("client-start", "pings as the original does when it starts", async () => {
  const broker = new InProcessBroker();
  await using ours = broker.connect();
  await using theirs = broker.connect();
  const { promise: ping, resolve } = Promise.withResolvers<unknown>();
  theirs.subscribe("ari.ping", ({ data }) => resolve(decodeJson(data)));
  using _client = new Requester(ours);
  assert.deepEqual(await ping, { kind: "", key: null });
});

vectorTest("connected", "knows whether a proxy of its application is there", async () => {
  await using fixture = await ProxyFixture.start();
  using client = new Requester(fixture.bus, { app });
  await client.nodes.settled;
  assert.equal(client.nodes.members({ app }).length, 1);
});

vectorTest("connected-other-application", "knows that none is there", async () => {
  await using fixture = await ProxyFixture.start();
  using client = new Requester(fixture.bus, { app: "nobody" });
  await client.nodes.settled;
  assert.equal(client.nodes.members({ app: "nobody" }).length, 0);
});

// The original gives a handle with the caller's own key, as if the channel were there.
vectorTest("get-failure-gives-handle", "says that nobody has the node", async () => {
  await using fixture = await ProxyFixture.start();
  using client = new Requester(fixture.bus);
  const key = { kind: "channel", id: "c1", app, node: "gone" };
  await assert.rejects(client.request("ChannelGet", key), { code: "no_node" });
});

// In the original closing the second client closes the connection of the first.
vectorTest("derived-close-kills-parent", "outlives another one on its bus", async () => {
  await using fixture = await ProxyFixture.start();
  using client = new Requester(fixture.bus, { app });
  new Requester(fixture.bus, { app })[Symbol.dispose]();
  fixture.asterisk.answer(() => ({ status: 200, body: '[{"id":"c1"}]' }));
  const { responses } = await client.gather("ChannelList", {});
  assert.deepEqual(responses[0].keys, [{ kind: "channel", id: "c1", node, app }]);
});

// In the original a client on a connection that was handed in has a timeout of 0.
vectorTest("with-nats-has-no-timeout", "waits on a bus that was handed in", async () => {
  await using fixture = await ProxyFixture.start();
  using client = new Requester(fixture.bus);
  const slow = Promise.withResolvers<void>();
  fixture.asterisk.answer(async () => {
    await slow.promise;
    return { status: 204 };
  });
  const answered = client.request("ChannelAnswer", { id: "c1", app, node });
  setTimeout(slow.resolve, 30);
  await answered;
});

// In the original the connection that was handed in is closed with the client.
vectorTest("with-nats-close-closes-connection", "leaves the bus open", async () => {
  await using bus = new InProcessBroker().connect();
  new Requester(bus)[Symbol.dispose]();
  await bus.flush();
  assert.ok(bus.connected);
});

vectorTest("unknown-url", "is told which URLs are understood", async () => {
  await assert.rejects(connectBus("http://x"), { code: "invalid" });
});

// The original does not support this scheme.
vectorTest("tls-url", "may ask for TLS", async () => {
  await assert.rejects(connectBus("tls://127.0.0.1:1"), { code: "unreachable" });
});

vectorTest("subscription-cancel", "gets nothing after it closed a subscription", async () => {
  const broker = new InProcessBroker();
  await using bus = broker.connect();
  await using other = broker.connect();
  const heard: string[] = [];
  const subscription = bus.subscribe("ari.event.>", ({ subject }) => heard.push(subject));
  subscription.close();
  other.publish("ari.event.a.n", new Uint8Array());
  await other.flush();
  await bus.flush();
  assert.deepEqual(heard, []);
});
