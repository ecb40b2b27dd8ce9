import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { type Channel, connect, type Message } from "amqplib";
import { connectRabbitmq } from "../../src/bus/rabbitmq/connect.ts";
import { bytes, Received, text } from "../testing/received.ts";
import { type RabbitmqServer, startRabbitmq } from "../testing/servers/rabbitmq.ts";
import { deviations, recorded } from "../testing/vectors.ts";

/** A method of AMQP as it was seen on the wire. */
interface Frame {
  readonly from: "client" | "server" | "broker";
  readonly method: string;
  readonly args?: Readonly<Record<string, unknown>>;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly body?: string;
}

interface Vector {
  readonly name: string;
  readonly frames: readonly Frame[];
}

const vectors = recorded<Vector>("rabbitmq");

/** The frames of a vector with this method. */
function frames(name: string, method: string): readonly Frame[] {
  const vector = vectors.find((it) => it.name === name);
  assert.ok(vector, name);
  return vector.frames.filter((frame) => frame.method === method);
}

Deno.test("what RabbitMQ bus does otherwise is about recordings that there are", () => {
  const names = vectors.map(({ name }) => name);
  for (const name of Object.keys(deviations().rabbitmq)) assert.ok(names.includes(name), name);
});

let server: RabbitmqServer;
Deno.test.beforeAll(async () => {
  server = await startRabbitmq();
});
Deno.test.afterAll(async () => await server[Symbol.asyncDispose]());

const app = "calls";
const node = "02:42:ac:11:00:0a";
const open = () => connectRabbitmq({ urls: [server.url] });
const subjects = (name: string) => [name, `${name}.${app}`, `${name}.${app}.${node}`];

/** What the broker lists, with tabs between the columns. */
async function list(...command: string[]): Promise<string[]> {
  return (await server.ctl(command)).trim().split("\n").slice(1).sort();
}

/** Subscribes as a proxy does. */
async function subscribeAsProxy() {
  const bus = await open();
  const received = new Received<{ subject: string; replyTo?: string }>();
  bus.subscribe("ari.ping", received.add);
  for (const name of ["ari.get", "ari.data", "ari.command"]) {
    for (const subject of subjects(name)) bus.subscribe(subject, received.add);
  }
  for (const subject of subjects("ari.create")) {
    bus.subscribe(subject, received.add, { queue: "ariproxy" });
  }
  await bus.flush();
  return { bus, received };
}

/** A connection of another program. */
async function openRaw() {
  const connection = await connect(`amqp://127.0.0.1:${server.port}`, { noDelay: true });
  const channel = await connection.createChannel();
  return { channel, [Symbol.asyncDispose]: () => connection.close() };
}

/** Everything that an exchange gets. */
async function tap(channel: Channel, exchange: string): Promise<Received<Message>> {
  const received = new Received<Message>();
  const { queue } = await channel.assertQueue("", { exclusive: true });
  await channel.bindQueue(queue, exchange, "#");
  await channel.consume(queue, (message) => message && received.add(message), { noAck: true });
  return received;
}

/** A message as the vectors write it: what says nothing is left out. */
function shown({ fields, properties }: Message) {
  const known: Record<string, unknown> = {
    "content-type": properties.contentType,
    "delivery-mode": properties.deliveryMode,
    "expiration": properties.expiration,
    "reply-to": properties.replyTo?.startsWith("amq.rabbitmq.reply-to.") || undefined,
    "correlation-id": properties.correlationId && true,
  };
  return {
    exchange: fields.exchange,
    key: fields.routingKey,
    properties: Object.fromEntries(
      Object.entries(known).filter(([, value]) => value !== undefined),
    ),
  };
}

/** The same of a frame. */
function wanted({ args = {}, properties = {} }: Frame) {
  return {
    exchange: args.exchange,
    key: args["routing-key"],
    properties: Object.fromEntries(
      Object.entries(properties).map(([name, value]) =>
        name === "reply-to" || name === "correlation-id" ? [name, true] : [name, value]
      ),
    ),
  };
}

Deno.test("RabbitMQ bus declares the exchanges as in rabbitmq: server-start, client-start, client-subscribe", async () => {
  await using _ = await open();
  const there = await list("list_exchanges", "name", "type", "durable", "auto_delete", "internal");
  const names = ["server-start", "client-start", "client-subscribe"];
  const declared = new Set(
    names.flatMap((name) => frames(name, "exchange.declare")).map(({ args = {} }) => {
      assert.deepEqual(args.arguments, {});
      return ["exchange", "type", "durable", "auto-delete", "internal"].map((it) => args[it]).join(
        "\t",
      );
    }),
  );
  assert.deepEqual(there.filter((line) => line.startsWith("ari.")), [...declared].sort());
});

Deno.test("RabbitMQ bus declares and binds the shared queues as in rabbitmq: server-start", async () => {
  await using _ = (await subscribeAsProxy()).bus;
  const there = await list("list_queues", "name", "durable", "auto_delete", "exclusive");
  const shared = frames("server-start", "queue.declare").filter(({ args = {} }) =>
    `${args.queue}`.startsWith("ariproxy-")
  );
  assert.equal(shared.length, 3);
  await using raw = await openRaw();
  for (const { args = {} } of shared) {
    const line = ["queue", "durable", "auto-delete", "exclusive"].map((it) => args[it]).join("\t");
    assert.ok(there.includes(line), line);
    // The broker refuses this when anything is different.
    assert.deepEqual(args.arguments, {});
    await raw.channel.assertQueue(`${args.queue}`, { durable: true });
  }
  // Our own queue has the bindings that the original has in two.
  const bindings = await list("list_bindings", "source_name", "destination_name", "routing_key");
  const ours = bindings.filter((line) => line.startsWith("ari."))
    .map((line) => line.replace(/ari-proxy\.[0-9a-f-]{36}/, "own")).sort();
  const theirs = frames("server-start", "queue.bind").map(({ args = {} }) => {
    const queue = `${args.queue}`;
    return [args.exchange, queue.startsWith("ariproxy-") ? queue : "own", args["routing-key"]].join(
      "\t",
    );
  });
  assert.deepEqual(ours, theirs.sort());
});

Deno.test("RabbitMQ bus publishes as in rabbitmq: client-start, event, event-dialog", async () => {
  await using bus = await open();
  await using raw = await openRaw();
  const names = ["client-start", "event", "event-dialog"];
  const published = names.flatMap((name) => frames(name, "basic.publish"));
  assert.ok(published.length >= 5);
  for (const frame of published) {
    const { exchange, key } = wanted(frame);
    const got = await tap(raw.channel, `${exchange}`);
    bus.publish(`${key}`, bytes(frame.body ?? ""));
    const [message] = await got.count(1);
    assert.deepEqual(shown(message), wanted(frame));
    assert.equal(message.content.toString(), frame.body);
  }
});

const requests = [
  "request-data",
  "request-get",
  "request-command",
  "request-create",
  "request-list",
];

Deno.test(`RabbitMQ bus sends requests as in rabbitmq: ${requests.join(", ")}`, async () => {
  await using caller = await open();
  await using proxy = (await subscribeAsProxy()).bus;
  assert.equal(proxy.connected, true);
  await using raw = await openRaw();
  const got = await tap(raw.channel, "ari.request");
  for (const name of requests) {
    const [request, answer] = frames(name, "basic.publish");
    const { key } = wanted(request);
    const before = got.items.length;
    const answered = caller.request(`${key}`, bytes(request.body ?? ""), { timeout: 60_000 });
    const message = (await got.count(before + 1))[before];
    const { expiration, ...properties } = shown(message).properties;
    assert.deepEqual({ ...shown(message), properties }, wanted(request));
    assert.match(`${expiration}`, /^(5\d|60)\d{3}$/);
    // The replies of the original do not name the request.
    raw.channel.sendToQueue(message.properties.replyTo, Buffer.from(answer.body ?? ""), {
      contentType: "application/json",
      deliveryMode: 1,
    });
    assert.equal(text(await answered), answer.body);
  }
});

Deno.test(`RabbitMQ bus replies as in rabbitmq: ${requests.join(", ")}`, async () => {
  const { bus, received } = await subscribeAsProxy();
  await using _ = bus;
  await using raw = await openRaw();
  const { channel } = raw;
  const answers = new Received<Message>();
  await channel.consume("amq.rabbitmq.reply-to", (message) => message && answers.add(message), {
    noAck: true,
  });
  for (const [index, name] of requests.entries()) {
    const [request, answer] = frames(name, "basic.publish");
    const { exchange, key } = wanted(request);
    channel.publish(`${exchange}`, `${key}`, Buffer.from(request.body ?? ""), {
      contentType: "application/json",
      replyTo: "amq.rabbitmq.reply-to",
      correlationId: "their-cr",
    });
    const { subject, replyTo } = (await received.count(index + 1))[index];
    assert.equal(subject, key);
    bus.publish(replyTo ?? "", bytes(answer.body ?? ""));
    const message = (await answers.count(index + 1))[index];
    // We also send the id back, which the original does not miss.
    assert.equal(message.properties.correlationId, "their-cr");
    const { "correlation-id": _, ...properties } = shown(message).properties;
    assert.deepEqual(properties, wanted(answer).properties);
    assert.equal(message.content.toString(), answer.body);
  }
});

Deno.test("RabbitMQ bus goes on as it should after rabbitmq: event-without-exchange, request-after-that", async () => {
  const { bus, received } = await subscribeAsProxy();
  await using _ = bus;
  await using raw = await openRaw();
  await raw.channel.deleteExchange("ari.event");
  const [event] = frames("event-without-exchange", "basic.publish");
  assert.equal(bus.publish(`${wanted(event).key}`, bytes(event.body ?? "")), true);
  await bus.flush();
  await using client = await open();
  const [request] = frames("request-after-that", "basic.publish");
  const answered = client.request(`${wanted(request).key}`, bytes(request.body ?? ""), {
    timeout: 60_000,
  });
  const [{ replyTo }] = await received.count(1);
  assert.equal(bus.publish(replyTo ?? "", bytes("answer")), true);
  assert.equal(text(await answered), "answer");
});

Deno.test("RabbitMQ bus does better than rabbitmq: request-no-such-node, create-to-dead-node", async () => {
  await using client = await open();
  const [request] = frames("request-no-such-node", "basic.publish");
  await assert.rejects(
    client.request(`${wanted(request).key}`, bytes(""), { timeout: 60_000 }),
    { code: "no_responders" },
  );
  // Its proxy was there, so it has a queue.
  const { bus } = await subscribeAsProxy();
  await bus.close();
  const [create] = frames("create-to-dead-node", "basic.publish");
  await assert.rejects(
    client.request(`${wanted(create).key}`, bytes(create.body ?? ""), { timeout: 60_000 }),
    { code: "no_responders" },
  );
  const { bus: again, received } = await subscribeAsProxy();
  await using _ = again;
  await again.flush();
  assert.equal(received.items.length, 0);
});
