import assert from "node:assert/strict";
import { startFakeAsterisk } from "../testing/fake_asterisk.ts";
import { bytes } from "../testing/received.ts";
import { startAsterisk } from "../testing/servers/asterisk.ts";
import { fault } from "./fault.ts";
import { FaultRig, SHORT, SOCKET_HALF_OPEN } from "./fault_rig.ts";
import { sharedServers } from "./shared_servers.ts";

const servers = sharedServers();
const NATS = { on: ["NATS"] } as const;

fault("an Asterisk that is killed and restarted is served again", async (on) => {
  await using asterisk = await startAsterisk();
  await using rig = await FaultRig.start({ ...servers(on), asterisk });
  await asterisk.kill();
  await rig.log.line("Asterisk is disconnected");
  await assert.rejects(rig.request(asterisk.entityId), { code: "asterisk_down" });
  await asterisk.restart();
  await rig.recovers(6_000);
  await rig.settle();
  assert.deepEqual(rig.reasons, ["asterisk"]);
});

fault("an Asterisk that is restarted with another entity ID is served under it", async (on) => {
  await using asterisk = await startAsterisk({ entityId: "02:00:00:00:00:0a" });
  await using rig = await FaultRig.start({ ...servers(on), asterisk });
  await asterisk.kill();
  await asterisk.restart({ entityId: "02:00:00:00:00:0b" });
  await rig.recovers(6_000);
  await rig.request("02:00:00:00:00:0b");
  await assert.rejects(rig.request("02:00:00:00:00:0a"), { code: "no_node" });
  await rig.settle();
});

fault("a closed event WebSocket is opened again", async (on) => {
  await using rig = await FaultRig.start(servers(on));
  rig.eventNetwork.cut();
  await rig.recovers(2_000);
  await rig.settle();
  assert.deepEqual(rig.reasons, ["asterisk"]);
}, NATS);

fault("a reset event WebSocket is opened again", async (on) => {
  await using rig = await FaultRig.start(servers(on));
  rig.eventNetwork.reset();
  await rig.recovers(2_000);
  await rig.settle();
  assert.deepEqual(rig.reasons, ["asterisk"]);
}, NATS);

fault("an event WebSocket with corrupted data is replaced", async (on) => {
  await using rig = await FaultRig.start(servers(on));
  rig.eventNetwork.inject("client", bytes("nonsense ".repeat(20)));
  await rig.recovers(2_000);
  await rig.settle();
  assert.deepEqual(rig.reasons, ["asterisk"]);
}, NATS);

fault("a half-open event WebSocket is detected and replaced", async (on) => {
  await using rig = await FaultRig.start(servers(on));
  rig.eventNetwork.freeze();
  await rig.misses("Asterisk", SOCKET_HALF_OPEN);
  await rig.recovers(2_000);
  await rig.settle();
  assert.deepEqual(rig.reasons, ["asterisk"]);
  assert.ok(rig.ledger.missing > 0);
}, NATS);

fault("a half-open event WebSocket is detected for a user who may only read", async (on) => {
  const { readonlyUsername: username, readonlyPassword: password } = servers().asterisk;
  await using rig = await FaultRig.start(servers(on), { user: { username, password } });
  rig.eventNetwork.freeze();
  await rig.misses("Asterisk", SOCKET_HALF_OPEN);
  await rig.recovers(2_000);
  await rig.settle();
  assert.deepEqual(rig.reasons, ["asterisk"]);
}, NATS);

fault("an Asterisk that is restarted behind a half-open WebSocket is detected", async (on) => {
  const NEVER = 600_000;
  for (
    const [times, within, found] of [
      [{ silence: NEVER }, SHORT.checkInterval + SHORT.requestTimeout, /was restarted/],
      [{ silence: 2_000, checkInterval: NEVER }, 2_000 + SHORT.probeTimeout, /respond to a ping/],
    ] as const
  ) {
    await using asterisk = await startAsterisk();
    await using rig = await FaultRig.start({ ...servers(on), asterisk }, { times });
    rig.eventNetwork.freeze();
    await asterisk.kill();
    await asterisk.restart();
    assert.match(`${await rig.misses("Asterisk", within)}`, found);
    await rig.recovers(2_000);
    await rig.settle();
    assert.deepEqual(rig.reasons, ["asterisk"]);
  }
}, NATS);

fault("an event WebSocket that is silent is replaced as soon as possible", async (on) => {
  await using rig = await FaultRig.start(servers(on));
  rig.eventNetwork.stall("client");
  await rig.misses("Asterisk", SOCKET_HALF_OPEN);
  await rig.log.line("Waiting for Asterisk");
  rig.eventNetwork.resume();
  await rig.recovers(2_000);
  await rig.settle();
  assert.deepEqual(rig.reasons, ["asterisk"]);
}, NATS);

fault("an Asterisk whose host vanishes is detected, and served when it is back", async (on) => {
  await using rig = await FaultRig.start(servers(on));
  rig.eventNetwork.stall();
  rig.restNetwork.stall();
  await rig.misses("Asterisk", SOCKET_HALF_OPEN);
  rig.eventNetwork.resume();
  rig.restNetwork.resume();
  await rig.recovers(3_000);
  await rig.settle();
  assert.deepEqual(rig.reasons, ["asterisk"]);
}, NATS);

fault("an Asterisk that refuses connections is retried", async (on) => {
  await using rig = await FaultRig.start(servers(on));
  await Promise.all([rig.eventNetwork.refuse(), rig.restNetwork.refuse()]);
  await rig.log.line("Asterisk is disconnected");
  await rig.log.line("Waiting for Asterisk");
  await Promise.all([rig.eventNetwork.accept(), rig.restNetwork.accept()]);
  await rig.recovers(3_000);
  await rig.settle();
  assert.deepEqual(rig.reasons, ["asterisk"]);
}, NATS);

fault("a slow network to Asterisk delays events and loses none", async (on) => {
  await using rig = await FaultRig.start(servers(on));
  rig.eventNetwork.slow(20_000);
  await rig.sends(100);
  rig.eventNetwork.slow(undefined);
  await rig.recovers(2_000);
  await rig.settle();
  assert.equal(rig.ledger.missing, 0);
}, NATS);

fault("a REST interface that hangs leaves other requests and events alone", async (on) => {
  const { asterisk, ...rest } = servers(on);
  await using fake = await startFakeAsterisk({ ...asterisk });
  const times = { requestTimeout: 2_000 };
  await using rig = await FaultRig.start({ asterisk, ...rest }, { httpUrl: fake.httpUrl, times });
  fake.hang(({ path }) => path === "/channels");
  let over = 0;
  const hanging = Array.from(
    { length: 20 },
    () => rig.client.request("ChannelList", {}).finally(() => over++),
  );
  const outcomes = Promise.allSettled(hanging);
  const before = rig.traffic.next;
  await rig.request();
  await rig.ledger.arrived(before);
  assert.equal(over, 0);
  await rig.sends(20);
  for (const outcome of await outcomes) {
    assert.ok(outcome.status === "rejected");
    assert.match(outcome.reason.message, /GET \/channels took over 2000 ms/);
  }
  fake.hang(() => true);
  await assert.rejects(rig.request(), /took over 2000 ms/);
  await rig.sends(20);
  fake.hang(null);
  await rig.recovers(2_000);
  await rig.settle();
  assert.equal(rig.ledger.missing, 0);
}, NATS);

fault("a REST interface that answers 5xx or nonsense leaves events alone", async (on) => {
  const { asterisk, ...rest } = servers(on);
  await using fake = await startFakeAsterisk({ ...asterisk });
  await using rig = await FaultRig.start({ asterisk, ...rest }, { httpUrl: fake.httpUrl });
  for (const status of [500, 503]) {
    fake.answer(() => ({ status, body: "<h1>Overloaded</h1>" }));
    await assert.rejects(rig.request(), { code: "failed" });
    await rig.sends(20);
  }
  fake.answer([]);
  fake.hang(({ path }) => path === "/channels");
  const list = assert.rejects(rig.client.request("ChannelList", {}), { code: "failed" });
  await fake.until(() => fake.calls.some(({ path }) => path === "/channels"));
  rig.restNetwork.inject("client", bytes("nonsense\r\n\r\n"));
  await list;
  fake.hang(null);
  await rig.recovers(2_000);
  await rig.settle();
  assert.equal(rig.ledger.missing, 0);
}, NATS);
