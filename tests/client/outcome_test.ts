import assert from "node:assert/strict";
import type { Bus } from "../../src/bus/bus.ts";
import { connectBus } from "../../src/bus/connect.ts";
import { InProcessBroker } from "../../src/bus/memory.ts";
import { Requester } from "../../src/client/requester.ts";
import { AriProxyError, type ErrorCode, outcomeOfError } from "../../src/protocol/errors.ts";
import { CliFixture } from "../testing/cli_fixture.ts";
import { withDeadline } from "../testing/deadline.ts";
import { startFaultProxy } from "../testing/fault_proxy.ts";
import { app, node, ProxyFixture } from "../testing/proxy_fixture.ts";
import { Received } from "../testing/received.ts";
import { until } from "../testing/until.ts";
import { busNames } from "../testing/servers/bus_server.ts";

const key = { kind: "channel", id: "c1", app, node };

/** A client to which the proxies of a bus have announced themselves. */
async function clientOn(
  bus: Bus,
  options: ConstructorParameters<typeof Requester>[1] = {},
): Promise<Requester> {
  const client = new Requester(bus, options);
  await client.nodes.settled;
  return client;
}

/** The code and outcome that a request fails with. */
async function failure(request: Promise<unknown>): Promise<[ErrorCode, string]> {
  try {
    await request;
  } catch (error) {
    assert.ok(error instanceof AriProxyError, String(error));
    return [error.code, error.outcome];
  }
  throw new Error("It has succeeded");
}

Deno.test("outcome of a response is unknown when Asterisk may have carried it out", () => {
  const texts = {
    "Non-2XX response: 404 Not Found": "failed",
    "ARI connection is down": "failed",
    "failed to make request: Cannot reach Asterisk at localhost:8088: refused": "failed",
    "failed to make request: Cannot complete POST /x: closed before it answered": "unknown",
    "failed to get data: failed to decode response: EOF": "unknown",
    "Reply too large: 9 bytes, the bus allows 1": "unknown",
  };
  for (const [text, outcome] of Object.entries(texts)) assert.equal(outcomeOfError(text), outcome);
});

Deno.test("outcome says whether a request may have been carried out", async () => {
  const broker = new InProcessBroker();
  await using fixture = await ProxyFixture.start({ broker });
  using client = await clientOn(fixture.bus, { timeout: 50 });
  const answer = (options = {}) => client.request("ChannelAnswer", key, undefined, options);
  assert.deepEqual(await failure(answer()), ["not_found", "failed"]);
  const gone = client.request("ChannelAnswer", { ...key, node: "gone" });
  assert.deepEqual(await failure(gone), ["no_node", "not_sent"]);

  const { promise: never, resolve } = Promise.withResolvers<void>();
  fixture.asterisk.answer(async () => {
    await never;
    return { status: 204 };
  });
  assert.deepEqual(await failure(answer()), ["timeout", "unknown"]);
  // The search before it changes nothing.
  const play = client.request("ChannelPlay", { kind: "channel", id: "c1" }, {
    playback_id: "p",
    media_uri: "sound:x",
  });
  assert.deepEqual(await failure(play), ["timeout", "not_sent"]);
  resolve();

  fixture.bus.disconnect();
  assert.deepEqual(await failure(answer()), ["unreachable", "not_sent"]);
});

Deno.test("a command that expires before its time says that the clocks differ", async () => {
  const broker = new InProcessBroker();
  await using bus = broker.connect();
  await using theirs = broker.connect();
  const error = "Expired: came 9 ms after its deadline";
  theirs.subscribe(`ari.command.${app}.${node}`, ({ replyTo = "" }) => {
    theirs.publish(replyTo, new TextEncoder().encode(JSON.stringify({ error })));
  });
  using client = await clientOn(bus);
  await assert.rejects(client.request("ChannelAnswer", key), {
    code: "expired",
    outcome: "failed",
    message: `${error}: the clocks of client and proxy differ`,
  });
});

Deno.test("outcome is unknown when one of several may have carried it out without a response", async () => {
  const broker = new InProcessBroker();
  await using one = await ProxyFixture.start({ broker });
  await using two = await ProxyFixture.start({ broker, node: "n2" });
  const { promise: never, resolve } = Promise.withResolvers<void>();
  two.asterisk.answer(async () => {
    await never;
    return { status: 204 };
  });
  using client = await clientOn(one.bus, { timeout: 100 });
  const request = client.request("ChannelAnswer", { kind: "channel", id: "c1", app });
  assert.deepEqual(await failure(request), ["not_found", "unknown"]);
  resolve();
});

Deno.test("a command that was not sent is sent when the bus is back in time", async () => {
  await using fixture = await ProxyFixture.start();
  using client = await clientOn(fixture.bus);
  fixture.asterisk.answer([{ status: 204 }]);
  fixture.bus.disconnect();
  const answered = client.request("ChannelAnswer", key);
  fixture.bus.reconnect();
  await answered;
  assert.equal(posts(fixture), 1);
});

Deno.test("a command in flight when the bus was lost is carried out once", async () => {
  await using fixture = await ProxyFixture.start();
  using client = await clientOn(fixture.bus);
  const arrived = new Received<string>();
  const { promise: go, resolve } = Promise.withResolvers<void>();
  fixture.asterisk.answer(async ({ path }) => {
    arrived.add(path);
    await go;
    return { status: 204 };
  });
  const answered = client.request("ChannelAnswer", key);
  await arrived.count(1);
  fixture.bus.disconnect();
  resolve();
  fixture.bus.reconnect();
  await answered;
  assert.equal(posts(fixture), 1);
});

Deno.test("a command is not sent again to another process, nor without marks", async () => {
  for (const once of [true, false]) {
    const broker = new InProcessBroker();
    await using bus = broker.connect();
    await using theirs = broker.connect();
    const requests = new Received<string>();
    let process = "p1";
    const announce = () =>
      theirs.publish(
        "ari.announce",
        new TextEncoder().encode(JSON.stringify({ node, application: app, id: process })),
      );
    theirs.subscribe("ari.ping", announce);
    theirs.subscribe(`ari.command.${app}.${node}`, ({ subject }) => requests.add(subject));
    using client = await clientOn(bus, { once });
    const asked = failure(client.request("ChannelAnswer", key));
    await requests.count(1);
    process = "p2";
    bus.disconnect();
    bus.reconnect();
    assert.deepEqual(await asked, ["unreachable", "unknown"]);
    assert.equal(requests.items.length, 1);
  }
});

/** A client, and a test that plays the processes of one node, which do not respond. */
class Processes implements AsyncDisposable {
  readonly #broker = new InProcessBroker();
  readonly bus = this.#broker.connect();
  readonly #theirs = this.#broker.connect();
  readonly requests = new Received<string>();
  /** The processes that announce themselves. */
  ids: readonly string[];

  constructor(...ids: string[]) {
    this.ids = ids;
    this.#theirs.subscribe("ari.ping", () => this.announce());
    this.#theirs.subscribe(`ari.command.${app}.${node}`, ({ subject }) => {
      this.requests.add(subject);
    });
  }

  announce(): void {
    for (const id of this.ids) {
      const text = JSON.stringify({ node, application: app, id });
      this.#theirs.publish("ari.announce", new TextEncoder().encode(text));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.bus.close();
    await this.#theirs.close();
  }
}

Deno.test("a command is not sent again to one of several processes under the same coordinates", async () => {
  await using processes = new Processes("p1", "p2");
  const { bus, requests } = processes;
  using client = await clientOn(bus, { timeout: 1_000 });
  const asked = failure(client.request("ChannelAnswer", key));
  await requests.count(1);
  bus.disconnect();
  bus.reconnect();
  assert.deepEqual(await asked, ["unreachable", "unknown"]);
  assert.equal(requests.items.length, 1);
});

Deno.test("a command of which the first attempt may have arrived goes to no other process after a second outage", async () => {
  await using processes = new Processes("p1");
  const { bus, requests } = processes;
  const send = bus.request.bind(bus);
  let attempts = 0;
  bus.request = (...args) => {
    // The second attempt is certain not to be sent.
    if (++attempts === 2) bus.disconnect();
    return send(...args);
  };
  using client = await clientOn(bus, { timeout: 1_000 });
  const asked = failure(client.request("ChannelAnswer", key));
  await requests.count(1);
  bus.disconnect();
  bus.reconnect();
  await until(() => attempts === 2, "the second attempt");
  processes.ids = ["p2"];
  bus.reconnect();
  assert.deepEqual(await asked, ["unreachable", "unknown"]);
  assert.equal(attempts, 2);
  assert.equal(requests.items.length, 1);
});

Deno.test("a broadcast command and a create of anyone are not sent again", async () => {
  await using fixture = await ProxyFixture.start();
  using client = await clientOn(fixture.bus);
  const arrived = new Received<string>();
  const { promise: go, resolve } = Promise.withResolvers<void>();
  fixture.asterisk.answer(async ({ path }) => {
    arrived.add(path);
    await go;
    return { status: 200, body: '{"id":"c1"}' };
  });
  const asked = [
    failure(client.request("ChannelAnswer", { id: "c1", app })),
    failure(client.request("BridgeCreate", { id: "b1", app }, { type: "mixing", name: "" })),
  ];
  await arrived.count(2);
  fixture.bus.disconnect();
  fixture.bus.reconnect();
  assert.deepEqual(await Promise.all(asked), [
    ["unreachable", "unknown"],
    ["unreachable", "unknown"],
  ]);
  resolve();
});

for (const name of busNames) {
  Deno.test(`a command is carried out once when ${name} is lost during it, and reads are repeated`, async () => {
    await using fixture = await CliFixture.start(name);
    const { asterisk, proxy: _proxy } = await fixture.node("demo");
    const url = new URL(fixture.server.url);
    await using faults = await startFaultProxy(Number(url.port));
    url.port = `${faults.port}`;
    await using bus = await connectBus(url.href);
    using client = await clientOn(bus, { timeout: 15_000 });
    const [{ node }] = client.nodes.members();
    const arrived = new Received<string>();
    let go = Promise.withResolvers<void>();
    asterisk.answer(async ({ method, path }) => {
      if (!path.startsWith("/channels")) return undefined;
      arrived.add(`${method} ${path}`);
      await go.promise;
      return method === "GET" ? { status: 200, body: '{"id":"c1"}' } : { status: 204 };
    });
    const there = { kind: "channel", id: "c1", app: "demo", node };
    const cut = async (count: number) => {
      await arrived.count(count);
      const back = Promise.withResolvers<void>();
      const stop = bus.onStatus(({ type }) => type === "connected" && back.resolve());
      faults.cut();
      await withDeadline(back.promise, { what: "the bus to be back" });
      stop();
      go.resolve();
      go = Promise.withResolvers<void>();
    };
    const answered = client.request("ChannelAnswer", there);
    await cut(1);
    await answered;
    assert.deepEqual(arrived.items, ["POST /channels/c1/answer"]);
    const read = client.request("ChannelData", there);
    await cut(2);
    go.resolve();
    await read;
    assert.ok(arrived.items.length >= 2);

    using impatient = await clientOn(bus, { once: false });
    go = Promise.withResolvers<void>();
    const before = arrived.items.length;
    const lost = failure(impatient.request("ChannelAnswer", there));
    await cut(before + 1);
    assert.deepEqual(await lost, ["unreachable", "unknown"]);
  });
}

/** How many commands have reached Asterisk. */
function posts({ asterisk }: ProxyFixture): number {
  return asterisk.calls.filter(({ method }) => method === "POST").length;
}
