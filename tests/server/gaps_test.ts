/** What a proxy reports to listeners about missing events. */
import assert from "node:assert/strict";
import type { BusMessage, BusPublisher, BusStatus } from "../../src/bus/bus.ts";
import { InProcessBroker, type InProcessBus } from "../../src/bus/memory.ts";
import { readGap } from "../../src/protocol/notice.ts";
import { type EventMarks, readEventMarks } from "../../src/protocol/headers.ts";
import { decodeJson } from "../../src/protocol/json.ts";
import { app, node, ProxyFixture } from "../testing/proxy_fixture.ts";
import { Received } from "../testing/received.ts";

type GapNotice = NonNullable<ReturnType<typeof readGap>>;

const other = "02:42:ac:11:00:0b";
const subject = `ari.event.${app}.${node}`;

const restoredText = "Asterisk subscriptions restored";

interface Delivery {
  readonly marks: EventMarks | undefined;
  readonly gap: GapNotice | undefined;
}

/** Keeps what comes on a subject. */
function listen(bus: ProxyFixture["bus"], subject: string): Received<Delivery> {
  const received = new Received<Delivery>();
  bus.subscribe(subject, ({ data, headers }: BusMessage) => {
    received.add({ marks: readEventMarks(headers), gap: readGap(decodeJson(data)) });
  });
  return received;
}

const event = (n: number, channel = "c1") =>
  JSON.stringify({
    type: "ChannelStateChange",
    timestamp: `2026-11-22T22:00:0${n}.000+0100`,
    channel: { id: channel },
    asterisk_id: node,
    application: app,
  });

Deno.test("proxy reports its start before the first event, and numbers all in one epoch", async () => {
  const broker = new InProcessBroker();
  const received = listen(broker.connect(), subject);
  await using fixture = await ProxyFixture.start({ broker });
  await received.count(1);
  fixture.asterisk.sendEvent(event(1));
  fixture.asterisk.sendEvent(event(2));
  const [first, ...rest] = await received.count(3);
  assert.equal(first.gap?.reason, "started");
  assert.equal(first.gap?.from, undefined);
  assert.equal(first.gap?.count, undefined);
  assert.deepEqual(received.items.map(({ marks }) => marks?.seq), [1, 2, 3]);
  for (const { marks, gap } of rest) {
    assert.deepEqual([marks?.node, marks?.epoch, gap], [node, first.gap?.epoch, undefined]);
  }
});

Deno.test("proxy reports each downtime of the ARI WebSocket, on each subject concerned", async () => {
  await using fixture = await ProxyFixture.start();
  const received = listen(fixture.bus, subject);
  const dialog = listen(fixture.bus, "ari.dialogevent.d1");
  const bind = { kind: "ChannelSubscribe", key: { id: "c1", dialog: "d1" } };
  await fixture.request("ari.command", JSON.stringify(bind));
  fixture.asterisk.sendEvent(event(1));
  await dialog.count(1);
  fixture.asterisk.dropSockets();
  await dialog.count(2);
  fixture.asterisk.dropSockets();
  await dialog.count(3);
  fixture.asterisk.sendEvent(event(2));
  await dialog.count(4);
  const kinds = (received: Received<Delivery>) => received.items.map(({ gap }) => gap?.reason);
  assert.deepEqual(kinds(received), [undefined, "asterisk", "asterisk", undefined]);
  assert.deepEqual(kinds(dialog), kinds(received));
  assert.deepEqual(
    dialog.items.map(({ marks }) => marks),
    received.items.map(({ marks }) => marks),
  );
  const [before, first, second] = received.items;
  assert.deepEqual(received.items.map(({ marks }) => marks?.seq), [2, 3, 4, 5]);
  assert.equal(first.gap?.epoch, before.marks?.epoch);
  // The times are all in one zone.
  assert.equal(first.gap?.from, "2026-11-22T21:00:01.000+0000");
  assert.equal(second.gap?.from, first.gap?.to);
  assert.ok((second.gap?.to ?? "") >= (second.gap?.from ?? ""));
  assert.match(first.gap?.detail ?? "", /^The ARI WebSocket was down: ./);
  assert.equal(first.gap?.certain, true);
  assert.equal(first.gap?.first_seq, undefined);
  assert.equal(fixture.proxy.counters.gapNotices, 3);
});

Deno.test("proxy reports to subscribers of the former node that Asterisk reconnected as another", async () => {
  await using fixture = await ProxyFixture.start();
  const former = listen(fixture.bus, subject);
  const present = listen(fixture.bus, `ari.event.${app}.${other}`);
  await fixture.asterisk.refuse();
  await fixture.log.line("Asterisk is disconnected");
  fixture.asterisk.entityId = other;
  await fixture.asterisk.accept();
  const [begun] = await present.count(1);
  assert.equal(begun.gap?.reason, "started");
  assert.equal(begun.marks?.seq, 1);
  const [gone] = await former.count(1);
  assert.equal(gone.gap?.reason, "asterisk");
  assert.match(gone.gap?.detail ?? "", new RegExp(`Asterisk is now ${other}$`));
});

Deno.test("proxy reports a downtime of Asterisk when the bus was disconnected as well", async () => {
  await using fixture = await ProxyFixture.start();
  const received = listen(fixture.bus, subject);
  fixture.proxyBus.disconnect();
  fixture.asterisk.dropSockets();
  await fixture.log.count("Asterisk is connected", 2);
  fixture.asterisk.sendEvent(event(1));
  await fixture.asterisk.until(() => true);
  fixture.proxyBus.reconnect();
  await received.until((items) => items.some(({ gap }) => !gap));
  const notices = received.items.map(({ gap }) => gap?.reason);
  // The notice of the start had not been acknowledged, so it is published once more.
  assert.deepEqual(notices, ["started", "asterisk", undefined]);
  assert.deepEqual(received.items.map(({ marks }) => marks?.seq), [2, 3, 4]);
});

Deno.test("proxy does not repeat a notice because Asterisk's entity ID is checked again", async () => {
  await using fixture = await ProxyFixture.start({ checkInterval: 1 });
  const received = listen(fixture.bus, "ari.event.>");
  const looked = fixture.asterisk.infos + fixture.asterisk.calls.length;
  const looks = () => fixture.asterisk.infos + fixture.asterisk.calls.length;
  await fixture.asterisk.until(() => looks() > looked + 5);
  fixture.asterisk.sendEvent(event(1));
  await received.count(1);
  assert.equal(received.items[0].gap, undefined);
});

Deno.test("proxy restores subscriptions after a restart of Asterisk, and reports that to listeners", async () => {
  await using fixture = await ProxyFixture.start();
  const received = listen(fixture.bus, subject);
  fixture.asterisk.answer(({ path }) =>
    path.startsWith("/applications") ? { status: 200, body: '{"name":"calls"}' } : undefined
  );
  const request = {
    kind: "ApplicationSubscribe",
    key: { id: app },
    application_subscribe: { event_source: "endpoint:PJSIP/alice" },
  };
  assert.equal(await fixture.request("ari.command", JSON.stringify(request)), '{"error":""}');
  const rest = { method: "PUT", path: `/applications/${app}/eventFilter`, body: { allowed: [] } };
  await fixture.request("ari.command", JSON.stringify({ kind: "Rest", key: {}, rest }));
  const first = fixture.asterisk.calls.length;
  fixture.asterisk.dropSockets();
  const line = await fixture.log.line(restoredText);
  assert.deepEqual(line.details, { application: app, count: 1 });
  const restored = fixture.asterisk.calls.slice(first).find(({ method }) => method === "POST");
  assert.equal(restored?.path, `/applications/${app}/subscription`);
  assert.equal(restored?.body, '{"eventSource":"endpoint:PJSIP/alice"}');
  await received.count(2);
  assert.deepEqual(received.items.map(({ gap }) => gap?.reason), ["asterisk", "asterisk"]);
  assert.match(received.items[1].gap?.detail ?? "", /had lost 1 subscriptions/);
  assert.equal(received.items[1].gap?.from, received.items[0].gap?.to);
});

Deno.test("proxy retries to restore subscriptions when Asterisk could not be reached, and counts what is missing", async () => {
  await using fixture = await ProxyFixture.start();
  const { asterisk, log, proxy } = fixture;
  let failing = false;
  asterisk.answer(({ path }) => {
    const body = '{"name":"calls"}';
    if (!path.startsWith("/applications")) return undefined;
    return failing ? { status: 200, body, cut: 5 } : { status: 200, body };
  });
  const request = {
    kind: "ApplicationSubscribe",
    key: { id: app },
    application_subscribe: { event_source: "endpoint:PJSIP/alice" },
  };
  assert.equal(await fixture.request("ari.command", JSON.stringify(request)), '{"error":""}');
  failing = true;
  asterisk.dropSockets();
  const { details } = await log.line("Restoring Asterisk subscriptions failed");
  assert.equal(details.missing, 1);
  assert.match(`${details.reason}`, /GET \/applications/);
  assert.equal(proxy.gauges.unrestoredSubscriptions, 1);
  failing = false;
  const restored = await log.line("Asterisk subscriptions restored");
  assert.deepEqual(restored.details, { application: app, count: 1 });
  assert.equal(proxy.gauges.unrestoredSubscriptions, 0);
});

Deno.test("proxy restores the subscriptions of each of its applications after a restart of Asterisk", async () => {
  await using fixture = await ProxyFixture.start({ apps: ["a", "b", "c"] });
  const { asterisk } = fixture;
  asterisk.answer(({ path }) => {
    const [, name] = /^\/applications\/(\w)/.exec(path) ?? [];
    return name ? { status: 200, body: JSON.stringify({ name }) } : undefined;
  });
  for (const id of ["a", "b", "c"]) {
    const request = {
      kind: "ApplicationSubscribe",
      key: { id },
      application_subscribe: { event_source: `endpoint:PJSIP/${id}` },
    };
    assert.equal(await fixture.request("ari.command", JSON.stringify(request)), '{"error":""}');
  }
  for (let restart = 1; restart <= 2; restart++) {
    const first = asterisk.calls.length;
    asterisk.dropSockets();
    await fixture.log.count(restoredText, 3 * restart);
    const restored = asterisk.calls.slice(first).filter(({ method }) => method === "POST");
    assert.deepEqual(restored.map(({ path, body }) => `${path} ${body}`).sort(), [
      '/applications/a/subscription {"eventSource":"endpoint:PJSIP/a"}',
      '/applications/b/subscription {"eventSource":"endpoint:PJSIP/b"}',
      '/applications/c/subscription {"eventSource":"endpoint:PJSIP/c"}',
    ]);
  }
});

/** A connection to a bus of which a test controls what is accepted and confirmed. */
class HeldBus {
  readonly bus: InProcessBus;
  /** Whether it refuses what is published. */
  busy = false;
  /** Flushes that are not confirmed, while `holding`. */
  readonly flushes: PromiseWithResolvers<void>[] = [];
  holding = false;
  readonly #listeners = new Set<(status: BusStatus) => void>();

  constructor(broker: InProcessBroker) {
    const connection = broker.connect();
    const publish = connection.publish.bind(connection);
    const publisher = connection.publisher.bind(connection);
    const flush = connection.flush.bind(connection);
    this.bus = Object.assign(connection, {
      publish: (...message: Parameters<typeof publish>) => !this.busy && publish(...message),
      publisher: (...prepared: Parameters<typeof publisher>) => this.#held(publisher(...prepared)),
      flush: () => {
        if (!this.holding) return flush();
        const held = Promise.withResolvers<void>();
        this.flushes.push(held);
        return held.promise;
      },
      onStatus: (listener: (status: BusStatus) => void) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      },
    });
  }

  #held(publisher: BusPublisher): BusPublisher {
    return {
      publish: (number, data) => !this.busy && publisher.publish(number, data),
      to: (subject) => this.#held(publisher.to(subject)),
    };
  }

  report(status: BusStatus): void {
    this.#listeners.forEach((listener) => listener(status));
  }
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

Deno.test("proxy that is closed waits until a busy bus takes its events, and publishes them", async () => {
  const broker = new InProcessBroker();
  const held = new HeldBus(broker);
  await using fixture = await ProxyFixture.start({ broker, bus: held.bus });
  const received = listen(fixture.bus, subject);
  held.busy = true;
  held.holding = true;
  for (let n = 1; n <= 3; n++) fixture.asterisk.sendEvent(event(n));
  while (fixture.proxy.gauges.queuedMessages < 3) await turn();
  let closed = false;
  const closing = fixture.proxy.close().then(() => closed = true);
  while (held.flushes.length === 0) await turn();
  assert.equal(received.items.length, 0);
  held.busy = false;
  held.flushes[0].resolve();
  await received.count(3);
  // What it has published then has to arrive as well.
  while (held.flushes.length === 1) await turn();
  assert.equal(closed, false);
  held.flushes[1].resolve();
  await closing;
  assert.deepEqual(received.items.map(({ marks }) => marks?.seq), [2, 3, 4]);
  assert.equal(fixture.proxy.counters.eventsDropped, 0);
});

Deno.test("proxy that is closed waits for the bus no longer than it may", async () => {
  const broker = new InProcessBroker();
  const held = new HeldBus(broker);
  await using fixture = await ProxyFixture.start({ broker, bus: held.bus, closeTimeout: 30 });
  held.busy = true;
  held.holding = true;
  fixture.asterisk.sendEvent(event(1));
  while (fixture.proxy.gauges.queuedMessages < 1) await turn();
  await fixture.proxy.close();
  assert.equal(fixture.proxy.counters.eventsDropped, 1);
  await fixture.log.line("Dropped events: the bus did not take them before the end");
  await fixture.log.line("Flushing the bus failed");
});

Deno.test("proxy reports as uncertain what a bus may have lost, and nothing for other errors of it", async () => {
  const broker = new InProcessBroker();
  const held = new HeldBus(broker);
  const received = listen(broker.connect(), subject);
  held.holding = true;
  const starting = ProxyFixture.start({ broker, bus: held.bus });
  while (held.flushes.length === 0) await turn();
  held.flushes[0].resolve();
  await using fixture = await starting;
  fixture.asterisk.sendEvent(event(1));
  await received.count(2);
  held.report({ type: "error", reason: "Something else", lossy: false });
  held.report({ type: "error", reason: "The exchange is gone", lossy: true });
  fixture.asterisk.sendEvent(event(2));
  const [, , notice] = await received.count(4);
  const { reason, first_seq, last_seq, certain, detail = "" } = notice.gap ?? {};
  assert.deepEqual([first_seq, last_seq, certain], [1, 2, false]);
  // The notice of the start may be lost as well, and is the graver cause.
  assert.equal(reason, "started");
  assert.match(detail, /The exchange is gone/);
  assert.doesNotMatch(detail, /Something else/);
  assert.equal(fixture.proxy.counters.eventsUnconfirmed, 2);
  held.holding = false;
  held.flushes.forEach((flush) => flush.resolve());
});
