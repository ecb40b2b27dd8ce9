import assert from "node:assert/strict";
import { BusError } from "../../src/bus/bus.ts";
import { connectBus } from "../../src/bus/connect.ts";
import { AriClient } from "../../src/client/client.ts";
import { startProxy } from "../../src/server/proxy.ts";
import { startFakeAsterisk } from "../testing/fake_asterisk.ts";
import { MemoryLog } from "../testing/proxy_fixture.ts";
import { Received, statusesOf } from "../testing/received.ts";
import { type BusName, busNames, type BusServer } from "../testing/servers/bus_server.ts";
import { startNats } from "../testing/servers/nats.ts";
import { startRabbitmq } from "../testing/servers/rabbitmq.ts";
import { begin, makeFolder, run, type TestFolder } from "./files.ts";

const advice = Deno.readTextFileSync(new URL("../../SECURITY.md", import.meta.url));
const roles = ["proxy", "application", "tail"] as const;
const password = (role: string) => `${role}-geheim`;

/** Starts a server that is set up as the advice says. */
const start: Readonly<Record<BusName, (folder: TestFolder) => Promise<BusServer>>> = {
  async NATS(folder) {
    const [block = ""] = /^authorization \{\n[^]*?^\}$/m.exec(advice) ?? [];
    const config = block.replaceAll(
      /\$(\w+)_PASSWORD/g,
      (_, name) => `"${password(name.toLowerCase())}"`,
    );
    return await startNats({ args: ["--config", folder.write("nats.conf", config)] });
  },
  async RabbitMQ(folder) {
    const lines = advice.matchAll(/^rabbitmqctl set_permissions (\w+) '(.*)' '(.*)' '(.*)'$/gm);
    const permissions = Array.from(
      lines,
      ([, user, configure, write, read]) => ({ user, vhost: "/", configure, write, read }),
    );
    const users = roles.map((name) => ({ name, password: password(name), tags: [], limits: {} }));
    const definitions = JSON.stringify({ users, vhosts: [{ name: "/" }], permissions });
    const path = folder.write("definitions.json", definitions);
    return await startRabbitmq({ config: [`load_definitions = ${path}`] });
  },
};

/** A refusal on each bus: its text, and the exit code of a `call` that names an entity. */
const refusal: Readonly<Record<BusName, { readonly text: RegExp; readonly code: number }>> = {
  // NATS refuses the subject of the answers first, which says nothing of the request.
  NATS: { text: /Permissions Violation/i, code: 8 },
  RabbitMQ: { text: /ACCESS_REFUSED/, code: 4 },
};

for (const on of busNames) {
  Deno.test(`the roles of SECURITY.md allow proxy, application and tail on ${on} what they need, and no more`, async () => {
    await using folder = await makeFolder();
    await using server = await start[on](folder);
    const open = (role: typeof roles[number]) =>
      connectBus(server.url, { user: role, pass: password(role) });
    await using asterisk = await startFakeAsterisk();
    asterisk.answer(({ path }) => path === "/channels" ? { status: 200, body: "[]" } : undefined);
    const { httpUrl, websocketUrl, username, password: secret } = asterisk;
    await using proxyBus = await open("proxy");
    const proxyStatuses = statusesOf(proxyBus);
    const log = new MemoryLog();
    await using _proxy = startProxy({
      apps: ["demo", "other"],
      process: { id: "p", version: "0", started: new Date(0) },
      asterisk: { httpUrl, websocketUrl, username, password: secret },
      bus: proxyBus,
      log,
    });
    await log.line("Asterisk is connected");
    await proxyBus.flush();

    await using bus = await open("application");
    const statuses = statusesOf(bus);
    await using client = AriClient.fromBus(bus, { app: "demo" });
    const info = await client.request("AsteriskInfo", {});
    assert.ok(info);
    const lists = await client.request("ChannelList", {});
    assert.ok(lists);
    const calls = client.calls();
    await calls.ready;

    const env = (role: string) => ({
      MESSAGEBUS_URL: server.url,
      MESSAGEBUS_USERNAME: role,
      MESSAGEBUS_PASSWORD: password(role),
    });
    const tail = begin(["tail", "--type", "StasisStart", "--count", "1", "--wait", "10s"], {
      ...env("tail"),
    });
    await tail.io.stderr.until(/Listening on/);
    asterisk.sendEvent({
      type: "StasisStart",
      application: "demo",
      timestamp: "2026-01-01T00:00:00.000+0000",
      args: [],
      channel: { id: "1.1", name: "Local/1", state: "Up" },
    });
    const { value: call } = await calls.next();
    assert.equal(call?.channel.id, "1.1");
    assert.equal(await tail.code, 0, tail.io.stderr.text);
    const nodes = await run(["nodes", "--json"], env("tail"));
    assert.equal(nodes.code, 0, nodes.err);
    await calls.close();
    assert.deepEqual(proxyStatuses.items.filter(({ type }) => type === "error"), []);
    assert.deepEqual(statuses.items.filter(({ type }) => type === "error"), []);

    // Looking on does not allow acting, nor reading what is not published.
    for (const args of [["ChannelHangup", "1.1"], ["ChannelList"]]) {
      const refused = await run(["call", ...args], env("tail"));
      assert.equal(refused.code, args.length > 1 ? refusal[on].code : 4, refused.err);
      assert.match(refused.err, refusal[on].text);
      assert.ok(!refused.err.includes("geheim"));
    }
    // An application cannot pretend that something has happened.
    const seen = new Received<unknown>();
    await using watch = await open("tail");
    watch.subscribe("ari.event.>", seen.add);
    await watch.flush();
    bus.publish("ari.event.demo.n", new TextEncoder().encode('{"type":"Forged"}'));
    await statuses.until((all) =>
      all.some((status) => status.type === "error" && refusal[on].text.test(status.reason))
    );
    assert.deepEqual(seen.items, []);
    assert.deepEqual(asterisk.calls.filter(({ method }) => method !== "GET"), []);
    // A proxy that has been taken over cannot command the others.
    await assert.rejects(
      proxyBus.request("ari.command.demo", new Uint8Array(2), { timeout: 5_000 }),
      (error) => error instanceof BusError && error.code === "denied",
    );
  });
}
