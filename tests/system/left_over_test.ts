import assert from "node:assert/strict";
import { connectBus } from "../../src/bus/connect.ts";
import { connect } from "../../src/client/connect.ts";
import { startProxy } from "../../src/server/proxy.ts";
import { AbortListeners } from "../testing/abort_listeners.ts";
import { startFakeAsterisk } from "../testing/fake_asterisk.ts";
import { OpenTimers } from "../testing/open_timers.ts";
import { MemoryLog } from "../testing/proxy_fixture.ts";
import { busNames, busServers } from "../testing/servers/bus_server.ts";

const app = "demo";
/** How many requests a test sends, beyond those that warm up. */
const REQUESTS = 100;

for (const bus of busNames) {
  Deno.test(`requests and waits on ${bus} leave no listeners and timers, and wait for no timeout`, async () => {
    await using server = await busServers[bus]();
    await using asterisk = await startFakeAsterisk();
    const { httpUrl, websocketUrl, username, password } = asterisk;
    using listeners = new AbortListeners();
    using timers = new OpenTimers();
    await using proxyBus = await connectBus(server.url);
    const log = new MemoryLog();
    await using _proxy = startProxy({
      apps: [app],
      process: { id: crypto.randomUUID(), version: "0.0.0", started: new Date() },
      asterisk: { httpUrl, websocketUrl, username, password },
      bus: proxyBus,
      log,
    });
    await log.line("Asterisk is connected");
    const { signal } = new AbortController();
    // The timeout would be noticed by the time that the test takes.
    await using client = await connect({ url: server.url, app, timeout: 10_000, signal });
    await client.settled;
    asterisk.answer(({ path }) => ({
      status: 200,
      body: path.endsWith("/c1") ? '{"id":"c1"}' : "[]",
    }));

    const round = async () => {
      await client.channels.list({ signal });
      await client.channels.handle("c1").data({ signal });
      await client.channels.handle("c1").answer({ signal });
      await using _events = client.events({ signal });
    };
    await round();
    const before = { listeners: listeners.count, timers: timers.count };
    const begun = performance.now();
    for (let sent = 0; sent < REQUESTS; sent++) await round();
    const took = performance.now() - begun;
    const left = { listeners: listeners.count, timers: timers.count };
    // Pings of the connections and the like come and go.
    assert.ok(left.listeners <= before.listeners + 2, JSON.stringify({ before, left }));
    assert.ok(left.timers <= before.timers + 2, JSON.stringify({ before, left }));
    assert.ok(took < 10_000, `${took}`);
  });
}
