import assert from "node:assert/strict";
import { connectBus } from "../../src/bus/connect.ts";
import { startFaultProxy } from "../testing/fault_proxy.ts";
import { markOf } from "../testing/event_ledger.ts";
import { bytes, Received, statusesOf } from "../testing/received.ts";
import { startAsterisk } from "../testing/servers/asterisk.ts";
import { type BusName, type BusServer, busServers } from "../testing/servers/bus_server.ts";
import { type NatsServer, startNats } from "../testing/servers/nats.ts";
import type { RabbitmqServer } from "../testing/servers/rabbitmq.ts";
import { fault } from "./fault.ts";
import { BUS_HALF_OPEN, FaultRig, SOCKET_HALF_OPEN } from "./fault_rig.ts";
import { guardBus } from "./guarded_bus.ts";
import { type SharedServers, sharedServers } from "./shared_servers.ts";

const servers = sharedServers();

/** Bytes of a message in a flood. */
const SIZE = 30_000;

/** What the log says when the credentials are refused. */
const REFUSED: Readonly<Record<BusName, string>> = {
  NATS: "Authorization Violation",
  RabbitMQ: "refused the credentials",
};

/** What happens to a subscriber that does not read. */
interface Unread {
  /** Starts a server for it. @default the shared one */
  readonly start?: () => Promise<BusServer>;
  /** Messages that are more than waits for it. */
  readonly flood: number;
  /** Whether the server disconnects it. */
  readonly disconnects: boolean;
  /** Asserts that what waits for it is bounded. */
  readonly assertBounded?: (servers: SharedServers) => Promise<void>;
}

const UNREAD: Readonly<Record<BusName, Unread>> = {
  // More than the server keeps for a listener.
  NATS: { start: startImpatientNats, flood: 1_000, disconnects: true },
  // More than a queue of ours holds.
  RabbitMQ: {
    flood: 4_000,
    disconnects: false,
    assertBounded: ({ RabbitMQ }) => assertBounded(RabbitMQ),
  },
};

fault(
  "a bus that is killed and restarted gets the events of the meantime, in order",
  async (on) => {
    await using bus = await busServers[on]();
    await using rig = await FaultRig.start({ asterisk: servers().asterisk, bus });
    await bus.kill();
    await rig.log.line("The bus is disconnected");
    await rig.sends(50);
    await bus.restart();
    await rig.recovers(10_000);
    // The listener was cut off as well, and reconnects at another time.
    await rig.settle({ deafened: true });
    assert.equal(rig.proxy.counters.eventsDropped, 0);
  },
);

fault("a closed connection to the bus is made again", async (on) => {
  await using rig = await FaultRig.start(servers(on));
  rig.busNetwork.cut();
  await rig.recovers(3_000);
  await rig.settle();
  assert.ok(rig.reasons.every((reason) => reason === "bus"));
});

fault("a reset connection to the bus is made again", async (on) => {
  await using rig = await FaultRig.start(servers(on));
  rig.busNetwork.reset();
  await rig.recovers(3_000);
  await rig.settle();
  assert.ok(rig.reasons.every((reason) => reason === "bus"));
});

fault("a connection to the bus with corrupted data is replaced", async (on) => {
  await using rig = await FaultRig.start(servers(on));
  rig.busNetwork.inject("client", bytes("nonsense\r\n".repeat(20)));
  await rig.recovers(3_000);
  await rig.settle();
  assert.ok(rig.reasons.every((reason) => reason === "bus"));
});

fault("a half-open connection to the bus is detected and replaced", async (on) => {
  await using rig = await FaultRig.start(servers(on));
  rig.busNetwork.freeze();
  await rig.misses("The bus", BUS_HALF_OPEN[on]);
  await rig.recovers(3_000);
  await rig.settle();
  assert.ok(rig.ledger.missing > 0);
  assert.ok(rig.ledger.notices.some(({ certain }) => !certain));
});

fault(
  "a bus that refused connections gets the events of the meantime, in order",
  async (on) => {
    await using rig = await FaultRig.start(servers(on));
    await rig.busNetwork.refuse();
    await rig.log.line("The bus is disconnected");
    const first = rig.traffic.next;
    await rig.sends(100);
    await rig.busNetwork.accept();
    await rig.recovers(6_000);
    await rig.settle();
    const marks = new Set(rig.ledger.entries.items.map(({ mark }) => mark));
    for (let mark = first; mark < first + 100; mark++) assert.ok(marks.has(mark), `${mark}`);
  },
);

fault("a slow network to the bus delays events and loses none", async (on) => {
  // What has been said by then keeps the pings waiting.
  const patient = { bus: { pingInterval: 10_000 } };
  await using rig = await FaultRig.start(servers(on), patient);
  rig.busNetwork.slow(20_000);
  await rig.sends(100);
  rig.busNetwork.slow(undefined);
  await rig.recovers(3_000);
  await rig.settle();
  assert.equal(rig.ledger.missing, 0);
  assert.deepEqual(rig.reasons, []);
});

fault("a bus and an Asterisk that are killed together are both served again", async (on) => {
  await using bus = await busServers[on]();
  await using asterisk = await startAsterisk();
  await using rig = await FaultRig.start({ asterisk, bus });
  await Promise.all([bus.kill(), asterisk.kill()]);
  await Promise.all([
    rig.log.line("The bus is disconnected"),
    rig.log.line("Asterisk is disconnected"),
  ]);
  await Promise.all([bus.restart(), asterisk.restart()]);
  await rig.recovers(10_000);
  await rig.settle({ deafened: true });
});

fault("both connections that are lost together are made again", async (on) => {
  await using rig = await FaultRig.start(servers(on));
  rig.busNetwork.freeze();
  rig.eventNetwork.freeze();
  await Promise.all([
    rig.misses("The bus", BUS_HALF_OPEN[on]),
    rig.misses("Asterisk", SOCKET_HALF_OPEN),
  ]);
  await rig.recovers(5_000);
  await rig.settle();
});

fault("a bus that refuses the credentials is retried until it accepts them", async (on) => {
  await using guarded = await guardBus[on](servers());
  const { server: bus, url } = guarded;
  await using rig = await FaultRig.start({ ...servers(on), bus }, { busUrl: url });
  await guarded.change("other");
  await rig.log.line(REFUSED[on]);
  await rig.sends(20);
  await guarded.change("geheim");
  await rig.recovers(10_000);
  await rig.settle({ deafened: true });
  assert.equal(rig.proxy.counters.eventsDropped, 0);
  assert.ok(!JSON.stringify(rig.log.lines).includes("geheim"));
});

fault(
  "a subscriber that does not read does not affect others, and receives events again later",
  async (on) => {
    const { start, flood: count, disconnects, assertBounded } = UNREAD[on];
    await using own = await start?.();
    const bus = own ?? servers()[on];
    await using rig = await FaultRig.start({ ...servers(on), bus });
    await using network = await startFaultProxy(bus.port);
    const url = bus.url.replace(/:\d+/, `:${network.port}`);
    await using slow = await connectBus(url, { pingInterval: 60_000, timeout: 1_000 });
    const heard = new Received<number>();
    slow.subscribe("ari.event.>", (message) => heard.add(markOf(message)));
    await slow.flush();
    const statuses = statusesOf(slow);
    await using flood = await connectBus(bus.url);
    network.stall("client");
    const before = rig.traffic.next;
    for (let sent = 0; sent < count; sent++) {
      assert.equal(flood.publish("ari.event.flood.node", new Uint8Array(SIZE).fill(32)), true);
      if (sent % 50 === 0) await flood.flush();
    }
    await flood.flush();
    await rig.ledger.arrived(before);
    await rig.request();
    await assertBounded?.(servers());
    network.resume();
    if (disconnects) await statuses.until((all) => all.at(-1)?.type === "connected");
    const now = rig.traffic.next;
    await heard.until((marks) => (marks.at(-1) ?? -1) >= now);
    await rig.settle();
    assert.equal(rig.ledger.missing, 0);
    assert.deepEqual(rig.reasons, []);
  },
);

/** A server that has no patience with listeners that do not read. */
async function startImpatientNats(): Promise<NatsServer> {
  const path = await Deno.makeTempFile({ suffix: ".conf" });
  await Deno.writeTextFile(path, "max_pending: 8MB\nwrite_deadline: 1s\n");
  try {
    return await startNats({ args: ["-c", path] });
  } finally {
    await Deno.remove(path);
  }
}

/** Asserts that most of what waits is in a queue of ours, within its bound. */
async function assertBounded(server: RabbitmqServer): Promise<void> {
  const table = await server.ctl(["list_queues", "name", "message_bytes", "--no-table-headers"]);
  const sizes = table.trim().split("\n").map((line) => Number(line.split("\t")[1]));
  const largest = Math.max(...sizes);
  assert.ok(largest <= 64 * 1024 * 1024, `${largest}`);
  assert.ok(largest > 50_000_000, `${largest}`);
}
