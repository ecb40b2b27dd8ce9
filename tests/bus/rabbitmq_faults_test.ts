import assert from "node:assert/strict";
import { mock } from "node:test";
import type { Bus, BusErrorCode } from "../../src/bus/bus.ts";
import { BusError } from "../../src/bus/bus.ts";
import { connectRabbitmq } from "../../src/bus/rabbitmq/connect.ts";
import { bytes, PATIENCE, Received, statusesOf, text } from "../testing/received.ts";
import { until } from "../testing/until.ts";
import { type Call, type FakeBroker, type Published, startFakeBroker } from "./fake_broker.ts";

const LONG = 60_000;
const OWN_QUEUE = /^ari-proxy\.[0-9a-f-]{36}$/;
const NEVER = new Promise<void>(() => {});

const open = (broker: FakeBroker): Promise<Bus> => connectRabbitmq({ urls: [broker.url] });

const fails = (code: BusErrorCode, message = /^/) => (error: unknown) => {
  assert.ok(error instanceof BusError, `${error}`);
  assert.equal(error.code, code, error.message);
  assert.match(error.message, message);
  return true;
};

const shown = ({ method, texts }: Call) => [method, ...texts].join(" ");

/** Calls of these methods, in order. */
function callsOf(broker: FakeBroker, ...methods: string[]): readonly Call[] {
  return broker.calls.items.filter(({ method }) => methods.includes(method));
}

/** Runs a test while pauses end only when the clock is moved. */
async function withStoppedClock(body: () => Promise<void>): Promise<void> {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    await body();
  } finally {
    mock.timers.reset();
  }
}

Deno.test("RabbitMQ subscriptions are restored as soon after the ninth loss as after the first", async () => {
  await using broker = await startFakeBroker();
  await using bus = await open(broker);
  bus.subscribe("ari.ping", () => {});
  bus.subscribe("ari.create", () => {}, { queue: "ariproxy" });
  await bus.flush();
  for (const queue of [OWN_QUEUE, "ariproxy-ari.create"]) {
    const begun = performance.now();
    for (let round = 0; round < 9; round++) {
      await until(() => broker.cancel(queue) === 1, "a consumer");
      await bus.flush();
    }
    // Pauses that go on growing take 8 s and more, those after a success half a second.
    assert.ok(performance.now() - begun < 4_000, `${performance.now() - begun} ms`);
  }
});

Deno.test("RabbitMQ subscriptions that are refused again and again are tried at growing intervals", async () => {
  await using broker = await startFakeBroker();
  await using bus = await open(broker);
  const statuses = statusesOf(bus);
  const tries = () => callsOf(broker, "basic.consume").length;
  broker.judge = ({ method }) =>
    method === "basic.consume" ? { code: 403, text: "ACCESS_REFUSED" } : undefined;
  await withStoppedClock(async () => {
    bus.subscribe("ari.ping", () => {});
    for (const [index, longest] of [50, 100, 200, 400].entries()) {
      await statuses.count(index + 1);
      assert.equal(tries(), index + 1);
      mock.timers.tick(longest / 2 - 1);
      await bus.flush().catch(() => {});
      assert.equal(tries(), index + 1);
      mock.timers.tick(longest / 2 + 1);
    }
    const [status] = statuses.items;
    assert.equal(status.type, "error");
    assert.match(JSON.stringify(status), /Lost the subscriptions, retrying: .*ACCESS_REFUSED/);
  });
});

Deno.test("RabbitMQ bus publishes again as soon after the ninth refusal as after the first", async () => {
  await using broker = await startFakeBroker();
  await using bus = await open(broker);
  const statuses = statusesOf(bus);
  const prepared = bus.publisher("ari.event.calls.n1", { headers: {}, number: "seq" });
  const begun = performance.now();
  for (let round = 1; round <= 9; round++) {
    const data = bytes(`${round}`);
    const publish = () =>
      round % 2 === 0 ? prepared.publish(round, data) : bus.publish("ari.event.calls.n1", data);
    await until(publish, "an open channel");
    const published = (await broker.published.count(round))[round - 1];
    await bus.flush();
    broker.closeChannel(published, 404, "NOT_FOUND - no exchange");
    await statuses.count(round);
    assert.equal(bus.connected, true);
  }
  assert.ok(statuses.items.every((status) => status.type === "error" && status.lossy));
  assert.ok(performance.now() - begun < 4_000, `${performance.now() - begun} ms`);
  // The exchange that was missing is declared again.
  assert.ok(callsOf(broker, "exchange.declare").length > 4);
});

Deno.test("RabbitMQ bus reports a reply that the broker refuses, but not as a loss of events", async () => {
  await using broker = await startFakeBroker();
  await using bus = await open(broker);
  const statuses = statusesOf(bus);
  // This is the reply subject for the queue "q".
  assert.equal(bus.publish("_REPLY.cQ", bytes("an answer")), true);
  assert.equal(bus.publish("ari.event.calls.n1", bytes("an event")), true);
  const published = await broker.published.count(2);
  const [answer, event] = published.toSorted((a, b) => a.text.localeCompare(b.text));
  assert.deepEqual([answer.exchange, answer.key], ["", "q"]);
  assert.deepEqual([event.exchange, event.key], ["ari.event", "ari.event.calls.n1"]);
  assert.notEqual(answer.channel, event.channel);
  broker.closeChannel(answer, 403, "ACCESS_REFUSED");
  const [status] = await statuses.count(1);
  assert.ok(status.type === "error" && !status.lossy);
  assert.equal(bus.publish("ari.event.calls.n1", bytes("an event")), true);
  await until(() => bus.publish("_REPLY.cQ", bytes("an answer")), "an open channel");
  await broker.published.count(4);
});

Deno.test("RabbitMQ bus reports a queued message as lost when no channel is open for it", async () => {
  await using broker = await startFakeBroker();
  await using bus = await open(broker);
  const statuses = statusesOf(bus);
  bus.publish("ari.event.calls.n1", bytes("0"));
  const [first] = await broker.published.count(1);
  await bus.flush();
  const confirmed = Promise.withResolvers<void>();
  broker.judge = ({ method }) => method === "queue.bind" ? confirmed.promise : undefined;
  bus.subscribe("ari.ping", () => {});
  assert.equal(bus.publish("ari.event.calls.n1", bytes("1")), true);
  await broker.calls.until((all) => all.some(({ method }) => method === "queue.bind"));
  assert.equal(broker.published.items.length, 1);
  broker.judge = ({ method }) => method === "channel.open" ? NEVER : undefined;
  broker.closeChannel(first, 403, "ACCESS_REFUSED");
  await statuses.count(1);
  confirmed.resolve();
  await statuses.count(2);
  assert.deepEqual(statuses.items[1], {
    type: "error",
    reason: "A message that was to follow a subscription was not sent: no channel is open",
    lossy: true,
  });
  broker.cut();
  await statuses.until((all) => all.some(({ type }) => type === "disconnected"));
});

Deno.test("RabbitMQ bus retries and reports a binding that the broker refused", async () => {
  await using broker = await startFakeBroker();
  await using bus = await open(broker);
  const statuses = statusesOf(bus);
  bus.subscribe("ari.ping", () => {});
  await bus.flush();
  const binds = (key: string) =>
    callsOf(broker, "queue.bind").filter(({ texts }) => texts[2] === key).length;
  broker.judge = ({ method, texts }) =>
    method === "queue.bind" && texts[2] === "ari.announce"
      ? { code: 403, text: "ACCESS_REFUSED" }
      : undefined;
  await withStoppedClock(async () => {
    bus.subscribe("ari.announce", () => {});
    bus.subscribe("ari.event.calls.n1", () => {});
    const [status] = await statuses.count(1);
    assert.match(
      JSON.stringify(status),
      /"error".*Cannot bind a queue to ari\.announce with ari\.announce: .*ACCESS_REFUSED/,
    );
    await broker.calls.until(() => binds("ari.event.calls.n1") === 1);
    for (let round = 2; round <= 3; round++) {
      mock.timers.tick(4_999);
      await bus.flush().catch(() => {});
      assert.equal(binds("ari.announce"), round - 1);
      mock.timers.tick(1);
      await broker.calls.until(() => binds("ari.announce") === round);
      await statuses.count(round);
    }
    broker.judge = () => undefined;
    mock.timers.tick(5_000);
    await broker.calls.until(() => binds("ari.announce") === 4);
    mock.timers.tick(60_000);
  });
  await bus.flush();
  assert.equal(binds("ari.announce"), 4);
  assert.equal(binds("ari.event.calls.n1"), 1);
});

Deno.test("RabbitMQ bus has one binding for several subscriptions, until the last is closed", async () => {
  await using broker = await startFakeBroker();
  await using bus = await open(broker);
  const got: string[] = [];
  const subscribe = (name: string) =>
    bus.subscribe("ari.ping", (message) => got.push(`${name} ${text(message)}`));
  const bindings = () => callsOf(broker, "queue.bind", "queue.unbind").map(({ method }) => method);
  const publish = async (body: string) => {
    bus.publish("ari.ping", bytes(body));
    await broker.published.until((all) => all.some((message) => message.text === body));
    await bus.flush();
  };
  const one = subscribe("one");
  const two = subscribe("two");
  await publish("1");
  await until(() => got.length === 2, "both");
  one.close();
  one.close();
  await bus.flush();
  await publish("2");
  await until(() => got.length === 3, "the second");
  two.close();
  const three = subscribe("three");
  await publish("3");
  await until(() => got.length === 4, "the third");
  three.close();
  await bus.flush();
  await publish("4");
  assert.deepEqual(got, ["one 1", "two 1", "two 2", "three 3"]);
  assert.deepEqual(bindings(), ["queue.bind", "queue.unbind"]);
});

Deno.test("RabbitMQ bus ends a drain when what was delivered before has been handled", async () => {
  await using broker = await startFakeBroker();
  await using bus = await open(broker);
  const got: string[] = [];
  const subscription = bus.subscribe("ari.ping", (message) => got.push(text(message)));
  await bus.flush();
  broker.deliver(OWN_QUEUE, "ari.ping", "1");
  await subscription.drain();
  broker.deliver(OWN_QUEUE, "ari.ping", "2");
  await bus.flush();
  assert.deepEqual(got, ["1"]);
  assert.deepEqual(callsOf(broker, "queue.unbind").length, 1);
});

Deno.test("RabbitMQ bus purges a shared queue without consumers, and no other", async () => {
  for (const [messages, consumers, purges] of [[3, 0, 1], [3, 1, 0], [0, 0, 0]]) {
    await using broker = await startFakeBroker();
    broker.queue = () => ({ messages, consumers });
    await using bus = await open(broker);
    bus.subscribe("ari.create", () => {}, { queue: "ariproxy" });
    await bus.flush();
    assert.equal(callsOf(broker, "queue.purge").length, purges, `${messages} ${consumers}`);
  }
});

Deno.test("RabbitMQ bus makes the exchanges of a group in the order in which messages pass them", async () => {
  await using broker = await startFakeBroker();
  await using bus = await open(broker);
  bus.subscribe("work.>", () => {}, { queue: "workers" });
  await bus.flush();
  const methods = ["queue.declare", "basic.consume", "exchange.bind", "queue.bind"];
  const begun = broker.calls.items.findIndex(({ method }) => method === "queue.declare");
  const calls = broker.calls.items.slice(begun).filter(({ method }) =>
    [...methods, "exchange.declare"].includes(method)
  );
  assert.deepEqual(calls.map(shown), [
    "queue.declare ari-proxy.workers.work.>",
    // It consumes before it binds; see `leaveGroup`.
    "basic.consume ari-proxy.workers.work.> ",
    "exchange.declare ari-proxy.workers.rest topic",
    "exchange.declare ari-proxy.workers topic",
    "exchange.bind ari-proxy.workers ari.request work.*.#",
    "queue.bind ari-proxy.workers.work.> ari-proxy.workers.rest work.*.#",
    "queue.bind ari-proxy.workers.work.> ari-proxy.workers ",
  ]);
});

Deno.test("RabbitMQ bus redirects the subject of a group before its last member stops consuming", async () => {
  const leave = async (counts: readonly number[]) => {
    await using broker = await startFakeBroker();
    await using bus = await open(broker);
    const subscription = bus.subscribe("work.x", () => {}, { queue: "workers" });
    await bus.flush();
    const begun = broker.calls.items.length;
    const left = [...counts];
    broker.queue = () => ({ messages: 0, consumers: left.shift() ?? 1 });
    await subscription.drain();
    return broker.calls.items.slice(begun).map(({ method }) => method).filter((method) =>
      /^(queue|basic)\./.test(method)
    );
  };
  assert.deepEqual(await leave([1, 1]), [
    "queue.declare",
    "queue.unbind",
    "queue.declare",
    "basic.cancel",
  ]);
  // Another member is there, or comes meanwhile.
  assert.deepEqual(await leave([2]), ["queue.declare", "basic.cancel"]);
  assert.deepEqual(await leave([1, 2]), [
    "queue.declare",
    "queue.unbind",
    "queue.declare",
    "queue.bind",
    "basic.cancel",
  ]);
});

Deno.test("RabbitMQ bus establishes a member of a group before it drains it", async () => {
  await using broker = await startFakeBroker();
  await using bus = await open(broker);
  const subscription = bus.subscribe("work.x", () => {}, { queue: "workers" });
  await subscription.drain();
  const calls = callsOf(broker, "basic.consume", "queue.bind", "basic.cancel");
  assert.deepEqual(calls.map(({ method }) => method), [
    "basic.consume",
    "queue.bind",
    "queue.bind",
    "basic.cancel",
  ]);
});

Deno.test("connectRabbitmq uses exchanges as they are, unless it has access to none", async () => {
  for (const code of [403, 406]) {
    await using broker = await startFakeBroker();
    const passive = (bits: number) => (bits & 1) !== 0;
    broker.judge = ({ method, texts, bits }) =>
      method === "exchange.declare" && texts[0] === "ari.event" && !passive(bits)
        ? { code, text: "not like this" }
        : undefined;
    await using bus = await open(broker);
    assert.equal(bus.connected, true);
    const declared = callsOf(broker, "exchange.declare").filter(({ texts }) =>
      texts[0] === "ari.event"
    );
    assert.deepEqual(declared.map(({ bits }) => passive(bits)), [false, true]);
  }
  await using broker = await startFakeBroker();
  const refuse = (names: RegExp, code: number) => (call: Call) =>
    call.method === "exchange.declare" && names.test(call.texts[0])
      ? { code, text: code === 403 ? "ACCESS_REFUSED" : "NOT_FOUND" }
      : undefined;
  broker.judge = refuse(/event|ping|announce/, 403);
  await (await open(broker)).close();
  broker.judge = refuse(/^/, 403);
  await assert.rejects(open(broker), fails("denied"));
  broker.judge = refuse(/ping/, 404);
  await assert.rejects(open(broker), fails("unreachable"));
});

Deno.test("RabbitMQ bus sends no create request where the shared queue has no consumer", async () => {
  await using broker = await startFakeBroker();
  await using bus = await open(broker);
  const ask = (timeout: number) => bus.request("ari.create", bytes("?"), { timeout });
  await assert.rejects(ask(LONG), fails("no_responders", /it has no subscriber/));
  assert.equal(broker.published.items.length, 0);
  broker.judge = ({ method }) =>
    method === "queue.declare" ? { code: 404, text: "NOT_FOUND" } : undefined;
  await assert.rejects(ask(LONG), fails("no_responders"));
  // It is asked when the broker does not say.
  broker.judge = ({ method }) =>
    method === "queue.declare" ? { code: 403, text: "ACCESS_REFUSED" } : undefined;
  const answered = ask(LONG);
  broker.answer((await broker.published.count(1))[0], "yes");
  assert.equal(text(await answered), "yes");
  broker.judge = ({ method }) => method === "queue.declare" ? NEVER : undefined;
  await assert.rejects(ask(20), fails("timeout"));
});

Deno.test("RabbitMQ requests expire with their timeout, and accept only their own reply", async () => {
  await using broker = await startFakeBroker();
  await using bus = await open(broker);
  const asking = bus.request("ari.get", bytes("?"), { timeout: 30_000 });
  const [request] = await broker.published.count(1);
  assert.equal(request.mandatory, true);
  assert.equal(request.replyTo, "amq.rabbitmq.reply-to");
  const expiration = Number(request.expiration);
  assert.ok(expiration > 25_000 && expiration <= 30_000, request.expiration);
  broker.answer(request, "another's", "another id");
  broker.answer(request, "yes");
  const answer = await asking;
  assert.equal(text(answer), "yes");
  const next = bus.request("ari.get", bytes("?"), { timeout: LONG });
  broker.giveBack((await broker.published.count(2))[1]);
  await assert.rejects(next, fails("no_responders"));
});

Deno.test("RabbitMQ requests fail with the reason for which the broker closes their channel", async () => {
  await using broker = await startFakeBroker();
  await using bus = await open(broker);
  const codes: [number, BusErrorCode, boolean][] = [
    [403, "denied", true],
    [404, "no_responders", true],
    [541, "disconnected", false],
  ];
  for (const [index, [code, expected, unsent]] of codes.entries()) {
    const asking = bus.request("ari.get", bytes("?"), { timeout: LONG });
    const failing = assert.rejects(asking, (error) => {
      assert.ok(error instanceof BusError);
      assert.equal(error.unsent, unsent);
      return fails(expected, /as it is/)(error);
    });
    broker.closeChannel((await broker.published.count(index + 1))[index], code, "as it is");
    await failing;
  }
  // A channel that was closed is not used again.
  const last = bus.request("ari.get", bytes("?"), { timeout: LONG });
  broker.answer((await broker.published.count(4))[3], "yes");
  assert.equal(text(await last), "yes");
});

Deno.test("RabbitMQ requests reuse free channels, of which 64 are kept", async () => {
  await using broker = await startFakeBroker();
  await using bus = await open(broker);
  const before = broker.channels;
  const ask = () => bus.request("ari.get", bytes("?"), { timeout: LONG });
  let answered = 0;
  const answerAll = async (count: number, answers: readonly Promise<unknown>[]) => {
    const published = await broker.published.count(answered + count);
    for (const request of published.slice(answered)) broker.answer(request, "yes");
    answered += count;
    await Promise.all(answers);
  };
  for (let round = 0; round < 5; round++) {
    await answerAll(1, [ask()]);
    await broker.calls.until((all) =>
      callsOf(broker, "basic.cancel").length === round + 1 && all.at(-1)?.method === "basic.consume"
    );
    await bus.flush();
    assert.equal(broker.channels, before + 1);
  }
  await answerAll(100, Array.from({ length: 100 }, ask));
  await until(() => broker.channels === before + 64, `${broker.channels} channels`);
});

Deno.test("RabbitMQ requests wait for a channel while a thousand are in flight", async () => {
  await using broker = await startFakeBroker();
  await using bus = await open(broker);
  const before = broker.channels;
  const ask = (timeout: number) => bus.request("ari.get", bytes("?"), { timeout });
  const many = Array.from({ length: 1_000 }, () => ask(LONG));
  const published = await broker.published.count(1_000);
  await assert.rejects(ask(50), (error) => {
    assert.ok(error instanceof BusError && error.unsent);
    return fails("timeout", /too many requests in flight/)(error);
  });
  assert.equal(broker.channels, before + 1_000);
  const late = ask(LONG);
  broker.answer(published[0], "yes");
  await many[0];
  broker.answer((await broker.published.count(1_001))[1_000], "late");
  assert.equal(text(await late), "late");
  const ended = Promise.allSettled(many.slice(1));
  await bus.close();
  for (const outcome of await ended) assert.equal(outcome.status, "rejected");
});

Deno.test("RabbitMQ bus sends no request while the broker accepts no messages", async () => {
  await using broker = await startFakeBroker();
  await using bus = await open(broker);
  const statuses = statusesOf(bus);
  broker.block("low on memory");
  await statuses.count(1);
  await assert.rejects(
    bus.request("ari.get", bytes("?"), { timeout: LONG }),
    fails("disconnected", /the bus accepts no messages now \(low on memory\)$/),
  );
  broker.block(undefined);
  await statuses.count(2);
  const reasons = statuses.items.map((status) => "reason" in status ? status.reason : "");
  assert.match(reasons[0], /accepts no messages at the moment: low on memory$/);
  assert.match(reasons[1], /accepts messages again$/);
  const asking = bus.request("ari.get", bytes("?"), { timeout: LONG });
  const [request]: readonly Published[] = await broker.published.count(1);
  broker.answer(request, "yes");
  assert.equal(text(await asking), "yes");
});

Deno.test("RabbitMQ bus reconnects soon after an outage, however long the one before was", async () => {
  await using broker = await startFakeBroker();
  await using bus = await open(broker);
  const statuses = statusesOf(bus);
  const connections = () => statuses.items.filter(({ type }) => type === "connected").length;
  const begun = performance.now();
  for (let round = 1; round <= 8; round++) {
    broker.cut();
    await statuses.until(() => connections() === round);
  }
  assert.ok(performance.now() - begun < 4_000, `${performance.now() - begun} ms`);
  assert.deepEqual(
    statuses.items.map(({ type }) => type),
    Array.from({ length: 8 }, () => ["disconnected", "connected"]).flat(),
  );
});

Deno.test("RabbitMQ bus restores all subscriptions before it publishes on a new connection", async () => {
  await using broker = await startFakeBroker();
  await using bus = await open(broker);
  const statuses = statusesOf(bus);
  const got = new Received<string>();
  bus.subscribe("ari.ping", (message) => got.add(text(message)));
  bus.subscribe("ari.create", (message) => got.add(text(message)), { queue: "ariproxy" });
  await bus.flush();
  broker.cut();
  await statuses.until((all) => all.at(-1)?.type === "connected");
  assert.equal(bus.publish("ari.ping", bytes("1")), true);
  assert.equal(bus.publish("ari.create", bytes("2")), true);
  await got.count(1);
  broker.deliver("ariproxy-ari.create", "ari.create", "3");
  await got.until((all) => all.includes("3"));
  const consumers = callsOf(broker, "basic.consume").filter(({ connection }) => connection === 2);
  assert.ok(consumers.length >= 2, `${consumers.map(shown)} in ${PATIENCE} ms`);
});
