import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { connect } from "amqplib";
import type { Bus } from "../../src/bus/bus.ts";
import { connectBus } from "../../src/bus/connect.ts";
import { decodeAnnouncement } from "../../src/protocol/announcement.ts";
import { announceSubject, isReplySubject } from "../../src/protocol/subjects.ts";
import { app, node, ProxyFixture } from "../testing/proxy_fixture.ts";
import { startNats } from "../testing/servers/nats.ts";
import { startRabbitmq } from "../testing/servers/rabbitmq.ts";

const command = `ari.command.${app}.${node}`;
const request = '{"kind":"ChannelAnswer","key":{"id":"c1"}}';

/**
 * Records what is published under the namespace of the protocol, but for what the test sends and the
 * proxy's own announcements.
 */
function watch(bus: Bus): string[] {
  const seen: string[] = [];
  bus.subscribe("ari.>", ({ subject, data }) => {
    const isAnnouncement = subject === announceSubject && decodeAnnouncement(data) !== undefined;
    if (subject !== command && !isAnnouncement) seen.push(subject);
  });
  return seen;
}

/** Sends a request with a reply subject that a test chooses; no response is expected. */
async function send(bus: Bus, replyTo: string): Promise<void> {
  const data = new TextEncoder().encode(request);
  const options = { timeout: 1, replyTo };
  for await (const { headers } of bus.requestMany(command, data, options)) {
    assert.fail(`Received a response: ${JSON.stringify(headers)}`);
  }
}

/** Waits until the proxy has handled what was sent before. */
async function settle(bus: Bus): Promise<void> {
  const data = new TextEncoder().encode('{"kind":"AsteriskInfo"}');
  await bus.request(`ari.data.${app}.${node}`, data, { timeout: 5_000 });
  await bus.flush();
}

Deno.test("a reply subject may be any but those of the protocol and of the bus server", () => {
  for (const subject of ["_INBOX.x", "01m8-rp", "arion.x", "reply.1", "_REPLY.x", "$GR.x.y.z"]) {
    assert.ok(isReplySubject(subject), subject);
  }
  for (const subject of ["ari", "ari.event.calls.n1", "ari.announce", "ari.x", "$JS.API.INFO"]) {
    assert.ok(!isReplySubject(subject), subject);
  }
});

Deno.test("a proxy publishes no response under a subject of the protocol, on NATS", async () => {
  await using server = await startNats();
  await using proxyBus = await connectBus(server.url);
  await using bus = await connectBus(server.url);
  await using fixture = await ProxyFixture.start({ bus: proxyBus });
  fixture.asterisk.answer(() => ({ status: 200, body: "{}" }));
  const before = fixture.asterisk.calls.length;
  const seen = watch(bus);
  await bus.flush();
  const subjects = [
    `ari.event.${app}.${node}`,
    "ari.dialogevent.d1",
    "ari.announce",
    "ari.ping",
    `ari.create.${app}`,
    "$JS.API.STREAM.PURGE.orders",
  ];
  for (const subject of subjects) await send(bus, subject);
  await settle(bus);
  assert.deepEqual(seen.filter((subject) => !subject.startsWith("ari.data.")), []);
  const { counters } = fixture.proxy;
  assert.deepEqual([counters.replySubjectsRefused, counters.requestsFailed], [6, 6]);
  const commands = fixture.asterisk.calls.slice(before).map(({ path }) => path);
  assert.deepEqual(commands, ["/asterisk/info"]);
  const { details } = await fixture.log.line("Refused a request: its reply subject");
  assert.deepEqual(details, { subject: command, replyTo: subjects[0] });
});

Deno.test("a proxy publishes no response to a queue of the protocol, on RabbitMQ", async () => {
  await using server = await startRabbitmq();
  await using proxyBus = await connectBus(server.url);
  await using bus = await connectBus(server.url);
  await using fixture = await ProxyFixture.start({ bus: proxyBus });
  fixture.asterisk.answer(() => ({ status: 204 }));
  const seen = watch(bus);
  const group = "ari-proxy-calls.calls";
  const taken: string[] = [];
  bus.subscribe(`ari.event.${app}.>`, ({ subject }) => taken.push(subject), { queue: group });
  await bus.flush();
  const connection = await connect(server.url);
  const channel = await connection.createConfirmChannel();
  const queues = [
    `ariproxy-ari.create.${app}`,
    `ari-proxy.ari-proxy-calls%2Ecalls.ari.event.${app}.>`,
    "ari.ping-01m8",
    "ARIProxyStasisStartDistributorQueue",
  ];
  await channel.assertQueue("ari.ping-01m8", { autoDelete: true });
  for (const replyTo of queues) {
    channel.publish("ari.request", command, Buffer.from(request), { replyTo, correlationId: "1" });
  }
  await channel.waitForConfirms();
  await settle(bus);
  const { counters } = fixture.proxy;
  assert.deepEqual([counters.replySubjectsRefused, counters.requestsReceived], [4, 5]);
  assert.equal((await channel.checkQueue("ari.ping-01m8")).messageCount, 0);
  assert.deepEqual([seen.filter((subject) => !subject.startsWith("ari.data.")), taken], [[], []]);
  // A queue of another program is as good as the reply queue of the broker.
  const { queue } = await channel.assertQueue("", { exclusive: true });
  const { promise, resolve } = Promise.withResolvers<string>();
  await channel.consume(queue, (message) => resolve(`${message?.content}`), { noAck: true });
  channel.publish("ari.request", command, Buffer.from(request), { replyTo: queue });
  assert.equal(await promise, '{"error":""}');
  await connection.close();
});
