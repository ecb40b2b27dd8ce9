import assert from "node:assert/strict";
import { InProcessBroker } from "../../src/bus/memory.ts";
import { Requester } from "../../src/client/requester.ts";
import { node, ProxyFixture } from "../testing/proxy_fixture.ts";
import { Received } from "../testing/received.ts";

const request = (value: unknown) => JSON.stringify(value);

Deno.test("a proxy of several applications publishes each event for its own", async () => {
  await using fixture = await ProxyFixture.start({ apps: ["a", "b"] });
  const received = new Received<string>();
  fixture.bus.subscribe("ari.event.>", ({ subject }) => received.add(subject));
  for (const application of ["b", "a", "neither"]) {
    fixture.asterisk.sendEvent(
      `{"type":"X","asterisk_id":"${node}","application":"${application}"}`,
    );
    if (application === "neither") {
      fixture.asterisk.sendEvent({ type: "X", application: "a", asterisk_id: node, other: 1 });
    }
  }
  await received.count(3);
  assert.deepEqual(received.items.slice(0, 3), [
    `ari.event.b.${node}`,
    `ari.event.a.${node}`,
    `ari.event.a.${node}`,
  ]);
});

Deno.test("a proxy of several applications responds for each of them", async () => {
  const broker = new InProcessBroker();
  await using fixture = await ProxyFixture.start({ broker, apps: ["a", "b"] });
  fixture.asterisk.answer(() => ({ status: 200, body: '[{"id":"c1"}]' }));
  const list = new TextEncoder().encode(request({ kind: "ChannelList" }));
  const apps: string[] = [];
  for await (const { data } of fixture.bus.requestMany("ari.get", list, { timeout: 2_000 })) {
    const { keys } = JSON.parse(new TextDecoder().decode(data));
    if (apps.push(...keys.map(({ app }: { app: string }) => app)) === 2) break;
  }
  assert.deepEqual(apps.sort(), ["a", "b"]);
  const direct = await fixture.request(`ari.get.b.${node}`, request({ kind: "ChannelList" }));
  assert.match(direct, /"app":"b"/);
});

Deno.test("a proxy of several applications carries out once what is requested of all proxies", async () => {
  await using fixture = await ProxyFixture.start({ apps: ["a", "b"] });
  fixture.asterisk.answer(() => ({ status: 204 }));
  const answer = request({ kind: "ChannelAnswer", key: { id: "c1" } });
  const before = fixture.asterisk.calls.length;
  assert.equal(await fixture.request("ari.command", answer), '{"error":""}');
  assert.equal(await fixture.request("ari.command.b", answer), '{"error":""}');
  using client = new Requester(fixture.bus, { timeout: 5_000 });
  await client.nodes.settled;
  fixture.asterisk.answer(() => ({ status: 404 }));
  const begun = performance.now();
  await assert.rejects(client.request("ChannelAnswer", { id: "gone" }), { code: "not_found" });
  assert.ok(performance.now() - begun < 4_000, "it waited for an answer that never comes");
  await fixture.proxy.close();
  assert.equal(fixture.asterisk.calls.length - before, 3);
});

Deno.test("a proxy with a configured node name uses it everywhere", async () => {
  await using fixture = await ProxyFixture.start({ nodeId: "west-1" });
  assert.deepEqual(fixture.proxy.selves, [{ app: "calls", node: "west-1" }]);
  const events = new Received<{ subject: string; asterisk_id: string }>();
  fixture.bus.subscribe("ari.event.>", ({ subject, data }) => {
    const { asterisk_id } = JSON.parse(new TextDecoder().decode(data));
    events.add({ subject, asterisk_id });
  });
  fixture.asterisk.sendEvent(`{"type":"X","asterisk_id":"${node}","application":"calls"}`);
  await events.count(1);
  assert.deepEqual(events.items, [{ subject: "ari.event.calls.west-1", asterisk_id: "west-1" }]);
  fixture.asterisk.answer(() => ({ status: 200, body: '[{"id":"c1"}]' }));
  const direct = await fixture.request("ari.get.calls.west-1", request({ kind: "ChannelList" }));
  assert.match(direct, /"node":"west-1"/);
});

Deno.test("two proxies under the same coordinates warn of each other", async () => {
  const broker = new InProcessBroker();
  await using first = await ProxyFixture.start({ broker });
  using client = new Requester(first.bus);
  await client.nodes.settled;
  assert.deepEqual(client.nodes.doubles(), []);
  await using second = await ProxyFixture.start({ broker });
  second.bus.publish("ari.ping", new Uint8Array());
  const { details } = await first.log.line("Another process serves the same application");
  assert.deepEqual([details.application, details.node], ["calls", node]);
  await second.log.line("Another process serves the same application");
  client.nodes.ping();
  await second.bus.flush();
  assert.equal(client.nodes.doubles().length, 2);
});

Deno.test("a proxy announces its version and counts, and that it is stopping", async () => {
  const started = new Date("2026-01-02T03:04:05Z");
  await using fixture = await ProxyFixture.start({
    process: { id: "p1", version: "1.2.3", started },
  });
  using client = new Requester(fixture.bus);
  await client.nodes.settled;
  const [{ heardAt: _, channels: __, ...member }] = client.nodes.members();
  assert.deepEqual(member, {
    app: "calls",
    node,
    id: "p1",
    version: "1.2.3",
    asteriskVersion: "22.10.1",
    started: "2026-01-02T03:04:05.000Z",
    state: "up",
    counts: { events: 0, lost: 0, gaps: 1, requests: 0, failed: 0 },
  });
  await fixture.proxy.close();
  assert.deepEqual(client.nodes.members(), []);
});
