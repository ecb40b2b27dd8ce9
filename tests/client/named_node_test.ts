import assert from "node:assert/strict";
import type { Bus } from "../../src/bus/bus.ts";
import { connectBus } from "../../src/bus/connect.ts";
import { InProcessBroker } from "../../src/bus/memory.ts";
import { AriClient } from "../../src/client/client.ts";
import { startProxy } from "../../src/server/proxy.ts";
import { runMain } from "../testing/cli_fixture.ts";
import { withDeadline } from "../testing/deadline.ts";
import {
  type FakeAsterisk,
  type RecordedCall,
  startFakeAsterisk,
} from "../testing/fake_asterisk.ts";
import { MemoryLog } from "../testing/proxy_fixture.ts";
import { busNames, ownOrSharedServer } from "../testing/servers/bus_server.ts";
import { encode, FakeProxies } from "./fake_proxies.ts";

/** Nodes with several applications each, and how often each Asterisk got which call. */
class Nodes implements AsyncDisposable {
  readonly #stack = new AsyncDisposableStack();
  readonly #connect: () => Promise<Bus>;

  constructor(connect: () => Promise<Bus>) {
    this.#connect = connect;
  }

  /** Starts a proxy for some applications, beside its own fake Asterisk or the given one. */
  async start(
    entityId: string,
    apps: readonly string[],
    given?: FakeAsterisk,
  ): Promise<FakeAsterisk> {
    const asterisk = given ?? this.#stack.use(await startFakeAsterisk({ entityId }));
    asterisk.answer(answerOf);
    const bus = this.#stack.use(await this.#connect());
    const log = new MemoryLog();
    const { httpUrl, websocketUrl, username, password } = asterisk;
    this.#stack.use(startProxy({
      apps,
      process: { id: crypto.randomUUID(), version: "0.0.0", started: new Date(0) },
      asterisk: { httpUrl, websocketUrl, username, password },
      bus,
      log,
    }));
    await withDeadline(log.line("Asterisk is connected"), { what: "a proxy that serves" });
    await bus.flush();
    return asterisk;
  }

  /** A client without an application that all nodes have announced themselves to. */
  async client(): Promise<AriClient> {
    const bus = this.#stack.use(await this.#connect());
    const client = this.#stack.use(AriClient.fromBus(bus));
    await client.settled;
    return client;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}

function answerOf({ method, path, body }: RecordedCall) {
  if (method === "GET" && path === "/channels") return { status: 200, body: '[{"id":"c1"}]' };
  if (method === "GET" && path === "/channels/c1") return { status: 200, body: '{"id":"c1"}' };
  if (method === "GET" || path.startsWith("/applications/")) return undefined;
  return { status: 200, body: body?.startsWith("{") ? '{"id":"new"}' : "{}" };
}

/** The calls of an Asterisk that were made by a request. */
function callsOf({ calls }: FakeAsterisk, method: string): string[] {
  return calls.filter((call) => call.method === method && !call.path.startsWith("/applications"))
    .map(({ path }) => path);
}

for (const name of busNames) {
  Deno.test(`what names a node without an application goes to that node on ${name}`, async () => {
    await using server = await ownOrSharedServer(name);
    await using nodes = new Nodes(() => connectBus(server.url));
    const [a, b] = [
      await nodes.start("na", ["one", "two"]),
      await nodes.start("nb", ["one", "two"]),
    ];
    const client = await nodes.client();
    const derived = client.derive({ node: "na" });
    const media = { format: "ulaw", externalHost: "h:1", app: "one", node: "na" };
    const places = { endpoint: "Local/x@y", app: "one" };
    const made: (string | undefined)[] = [];
    for (let round = 0; round < 4; round++) {
      made.push((await client.channels.originate({ ...places, node: "na" })).node);
      made.push((await client.channels.create({ ...places, node: "na" })).node);
      made.push((await client.bridges.create({ node: "na" })).node);
      made.push((await client.channels.externalMedia(media)).node);
      made.push((await derived.channels.originate(places)).node);
      made.push((await derived.bridges.create()).node);
      await client.rest("POST /channels", places, { key: { node: "na" } });
      await derived.rest("POST /channels", places);
    }
    assert.deepEqual(new Set(made), new Set(["na"]));
    assert.equal(callsOf(a, "POST").length, 32);
    // Commands about an entity, on a named node.
    await client.channels.handle({ id: "c1", node: "na" }).answer();
    await derived.channels.handle("c1").ring();
    await derived.asterisk.modules.handle("m.so").reload();
    await client.request("ChannelPlay", { kind: "channel", id: "c1", node: "na" }, {
      playback_id: "p1",
      media_uri: "sound:x",
    });
    assert.equal(callsOf(a, "POST").length, 35);
    assert.deepEqual(callsOf(a, "PUT"), ["/asterisk/modules/m.so"]);
    assert.deepEqual([...callsOf(b, "POST"), ...callsOf(b, "PUT")], []);
    assert.deepEqual((await derived.channels.list()).map(({ node }) => node), ["na"]);

    await assert.rejects(client.bridges.create({ node: "nx" }), {
      code: "no_node",
      outcome: "not_sent",
      message: "No proxy serves the node nx",
    });
    const { code } = await runMain(["call", "--batch", "-", "--node", "na"], {
      env: { MESSAGEBUS_URL: server.url },
      stdin: '{"kind":"BridgeCreate","id":"b1","type":"mixing"}\n'.repeat(6),
    });
    assert.equal(code, 0);
    assert.deepEqual(callsOf(b, "POST"), []);
    assert.equal(callsOf(a, "POST").length, 41);
  });

  Deno.test(`each node is asked once for all of its applications on ${name}`, async () => {
    await using server = await ownOrSharedServer(name);
    await using nodes = new Nodes(() => connectBus(server.url));
    const a = await nodes.start("na", ["one", "two", "three", "four"]);
    const b = await nodes.start("nb", ["one"]);
    // Another process for the same Asterisk, as with proxies of one application each.
    await nodes.start("nb", ["two"], b);
    const client = await nodes.client();
    const listed = (await client.channels.list()).map(({ id, node }) => [id, node]);
    assert.deepEqual(listed.sort(), [["c1", "na"], ["c1", "nb"]]);
    assert.equal((await client.rest("GET /channels", {})).length, 2);
    const { items, errors, missing } = await client.gather("AsteriskInfo");
    assert.deepEqual([items.length, errors, missing], [2, [], 0]);
    assert.deepEqual([callsOf(a, "GET").length, callsOf(b, "GET").length], [2, 2]);
    await client.asterisk.logging.handle("full").rotate({ strict: true });
    assert.deepEqual([callsOf(a, "PUT"), callsOf(b, "PUT")], [
      ["/asterisk/logging/full/rotate"],
      ["/asterisk/logging/full/rotate"],
    ]);
    // Each application has a history of its own.
    assert.equal((await client.gather("EventHistory")).items.length, 6);
  });
}

Deno.test("a node is asked through the next of its applications when one cannot", async () => {
  await using proxies = new FakeProxies();
  const node = "n1";
  proxies.theirs.subscribe("ari.ping", () => {
    for (const app of ["a", "b", "c", "d", "e", "f"]) {
      proxies.theirs.publish("ari.announce", encode({ node, application: app, id: app }));
    }
  });
  const key = { kind: "bridge", id: "b1", node, app: "f" };
  // There is no subscriber for `a`.
  proxies.answer("ari.create.b.n1", () => ({ error: "ARI connection is down" }));
  proxies.answer("ari.create.c.n1", () => ({ error: "Not implemented" }));
  proxies.answer("ari.create.d.n1", () => ({ error: "Non-2XX response: 403 Forbidden" }));
  proxies.answer("ari.create.e.n1", () => ({ error: "Non-2XX response: 409 Conflict" }));
  proxies.answer("ari.create.f.n1", () => ({ error: "", key }));
  proxies.answer("ari.create", () => ({ error: "", key }));
  await using client = AriClient.fromBus(proxies.bus);
  await client.settled;
  await assert.rejects(client.bridges.create({ id: "b1", node }), { code: "conflict" });
  assert.deepEqual(
    proxies.requests.map(({ subject }) => subject),
    ["b", "c", "d", "e"].map((app) => `ari.create.${app}.n1`),
  );
});

Deno.test("a named node is looked for when the bus is back", async () => {
  const broker = new InProcessBroker();
  await using nodes = new Nodes(() => Promise.resolve(broker.connect()));
  await using bus = broker.connect();
  await using client = AriClient.fromBus(bus);
  await client.settled;
  bus.disconnect();
  const asterisk = await nodes.start("na", ["one"]);
  const creating = client.bridges.create({ node: "na" });
  bus.reconnect();
  assert.equal((await creating).node, "na");
  assert.deepEqual(callsOf(asterisk, "POST").length, 1);
});

Deno.test("the node of a client without an application goes with the application of a key", async () => {
  await using proxies = new FakeProxies();
  await using client = AriClient.fromBus(proxies.bus, { node: "n1" });
  assert.deepEqual(client.key({ app: "a" }), { app: "a", node: "n1" });
  assert.deepEqual(client.key({}), { node: "n1" });
  const other = client.derive({ app: "a" });
  assert.deepEqual(other.key({ app: "b" }), { app: "b" });
});
