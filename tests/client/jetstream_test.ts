import assert from "node:assert/strict";
import { connectBus } from "../../src/bus/connect.ts";
import { AriClient } from "../../src/client/client.ts";
import { startProxy } from "../../src/server/proxy.ts";
import { runMain } from "../testing/cli_fixture.ts";
import { withDeadline } from "../testing/deadline.ts";
import { startFakeAsterisk } from "../testing/fake_asterisk.ts";
import { MemoryLog } from "../testing/proxy_fixture.ts";
import { bytes, text } from "../testing/received.ts";
import { startNats } from "../testing/servers/nats.ts";

const app = "demo";

/** Starts a nats-server with a JetStream stream that records all requests, and acknowledges them. */
async function startRecordingNats(stack: AsyncDisposableStack): Promise<string> {
  const { url } = stack.use(await startNats({ args: ["-js"] }));
  await using bus = await connectBus(url);
  const stream = { name: "ARI", subjects: ["ari.>"], storage: "memory", retention: "limits" };
  const made = await bus.request(
    "$JS.API.STREAM.CREATE.ARI",
    bytes(JSON.stringify(stream)),
    { timeout: 10_000 },
  );
  assert.match(text(made), /"config"/);
  const seen = await bus.request("ari.command", bytes("{}"), { timeout: 10_000 });
  assert.match(text(seen), /"stream":"ARI"/);
  return url;
}

Deno.test("the acknowledgement of a JetStream stream is not taken for a response, also without a proxy", async () => {
  await using stack = new AsyncDisposableStack();
  const url = await startRecordingNats(stack);
  await using bus = await connectBus(url);
  await using client = AriClient.fromBus(bus, { app, timeout: 100, retries: 0 });
  await client.settled;
  const channel = client.channels.handle({ id: "none", app, node: "n1" });
  for (
    const request of [
      () => channel.hangup(),
      () => channel.data(),
      () => client.channels.handle("none").hangup(),
      () => client.channels.originate({ endpoint: "Local/a@b" }),
      () => client.channels.list(),
      () => client.asterisk.modules.handle("a.so").load(),
      () => client.rest("GET /channels", {}, { key: { node: "n1" } }),
    ]
  ) {
    await assert.rejects(request, { code: "timeout" }, String(request));
  }
  const called = await runMain(
    ["call", "ChannelHangup", "none", "reason=normal", "--app", app, "--timeout", "100ms"],
    { env: { MESSAGEBUS_URL: url } },
  );
  assert.notEqual(called.code, 0);
  assert.doesNotMatch(called.out, /ok|"error":""/);
});

Deno.test("requests get the response of the proxy although a JetStream stream acknowledges them first", async () => {
  await using stack = new AsyncDisposableStack();
  const url = await startRecordingNats(stack);
  const asterisk = stack.use(await startFakeAsterisk());
  const proxyBus = stack.use(await connectBus(url));
  const { httpUrl, websocketUrl, username, password, entityId: node } = asterisk;
  const log = new MemoryLog();
  stack.use(startProxy({
    apps: [app],
    process: { id: crypto.randomUUID(), version: "0.0.0", started: new Date(0) },
    asterisk: { httpUrl, websocketUrl, username, password },
    bus: proxyBus,
    log,
  }));
  await withDeadline(log.line("Asterisk is connected"), { what: "a proxy that serves" });
  await proxyBus.flush();
  asterisk.answer(({ method, path }) =>
    method === "GET" && path === "/channels"
      ? { status: 200, body: '[{"id":"c1"}]' }
      : method === "POST" && path === "/channels"
      ? { status: 200, body: '{"id":"c2"}' }
      : path.startsWith("/channels/")
      ? { status: 404 }
      : undefined
  );
  const bus = stack.use(await connectBus(url));
  const client = stack.use(AriClient.fromBus(bus, { app }));
  await client.settled;
  const gone = { code: "not_found" };
  await assert.rejects(client.channels.handle({ id: "none", app, node }).hangup(), gone);
  await assert.rejects(client.channels.handle("none").hangup(), gone);
  assert.deepEqual((await client.channels.list()).map(({ id }) => id), ["c1"]);
  assert.deepEqual(await client.channels.gather(), {
    items: await client.channels.list(),
    errors: [],
    missing: 0,
  });
  const made = await client.channels.originate({ endpoint: "Local/a@b", id: "c2" });
  assert.deepEqual([made.id, made.node], ["c2", node]);
  assert.deepEqual(await client.rest("GET /channels", {}), [{ id: "c1" }]);
  const called = await runMain(
    ["call", "ChannelHangup", "none", "reason=normal", "--app", app],
    { env: { MESSAGEBUS_URL: url } },
  );
  assert.equal(called.code, 3);
});
