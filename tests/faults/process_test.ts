import assert from "node:assert/strict";
import type { Bus } from "../../src/bus/bus.ts";
import { connectBus } from "../../src/bus/connect.ts";
import { Requester } from "../../src/client/requester.ts";
import { EventLedger } from "../testing/event_ledger.ts";
import { type FakeAsterisk, startFakeAsterisk } from "../testing/fake_asterisk.ts";
import { receive } from "../testing/received.ts";
import { type CliProcess, startCli } from "../testing/run_cli.ts";
import { startFaultProxy } from "../testing/fault_proxy.ts";
import { busServers } from "../testing/servers/bus_server.ts";
import { fault } from "./fault.ts";

const NATS = { on: ["NATS"] } as const;
const app = "demo";

function serve(asterisk: FakeAsterisk, url: string, args: readonly string[] = []): CliProcess {
  return startCli(["serve", ...args], {
    env: {
      ARI_APPLICATION: app,
      ARI_USERNAME: asterisk.username,
      ARI_PASSWORD: asterisk.password,
      ARI_HTTP_URL: asterisk.httpUrl,
      ARI_WEBSOCKET_URL: asterisk.websocketUrl,
      MESSAGEBUS_URL: url,
    },
  });
}

/** Lets Asterisk send an event of each mark. */
function send(asterisk: FakeAsterisk, ledger: EventLedger, marks: readonly number[]): void {
  for (const mark of marks) {
    const begun = Date.now();
    const timestamp = new Date().toISOString().replace("Z", "+0000");
    const userevent = { mark: `${mark}` };
    asterisk.sendEvent({ type: "ChannelUserevent", application: app, timestamp, userevent });
    ledger.sent(mark, { begun, over: Date.now() });
  }
}

/** Resolves when the proxy answers. */
async function answers(bus: Bus): Promise<void> {
  const request = new TextEncoder().encode('{"kind":"AsteriskInfo"}');
  const answer = await bus.request(`ari.data.${app}`, request, { timeout: 5_000 });
  assert.match(new TextDecoder().decode(answer.data), /entity_id/);
}

fault("a proxy that is killed in the middle of a request is replaced by a new one", async (on) => {
  await using server = await busServers[on]();
  await using asterisk = await startFakeAsterisk();
  const node = asterisk.entityId;
  await using bus = await connectBus(server.url);
  const ledger = new EventLedger(bus, app);
  const announced = await receive(bus, "ari.announce");
  using client = new Requester(bus, { app, timeout: 1_000 });
  {
    await using first = serve(asterisk, server.url);
    await announced.count(1);
    send(asterisk, ledger, [0, 1, 2]);
    await ledger.arrived(2);
    asterisk.hang(({ path }) => path.endsWith("/answer"));
    const hanging = assert.rejects(client.request("ChannelAnswer", { id: "1.1", node }), {
      code: "timeout",
    });
    await asterisk.until(() => asterisk.calls.some(({ path }) => path.endsWith("/answer")));
    first.kill("SIGKILL");
    assert.ok(await first.ended() > 128);
    await hanging;
    await assert.rejects(client.request("AsteriskInfo", { node }), { code: "no_node" });
  }
  ledger.sent(3, { begun: Date.now(), over: Date.now() });
  asterisk.hang(null);
  await using _second = serve(asterisk, server.url);
  await announced.count(2);
  send(asterisk, ledger, [4, 5]);
  await ledger.arrived(5);
  await client.request("AsteriskInfo", { node });
  ledger.check();
  assert.deepEqual(ledger.notices.map(({ reason }) => reason), ["started", "started"]);
  // A request with an unknown outcome is not retried.
  assert.equal(asterisk.calls.filter(({ path }) => path.endsWith("/answer")).length, 1);
});

fault("a proxy whose standard output is closed continues", async (on) => {
  await using server = await busServers[on]();
  await using asterisk = await startFakeAsterisk();
  await using bus = await connectBus(server.url);
  const announced = await receive(bus, "ari.announce");
  await using proxy = serve(asterisk, server.url, ["-v"]);
  await announced.count(1);
  await proxy.closeOutput();
  // Each answer is a line of the log.
  for (let count = 0; count < 20; count++) await answers(bus);
  proxy.kill("SIGTERM");
  assert.equal(await proxy.ended(), 0);
  assert.match(proxy.err, /^ari-proxy: Standard output is closed[^\n]*\n$/);
}, NATS);

fault(
  "a proxy whose standard output is not read continues, and stops on a signal",
  async (on) => {
    await using server = await busServers[on]();
    await using asterisk = await startFakeAsterisk();
    await using bus = await connectBus(server.url);
    const announced = await receive(bus, "ari.announce");
    await using proxy = serve(asterisk, server.url, ["-v"]);
    await announced.count(1);
    proxy.pauseOutput();
    // A pipe holds 64 KiB.
    const request = new TextEncoder().encode('{"kind":"AsteriskInfo"}');
    for (let sent = 0; sent < 1_000; sent++) {
      await bus.request(`ari.data.${app}`, request, { timeout: 5_000 });
    }
    const before = asterisk.infos;
    await answers(bus);
    assert.ok(asterisk.infos > before);
    const begun = performance.now();
    proxy.kill("SIGTERM");
    await proxy.ended();
    assert.ok(performance.now() - begun < 10_000);
  },
  NATS,
);

fault("a proxy whose bus is half-open stops in time on a signal", async (on) => {
  await using server = await busServers[on]();
  await using asterisk = await startFakeAsterisk();
  await using network = await startFaultProxy(server.port);
  await using proxy = serve(asterisk, server.url.replace(/:\d+/, `:${network.port}`));
  await proxy.until(/Asterisk is connected/);
  network.stall();
  const begun = performance.now();
  proxy.kill("SIGTERM");
  assert.equal(await proxy.ended(), 0);
  const took = performance.now() - begun;
  assert.ok(took < 8_000, `${took}`);
  assert.match(proxy.out, /Flushing the bus failed/);
});
