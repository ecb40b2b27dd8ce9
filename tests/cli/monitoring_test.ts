import assert from "node:assert/strict";
import { connectBus } from "../../src/bus/connect.ts";
import { main } from "../../src/cli/main.ts";
import { createOutput } from "../../src/cli/output.ts";
import { withDeadline } from "../testing/deadline.ts";
import { startFakeAsterisk } from "../testing/fake_asterisk.ts";
import { createFakeIo } from "../testing/fake_io.ts";
import { listenForNotices } from "../testing/notify_listener.ts";
import { type CliProcess, shippedCli, source, startCli } from "../testing/run_cli.ts";
import { freePort } from "../testing/servers/free_port.ts";
import { startNats } from "../testing/servers/nats.ts";
import { StuckStream } from "../testing/stuck_stream.ts";

const credentials = {
  ARI_APPLICATION: "demo",
  ARI_USERNAME: "ari",
  ARI_PASSWORD: "ari-secret",
};

/** Where a program that has begun answers those who ask for its health. */
async function healthOf(serve: CliProcess): Promise<string> {
  await serve.until(/"Serving \/livez[^\n]*\n/);
  return `http://${/"address":"([^"]+)"/.exec(serve.out)?.[1]}`;
}

async function get(url: string): Promise<{ status: number; body: string }> {
  const response = await fetch(url, { headers: { connection: "close" } });
  return { status: response.status, body: await response.text() };
}

/** Asks again and again until the program is ready, or is not. */
async function untilReady(health: string, ready: boolean): Promise<string> {
  const asking = async () => {
    for (;;) {
      const { status, body } = await get(`${health}/readyz`);
      if (status === (ready ? 200 : 503)) return body;
    }
  };
  return await withDeadline(asking(), { what: `/readyz to tell that it is ready: ${ready}` });
}

/** Asks again and again until the metrics have a line: they are put together four times a second. */
async function untilMetric(health: string, line: string): Promise<void> {
  const asking = async () => {
    while (!(await get(`${health}/metrics`)).body.includes(`\n${line}\n`));
  };
  await withDeadline(asking(), { what: `/metrics to tell ${line}` });
}

const shipped = await shippedCli();
Deno.test.afterAll(async () => await shipped[Symbol.asyncDispose]());

const forms = { "as it is written": source, "as it is shipped": shipped.program };

for (const [form, program] of Object.entries(forms)) {
  Deno.test(`serve reports its health and its metrics while the bus is connected, lost and connected again, ${form}`, async () => {
    await using systemd = listenForNotices();
    await using asterisk = await startFakeAsterisk();
    const port = await freePort();
    const url = `nats://anna:hidden@127.0.0.1:${port}`;
    await using serve = startCli(["serve", "--health", "127.0.0.1:0", "--log-format=json"], {
      env: {
        ...credentials,
        ARI_HTTP_URL: asterisk.httpUrl,
        MESSAGEBUS_URL: url,
        NOTIFY_SOCKET: systemd.address,
        WATCHDOG_USEC: "200000",
      },
      program,
    });
    const health = await healthOf(serve);
    await systemd.until(/^READY=1\n/);
    await serve.until(/Waiting for the bus/);
    assert.equal((await get(`${health}/livez`)).status, 200);
    const missing = JSON.parse(await untilReady(health, false));
    assert.equal(missing.bus.ready, false);
    assert.match(missing.bus.reason, new RegExp(`127\\.0\\.0\\.1:${port}`));
    await systemd.until(/STATUS=Waiting for the bus: /);

    await using nats = await startNats({ port });
    await untilReady(health, true);
    await systemd.until(/STATUS=Bus and Asterisk are connected/);
    await using bus = await connectBus(`nats://127.0.0.1:${port}`);
    const request = async (text: string) => {
      await bus.request("ari.data.demo", new TextEncoder().encode(text), { timeout: 5_000 });
    };
    await request('{"kind":"AsteriskInfo"}');
    await request('{"kind":"NoSuchKind"}');
    const heard = Promise.withResolvers<void>();
    bus.subscribe("ari.event.>", ({ data }) => {
      if (new TextDecoder().decode(data).includes('"Marker"')) heard.resolve();
    });
    await bus.flush();
    asterisk.sendEvent({ type: "Marker", application: "demo" });
    await withDeadline(heard.promise, { what: "an event" });
    for (
      const line of [
        'ari_proxy_requests_total{kind="AsteriskInfo",outcome="ok"} 1',
        'ari_proxy_requests_total{kind="unknown",outcome="unsupported"} 1',
        "ari_proxy_events_received_total 1",
        "ari_proxy_ready 1",
        'ari_proxy_reconnects_total{to="bus"} 0',
        'ari_proxy_serving_info{application="demo",node="02:00:00:00:00:0f"} 1',
      ]
    ) await untilMetric(health, line);
    await systemd.until(/^WATCHDOG=1$/);

    await nats.kill();
    const gone = JSON.parse(await untilReady(health, false));
    assert.deepEqual([gone.bus.ready, gone.asterisk.ready], [false, true]);
    assert.equal((await get(`${health}/livez`)).status, 200);
    await nats.restart();
    await untilReady(health, true);
    await untilMetric(health, 'ari_proxy_reconnects_total{to="bus"} 1');

    serve.kill("SIGTERM");
    assert.equal(await serve.ended(), 0);
    await systemd.until(/STOPPING=1/);
    await assert.rejects(get(`${health}/livez`));
    assert.equal(serve.err, "");
    assert.doesNotMatch(serve.out + systemd.messages.join(), /hidden|ari-secret/);
  });
}

Deno.test("serve is not ready any more while it finishes requests in flight", async () => {
  await using nats = await startNats();
  await using asterisk = await startFakeAsterisk();
  const asked = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  asterisk.answer(async ({ path }) => {
    if (path !== "/channels") return undefined;
    asked.resolve();
    await go.promise;
    return { status: 200, body: "[]" };
  });
  await using serve = startCli(["serve", "--health=127.0.0.1:0"], {
    env: { ...credentials, ARI_HTTP_URL: asterisk.httpUrl, MESSAGEBUS_URL: nats.url },
    program: shipped.program,
  });
  const health = await healthOf(serve);
  await untilReady(health, true);
  await using bus = await connectBus(nats.url);
  bus.publish("ari.get.demo", new TextEncoder().encode('{"kind":"ChannelList"}'));
  await asked.promise;
  await untilMetric(health, "ari_proxy_requests_under_way 1");
  serve.kill("SIGTERM");
  const report = JSON.parse(await untilReady(health, false));
  assert.deepEqual([report.stopping, report.bus.ready, report.asterisk.ready], [true, true, true]);
  go.resolve();
  assert.equal(await serve.ended(), 0);
});

Deno.test("serve that cannot finish its requests ends after 7 s", async () => {
  await using nats = await startNats();
  await using asterisk = await startFakeAsterisk();
  const asked = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  asterisk.answer(async ({ path }) => {
    if (path !== "/channels") return undefined;
    asked.resolve();
    await go.promise;
    return { status: 200, body: "[]" };
  });
  const io = createFakeIo({
    env: { ...credentials, ARI_HTTP_URL: asterisk.httpUrl, MESSAGEBUS_URL: nats.url },
  });
  const { setTimeout } = globalThis;
  const times: number[] = [];
  const code = main(["serve"], io);
  try {
    await io.stdout.until(/Asterisk is connected/);
    await using bus = await connectBus(nats.url);
    bus.publish("ari.get.demo", new TextEncoder().encode('{"kind":"ChannelList"}'));
    await asked.promise;
    // The only timer that is shortened is that of the orderly stop.
    globalThis.setTimeout = ((call: () => void, time: number) => {
      times.push(time);
      return setTimeout(call, time === 7_000 ? 1 : time);
    }) as typeof setTimeout;
    io.signal("SIGTERM");
    assert.equal(await withDeadline(code, { what: "the end of serve" }), 0);
  } finally {
    globalThis.setTimeout = setTimeout;
    go.resolve();
  }
  assert.ok(times.includes(7_000));
  assert.match(io.stdout.text, /Stopping at once: the orderly stop takes too long/);
  assert.doesNotMatch(io.stdout.text, /"Stopped"/);
  await asterisk.until(() => asterisk.open === 0);
});

Deno.test("serve ends with 2 when it cannot listen for Asterisks that dial", async () => {
  await using nats = await startNats();
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr;
  const io = createFakeIo({ env: { MESSAGEBUS_URL: nats.url } });
  const code = main(["serve", "--listen", `127.0.0.1:${port}`], io);
  assert.equal(await withDeadline(code, { what: "the end of serve" }), 2);
  const start = `ari-proxy: Cannot listen for Asterisk at 127.0.0.1:${port}: `;
  assert.ok(io.stderr.text.startsWith(start), io.stderr.text);
});

Deno.test("serve ends with 1 when it cannot listen for health checks", async () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr;
  await using serve = startCli(["serve", "--health", `127.0.0.1:${port}`], {
    env: { ...credentials, MESSAGEBUS_URL: `nats://127.0.0.1:${await freePort()}` },
    program: shipped.program,
  });
  assert.equal(await serve.ended(), 1);
  assert.equal(
    serve.err,
    `ari-proxy: Cannot listen on 127.0.0.1:${port} for --health: the address is in use\n`,
  );
});

Deno.test("serve ends in time although its output is not read", async () => {
  const stuck = new StuckStream();
  const io = {
    ...createFakeIo({
      env: { ...credentials, MESSAGEBUS_URL: `nats://127.0.0.1:${await freePort()}` },
    }),
    stdout: createOutput(stuck, () => 80),
    stderr: createOutput(stuck, () => 80),
  };
  const code = main(["serve"], io);
  await stuck.tried;
  io.stderr.write("A complaint");
  io.signal("SIGTERM");
  assert.equal(await withDeadline(code, { what: "the end of serve" }), 0);
});

Deno.test("serve goes on without a reader of its log, and ignores SIGHUP without a terminal", async () => {
  await using nats = await startNats();
  await using asterisk = await startFakeAsterisk();
  await using serve = startCli(["serve", "-v"], {
    env: {
      ...credentials,
      ARI_HTTP_URL: asterisk.httpUrl,
      MESSAGEBUS_URL: nats.url,
      NOTIFY_SOCKET: "/run/systemd/nobody-listens-here",
    },
    program: shipped.program,
  });
  await serve.until(/Asterisk is connected/);
  assert.match(serve.out, /"WARN[^\n]*Cannot notify systemd/);
  await serve.closeOutput();
  await using bus = await connectBus(nats.url);
  const request = new TextEncoder().encode('{"kind":"AsteriskInfo"}');
  while (serve.err === "") await bus.request("ari.data.demo", request, { timeout: 5_000 });
  serve.kill("SIGHUP");
  await bus.request("ari.data.demo", request, { timeout: 5_000 });
  assert.equal(serve.err, "ari-proxy: Standard output is closed: the log is not read any more\n");
  serve.kill("SIGTERM");
  assert.equal(await serve.ended(), 0);
});
