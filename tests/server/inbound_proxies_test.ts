import assert from "node:assert/strict";
import { AriListener } from "../../src/ari/inbound/listener.ts";
import type { OnWarning } from "../../src/ari/asterisk_link.ts";
import { InProcessBroker, type InProcessBus } from "../../src/bus/memory.ts";
import { Requester } from "../../src/client/requester.ts";
import { InboundProxies, type InboundProxiesOptions } from "../../src/server/inbound_proxies.ts";
import { dialIn } from "../testing/dialling_asterisk.ts";
import { MemoryLog } from "../testing/proxy_fixture.ts";
import { Received } from "../testing/received.ts";

const nodeA = "02:00:00:00:00:0a";
const nodeB = "02:00:00:00:00:0b";

/** Proxies of Asterisks that dial, on a bus of its own, and what is published there. */
class InboundFixture implements AsyncDisposable {
  readonly log = new MemoryLog();
  readonly published = new Received<{ subject: string; event: Record<string, unknown> }>();
  readonly bus: InProcessBus;
  readonly proxies: InboundProxies;
  port = 0;
  readonly #proxyBus: InProcessBus;

  constructor(options: Partial<InboundProxiesOptions> = {}) {
    const broker = new InProcessBroker();
    this.bus = broker.connect();
    this.#proxyBus = broker.connect();
    this.bus.subscribe("ari.event.>", ({ subject, data }) => {
      this.published.add({ subject, event: JSON.parse(new TextDecoder().decode(data)) });
    });
    this.proxies = new InboundProxies({
      process: { id: crypto.randomUUID(), version: "0.0.0", started: new Date(0) },
      bus: this.#proxyBus,
      log: this.log,
      open: (onAsterisk) => {
        const onWarning: OnWarning = (text, details) => this.log.warn(text, details);
        const listener = new AriListener({
          hostname: "localhost",
          port: 0,
          asterisks: 2,
          onAsterisk,
          onWarning,
        });
        this.port = listener.port;
        return listener;
      },
      ...options,
    });
  }

  /** Waits for an event with a number, and returns its subject. */
  async subjectOf(n: number): Promise<string> {
    const found = () => this.published.items.find(({ event }) => event.n === n);
    await this.published.until(() => found() !== undefined);
    return found()!.subject;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.proxies.close();
    await this.#proxyBus.close();
    await this.bus.close();
  }
}

Deno.test("inbound proxies serve several Asterisks, each application under its own subjects", async () => {
  await using fixture = new InboundFixture();
  const { port, proxies } = fixture;
  await using a = await dialIn(port, { node: nodeA, applications: ["calls", "ivr"] });
  await using b = await dialIn(port, { node: nodeB, applications: ["calls"] });
  await using call = await dialIn(port, {
    node: nodeA,
    applications: ["single:PJSIP/alice.home-00000001"],
  });
  a.event("StasisStart", { n: 1, application: "ivr" });
  b.event("StasisStart", { n: 2 });
  call.event("StasisStart", { n: 3 });
  a.event("StasisStart", { n: 4, application: "not.possible" });
  a.event("StasisStart", { n: 5 });
  assert.equal(await fixture.subjectOf(1), `ari.event.ivr.${nodeA}`);
  assert.equal(await fixture.subjectOf(2), `ari.event.calls.${nodeB}`);
  assert.equal(await fixture.subjectOf(3), `ari.event.single.${nodeA}`);
  assert.equal(await fixture.subjectOf(5), `ari.event.calls.${nodeA}`);
  assert.ok(fixture.published.items.every(({ event }) => event.n !== 4));
  assert.equal(proxies.selves.length, 4);
  // A notice that events begin goes before the first of each application and node.
  for (const { app, node } of proxies.selves) {
    const subject = `ari.event.${app}.${node}`;
    const [first] = fixture.published.items.filter((item) => item.subject === subject);
    assert.equal(first.event.type, "AriProxyGap");
    const kept = /Asterisk kept what happened/.test(String(first.event.detail));
    assert.deepEqual([first.event.reason, first.event.certain], ["started", !kept]);
  }
  assert.equal(proxies.counters.eventsReceived, 9);
  assert.equal(proxies.gauges.queuedMessages, 0);
});

Deno.test("inbound proxies send each request once, also while applications are added", async () => {
  await using fixture = new InboundFixture();
  await using a = await dialIn(fixture.port, { node: nodeA });
  await using b = await dialIn(fixture.port, { node: nodeB });
  await fixture.log.count("Serving an application", 2);
  await using client = new Requester(fixture.bus, { app: "calls" });
  const answer = (id: string, node: string) =>
    client.request("ChannelAnswer", { id, app: "calls", node });
  const work = Array.from({ length: 50 }, async (_, i) => {
    if (i % 10 === 0) a.event("ApplicationRegistered", { application: `more${i}` });
    await answer(`a${i}`, nodeA);
    await answer(`b${i}`, nodeB);
  });
  await Promise.all(work);
  const uris = (asterisk: typeof a) => asterisk.requests.items.map(({ uri }) => uri).sort();
  const wanted = (name: string) =>
    Array.from({ length: 50 }, (_, i) => `channels/${name}${i}/answer`).sort();
  assert.deepEqual(uris(a).filter((uri) => uri.endsWith("answer")), wanted("a"));
  assert.deepEqual(uris(b).filter((uri) => uri.endsWith("answer")), wanted("b"));
});

Deno.test("inbound proxies serve no other applications than the configured ones", async () => {
  await using fixture = new InboundFixture({ apps: ["calls", "never"] });
  await using a = await dialIn(fixture.port, { node: nodeA, applications: ["private", "calls"] });
  a.event("StasisStart", { n: 1, application: "private" });
  a.event("StasisStart", { n: 2, application: "calls" });
  assert.equal(await fixture.subjectOf(2), `ari.event.calls.${nodeA}`);
  assert.deepEqual(fixture.proxies.selves, [{ app: "calls", node: nodeA }]);
  assert.ok(fixture.published.items.every(({ event }) => event.application === "calls"));
});

Deno.test("inbound proxies serve no more applications of an Asterisk than configured", async () => {
  await using fixture = new InboundFixture({ appsOfEach: 3 });
  const { log, published, proxies } = fixture;
  await using a = await dialIn(fixture.port, { node: nodeA });
  for (let i = 1; i <= 100; i++) a.event("StasisStart", { n: i, application: `more${i}` });
  a.event("StasisStart", { n: 101 });
  assert.equal(await fixture.subjectOf(101), `ari.event.calls.${nodeA}`);
  assert.deepEqual(proxies.selves.map(({ app }) => app), ["calls", "more1", "more2"]);
  const numbers = published.items.map(({ event }) => event.n).filter((n) => n !== undefined);
  assert.deepEqual(numbers, [1, 2, 101]);
  assert.equal(proxies.counters.eventsDropped, 98);
  const warnings = log.lines.filter(({ level }) => level === "warn");
  assert.deepEqual(warnings.map(({ message, details }) => [message, details.application]), [
    ["Dropped events: an Asterisk has more than 3 applications, name those to serve", "more3"],
  ]);
});

Deno.test("inbound proxies serve 64 applications of an Asterisk where none are configured", async () => {
  const names = Array.from({ length: 70 }, (_, i) => `app${i}`);
  for (const apps of [undefined, names]) {
    await using fixture = new InboundFixture({ apps });
    await using a = await dialIn(fixture.port, { node: nodeA, applications: names });
    a.event("StasisStart", { n: 1 });
    await fixture.subjectOf(1);
    assert.equal(fixture.proxies.selves.length, apps ? 70 : 64);
  }
});

Deno.test("inbound proxies continue with an Asterisk that reconnects, and report the gap", async () => {
  await using fixture = new InboundFixture();
  const first = await dialIn(fixture.port, { node: nodeA });
  first.event("StasisStart", { n: 1 });
  await fixture.subjectOf(1);
  await first[Symbol.asyncDispose]();
  await fixture.log.line("Asterisk is disconnected");
  await using second = await dialIn(fixture.port, { node: nodeA });
  second.event("StasisStart", { n: 2 });
  await fixture.subjectOf(2);
  const gaps = fixture.published.items.filter(({ event }) => event.type === "AriProxyGap");
  assert.deepEqual(gaps.map(({ event }) => event.reason), ["started", "asterisk"]);
  assert.equal(new Set(gaps.map(({ event }) => event.epoch)).size, 1);
  assert.equal(gaps[1].event.certain, false);
  assert.match(String(gaps[1].event.detail), /Asterisk kept what happened meanwhile/);
});

Deno.test("inbound proxies report no gap between the calls of an Asterisk that connects for each", async () => {
  await using fixture = new InboundFixture();
  for (const n of [1, 2]) {
    const applications = [`calls:PJSIP/alice-0000000${n}`];
    const call = await dialIn(fixture.port, { node: nodeA, applications });
    call.event("StasisStart", { n });
    assert.equal(await fixture.subjectOf(n), `ari.event.calls.${nodeA}`);
    call.close();
    await call.closed;
    await fixture.log.count("No call WebSocket of Asterisk is open", n);
  }
  const gaps = fixture.published.items.filter(({ event }) => event.type === "AriProxyGap");
  assert.deepEqual(gaps.map(({ event }) => event.reason), ["started"]);
  assert.deepEqual(fixture.proxies.selves, []);
});

Deno.test("inbound proxies close the proxy of an Asterisk that stays away", async () => {
  await using fixture = new InboundFixture({ forgetAfter: 10 });
  const first = await dialIn(fixture.port, { node: nodeA });
  await fixture.log.line("Serving an application");
  await first[Symbol.asyncDispose]();
  await fixture.log.line("Closing the proxy of an Asterisk");
  await using _again = await dialIn(fixture.port, { node: nodeA });
  await fixture.log.count("Serving an application", 2);
  assert.equal(fixture.proxies.counters.eventsReceived, 2);
});

Deno.test("inbound proxies count the events of an Asterisk also while its proxy is closed", async () => {
  await using fixture = new InboundFixture({ forgetAfter: 10 });
  const { log, proxies } = fixture;
  const first = await dialIn(fixture.port, { node: nodeA });
  first.event("StasisStart", { n: 1 });
  await fixture.subjectOf(1);
  const counts = [proxies.counters.eventsReceived];
  log.onLine(({ message }) => {
    if (/^Closing the proxy/.test(message)) counts.push(proxies.counters.eventsReceived);
  });
  await first[Symbol.asyncDispose]();
  await log.line("Closing the proxy of an Asterisk");
  await proxies.close();
  counts.push(proxies.counters.eventsReceived);
  assert.deepEqual(counts, [2, 2, 2]);
});

Deno.test("inbound proxies measure how many Asterisks are connected", async () => {
  await using fixture = new InboundFixture();
  const { log, port, proxies } = fixture;
  assert.equal(proxies.gauges.asterisks, 0);
  const a = await dialIn(port, { node: nodeA });
  await using _b = await dialIn(port, { node: nodeB });
  await log.count("Serving an application", 2);
  assert.equal(proxies.gauges.asterisks, 2);
  await a[Symbol.asyncDispose]();
  await log.line("Asterisk is disconnected");
  assert.equal(proxies.gauges.asterisks, 1);
});

Deno.test("inbound proxies close the proxy that is disconnected for longest when more Asterisks connect than the limit", async () => {
  await using fixture = new InboundFixture();
  const { port, log, proxies } = fixture;
  for (const [index, node] of [nodeA, nodeB].entries()) {
    await using asterisk = await dialIn(port, { node });
    asterisk.event("StasisStart", { n: index });
    await fixture.subjectOf(index);
    await asterisk[Symbol.asyncDispose]();
    await log.count("Asterisk is disconnected", index + 1);
  }
  await using c = await dialIn(port, { node: "02:00:00:00:00:0c" });
  c.event("StasisStart", { n: 2 });
  assert.equal(await fixture.subjectOf(2), "ari.event.calls.02:00:00:00:00:0c");
  await using b = await dialIn(port, { node: nodeB });
  b.event("StasisStart", { n: 3 });
  await fixture.subjectOf(3);
  assert.equal(proxies.selves.length, 2);
  // All are connected now.
  await using a = await dialIn(port, { node: nodeA });
  await a.closed;
  await log.line("Refused an Asterisk: 2 are connected already");
  await b[Symbol.asyncDispose]();
  await log.count("Asterisk is disconnected", 3);
  await using again = await dialIn(port, { node: nodeA });
  again.event("StasisStart", { n: 4 });
  await fixture.subjectOf(4);

  const closed = log.lines.filter(({ message }) =>
    message === "Closing the proxy of an Asterisk that did not reconnect"
  );
  assert.deepEqual(closed.map(({ details }) => details?.node), [nodeA, nodeB]);
  assert.ok(log.lines.every(({ message }) => message !== "Waiting for Asterisk"));
  // What those have done counts all the same.
  assert.equal(proxies.counters.eventsReceived, 10);
});

Deno.test("inbound proxies that are closed take no requests for an application that is added meanwhile", async () => {
  await using fixture = new InboundFixture({ drainTimeout: 10_000 });
  await using asterisk = await dialIn(fixture.port, {
    node: nodeA,
    answer: () => undefined,
  });
  asterisk.event("StasisStart", { n: 1 });
  await fixture.subjectOf(1);
  await fixture.log.line("Serving an application of Asterisk");
  const request = new TextEncoder().encode('{"kind":"ChannelAnswer","key":{"id":"c1"}}');
  fixture.bus.publish(`ari.command.calls.${nodeA}`, request);
  const [{ transaction_id }] = await asterisk.requests.count(1);
  const closed = fixture.proxies.close();
  asterisk.event("StasisStart", { n: 2, application: "late" });
  await fixture.subjectOf(2);
  asterisk.send(JSON.stringify({ type: "RESTResponse", transaction_id, status_code: 204 }));
  await closed;
  const list = new TextEncoder().encode('{"kind":"ChannelList"}');
  await assert.rejects(fixture.bus.request(`ari.get.late.${nodeA}`, list, { timeout: 1_000 }), {
    code: "no_responders",
  });
});
