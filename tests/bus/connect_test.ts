import assert from "node:assert/strict";
import { BusError, type BusErrorCode } from "../../src/bus/bus.ts";
import { connectBus } from "../../src/bus/connect.ts";
import { AbortListeners } from "../testing/abort_listeners.ts";
import { freePort } from "../testing/servers/free_port.ts";
import { type NatsServer, startNats } from "../testing/servers/nats.ts";
import { startFakeBroker } from "./fake_broker.ts";

const fails = (code: BusErrorCode, text: RegExp) => (error: unknown) => {
  assert.ok(error instanceof BusError, `${error}`);
  assert.equal(error.code, code);
  assert.match(error.message, text);
  assert.ok(!error.message.includes("geheim"));
  return true;
};

Deno.test("connectBus connects to any of the NATS servers that it is given", async () => {
  await using server = await startNats();
  const dead = `nats://127.0.0.1:${await freePort()}`;
  for (
    const url of [server.url, `${dead},${server.url}`, `${dead}, ${server.url},`, [server.url]]
  ) {
    await using bus = await connectBus(url, { name: "test" });
    assert.equal(bus.connected, true);
    await bus.flush();
  }
});

Deno.test("connectBus refuses what is not the URL of a bus", async () => {
  const cases: [string | string[], RegExp][] = [
    ["", /no URL is given/],
    [[], /no URL is given/],
    [" , ", /no URL is given|is not a URL/],
    ["127.0.0.1:4222", /127\.0\.0\.1:4222 is not a URL/],
    ["http://u:geheim@host", /no bus has the scheme http:\/\//],
    ["constructor://host", /no bus has the scheme constructor:\/\//],
    ["nats://a,amqp://b", /several kinds/],
    ["amqp://guest:geheim@", /amqp:\/\/\*\*\*@ is not an amqp:\/\/ or amqps:\/\/ URL/],
  ];
  for (const [url, message] of cases) {
    await assert.rejects(connectBus(url, { patience: true }), fails("invalid", message));
  }
});

Deno.test("connectBus rejects at the first failure unless it is patient", async () => {
  const url = `nats://u:geheim@127.0.0.1:${await freePort()}`;
  await assert.rejects(connectBus(url), fails("unreachable", /^Cannot reach NATS at 127/));
});

Deno.test("connectBus keeps trying with growing pauses until a server is there", async () => {
  const port = await freePort();
  const delays: number[] = [];
  let starting: Promise<NatsServer> | undefined;
  await using bus = await connectBus(`nats://127.0.0.1:${port}`, {
    patience: true,
    random: () => 0,
    onRetry: (reason, delay) => {
      assert.match(reason, /^Cannot reach NATS/);
      delays.push(delay);
      if (delays.length === 2) starting = startNats({ port });
    },
  });
  await using _server = await starting;
  assert.equal(bus.connected, true);
  assert.deepEqual(delays.slice(0, 2), [125, 250]);
});

Deno.test("connectBus stops trying when its signal aborts", async () => {
  const controller = new AbortController();
  const reason = new Error("enough");
  const connecting = connectBus(`nats://127.0.0.1:${await freePort()}`, {
    patience: true,
    signal: controller.signal,
    onRetry: () => queueMicrotask(() => controller.abort(reason)),
  });
  await assert.rejects(connecting, (error) => error === reason);
});

Deno.test("connectBus leaves no listener on its signal, connected or not", async () => {
  await using nats = await startNats({ args: ["--auth", "right"] });
  await using rabbitmq = await startFakeBroker();
  const { signal } = new AbortController();
  for (const [url, token] of [[nats.url, "right"], [rabbitmq.url, undefined]] as const) {
    using listeners = new AbortListeners();
    const bus = await connectBus(url, { token, signal });
    await bus.close();
    assert.equal(listeners.on(signal), 0, url);
  }
  using listeners = new AbortListeners();
  const port = await freePort();
  await assert.rejects(connectBus(nats.url, { token: "wrong", signal }), BusError);
  await assert.rejects(connectBus(`nats://127.0.0.1:${port}`, { signal }), BusError);
  await assert.rejects(connectBus(`amqp://127.0.0.1:${port}`, { signal }), BusError);
  assert.equal(listeners.on(signal), 0);
});
