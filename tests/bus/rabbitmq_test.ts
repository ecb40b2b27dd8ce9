import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { connect } from "amqplib";
import { type Bus, BusError, type BusErrorCode } from "../../src/bus/bus.ts";
import { connectRabbitmq } from "../../src/bus/rabbitmq/connect.ts";
import type { RabbitmqSettings } from "../../src/bus/rabbitmq/options.ts";
import { startFaultProxy } from "../testing/fault_proxy.ts";
import { bytes, PATIENCE, receive, Received, statusesOf, text } from "../testing/received.ts";
import { freePort } from "../testing/servers/free_port.ts";
import { type RabbitmqServer, startRabbitmq } from "../testing/servers/rabbitmq.ts";
import { until } from "../testing/until.ts";

/** Longer than any test waits. */
const LONG = 60_000;

const certificates = new URL("certificates/", import.meta.url);

// It takes three seconds to start, so all tests share it; each leaves it as it found it.
let server: RabbitmqServer;
let encryptedPort: number;
Deno.test.beforeAll(async () => {
  encryptedPort = await freePort();
  server = await startRabbitmq({
    config: [
      `listeners.ssl.1 = 127.0.0.1:${encryptedPort}`,
      `ssl_options.cacertfile = ${certificates.pathname}ca.pem`,
      `ssl_options.certfile = ${certificates.pathname}server.pem`,
      `ssl_options.keyfile = ${certificates.pathname}server.key`,
      "ssl_options.verify = verify_peer",
      "ssl_options.fail_if_no_peer_cert = false",
    ],
  });
});
Deno.test.afterAll(async () => await server[Symbol.asyncDispose]());

const open = (url = server.url, settings: RabbitmqSettings = {}): Promise<Bus> =>
  connectRabbitmq({ urls: [url], ...settings });

const fails = (code: BusErrorCode, message: RegExp = /^/) => (error: unknown) => {
  assert.ok(error instanceof BusError, `${error}`);
  assert.equal(error.code, code, error.message);
  assert.match(error.message, message);
  assert.ok(!error.message.includes("geheim"));
  return true;
};

async function proveAlive(bus: Bus, subject = "proof"): Promise<void> {
  const received = new Received<string>();
  const subscription = bus.subscribe(subject, (message) => received.add(text(message)));
  await bus.flush();
  assert.equal(bus.publish(subject, bytes("alive")), true);
  assert.deepEqual(await received.count(1), ["alive"]);
  subscription.close();
}

/** A connection and a channel of another program. */
async function openRaw() {
  const connection = await connect(`amqp://127.0.0.1:${server.port}`, { noDelay: true });
  const channel = await connection.createChannel();
  return { channel, [Symbol.asyncDispose]: () => connection.close() };
}

/** What the broker has, as lines without the header. */
async function list(...command: string[]): Promise<string[]> {
  return (await server.ctl([...command])).trim().split("\n").slice(1).sort();
}

Deno.test("connectRabbitmq rejects with unreachable when the connection is refused", async () => {
  const port = await freePort();
  await assert.rejects(
    open(`amqp://anna:geheim@127.0.0.1:${port}`),
    fails(
      "unreachable",
      new RegExp(`^Cannot reach RabbitMQ at 127\\.0\\.0\\.1:${port}: .*REFUSED`),
    ),
  );
});

Deno.test("connectRabbitmq rejects with unreachable when the server says nothing in time", async () => {
  await using proxy = await startFaultProxy(server.port);
  proxy.stall();
  await assert.rejects(
    open(`amqp://127.0.0.1:${proxy.port}`, { timeout: 50 }),
    fails("unreachable", /no reply within 50 ms$/),
  );
  await using web = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, () => {
    return new Response("hello");
  });
  await assert.rejects(
    open(`amqp://127.0.0.1:${web.addr.port}`, { timeout: 500 }),
    fails("unreachable"),
  );
});

Deno.test("connectRabbitmq rejects with the signal's reason, and ignores a later abort", async () => {
  await using proxy = await startFaultProxy(server.port);
  proxy.stall();
  const controller = new AbortController();
  const { signal } = controller;
  const reason = new Error("stop");
  const connecting = assert.rejects(
    open(`amqp://127.0.0.1:${proxy.port}`, { signal }),
    (error) => error === reason,
  );
  const later = new AbortController();
  await using bus = await open(server.url, { signal: later.signal });
  controller.abort(reason);
  await connecting;
  await assert.rejects(open(server.url, { signal }), (error) => error === reason);
  later.abort(new Error("too late"));
  await proveAlive(bus);
});

Deno.test("connectRabbitmq rejects with denied for bad credentials and virtual hosts", async () => {
  const { port } = server;
  const refused = /^RabbitMQ at 127\.0\.0\.1:\d+ refused the credentials: .*ACCESS/;
  await assert.rejects(open(`amqp://guest:geheim@127.0.0.1:${port}`), fails("denied", refused));
  await assert.rejects(
    open(server.url, { user: "guest", pass: "geheim" }),
    fails("denied", refused),
  );
  await assert.rejects(
    open(`${server.url}/elsewhere`),
    fails("denied", /refused the virtual host elsewhere/),
  );
  await using bus = await open(`amqp://guest:guest@127.0.0.1:${port}/%2F`);
  await proveAlive(bus);
});

Deno.test("connectRabbitmq rejects with invalid for what is not an AMQP URL", async () => {
  for (const url of ["http://127.0.0.1", "127.0.0.1:5672", "amqp://", "", "amqp://a:geheim@:1"]) {
    await assert.rejects(open(url), fails("invalid"));
  }
  await assert.rejects(connectRabbitmq({ urls: [] }), fails("invalid"));
});

Deno.test("connectRabbitmq sends the name of the connection", async () => {
  await using _ = await open(server.url, { name: "proxy of calls" });
  const [line] = await list("list_connections", "client_properties");
  assert.match(line, /"connection_name","proxy of calls"/);
});

Deno.test("RabbitMQ bus fails over to another server", async () => {
  const first = await startFaultProxy(server.port);
  const dead = `amqp://127.0.0.1:${await freePort()}`;
  await using bus = await connectRabbitmq({
    urls: [dead, `amqp://127.0.0.1:${first.port}`, server.url],
  });
  const received = await receive(bus, "s");
  const statuses = statusesOf(bus);
  const { port } = server;
  await first[Symbol.asyncDispose]();
  await statuses.until((all) => all.some(({ type }) => type === "connected"));
  assert.deepEqual(statuses.items.map(({ type }) => type), [
    "disconnected",
    "retrying",
    "retrying",
    "connected",
  ]);
  assert.deepEqual(statuses.items.at(-1), { type: "connected", server: `127.0.0.1:${port}` });
  await bus.flush();
  bus.publish("s", bytes("x"));
  await received.count(1);
});

Deno.test("RabbitMQ bus trusts the given authority, and no other", async () => {
  const pem = (name: string) => Deno.readTextFile(new URL(name, certificates));
  const url = `amqps://127.0.0.1:${encryptedPort}`;
  const tls = { ca: await pem("ca.pem") };
  await using bus = await open(url, { tls });
  await proveAlive(bus);
  await using known = await open(url, {
    tls: { ...tls, cert: await pem("client.pem"), key: await pem("client.key") },
  });
  await proveAlive(known);
  await assert.rejects(open(url), fails("unreachable", /certificate|issuer/i));
  await assert.rejects(open(server.url.replace("amqp", "amqps")), fails("unreachable"));
});

Deno.test("RabbitMQ bus refuses what AMQP cannot carry", async () => {
  await using bus = await open();
  const long = "x".repeat(256);
  assert.throws(() => bus.publish(long, bytes("")), fails("invalid", /255 bytes/));
  assert.throws(() => bus.publish("ä".repeat(128), bytes("")), fails("invalid"));
  assert.throws(() => bus.subscribe(long, () => {}), fails("invalid"));
  assert.throws(() => bus.subscribe("s", () => {}, { queue: long }), fails("invalid"));
  await assert.rejects(bus.request(long, bytes(""), { timeout: LONG }), fails("invalid"));
  for (const name of ["CC", "BCC", long]) {
    assert.throws(
      () => bus.publish("s", bytes(""), { headers: { [name]: "x" } }),
      fails("invalid"),
    );
  }
  const headers = { large: "x".repeat(100_000) };
  assert.throws(() => bus.publish("s", bytes(""), { headers }), fails("too_large"));
  await proveAlive(bus, "ä".repeat(127));
});

Deno.test("RabbitMQ bus accepts replies without a correlation ID, but never those to another request", async () => {
  await using bus = await open();
  await using raw = await openRaw();
  const { channel } = raw;
  const { queue } = await channel.assertQueue("", { exclusive: true });
  await channel.bindQueue(queue, "ari.request", "ari.get.#");
  const asked: string[] = [];
  const got = new Received<string>();
  await channel.consume(queue, (message) => {
    assert.ok(message);
    asked.push(message.properties.replyTo);
    // As the original does: nothing but the address. The late answers come with every request.
    for (const [index, replyTo] of asked.entries()) {
      if (message.content.length > 0 || index > 0 && index < asked.length - 1) {
        channel.sendToQueue(replyTo, Buffer.from(`answer to ${index}`));
      }
    }
    got.add(message.content.toString());
  }, { noAck: true });
  for (let index = 0; index < 5; index++) {
    await assert.rejects(
      bus.request("ari.get.calls", bytes(""), { timeout: 30 }),
      fails("timeout"),
    );
  }
  await got.count(5);
  for (let index = 5; index < 50; index++) {
    const answer = await bus.request("ari.get.calls", bytes("now"), { timeout: LONG });
    assert.equal(text(answer), `answer to ${index}`);
  }
});

Deno.test("RabbitMQ bus replies to programs that wait on a queue of their own", async () => {
  await using bus = await open();
  bus.subscribe("ari.get.calls", (request) => {
    assert.deepEqual({ ...request.headers }, { size: "3", urgent: "true" });
    bus.publish(request.replyTo ?? "", bytes("yes"), { headers: { from: "us" } });
  });
  await bus.flush();
  await using raw = await openRaw();
  const { channel } = raw;
  const { queue } = await channel.assertQueue("their queue: *.#", { exclusive: true });
  const answers = new Received<string>();
  await channel.consume(queue, (message) => {
    const { correlationId, contentType, deliveryMode, headers } = message?.properties ?? {};
    answers.add([message?.content, correlationId, contentType, deliveryMode, headers?.from].join());
  }, { noAck: true });
  const correlationId = "id. of\nthem/ü";
  const headers = { size: 3, urgent: true, list: ["left", "out"] };
  channel.publish("ari.request", "ari.get.calls", Buffer.from("?"), {
    replyTo: queue,
    correlationId,
    headers,
  });
  assert.deepEqual(await answers.count(1), [`yes,${correlationId},application/json,1,us`]);
});

Deno.test("RabbitMQ bus does not carry out a create that was not consumed in time", async () => {
  await using client = await open();
  await using raw = await openRaw();
  const { channel } = raw;
  const subject = "ari.create.late";
  const name = `ariproxy-${subject}`;
  // As the original leaves it behind.
  await channel.assertQueue(name, { durable: true });
  await channel.bindQueue(name, "ari.request", subject);
  await assert.rejects(
    client.request(subject, bytes(""), { timeout: LONG }),
    fails("no_responders"),
  );
  // A proxy that is there but takes only one.
  await channel.prefetch(1);
  const taken = new Received<string>();
  const { consumerTag } = await channel.consume(name, (message) => {
    taken.add(`${message?.content}`);
    if (message !== null && taken.items.length > 1) channel.ack(message);
  });
  const options = { timeout: 100 };
  for (const request of ["taken", "expires"]) {
    await assert.rejects(client.request(subject, bytes(request), options), fails("timeout"));
  }
  await until(async () => (await channel.checkQueue(name)).messageCount === 0, "expiry");
  assert.deepEqual(taken.items, ["taken"]);
  await channel.cancel(consumerTag);
  channel.ackAll();

  channel.publish("ari.request", subject, Buffer.from("for ever"));
  await until(async () => (await channel.checkQueue(name)).messageCount === 1, "a waiting message");
  await using first = await open();
  await using second = await open();
  const got = new Received<string>();
  for (const proxy of [first, second]) {
    proxy.subscribe(subject, (message) => got.add(text(message)), { queue: "ariproxy" });
    await proxy.flush();
  }
  for (let index = 0; index < 10; index++) client.publish(subject, bytes(`${index}`));
  await got.count(10);
  await Promise.all([first.flush(), second.flush()]);
  assert.deepEqual([...got.items].sort(), Array.from({ length: 10 }, (_, index) => `${index}`));
  await channel.deleteQueue(name);
});

Deno.test("RabbitMQ bus gives every subscriber each event, also two of one connection", async () => {
  await using publisher = await open();
  await using one = await open();
  await using two = await open();
  const received = [
    await receive(one, "ari.event.>"),
    await receive(one, "ari.event.calls.>"),
    await receive(two, "ari.event.calls.n1"),
    await receive(two, "ari.>"),
  ];
  for (let index = 0; index < 50; index++) {
    publisher.publish("ari.event.calls.n1", bytes(`${index}`));
  }
  publisher.publish("ari.ping", bytes("p"));
  publisher.publish("ari.announce", bytes("a"));
  publisher.publish("ari.dialogevent.d.1", bytes("d"));
  publisher.publish("ari.get.calls", bytes("g"));
  const all = await received[3].count(54);
  assert.deepEqual(all.slice(50).map(({ subject }) => subject), [
    "ari.ping",
    "ari.announce",
    "ari.dialogevent.d.1",
    "ari.get.calls",
  ]);
  for (const one of received) {
    const events = (await one.count(50)).slice(0, 50);
    assert.deepEqual(events.map(text), Array.from({ length: 50 }, (_, index) => `${index}`));
  }
});

Deno.test("RabbitMQ bus publishes and requests only after its subscriptions are established", async () => {
  await using server = await open();
  server.subscribe("ari.ping", () => server.publish("ari.announce", bytes("here")));
  server.subscribe("ari.command.calls", ({ replyTo }) => {
    server.publish("ari.event.calls.n1", bytes("done"));
    server.publish(replyTo ?? "", bytes("ok"));
  });
  await server.flush();
  for (let round = 0; round < 20; round++) {
    await using client = await open();
    const announced = new Received<string>();
    const events = new Received<string>();
    const calls = new Received<string>();
    client.subscribe("ari.announce", (message) => announced.add(text(message)));
    assert.equal(client.publish("ari.ping", bytes("")), true);
    client.subscribe("ari.event.>", (message) => events.add(text(message)));
    client.subscribe("ari.event.>", (message) => calls.add(text(message)), { queue: "listeners" });
    await client.request("ari.command.calls", bytes("?"), { timeout: LONG });
    assert.deepEqual(await announced.count(1), ["here"]);
    assert.deepEqual(await events.count(1), ["done"]);
    assert.deepEqual(await calls.count(1), ["done"]);
  }
});

Deno.test("RabbitMQ bus resumes when the broker crashes and comes back", async () => {
  await using server = await startRabbitmq();
  await using proxy = await open(server.url);
  await using client = await open(server.url);
  const plain = await receive(proxy, "ari.get.calls");
  const shared = await receive(proxy, "ari.create.calls", { queue: "ariproxy" });
  const grouped = await receive(proxy, "work.>", { queue: "workers" });
  const statuses = [statusesOf(proxy), statusesOf(client)];
  const request = assert.rejects(
    client.request("ari.get.calls", bytes("once"), { timeout: LONG }),
    fails("disconnected", /^Cannot wait for a reply: /),
  );
  await plain.count(1);
  await server.kill();
  await request;
  await server.restart();
  for (const one of statuses) await one.until((all) => all.at(-1)?.type === "connected");
  await proxy.flush();
  const answers = ["ari.get.calls", "ari.create.calls", "work.x"];
  for (const subject of answers) assert.equal(client.publish(subject, bytes("again")), true);
  assert.deepEqual((await plain.count(2)).map(text), ["once", "again"]);
  await shared.count(1);
  await grouped.count(1);
  await proxy.flush();
  assert.deepEqual([plain, shared, grouped].map(({ items }) => items.length), [2, 1, 1]);
});

Deno.test("RabbitMQ bus resumes when an operator closes its connections", async () => {
  await using bus = await open();
  const received = await receive(bus, "s");
  const statuses = statusesOf(bus);
  await server.ctl(["close_all_connections", "maintenance"]);
  await statuses.until((all) => all.at(-1)?.type === "connected");
  const [first] = statuses.items;
  assert.equal(first.type, "disconnected");
  assert.match("reason" in first ? first.reason : "", /maintenance/);
  await bus.flush();
  bus.publish("s", bytes("again"));
  await received.count(1);
});

Deno.test("RabbitMQ bus declares deleted queues again", async () => {
  await using bus = await open();
  await using publisher = await open();
  const received = [
    await receive(bus, "ari.get.calls"),
    await receive(bus, "ari.create.calls", { queue: "ariproxy" }),
    await receive(bus, "work", { queue: "workers" }),
  ];
  const statuses = statusesOf(bus);
  const names = await list("list_queues", "name");
  assert.equal(names.length, 3, names.join());
  await using raw = await openRaw();
  // An exclusive queue can be deleted by the broker's operator only.
  for (const name of names) {
    if (name.startsWith("ari-proxy.workers") || name.startsWith("ariproxy")) {
      await raw.channel.deleteQueue(name);
    } else await server.ctl(["delete_queue", name]).catch(() => deleteByForce(name));
  }
  await statuses.count(3);
  assert.ok(statuses.items.every(({ type }) => type === "error"));
  await bus.flush();
  for (const subject of ["ari.get.calls", "ari.create.calls", "work"]) {
    publisher.publish(subject, bytes("again"));
  }
  for (const one of received) await one.count(1);
  assert.equal(bus.connected, true);
});

/** Deletes an exclusive queue, from inside the broker. */
async function deleteByForce(name: string): Promise<void> {
  await server.ctl([
    "eval",
    `{ok, Q} = rabbit_amqqueue:lookup(rabbit_misc:r(<<"/">>, queue, <<"${name}">>)),` +
    " rabbit_amqqueue:delete_immediately([amqqueue:get_pid(Q)]).",
  ]);
}

Deno.test("RabbitMQ bus continues to publish when an exchange is deleted", async () => {
  await using bus = await open();
  const statuses = statusesOf(bus);
  await using raw = await openRaw();
  await raw.channel.deleteExchange("ari.event");
  assert.equal(bus.publish("ari.event.calls.n1", bytes("lost")), true);
  // It says that something was lost, too.
  await statuses.until((all) => all.some((status) => status.type === "error" && status.lossy));
  await bus.flush();
  await proveAlive(bus, "ari.event.calls.n1");
});

Deno.test("RabbitMQ bus notices a stalled network", async () => {
  await using network = await startFaultProxy(server.port);
  await using bus = await open(`amqp://127.0.0.1:${network.port}`, { pingInterval: 1_000 });
  const received = await receive(bus, "s");
  const statuses = statusesOf(bus);
  network.stall();
  await statuses.until((all) => all.some(({ type }) => type === "disconnected"));
  const [first] = statuses.items;
  assert.match("reason" in first ? first.reason : "", /heartbeat/i);
  network.resume();
  await statuses.until((all) => all.at(-1)?.type === "connected");
  await bus.flush();
  bus.publish("s", bytes("again"));
  await received.count(1);
});

Deno.test("RabbitMQ bus holds no more than its limit while the broker accepts no messages", async () => {
  const maxPending = 4 * 1024 * 1024;
  await using bus = await open(server.url, { maxPending });
  assert.equal(bus.maxPending, maxPending);
  const statuses = statusesOf(bus);
  const received = await receive(bus, "s");
  const data = new Uint8Array(64 * 1024);
  await server.ctl(["set_vm_memory_high_watermark", "absolute", "1MB"]);
  try {
    // The broker notifies the connections that publish.
    let sent = 0;
    for (; bus.publish("s", data); sent++) assert.ok(bus.pending <= maxPending + 2 * data.length);
    assert.ok(sent >= maxPending / data.length, `${sent}`);
    await statuses.until((all) => all.length > 0);
    const [status] = statuses.items;
    assert.equal(status.type, "error");
    assert.match(
      "reason" in status ? status.reason : "",
      /accepts no messages at the moment: .*memory/,
    );
    await assert.rejects(
      bus.request("s", bytes(""), { timeout: LONG }),
      fails("disconnected", /accepts no messages now/),
    );
    assert.equal(bus.connected, true);
    await server.ctl(["set_vm_memory_high_watermark", "0.6"]);
    await statuses.until((all) => all.some((s) => "reason" in s && s.reason.includes("again")));
    await received.count(sent);
    await until(() => bus.pending === 0, "nothing pending");
    assert.equal(bus.publish("s", data), true);
  } finally {
    await server.ctl(["set_vm_memory_high_watermark", "0.6"]);
  }
});

Deno.test("RabbitMQ bus closes soon while the broker accepts no messages", async () => {
  const bus = await open();
  const statuses = statusesOf(bus);
  await server.ctl(["set_vm_memory_high_watermark", "absolute", "1MB"]);
  try {
    for (let index = 0; index < 10; index++) bus.publish("s", new Uint8Array(1024 * 1024));
    await statuses.count(1);
    await bus.close();
  } finally {
    await server.ctl(["set_vm_memory_high_watermark", "0.6"]);
  }
});

Deno.test("RabbitMQ bus closes in time on a stalled network", async () => {
  await using network = await startFaultProxy(server.port);
  const bus = await open(`amqp://127.0.0.1:${network.port}`, { pingInterval: LONG });
  network.stall("client");
  const begun = performance.now();
  await bus.close();
  assert.ok(performance.now() - begun < PATIENCE);
});

Deno.test("RabbitMQ has what it had before, after a thousand clients connected and disconnected", async () => {
  const inventory = async () =>
    await Promise.all(
      [
        "list_queues name",
        "list_exchanges name",
        "list_channels pid",
        "list_consumers",
        "list_connections pid",
      ]
        .map(async (command) => (await list(...command.split(" "))).length),
    );
  await using proxy = await open();
  proxy.subscribe("ari.get.calls", ({ replyTo }) => proxy.publish(replyTo ?? "", bytes("yes")));
  await proxy.flush();
  const before = await inventory();
  const use = async () => {
    const bus = await open();
    bus.subscribe("ari.event.calls.>", () => {});
    bus.subscribe("ari.event.calls.>", () => {}, { queue: "listeners" });
    await bus.flush();
    const options = { timeout: LONG };
    await Promise.all([
      bus.request("ari.get.calls", bytes("?"), options),
      bus.request("ari.get.calls", bytes("?"), options),
    ]);
    return bus;
  };
  for (let wave = 0; wave < 40; wave++) {
    const buses = await Promise.all(Array.from({ length: 20 }, use));
    await Promise.all(buses.map((bus) => bus.close()));
  }
  const clients = new URL("rabbitmq_clients.ts", import.meta.url).pathname;
  for (let wave = 0; wave < 4; wave++) {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", clients, server.url, "50"],
      stdout: "piped",
    }).spawn();
    const reader = child.stdout.getReader();
    assert.equal(new TextDecoder().decode((await reader.read()).value), "ready\n");
    child.kill("SIGKILL");
    await child.status;
    await reader.cancel();
  }
  await until(
    async () => `${await inventory()}` === `${before}`,
    `${await inventory()}, ${before}`,
  );
});
