import assert from "node:assert/strict";
import { connectBus } from "../../src/bus/connect.ts";
import { startProxy } from "../../src/server/proxy.ts";
import { startFakeAsterisk } from "../testing/fake_asterisk.ts";
import { MemoryLog } from "../testing/proxy_fixture.ts";
import { busNames, busServers } from "../testing/servers/bus_server.ts";

const root = new URL("../../", import.meta.url);

/** Runs a program to its end; one that takes too long is killed. */
async function output(program: string, args: readonly string[]) {
  const child = new Deno.Command(program, {
    args: [...args],
    cwd: root,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const kill = setTimeout(() => child.kill("SIGKILL"), 60_000);
  const { success, stdout, stderr } = await child.output();
  clearTimeout(kill);
  const decoder = new TextDecoder();
  const said = decoder.decode(stdout);
  assert.ok(success, `${program} ${args[0]} failed: ${said}${decoder.decode(stderr)}`);
  return said;
}

/** Builds the library for a program that has no Deno. */
async function build(folder: string): Promise<string> {
  const built = `${folder}/mod.mjs`;
  await output(Deno.execPath(), ["bundle", "--quiet", "-o", built, "mod.ts"]);
  return built;
}

/** A proxy with an Asterisk that makes channels. Disposing of it stops both. */
async function startNode(url: string): Promise<AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const asterisk = stack.use(
    await startFakeAsterisk({ username: "proxy", password: "secret" }),
  );
  asterisk.answer(({ method, path }) => {
    if (path.startsWith("/channels/")) {
      return { status: 404, body: '{"message":"Channel not found"}' };
    }
    if (method !== "POST" || path !== "/channels") return undefined;
    asterisk.sendEvent({
      type: "StasisStart",
      timestamp: "2026-11-22T22:18:58.338+0000",
      args: [],
      channel: { id: "c1", name: "PJSIP/alice-1", state: "Down" },
      asterisk_id: asterisk.entityId,
      application: "calls",
    });
    return { status: 200, body: '{"id":"c1"}' };
  });
  const bus = stack.use(await connectBus(url));
  const log = new MemoryLog();
  const { httpUrl, websocketUrl, username, password } = asterisk;
  stack.use(startProxy({
    apps: ["calls"],
    process: { id: "p1", version: "0.0.0", started: new Date(0) },
    asterisk: { httpUrl, websocketUrl, username, password },
    bus,
    log,
  }));
  await log.line("Asterisk is connected");
  await bus.flush();
  return stack.move();
}

Deno.test("library runs on Node with every bus, and lets it end", async (t) => {
  await using stack = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir({ prefix: "ari-proxy-node-" });
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  const built = await build(folder);
  const script = new URL("tests/client/node_script.mjs", root).pathname;
  for (const name of busNames) {
    await t.step(name, async () => {
      await using server = await busServers[name]();
      await using _node = await startNode(server.url);
      assert.equal(await output("node", [script, built, server.url]), "fine\n");
    });
  }
});
