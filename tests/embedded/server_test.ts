import assert from "node:assert/strict";
import { type Bus, BusError } from "../../src/bus/bus.ts";
import { connectNats } from "../../src/bus/nats/connect.ts";
import { EmbeddedBusError, startEmbeddedBus } from "../../src/embedded/server.ts";
import { bytes, receive, Received, text } from "../testing/received.ts";
import { RawClient } from "./raw_client.ts";
import { until } from "../testing/until.ts";

const QUIET = 'CONNECT {"verbose":false}\r\n';

const failsWith = (code: string, message: RegExp) => (error: unknown) =>
  error instanceof EmbeddedBusError && error.code === code && message.test(error.message);

Deno.test("startEmbeddedBus says that the port is taken", async () => {
  await using server = await startEmbeddedBus({ port: 0 });
  assert.equal(server.url, `nats://127.0.0.1:${server.port}`);
  await assert.rejects(
    startEmbeddedBus({ port: server.port }),
    failsWith("in_use", /^Cannot open the embedded bus on 127\.0\.0\.1:\d+: the port is taken$/),
  );
});

Deno.test("startEmbeddedBus refuses to listen beyond loopback without a token", async () => {
  for (const hostname of ["0.0.0.0", "::", "192.0.2.1", "127.example.org"]) {
    await assert.rejects(startEmbeddedBus({ hostname, port: 0 }), failsWith("invalid", /a token/));
  }
  await assert.rejects(startEmbeddedBus({ port: 0, token: "" }), failsWith("invalid", /empty/));
  await using server = await startEmbeddedBus({ hostname: "0.0.0.0", port: 0, token: "secret" });
  assert.equal(server.hostname, "0.0.0.0");
});

Deno.test("startEmbeddedBus says that it cannot listen there", async () => {
  // An address of documentation, which no machine has.
  const options = { hostname: "192.0.2.1", port: 0, token: "secret" };
  await assert.rejects(startEmbeddedBus(options), failsWith("failed", /192\.0\.2\.1:0: /));
});

Deno.test("startEmbeddedBus reports its clients", async () => {
  const lines: string[] = [];
  const log = { debug: (line: string) => void lines.push(line), info() {}, warn() {} };
  await using server = await startEmbeddedBus({ port: 0, log });
  assert.deepEqual(lines, [
    `Embedded bus listens on ${server.url}: for this machine only, without storage`,
  ]);
});

Deno.test("embedded bus can be disposed twice, and frees its port", async () => {
  const server = await startEmbeddedBus({ port: 0 });
  using client = await RawClient.connect(server.port);
  await Promise.all([server[Symbol.asyncDispose](), server[Symbol.asyncDispose]()]);
  await server[Symbol.asyncDispose]();
  assert.equal(server.clients, 0);
  await client.rest().catch(() => {});
  await using _again = await startEmbeddedBus({ port: server.port });
});

Deno.test("embedded bus admits clients with the token", async () => {
  await using server = await startEmbeddedBus({ port: 0, token: "s3cret" });
  const url = new URL(server.url);
  await using bus = await connectNats({ urls: [`nats://s3cret@${url.host}`] });
  const received = await receive(bus, "a");
  bus.publish("a", bytes("1"));
  await received.count(1);
  for (const wrong of [`nats://wrong@${url.host}`, server.url]) {
    await assert.rejects(
      connectNats({ urls: [wrong] }),
      (error) => error instanceof BusError && error.code === "denied",
    );
  }
  await until(() => server.clients === 1, "those without the token are gone");
});

Deno.test("embedded bus does nothing for a client that has not shown the token", async () => {
  await using server = await startEmbeddedBus({ port: 0, token: "s3cret" });
  const attempts = [
    "PING\r\n",
    "SUB a 1\r\n",
    "UNSUB 1\r\n",
    "PUB a 0\r\n\r\n",
    "CONNECT {}\r\n",
    'CONNECT {"auth_token":"s3cre"}\r\n',
    'CONNECT {"auth_token":"s3crets"}\r\n',
    'CONNECT {"auth_token":7}\r\n',
    'CONNECT {"user":"s3cret","pass":"s3cret"}\r\n',
  ];
  for (const attempt of attempts) {
    using client = await RawClient.connect(server.port);
    await client.send(attempt);
    assert.equal(await client.rest(), "-ERR 'Authorization Violation'\r\n", attempt);
  }
});

Deno.test("embedded bus closes a client that does not send the token in time", async () => {
  await using server = await startEmbeddedBus({ port: 0, token: "s3cret", authTimeout: 30 });
  using client = await RawClient.connect(server.port);
  assert.equal(await client.rest(), "-ERR 'Authentication Timeout'\r\n");
});

Deno.test("embedded bus keeps a client that has sent the token", async () => {
  await using server = await startEmbeddedBus({ port: 0, token: "s3cret", authTimeout: 30 });
  using client = await RawClient.connect(server.port);
  await client.send('CONNECT {"verbose":false,"auth_token":"s3cret"}\r\nPING\r\n');
  await client.until("PONG\r\n");
  using late = await RawClient.connect(server.port);
  await late.rest();
  await client.send("PING\r\n");
  await client.until("PONG\r\n");
});

Deno.test("embedded bus pings silent clients, and closes dead ones", async () => {
  await using server = await startEmbeddedBus({ port: 0, pingInterval: 20 });
  using dead = await RawClient.connect(server.port);
  using alive = await RawClient.connect(server.port);
  let gone = false;
  const answering = (async () => {
    while (!gone) {
      await alive.until("PING\r\n");
      await alive.send("PONG\r\n");
    }
  })();
  assert.equal(await dead.rest(), "PING\r\nPING\r\n-ERR 'Stale Connection'\r\n");
  gone = true;
  await answering;
  assert.equal(server.clients, 1);
});

Deno.test("embedded bus sends away a client too many", async () => {
  await using server = await startEmbeddedBus({ port: 0, maxConnections: 1 });
  using _first = await RawClient.connect(server.port);
  using second = await RawClient.connect(server.port);
  assert.equal(await second.rest(), "-ERR 'Maximum Connections Exceeded'\r\n");
  assert.equal(server.clients, 1);
});

Deno.test("embedded bus disconnects a slow consumer and no other client", async () => {
  const warnings: string[] = [];
  const log = { debug() {}, info() {}, warn: (line: string) => void warnings.push(line) };
  await using server = await startEmbeddedBus({ port: 0, maxPending: 512 * 1024, log });
  using slow = await RawClient.connect(server.port);
  await slow.send(`${QUIET}SUB burst 1\r\nSUB small 2\r\nPING\r\n`);
  await slow.until("PONG\r\n");
  await using publisher = await connectNats({ urls: [server.url] });
  await using healthy = await connectNats({ urls: [server.url] });
  let received = 0;
  healthy.subscribe("burst", () => void received++);
  await healthy.flush();
  // Sizes below and above the one from which payloads are shared.
  const payloads = [new Uint8Array(100_000).fill(0x61), new Uint8Array(5_000).fill(0x62)];
  let sent = 0;
  await until(() => {
    // A client that keeps up has no more than this to take at a time.
    if (received === sent && server.clients === 3) {
      for (const payload of payloads) publisher.publish("burst", payload);
      sent += payloads.length;
    }
    return server.clients === 2 && received === sent;
  }, "the slow consumer is cut off");
  assert.ok(sent > 10, `${sent}`);
  const frames = (await slow.rest()).split(/(?=MSG )/);
  const last = frames.pop() ?? "";
  assert.match(last, /-ERR 'Slow Consumer'\r\n$/);
  assert.ok(
    [...frames, last.replace(/-ERR.*/s, "")].every((frame) =>
      /^MSG burst 1 (100000\r\na{100000}|5000\r\nb{5000})\r\n$/.test(frame)
    ),
  );
  assert.deepEqual(warnings, ["Embedded bus closes a client: Slow Consumer"]);
});

Deno.test("embedded bus heeds nothing that follows what cut a client off", async () => {
  await using server = await startEmbeddedBus({ port: 0, maxPending: 2_000 });
  using client = await RawClient.connect(server.port);
  const message = `PUB a 900\r\n${"x".repeat(900)}\r\n`;
  await client.send(`${QUIET}SUB a 1\r\n${message.repeat(3)}SUB late 2\r\nPUB a 0\r\n\r\n`);
  assert.equal(await client.rest(), "-ERR 'Slow Consumer'\r\n");
  assert.equal(server.clients, 0);
  assert.equal(server.patterns, 0);
});

Deno.test("embedded bus gives each of a queue group's messages to one of several clients", async () => {
  await using server = await startEmbeddedBus({ port: 0 });
  const received = new Received<string>();
  const buses: Bus[] = [];
  for (let index = 0; index < 5; index++) {
    const bus = await connectNats({ urls: [server.url] });
    bus.subscribe("work.>", (message) => received.add(text(message)), { queue: "q" });
    await bus.flush();
    buses.push(bus);
  }
  for (let index = 0; index < 1_000; index++) buses[index % 5].publish("work.x", bytes(`${index}`));
  assert.equal(new Set(await received.count(1_000)).size, 1_000);
  // What would come twice comes before the answer to a later flush.
  for (const bus of [...buses, ...buses]) await bus.flush();
  assert.equal(received.items.length, 1_000);
  for (const bus of buses) await bus.close();
});

Deno.test("embedded bus forgets 200 clients that come and go", async () => {
  await using server = await startEmbeddedBus({ port: 0 });
  for (let round = 0; round < 2; round++) {
    const clients = await Promise.all(
      Array.from({ length: 200 }, () => RawClient.connect(server.port)),
    );
    assert.equal(server.clients, 200);
    await Promise.all(clients.map(async (client, index) => {
      await client.send(
        `${QUIET}SUB all 1\r\nSUB own.${index} 2\r\nSUB *.${index} q 3\r\nPING\r\n`,
      );
      await client.until("PONG\r\n");
    }));
    assert.equal(server.patterns, 401);
    await clients[0].send("PUB all 2\r\nhi\r\n");
    await Promise.all(clients.map((client) => client.until("MSG all 1 2\r\nhi\r\n")));
    // Some leave in the middle of a message.
    for (const client of clients.slice(0, 50)) await client.send("PUB own.1 100\r\nabc");
    for (const client of clients) client[Symbol.dispose]();
    await until(() => server.clients === 0, "all are gone");
    assert.equal(server.patterns, 0);
  }
});

Deno.test("embedded bus is there for others while one sends without a pause", async () => {
  await using server = await startEmbeddedBus({ port: 0 });
  using flood = await RawClient.connect(server.port);
  await flood.send(QUIET);
  let stop = false;
  const flooding = (async () => {
    const burst = bytes(`PUB flood 1000\r\n${"x".repeat(1000)}\r\n`.repeat(1_000));
    while (!stop) await flood.send(burst);
  })();
  await using bus = await connectNats({ urls: [server.url] });
  for (let round = 0; round < 20; round++) await bus.flush();
  stop = true;
  await flooding;
});
