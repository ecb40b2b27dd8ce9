import assert from "node:assert/strict";
import type { Bus, BusErrorCode, BusMessage, PublisherOptions } from "../../src/bus/bus.ts";
import { BusError } from "../../src/bus/bus.ts";
import { AbortListeners } from "../testing/abort_listeners.ts";
import { bytes, PATIENCE, receive, Received, statusesOf, text } from "../testing/received.ts";

/** A bus of some kind, on which the contract is tried. */
export interface Rig extends AsyncDisposable {
  /** Makes a connection; disposing the rig closes it. */
  connect(): Promise<Bus>;
  /** Takes the bus away from all connections. */
  cut(): Promise<void>;
  /** Brings it back. */
  restore(): Promise<void>;
}

/** Longer than any test waits. */
const LONG = 60_000;

const failsWith = (code: BusErrorCode) => (error: unknown) =>
  error instanceof BusError && error.code === code;

/** Answers every request with the given texts. */
async function answer(bus: Bus, subject: string, ...texts: string[]): Promise<void> {
  bus.subscribe(subject, (request) => {
    for (const reply of texts) bus.publish(request.replyTo ?? "nowhere", bytes(reply));
  });
  await bus.flush();
}

/** Listens for requests and lets them wait. */
async function silence(bus: Bus, subject: string): Promise<Received<BusMessage>> {
  return await receive(bus, subject);
}

/** Tries every clause of the contract in `src/bus/bus.ts` on one kind of bus. */
export function testBusContract(kind: string, makeRig: () => Promise<Rig>): void {
  const test = (name: string, body: (rig: Rig) => Promise<void>) => {
    Deno.test(`${kind} bus ${name}`, async () => {
      await using rig = await makeRig();
      await body(rig);
    });
  };

  const malformed = ["", ".", "a.", ".a", "a..b", "a b", "a\tb", "a\r\nPUB x 0", "a\0", "\x7f"];
  const wildcards = ["*", ">", "a.*", "a.>", "*.b"];

  test("delivers what one publishes to every subscriber", async (rig) => {
    const [a, b, c] = [await rig.connect(), await rig.connect(), await rig.connect()];
    const received = [await receive(a, "news"), await receive(b, "news"), await receive(b, "news")];
    assert.equal(c.publish("news", bytes("hello")), true);
    for (const one of received) {
      const [message] = await one.count(1);
      assert.equal(message.subject, "news");
      assert.equal(text(message), "hello");
      assert.equal(message.replyTo, undefined);
      assert.equal(message.headers, undefined);
    }
  });

  test("delivers to the publisher's own subscriptions, not before publish returns", async (rig) => {
    const bus = await rig.connect();
    const received = await receive(bus, "echo");
    bus.publish("echo", bytes("x"));
    assert.equal(received.items.length, 0);
    await received.count(1);
  });

  test("keeps the order of a burst of 10,000 messages", async (rig) => {
    const [publisher, subscriber] = [await rig.connect(), await rig.connect()];
    const received = await receive(subscriber, "burst");
    for (let index = 0; index < 10_000; index++) {
      assert.equal(publisher.publish("burst", bytes(`${index}`)), true);
    }
    const messages = await received.count(10_000);
    messages.forEach((message, index) => assert.equal(text(message), `${index}`));
  });

  test("matches * with one part and > with one or more", async (rig) => {
    const bus = await rig.connect();
    const patterns = ["a.*", "a.>", "a.*.c", "*.b.>", "a.b", ">", "*", "a*.b"];
    const received = await Promise.all(patterns.map((pattern) => receive(bus, pattern)));
    const end = await receive(bus, "end.of.test");
    for (const subject of ["a", "a.b", "a.b.c", "a.b.c.d", "ab.b"]) bus.publish(subject, bytes(""));
    bus.publish("end.of.test", bytes(""));
    await end.count(1);
    const matched = received.map((one) =>
      one.items.map((message) => message.subject).filter((subject) => subject !== "end.of.test")
    );
    assert.deepEqual(matched, [
      ["a.b"],
      ["a.b", "a.b.c", "a.b.c.d"],
      ["a.b.c"],
      ["a.b.c", "a.b.c.d"],
      ["a.b"],
      ["a", "a.b", "a.b.c", "a.b.c.d", "ab.b"],
      ["a"],
      [],
    ]);
  });

  test("gives each message to one member of a queue group and to everyone else", async (rig) => {
    const members = [await rig.connect(), await rig.connect(), await rig.connect()];
    const received = new Received<string>();
    const shares = [0, 0, 0];
    for (const [index, member] of members.entries()) {
      member.subscribe("work.*", (message) => {
        shares[index]++;
        received.add(text(message));
      }, { queue: "workers" });
      await member.flush();
    }
    const outsider = await rig.connect();
    const all = await receive(outsider, "work.*");
    const otherGroup = await receive(outsider, "work.>", { queue: "others" });
    const publisher = await rig.connect();
    for (let index = 0; index < 300; index++) publisher.publish("work.x", bytes(`${index}`));
    await all.count(300);
    await otherGroup.count(300);
    const got = await received.count(300);
    // What would come twice comes before the answer to a later flush.
    for (const member of members) await member.flush();
    assert.deepEqual([...got].sort(), Array.from({ length: 300 }, (_, i) => `${i}`).sort());
    assert.ok(shares.every((share) => share > 0), `${shares}`);
  });

  test("gives each message to one member of a group though some have a complete subject", async (rig) => {
    const received = new Received<string>();
    const join = async (subject: string) => {
      const member = await rig.connect();
      const shares: string[] = [];
      const subscription = member.subscribe(subject, (message) => {
        shares.push(message.subject);
        received.add(text(message));
      }, { queue: "workers" });
      await member.flush();
      return { member, shares, subscription };
    };
    const general = [await join("work.>"), await join("work.>")];
    const particular = [await join("work.x"), await join("work.y.z")];
    const members = [...general, ...particular];
    const publisher = await rig.connect();
    const subjects = ["work.x", "work.y.z", "work.other"];
    let sent = 0;
    const publish = async (each: number) => {
      for (let index = 0; index < each * subjects.length; index++) {
        publisher.publish(subjects[Math.floor(index / each)], bytes(`${sent++}`));
      }
      const got = await received.count(sent);
      // What would come twice comes before the answer to a later flush.
      await publisher.flush();
      for (const { member } of members) await member.flush();
      assert.deepEqual([...got].sort(), Array.from({ length: sent }, (_, i) => `${i}`).sort());
    };
    await publish(100);
    assert.ok(particular[0].shares.length > 0 && particular[1].shares.length > 0);
    assert.ok(particular[0].shares.every((subject) => subject === "work.x"));
    assert.ok(general.every(({ shares }) => shares.includes("work.other")));
    // Those that are left take over.
    await particular[0].subscription.drain();
    await publish(10);
    for (const { subscription } of general) await subscription.drain();
    publisher.publish("work.other", bytes("nobody's"));
    publisher.publish("work.y.z", bytes(`${sent++}`));
    await received.count(sent);
    assert.ok(!received.items.includes("nobody's"));
  });

  test("carries headers", async (rig) => {
    const bus = await rig.connect();
    const received = await receive(bus, "with.headers");
    const headers = { "X-Epoch": "01m8", seq: "42", Seq: "43", text: "Grüße: a, b", empty: "" };
    bus.publish("with.headers", bytes("data"), { headers });
    bus.publish("with.headers", bytes(""), { headers: { seq: "1" } });
    bus.publish("with.headers", bytes(""), { headers: {} });
    const [first, second, third] = await received.count(3);
    assert.deepEqual({ ...first.headers }, headers);
    assert.equal(text(first), "data");
    assert.deepEqual({ ...second.headers }, { seq: "1" });
    assert.equal(second.data.length, 0);
    assert.equal(third.headers, undefined);
  });

  test("publishes numbered messages as it publishes others, on one subject and another", async (rig) => {
    const bus = await rig.connect();
    const received = await receive(bus, "numbered.>");
    const headers = { node: "ä: b", epoch: "" };
    const prepared = bus.publisher("numbered.a", { headers, number: "seq" });
    const other = bus.publisher("numbered.c", { headers: {}, number: "n" });
    const copies = prepared.to("numbered.b");
    const numbers = [0, 9, 10, 1, Number.MAX_SAFE_INTEGER];
    for (const number of numbers) {
      assert.equal(prepared.publish(number, bytes(`${number}`)), true);
      assert.equal(copies.publish(number, bytes(`copy of ${number}`)), true);
      assert.equal(other.publish(number + 1, bytes("")), true);
    }
    bus.publish("numbered.d", bytes("end"), { headers });
    const messages = await received.count(3 * numbers.length + 1);
    const shown = messages.map((one) => [one.subject, text(one), { ...one.headers }]);
    assert.deepEqual(
      shown,
      [
        ...numbers.flatMap((number) => [
          ["numbered.a", `${number}`, { ...headers, seq: `${number}` }],
          ["numbered.b", `copy of ${number}`, { ...headers, seq: `${number}` }],
          ["numbered.c", "", { n: `${number + 1}` }],
        ]),
        ["numbered.d", "end", headers],
      ],
    );
  });

  test("prepares no publisher that could not publish", async (rig) => {
    const bus = await rig.connect();
    const good = { headers: { node: "n" }, number: "seq" };
    const prepared = bus.publisher("s", good);
    for (const subject of [...malformed, ...wildcards, "x".repeat(5000)]) {
      assert.throws(() => bus.publisher(subject, good), failsWith("invalid"), subject);
      assert.throws(() => prepared.to(subject), failsWith("invalid"), subject);
    }
    const bad: PublisherOptions[] = [
      { headers: { "a b": "x" }, number: "seq" },
      { headers: { a: "x\r\ny: z" }, number: "seq" },
      { headers: {}, number: "a:b" },
      { headers: { seq: "1" }, number: "seq" },
    ];
    for (const one of bad) assert.throws(() => bus.publisher("s", one), failsWith("invalid"));
    const large = new Uint8Array(bus.maxPayload + 1);
    assert.throws(() => prepared.publish(1, large), failsWith("too_large"));
    const received = await receive(bus, "s");
    prepared.publish(2, bytes("fits"));
    assert.equal((await received.count(1))[0].headers?.seq, "2");
  });

  test("publishes by a prepared publisher after an outage, and nothing meanwhile", async (rig) => {
    const bus = await rig.connect();
    const statuses = statusesOf(bus);
    const received = await receive(bus, "s");
    const prepared = bus.publisher("s", { headers: {}, number: "seq" });
    assert.equal(prepared.publish(1, bytes("")), true);
    await received.count(1);
    await rig.cut();
    await statuses.until((all) => all.some(({ type }) => type === "disconnected"));
    assert.equal(prepared.publish(2, bytes("")), false);
    assert.equal(bus.pending, 0);
    await rig.restore();
    await statuses.until((all) => all.some(({ type }) => type === "connected"));
    await bus.flush();
    assert.equal(prepared.publish(3, bytes("")), true);
    const messages = await received.count(2);
    assert.deepEqual(messages.map(({ headers }) => headers?.seq), ["1", "3"]);
    await bus.close();
    assert.equal(prepared.publish(4, bytes("")), false);
  });

  test("refuses headers that could not arrive as they are", async (rig) => {
    const bus = await rig.connect();
    const refused: [string, string][] = [
      ["a:b", ""],
      ["", "x"],
      ["a b", "x"],
      ["a", "x\r\ny: z"],
      ["a", " x"],
    ];
    for (const [name, value] of refused) {
      const headers = { [name]: value };
      assert.throws(() => bus.publish("s", bytes(""), { headers }), failsWith("invalid"));
      await assert.rejects(
        bus.request("s", bytes(""), { headers, timeout: LONG }),
        failsWith("invalid"),
      );
    }
  });

  test("carries any bytes, from none to its largest payload", async (rig) => {
    const [publisher, subscriber] = [await rig.connect(), await rig.connect()];
    const received = await receive(subscriber, "binary");
    const all = Uint8Array.from({ length: 256 }, (_, index) => index);
    const most = new Uint8Array(publisher.maxPayload).fill(0xa5);
    for (
      const data of [new Uint8Array(0), Uint8Array.of(13), bytes("\r\nPUB x 1\r\n"), all, most]
    ) {
      assert.equal(publisher.publish("binary", data), true);
    }
    const [none, one, protocol, every, largest] = await received.count(5);
    assert.equal(none.data.length, 0);
    assert.deepEqual([...one.data], [13]);
    assert.equal(text(protocol), "\r\nPUB x 1\r\n");
    assert.deepEqual([...every.data], [...all]);
    assert.equal(largest.data.length, publisher.maxPayload);
    assert.ok(largest.data.every((byte) => byte === 0xa5));
  });

  test("leaves a payload to its receiver", async (rig) => {
    const [publisher, subscriber] = [await rig.connect(), await rig.connect()];
    const [first, second] = [await receive(subscriber, "keep"), await receive(subscriber, "keep")];
    for (let index = 0; index < 100; index++) publisher.publish("keep", bytes(`message ${index}`));
    await first.count(100);
    await second.count(100);
    first.items[0].data.fill(0);
    assert.equal(text(first.items[1]), "message 1");
    assert.equal(text(second.items[0]), "message 0");
  });

  test("refuses a payload that is too large and continues", async (rig) => {
    const bus = await rig.connect();
    const received = await receive(bus, "size");
    const large = new Uint8Array(bus.maxPayload + 1);
    assert.throws(() => bus.publish("size", large), failsWith("too_large"));
    await assert.rejects(bus.request("size", large, { timeout: LONG }), failsWith("too_large"));
    await assert.rejects(
      bus.requestMany("size", large, { timeout: LONG })[Symbol.asyncIterator]().next(),
      failsWith("too_large"),
    );
    bus.publish("size", bytes("fits"));
    await received.count(1);
    assert.equal(received.items.length, 1);
  });

  test("carries messages on subjects as long as it says, and refuses longer ones", async (rig) => {
    const [publisher, subscriber] = [await rig.connect(), await rig.connect()];
    const max = publisher.maxSubject;
    // What counts is bytes, of which this letter has two.
    for (
      const longest of [`x.${"a".repeat(max - 2)}`, `${"x".repeat(max % 2)}${"ä".repeat(max >> 1)}`]
    ) {
      const received = await receive(subscriber, longest);
      assert.equal(publisher.publish(longest, bytes("long")), true);
      await received.count(1);
      assert.throws(() => publisher.publish(`${longest}a`, bytes("")), failsWith("invalid"));
      assert.throws(() => subscriber.subscribe(`${longest}a`, () => {}), failsWith("invalid"));
    }
  });

  test("refuses to publish on invalid subjects", async (rig) => {
    const bus = await rig.connect();
    for (const subject of [...malformed, ...wildcards, "x".repeat(5000)]) {
      assert.throws(() => bus.publish(subject, bytes("")), failsWith("invalid"), subject);
      await assert.rejects(
        bus.request(subject, bytes(""), { timeout: LONG }),
        failsWith("invalid"),
      );
      await assert.rejects(
        bus.requestMany(subject, bytes(""), { timeout: LONG })[Symbol.asyncIterator]().next(),
        failsWith("invalid"),
      );
    }
    await bus.flush();
  });

  test("refuses to subscribe to invalid subjects and queues", async (rig) => {
    const bus = await rig.connect();
    for (const subject of [...malformed, ">.a", "a.>.b", "x".repeat(5000)]) {
      assert.throws(() => bus.subscribe(subject, () => {}), failsWith("invalid"), subject);
    }
    for (const queue of malformed) {
      assert.throws(() => bus.subscribe("a", () => {}, { queue }), failsWith("invalid"), queue);
    }
    await bus.flush();
  });

  test("accepts any other characters in a subject", async (rig) => {
    const bus = await rig.connect();
    const subjects = ["grüße.日本.😀", "a*b.c>", "$SYS-like", "#.x", "1234567890.5", '"quoted"'];
    const received = await Promise.all(subjects.map((subject) => receive(bus, subject)));
    for (const subject of subjects) bus.publish(subject, bytes(subject));
    for (const [index, one] of received.entries()) {
      const [message] = await one.count(1);
      assert.equal(message.subject, subjects[index]);
    }
  });

  test("delivers nothing to a closed subscription", async (rig) => {
    const bus = await rig.connect();
    const got: string[] = [];
    const subscription = bus.subscribe("s", (message) => {
      got.push(text(message));
      subscription.close();
    });
    const other = await receive(bus, "s");
    for (const one of ["1", "2", "3"]) bus.publish("s", bytes(one));
    await other.count(3);
    subscription.close();
    bus.publish("s", bytes("4"));
    await other.count(4);
    assert.deepEqual(got, ["1"]);
  });

  test("delivers a subject as long as one subscription to it is open, in any order", async (rig) => {
    const [bus, publisher] = [await rig.connect(), await rig.connect()];
    const [got, rest] = [new Received<string>(), await receive(bus, ">")];
    const subscribe = (name: string, subject: string) =>
      bus.subscribe(subject, (message) => got.add(`${name}: ${text(message)}`));
    let sent = 0;
    const publish = async () => {
      await bus.flush();
      publisher.publish("s.x", bytes(`${++sent}`));
      await rest.count(sent);
      await bus.flush();
    };
    const [one, two] = [subscribe("one", "s.x"), subscribe("two", "s.*")];
    await publish();
    one.close();
    const three = subscribe("three", "s.x");
    await publish();
    const four = subscribe("four", "s.x");
    two.close();
    three.close();
    await publish();
    four.close();
    four.close();
    await publish();
    subscribe("five", "s.*");
    await publish();
    assert.deepEqual(got.items.toSorted(), [
      "five: 5",
      "four: 3",
      "one: 1",
      "three: 2",
      "two: 1",
      "two: 2",
    ]);
  });

  test("loses nothing of a queue group whose members drain one by one", async (rig) => {
    const publisher = await rig.connect();
    const received = new Received<string>();
    const members = await Promise.all([0, 1, 2].map(async () => {
      const bus = await rig.connect();
      const subscription = bus.subscribe("work", (message) => received.add(text(message)), {
        queue: "workers",
      });
      await bus.flush();
      return { bus, subscription };
    }));
    let sent = 0;
    for (const { bus, subscription } of members.slice(1)) {
      for (let burst = 0; burst < 1_000; burst++) publisher.publish("work", bytes(`${sent++}`));
      const drained = subscription.drain();
      assert.equal(subscription.drain() instanceof Promise, true);
      for (let burst = 0; burst < 1_000; burst++) publisher.publish("work", bytes(`${sent++}`));
      await drained;
      subscription.close();
      await bus.close();
    }
    const got = await received.count(sent);
    assert.equal(new Set(got).size, sent);
  });

  test("handles what came before a drain, and nothing after it", async (rig) => {
    const [bus, publisher] = [await rig.connect(), await rig.connect()];
    const got: string[] = [];
    const subscription = bus.subscribe("s", (message) => got.push(text(message)));
    await bus.flush();
    for (const one of ["1", "2", "3"]) publisher.publish("s", bytes(one));
    await publisher.flush();
    await subscription.drain();
    assert.deepEqual(got, ["1", "2", "3"]);
    publisher.publish("s", bytes("4"));
    await publisher.flush();
    await bus.flush();
    assert.deepEqual(got, ["1", "2", "3"]);
  });

  test("ends a drain when it closes or is disconnected", async (rig) => {
    const [one, two] = [await rig.connect(), await rig.connect()];
    const statuses = statusesOf(two);
    const subscriptions = [one, two].map((bus) => bus.subscribe("s", () => {}));
    const first = subscriptions[0].drain();
    await one.close();
    await first;
    const second = subscriptions[1].drain();
    await rig.cut();
    await second;
    await statuses.until((all) => all.some(({ type }) => type === "disconnected"));
    await two.subscribe("t", () => {}).drain();
  });

  test("continues when a handler throws or rejects, and reports it", async (rig) => {
    const bus = await rig.connect();
    const statuses = statusesOf(bus);
    let calls = 0;
    bus.subscribe("bad", () => {
      calls++;
      throw new Error("spoilt");
    });
    bus.subscribe("bad", () => Promise.reject(new Error("late")));
    const received = await receive(bus, "bad");
    bus.publish("bad", bytes("1"));
    bus.publish("bad", bytes("2"));
    await received.count(2);
    const told = await statuses.count(4);
    assert.equal(calls, 2);
    assert.ok(told.every((status) => status.type === "error"));
    const reasons = told.map((status) => "reason" in status ? status.reason : "").join("\n");
    assert.match(reasons, /bad failed: spoilt/);
    assert.match(reasons, /bad failed: late/);
    assert.equal(bus.connected, true);
  });

  test("resolves a request with its first reply", async (rig) => {
    const [caller, server] = [await rig.connect(), await rig.connect()];
    server.subscribe("add", (request) => {
      assert.ok(request.replyTo);
      server.publish(request.replyTo, bytes(`${text(request)} ${request.headers?.hint}`), {
        headers: { from: "server" },
      });
      server.publish(request.replyTo, bytes("second"));
    });
    await server.flush();
    const reply = await caller.request("add", bytes("1"), {
      timeout: LONG,
      headers: { hint: "fast" },
    });
    assert.equal(text(reply), "1 fast");
    assert.deepEqual({ ...reply.headers }, { from: "server" });
  });

  test("accepts an empty reply", async (rig) => {
    const [caller, server] = [await rig.connect(), await rig.connect()];
    await answer(server, "empty", "");
    const reply = await caller.request("empty", bytes(""), { timeout: LONG });
    assert.equal(reply.data.length, 0);
  });

  test("keeps 1,000 requests in flight apart", async (rig) => {
    const [caller, server] = [await rig.connect(), await rig.connect()];
    server.subscribe("same", (request) => server.publish(request.replyTo ?? "", request.data));
    await server.flush();
    const texts = Array.from({ length: 1_000 }, (_, index) => `${index}`);
    const replies = await Promise.all(
      texts.map((one) => caller.request("same", bytes(one), { timeout: LONG })),
    );
    assert.deepEqual(replies.map(text), texts);
  });

  test("ignores what the caller does not accept as a reply", async (rig) => {
    const [caller, server] = [await rig.connect(), await rig.connect()];
    await answer(server, "who", "receipt", "one", "receipt", "two");
    const accept = (message: BusMessage) => text(message) !== "receipt";
    const reply = await caller.request("who", bytes(""), { timeout: LONG, accept });
    assert.equal(text(reply), "one");
    const replies: string[] = [];
    for await (const one of caller.requestMany("who", bytes(""), { timeout: 500, accept })) {
      if (replies.push(text(one)) === 2) break;
    }
    assert.deepEqual(replies, ["one", "two"]);
    await answer(server, "receipts", "receipt");
    const never = caller.request("receipts", bytes(""), { timeout: 50, accept });
    await assert.rejects(never, failsWith("timeout"));
  });

  test("rejects a request without a subscriber", async (rig) => {
    const bus = await rig.connect();
    await assert.rejects(
      bus.request("nobody", bytes(""), { timeout: LONG }),
      failsWith("no_responders"),
    );
  });

  test("rejects a request without a reply in time", async (rig) => {
    const bus = await rig.connect();
    await silence(bus, "silent");
    await assert.rejects(bus.request("silent", bytes(""), { timeout: 20 }), failsWith("timeout"));
  });

  test("rejects a request whose signal aborts with the signal's reason", async (rig) => {
    const bus = await rig.connect();
    const asked = await silence(bus, "silent");
    const reason = new Error("changed my mind");
    const controller = new AbortController();
    const { signal } = controller;
    const request = assert.rejects(
      bus.request("silent", bytes(""), { timeout: LONG, signal }),
      (error) => error === reason,
    );
    await asked.count(1);
    controller.abort(reason);
    await request;
    await assert.rejects(
      bus.request("silent", bytes(""), { timeout: LONG, signal }),
      (error) => error === reason,
    );
    assert.equal(asked.items.length, 1);
  });

  test("gathers the replies of all subscribers, on the caller's subject", async (rig) => {
    const [caller, one, two] = [await rig.connect(), await rig.connect(), await rig.connect()];
    await answer(one, "who", "one", "one again");
    await answer(two, "who", "two");
    for (const replyTo of ["01m8abc-rp", undefined]) {
      const got: string[] = [];
      const request = caller.requestMany("who", bytes(""), { timeout: 500, replyTo });
      for await (const reply of request) {
        got.push(text(reply));
        if (replyTo !== undefined) assert.equal(reply.subject, replyTo);
      }
      assert.deepEqual(got.sort(), ["one", "one again", "two"]);
    }
  });

  test("stops gathering when the caller leaves the loop", async (rig) => {
    const [caller, server] = [await rig.connect(), await rig.connect()];
    await answer(server, "who", "one", "two", "three");
    const got: string[] = [];
    const options = { timeout: LONG, replyTo: "answers.here" };
    for await (const reply of caller.requestMany("who", bytes(""), options)) {
      got.push(text(reply));
      if (got.length === 2) break;
    }
    assert.deepEqual(got, ["one", "two"]);
    // The subject for replies has no subscriber any more.
    await caller.flush();
    await assert.rejects(
      server.request("answers.here", bytes(""), { timeout: LONG }),
      failsWith("no_responders"),
    );
  });

  test("ends gathering without an error when the time is over", async (rig) => {
    const bus = await rig.connect();
    await silence(bus, "silent");
    for await (const _ of bus.requestMany("silent", bytes(""), { timeout: 20 })) assert.fail();
  });

  test("yields late what came in time", async (rig) => {
    const [caller, server] = [await rig.connect(), await rig.connect()];
    await answer(server, "who", "one", "two");
    await silence(server, "silent");
    const got: string[] = [];
    for await (const reply of caller.requestMany("who", bytes(""), { timeout: 400 })) {
      got.push(text(reply));
      // Outlasts the gathering.
      const other = caller.request("silent", bytes(""), { timeout: 600 });
      await assert.rejects(other, failsWith("timeout"));
    }
    assert.deepEqual(got, ["one", "two"]);
  });

  test("ends gathering with the signal's reason when it aborts", async (rig) => {
    const bus = await rig.connect();
    const asked = await silence(bus, "silent");
    const reason = new Error("enough");
    const controller = new AbortController();
    const options = { timeout: LONG, signal: controller.signal };
    const next = bus.requestMany("silent", bytes(""), options)[Symbol.asyncIterator]().next();
    const rejected = assert.rejects(next, (error) => error === reason);
    await asked.count(1);
    controller.abort(reason);
    await rejected;
  });

  test("ends gathering at once without a subscriber", async (rig) => {
    const bus = await rig.connect();
    for (const replyTo of ["01m8abc-rp", undefined]) {
      const gathering = bus.requestMany("nobody", bytes(""), { timeout: LONG, replyTo });
      await assert.rejects(gathering[Symbol.asyncIterator]().next(), failsWith("no_responders"));
    }
  });

  test("has nothing pending once the server has everything", async (rig) => {
    const bus = await rig.connect();
    const received = await receive(bus, "s");
    for (let index = 0; index < 100; index++) bus.publish("s", new Uint8Array(10_000));
    await received.count(100);
    // The count follows the server's acknowledgements, which take a moment.
    const deadline = performance.now() + PATIENCE;
    while (bus.pending > 0 && performance.now() < deadline) await bus.flush();
    assert.equal(bus.pending, 0);
  });

  test("is closed for everything after close", async (rig) => {
    const bus = await rig.connect();
    const statuses = statusesOf(bus);
    const subscription = bus.subscribe("s", () => {});
    await Promise.all([bus.close(), bus.close()]);
    await bus.close();
    await bus[Symbol.asyncDispose]();
    assert.equal(bus.connected, false);
    assert.equal(bus.publish("s", bytes("")), false);
    assert.throws(() => bus.subscribe("s", () => {}), failsWith("closed"));
    await assert.rejects(bus.request("s", bytes(""), { timeout: LONG }), failsWith("closed"));
    await assert.rejects(
      bus.requestMany("s", bytes(""), { timeout: LONG })[Symbol.asyncIterator]().next(),
      failsWith("closed"),
    );
    await assert.rejects(bus.flush(), failsWith("closed"));
    subscription.close();
    assert.deepEqual(statuses.items, [{ type: "closed" }]);
  });

  test("sends on close what was accepted before", async (rig) => {
    const [publisher, subscriber] = [await rig.connect(), await rig.connect()];
    const received = await receive(subscriber, "last");
    for (let index = 0; index < 500; index++) publisher.publish("last", new Uint8Array(10_000));
    await publisher.close();
    await received.count(500);
  });

  test("rejects requests in flight on close", async (rig) => {
    const bus = await rig.connect();
    const other = await rig.connect();
    const asked = await silence(other, "silent");
    const options = { timeout: LONG };
    const one = assert.rejects(bus.request("silent", bytes(""), options), failsWith("closed"));
    const many = assert.rejects(
      bus.requestMany("silent", bytes(""), options)[Symbol.asyncIterator]().next(),
      failsWith("closed"),
    );
    await asked.count(2);
    await bus.close();
    await one;
    await many;
  });

  test("accepts nothing while disconnected, and reports it", async (rig) => {
    const bus = await rig.connect();
    const statuses = statusesOf(bus);
    await rig.cut();
    await statuses.until((all) => all.some(({ type }) => type === "disconnected"));
    assert.equal(bus.connected, false);
    assert.equal(bus.publish("s", bytes("")), false);
    assert.equal(bus.pending, 0);
    assert.throws(() => bus.publish("a b", bytes("")), failsWith("invalid"));
    await assert.rejects(bus.request("s", bytes(""), { timeout: LONG }), failsWith("disconnected"));
    await assert.rejects(
      bus.requestMany("s", bytes(""), { timeout: LONG })[Symbol.asyncIterator]().next(),
      failsWith("disconnected"),
    );
    await assert.rejects(bus.flush(), failsWith("disconnected"));
    await rig.restore();
    await statuses.until((all) => all.some(({ type }) => type === "connected"));
    assert.equal(bus.connected, true);
    const received = await receive(bus, "s");
    assert.equal(bus.publish("s", bytes("again")), true);
    await received.count(1);
  });

  test("restores subscriptions, and takes new ones, across an outage", async (rig) => {
    const [publisher, subscriber] = [await rig.connect(), await rig.connect()];
    const before = await receive(subscriber, "before");
    const queued = await receive(subscriber, "queued", { queue: "q" });
    const gone = new Received<BusMessage>();
    const closed = subscriber.subscribe("gone", gone.add);
    const statuses = [statusesOf(publisher), statusesOf(subscriber)];
    await rig.cut();
    for (const one of statuses) {
      await one.until((all) => all.some((s) => s.type === "disconnected"));
    }
    closed.close();
    const meanwhile = new Received<BusMessage>();
    subscriber.subscribe("meanwhile", meanwhile.add);
    await rig.restore();
    for (const one of statuses) await one.until((all) => all.some((s) => s.type === "connected"));
    await subscriber.flush();
    for (const subject of ["gone", "before", "queued", "meanwhile"]) {
      assert.equal(publisher.publish(subject, bytes(subject)), true);
    }
    await before.count(1);
    await queued.count(1);
    await meanwhile.count(1);
    await subscriber.flush();
    assert.equal(gone.items.length, 0);
    assert.equal(meanwhile.items.length, 1);
    // Requests work again, too.
    await answer(subscriber, "ask", "yes");
    assert.equal(text(await publisher.request("ask", bytes(""), { timeout: LONG })), "yes");
  });

  test("rejects requests in flight when the connection is lost", async (rig) => {
    const [bus, other] = [await rig.connect(), await rig.connect()];
    const asked = await silence(other, "silent");
    const options = { timeout: LONG };
    const one = assert.rejects(
      bus.request("silent", bytes(""), options),
      failsWith("disconnected"),
    );
    const many = assert.rejects(
      bus.requestMany("silent", bytes(""), options)[Symbol.asyncIterator]().next(),
      failsWith("disconnected"),
    );
    await asked.count(2);
    await rig.cut();
    await one;
    await many;
  });

  test("closes while disconnected", async (rig) => {
    const bus = await rig.connect();
    const statuses = statusesOf(bus);
    await rig.cut();
    await statuses.until((all) => all.some(({ type }) => type === "disconnected"));
    await bus.close();
    assert.equal(statuses.items.at(-1)?.type, "closed");
  });

  test("leaves no listener on the signal of a request that is over", async (rig) => {
    const [caller, server] = [await rig.connect(), await rig.connect()];
    await answer(server, "who", "one", "two");
    await silence(server, "silent");
    const { signal } = new AbortController();
    using listeners = new AbortListeners();
    assert.equal(text(await caller.request("who", bytes(""), { timeout: LONG, signal })), "one");
    for await (const _ of caller.requestMany("who", bytes(""), { timeout: LONG, signal })) break;
    for await (const _ of caller.requestMany("silent", bytes(""), { timeout: 20, signal }));
    for (
      const [subject, timeout, code] of [
        ["silent", 20, "timeout"],
        ["nobody", LONG, "no_responders"],
        ["a b", LONG, "invalid"],
      ] as const
    ) {
      const asking = caller.request(subject, bytes(""), { timeout, signal });
      await assert.rejects(asking, failsWith(code));
    }
    assert.equal(listeners.count, 0);
  });

  test("leaves no more listeners on signals after several outages than after one", async (rig) => {
    using listeners = new AbortListeners();
    const bus = await rig.connect();
    const statuses = statusesOf(bus);
    const received = await receive(bus, "s");
    const left: number[] = [];
    for (let round = 1; round <= 3; round++) {
      await rig.cut();
      const count = (type: string) => (all: readonly { readonly type: string }[]) =>
        all.filter((status) => status.type === type).length === round;
      await statuses.until(count("disconnected"));
      await rig.restore();
      await statuses.until(count("connected"));
      await bus.flush();
      bus.publish("s", bytes(`${round}`));
      await received.count(round);
      left.push(listeners.count);
    }
    assert.deepEqual(left, [left[0], left[0], left[0]]);
  });

  test("calls no status listener that was removed, and survives one that throws", async (rig) => {
    const bus = await rig.connect();
    const off = new Received<unknown>();
    bus.onStatus(() => {
      throw new Error("bad listener");
    });
    const stop = bus.onStatus(off.add);
    const statuses = statusesOf(bus);
    stop();
    await bus.close();
    await statuses.count(1);
    assert.equal(off.items.length, 0);
  });
}
