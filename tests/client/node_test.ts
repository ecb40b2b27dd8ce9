import assert from "node:assert/strict";
import { connectBus } from "../../src/bus/connect.ts";
import { startProxy } from "../../src/server/proxy.ts";
import { startFakeAsterisk } from "../testing/fake_asterisk.ts";
import { MemoryLog } from "../testing/proxy_fixture.ts";
import { startNats } from "../testing/servers/nats.ts";

const root = new URL("../../", import.meta.url);

/** Runs a program to its end. */
async function output(program: string, args: readonly string[]) {
  const { success, stdout, stderr } = await new Deno.Command(program, {
    args: [...args],
    cwd: root,
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  assert.ok(success, decoder.decode(stderr));
  return decoder.decode(stdout);
}

Deno.test("library runs on Node, and lets it end", async () => {
  await using stack = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir({ prefix: "ari-proxy-node-" });
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  const built = `${folder}/mod.mjs`;
  const build = output(Deno.execPath(), ["bundle", "--quiet", "-o", built, "mod.ts"]);

  const nats = stack.use(await startNats());
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
  const bus = stack.use(await connectBus(nats.url));
  const log = new MemoryLog();
  stack.use(startProxy({
    apps: ["calls"],
    process: { id: "p1", version: "0.0.0", started: new Date(0) },
    asterisk: {
      httpUrl: asterisk.httpUrl,
      websocketUrl: asterisk.websocketUrl,
      username: "proxy",
      password: "secret",
    },
    bus,
    log,
  }));
  await log.line("Asterisk is connected");
  await bus.flush();
  await build;

  const script = new URL("tests/client/node_script.mjs", root).pathname;
  assert.equal(await output("node", [script, built, nats.url]), "fine\n");
});
