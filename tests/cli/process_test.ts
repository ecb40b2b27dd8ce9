import assert from "node:assert/strict";
import type { Bus } from "../../src/bus/bus.ts";
import { connectBus } from "../../src/bus/connect.ts";
import { withDeadline } from "../testing/deadline.ts";
import { startFakeAsterisk } from "../testing/fake_asterisk.ts";
import {
  type CliProcess,
  type RunCliOptions,
  shippedCli,
  source,
  startCli,
} from "../testing/run_cli.ts";
import { freePort } from "../testing/servers/free_port.ts";
import { startNats } from "../testing/servers/nats.ts";

const settings = {
  ARI_APPLICATION: "demo",
  ARI_USERNAME: "ari",
  ARI_PASSWORD: "ari-secret",
};

const lines = (process: CliProcess) =>
  process.out.trimEnd().split("\n").map((line) => JSON.parse(line));

/** Publishes events until something has happened. */
async function publishUntil(bus: Bus, happened: Promise<unknown>): Promise<void> {
  let over = false;
  const watched = happened.finally(() => over = true);
  while (!over) {
    bus.publish("ari.event.a.n", new TextEncoder().encode('{"type":"Marker"}'));
    await bus.flush();
  }
  await watched;
}

const shipped = await shippedCli();
Deno.test.afterAll(async () => await shipped[Symbol.asyncDispose]());

const forms = { "as it is written": source, "as it is shipped": shipped.program };

for (const [form, program] of Object.entries(forms)) {
  const start = (args: readonly string[], options: RunCliOptions = {}) =>
    startCli(args, { ...options, program });

  Deno.test(`serve waits for the bus, then for Asterisk, and ends in order on SIGTERM, ${form}`, async () => {
    const port = await freePort();
    await using asterisk = await startFakeAsterisk();
    await asterisk.refuse();
    await using serve = start([], {
      env: {
        ...settings,
        ARI_HTTP_URL: asterisk.httpUrl.replace("//", "//anna:hidden@"),
        MESSAGEBUS_URL: `nats://anna:hidden@127.0.0.1:${port}`,
      },
    });
    await serve.until(/Waiting for the bus/);
    assert.match(serve.out, /"retryIn":"\d+\.\ds"/);
    await using _nats = await startNats({ port });
    await serve.until(/Waiting for Asterisk/);
    await asterisk.accept();
    await serve.until(/Asterisk is connected/);

    await using bus = await connectBus(`nats://127.0.0.1:${port}`);
    const request = new TextEncoder().encode('{"kind":"AsteriskInfo"}');
    const answer = await bus.request("ari.data.demo", request, { timeout: 5_000 });
    assert.match(new TextDecoder().decode(answer.data), /"entity_id":"02:00:00:00:00:0f"/);

    serve.kill("SIGTERM");
    assert.equal(await serve.ended(), 0);
    const [first, ...rest] = lines(serve);
    assert.equal(first.application, "demo");
    assert.match(first.message, /^ari-proxy \d+\.\d+\.\d+/);
    assert.equal(first.asterisk, asterisk.httpUrl.replace("//", "//***@"));
    assert.equal(first.bus, `nats://***@127.0.0.1:${port}`);
    assert.equal(rest.at(-1).message, "Stopped");
    assert.equal(serve.err, "");
    assert.doesNotMatch(serve.out, /hidden|ari-secret/);
  });

  Deno.test(`serve finishes what is under way before it ends, ${form}`, async () => {
    await using nats = await startNats();
    await using asterisk = await startFakeAsterisk();
    const asked = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    asterisk.answer(async ({ path }) => {
      if (path !== "/channels") return undefined;
      asked.resolve();
      await go.promise;
      return { status: 200, body: '[{"id":"1.1"}]' };
    });
    await using serve = start(
      ["serve", "--ari.http_url", asterisk.httpUrl, "--messagebus.url", nats.url, "-v"],
      { env: settings },
    );
    await serve.until(/Asterisk is connected/);
    await using bus = await connectBus(nats.url);
    const request = new TextEncoder().encode('{"kind":"ChannelList"}');
    const answer = bus.request("ari.get.demo", request, { timeout: 10_000 });
    await asked.promise;
    serve.kill("SIGINT");
    await serve.until(/Stopping/);
    go.resolve();
    assert.match(new TextDecoder().decode((await answer).data), /"id":"1\.1"/);
    assert.equal(await serve.ended(), 0);
  });

  Deno.test(`serve ends with 0 on a signal while it waits for the bus, ${form}`, async () => {
    const url = `nats://127.0.0.1:${await freePort()}`;
    await using serve = start(["serve"], { env: { ...settings, MESSAGEBUS_URL: url } });
    await serve.until(/Waiting for the bus/);
    serve.kill("SIGTERM");
    assert.equal(await serve.ended(), 0);
  });

  Deno.test(`serve ends at once with 1 on a second signal, ${form}`, async () => {
    await using nats = await startNats();
    await using asterisk = await startFakeAsterisk();
    const asked = Promise.withResolvers<void>();
    asterisk.hang(({ path }) => {
      if (path === "/channels") asked.resolve();
      return path === "/channels";
    });
    await using serve = start(["serve"], {
      env: { ...settings, ARI_HTTP_URL: asterisk.httpUrl, MESSAGEBUS_URL: nats.url },
    });
    await serve.until(/Asterisk is connected/);
    await using bus = await connectBus(nats.url);
    const request = new TextEncoder().encode('{"kind":"ChannelList"}');
    bus.publish("ari.get.demo", request);
    await asked.promise;
    serve.kill("SIGTERM");
    await serve.until(/Stopping: finishing/);
    serve.kill("SIGTERM");
    assert.equal(await serve.ended(), 1);
    assert.match(serve.out, /Stopping at once/);
  });

  Deno.test(`serve ends with 2 when a setting is wrong, ${form}`, async () => {
    await using serve = start(["serve"], { env: { ...settings, ARI_HTTP_URL: "pbx:8088" } });
    assert.equal(await serve.ended(), 2);
    assert.match(
      serve.err,
      /^ari-proxy: Cannot use the setting ari\.http_url from environment ARI_/,
    );
    assert.equal(serve.out, "");
  });

  Deno.test(`tail as a process ends quietly with 0 when nobody reads it any more, ${form}`, async () => {
    await using nats = await startNats();
    await using bus = await connectBus(nats.url);
    await using tail = start(["tail"], { env: { MESSAGEBUS_URL: nats.url } });
    await publishUntil(bus, tail.until(/Marker/));
    await tail.closeOutput();
    const code = tail.ended();
    await publishUntil(bus, code);
    assert.equal(await code, 0);
    assert.equal(tail.err, "ari-proxy: Listening on ari.event.>\n");
  });

  Deno.test(`tail as a process ends with 0 on SIGINT, everything written, ${form}`, async () => {
    await using nats = await startNats();
    await using bus = await connectBus(nats.url);
    await using tail = start(["tail"], { env: { MESSAGEBUS_URL: nats.url } });
    await publishUntil(bus, tail.until(/Marker/));
    const text = `{"type":"Big","x":"${"y".repeat(500_000)}"}`;
    bus.publish("ari.event.a.n", new TextEncoder().encode(text));
    await bus.flush();
    await tail.until(/Big/);
    tail.kill("SIGINT");
    assert.equal(await tail.ended(), 0);
    assert.ok(tail.out.endsWith(`${text}\n`));
  });

  Deno.test(`the program as a process ends with the codes of a run in process, ${form}`, async () => {
    await using nats = await startNats();
    const env = { MESSAGEBUS_URL: nats.url };
    await using nodes = start(["nodes"], { env });
    await using call = start(["call", "Zebra"], { env });
    await using help = start(["--help"], { env });
    assert.deepEqual([await nodes.ended(), await call.ended(), await help.ended()], [6, 2, 0]);
  });

  Deno.test(`serve, nodes, tail and call work together, ${form}`, async () => {
    await using nats = await startNats();
    await using asterisk = await startFakeAsterisk();
    const folder = await Deno.makeTempDir({ prefix: "ari-proxy-test-config-" });
    try {
      await Deno.writeTextFile(`${folder}/password`, "ari-secret\n");
      await Deno.writeTextFile(
        `${folder}/config.yaml`,
        `ari:\n  application: demo\n  username: ari\n  password_file: ${folder}/password\n` +
          `  http_url: ${asterisk.httpUrl}\nmessagebus:\n  url: ${nats.url}\nvebrose: true\n`,
      );
      const config = ["--config", `${folder}/config.yaml`];
      await using serve = start(config);
      await serve.until(/Asterisk is connected/);
      assert.match(serve.out, /Unknown key vebrose in .*did you mean verbose\?/);
      await using nodes = start(["nodes", ...config]);
      assert.equal(await nodes.ended(), 0);
      assert.match(nodes.out, /"application":"demo"/);
      await using tail = start(["tail", "--count=1", ...config]);
      await tail.until(/Listening/);
      asterisk.sendEvent({ type: "Marker", application: "demo" });
      assert.equal(await tail.ended(), 0);
      assert.match(tail.out, /"type":"Marker"/);
      asterisk.answer(() => ({ status: 200, body: '[{"id":"1.1"}]' }));
      await using call = start(["call", "ChannelList", ...config]);
      assert.equal(await call.ended(), 0);
      assert.match(call.out, /"id":"1\.1"/);
      serve.kill("SIGTERM");
      assert.equal(await serve.ended(), 0);
      assert.equal(serve.err + nodes.err + call.err, "");
      assert.doesNotMatch(serve.out, /ari-secret/);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

Deno.test("serve says once why it waits for the bus, however often it tries", async () => {
  using bus = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const url = `nats://127.0.0.1:${bus.addr.port}`;
  await using serve = startCli([], { env: { ...settings, MESSAGEBUS_URL: url } });
  for (let tries = 0; tries < 4; tries++) {
    using _refused = await withDeadline(bus.accept(), { what: "another try" });
  }
  serve.kill("SIGTERM");
  assert.equal(await serve.ended(), 0);
  const waiting = lines(serve).filter(({ message }) => message === "Waiting for the bus");
  assert.equal(waiting.length, 1, serve.out);
});

Deno.test("serve takes the original's configuration file from the home folder", async () => {
  await using nats = await startNats();
  await using asterisk = await startFakeAsterisk();
  const home = await Deno.makeTempDir({ prefix: "ari-proxy-test-home-" });
  try {
    await Deno.writeTextFile(
      `${home}/.ari-proxy.yaml`,
      "ari:\n  application: calls\n  username: ari\n  password: ari-secret\n" +
        `  http_url: ${asterisk.httpUrl}\n  websocket_url: ${asterisk.websocketUrl}\n` +
        `messagebus:\n  url: ${nats.url}\n`,
    );
    const env = { HOME: home, ARI_PROXY_CONFIG: "" };
    await using serve = startCli([], { env, program: shipped.program });
    await serve.until(/Asterisk is connected/);
    await asterisk.connected("calls");
  } finally {
    await Deno.remove(home, { recursive: true });
  }
});
