import assert from "node:assert/strict";
import { InProcessBroker } from "../../src/bus/memory.ts";
import { app, node, ProxyFixture } from "../testing/proxy_fixture.ts";
import { recorded } from "../testing/vectors.ts";

interface PresenceVector {
  readonly name: string;
  readonly subscriptions?: readonly { readonly subject: string; readonly queue?: string }[];
  readonly sent?: readonly { readonly subject: string; readonly payload: string }[];
  readonly observed: readonly { readonly subject: string; readonly payload: string }[];
}

function vector(name: string): PresenceVector {
  const found = recorded<PresenceVector>("presence").find((item) => item.name === name);
  assert.ok(found, name);
  return found;
}

/** A broker that notes who subscribes to what. */
class NotingBroker extends InProcessBroker {
  readonly interests: { subject: string; queue?: string }[] = [];

  override join(...[subject, interest]: Parameters<InProcessBroker["join"]>): void {
    const { queue } = interest;
    this.interests.push(queue === undefined ? { subject } : { subject, queue });
    super.join(subject, interest);
  }
}

/** Collects announcements until as many have come as wanted. */
function announcements(fixture: ProxyFixture, count: number): Promise<unknown[]> {
  const { promise, resolve } = Promise.withResolvers<unknown[]>();
  const found: unknown[] = [];
  const subscription = fixture.bus.subscribe("ari.announce", ({ data }) => {
    const { node, asterisk, application } = JSON.parse(new TextDecoder().decode(data));
    found.push({ node, asterisk, application });
    if (found.length < count) return;
    subscription.close();
    resolve(found);
  });
  return promise;
}

function sendAll(fixture: ProxyFixture, { sent = [] }: PresenceVector): void {
  for (const { subject, payload } of sent) {
    fixture.bus.publish(subject, new TextEncoder().encode(payload));
  }
}

/** What we announce: the node under both names. */
const announced = (name = node) => ({ node: name, asterisk: name, application: app });

Deno.test("proxy subscribes as in presence: server-start", async () => {
  const broker = new NotingBroker();
  await using _fixture = await ProxyFixture.start({ broker });
  const wanted = vector("server-start").subscriptions ?? [];
  const order = (a: { subject: string }, b: { subject: string }) => a.subject < b.subject ? -1 : 1;
  // It also listens to the announcements of others, to find its double.
  const requests = broker.interests
    .filter(({ subject }) => subject.startsWith("ari.") && subject !== "ari.announce");
  assert.deepEqual(requests.sort(order), [...wanted].sort(order));
});

for (const name of ["ping", "ping-empty", "ping-with-reply"]) {
  Deno.test(`proxy announces itself as in presence: ${name}`, async () => {
    await using fixture = await ProxyFixture.start();
    const heard = announcements(fixture, 1);
    sendAll(fixture, vector(name));
    assert.deepEqual(await heard, [announced()]);
  });
}

Deno.test("proxy announces itself at its start, and when Asterisk is back", async () => {
  await using fixture = await ProxyFixture.start();
  const again = announcements(fixture, 1);
  fixture.asterisk.dropSockets();
  assert.deepEqual(await again, [announced()]);
});

Deno.test("proxy is silent as in presence: ping-ari-down, ping-ari-back", async () => {
  await using fixture = await ProxyFixture.start();
  await fixture.asterisk.refuse();
  await fixture.log.line("Asterisk is disconnected");
  const heard: string[] = [];
  fixture.bus.subscribe("ari.announce", ({ subject }) => heard.push(subject));
  sendAll(fixture, vector("ping-ari-down"));
  await fixture.bus.flush();
  await fixture.proxyBus.flush();
  assert.deepEqual(heard, []);

  const back = announcements(fixture, 1);
  await fixture.asterisk.accept();
  assert.deepEqual(await back, [announced()]);
  const pinged = announcements(fixture, 1);
  sendAll(fixture, vector("ping-ari-back"));
  assert.deepEqual(await pinged, [announced()]);
});

Deno.test("proxies announce themselves as in presence: ping-two-servers", async () => {
  const broker = new InProcessBroker();
  const other = "02:42:ac:11:00:0b";
  await using first = await ProxyFixture.start({ broker });
  await using _second = await ProxyFixture.start({ broker, node: other });
  const heard = announcements(first, 2);
  sendAll(first, vector("ping-two-servers"));
  const order = (a: unknown, b: unknown) => JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
  assert.deepEqual((await heard).sort(order), [announced(), announced(other)]);
});

Deno.test("proxy announces itself at an interval as in presence: periodic", async () => {
  await using fixture = await ProxyFixture.start({ announceInterval: 5 });
  assert.deepEqual(await announcements(fixture, 3), [announced(), announced(), announced()]);
});
