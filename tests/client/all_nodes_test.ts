import assert from "node:assert/strict";
import { InProcessBroker } from "../../src/bus/memory.ts";
import type { AllNodesOptions } from "../../src/client/all_nodes.ts";
import { AriClient } from "../../src/client/client.ts";
import { app, ProxyFixture } from "../testing/proxy_fixture.ts";

/** Commands to all nodes, by name. */
const commands: Readonly<Record<string, (c: AriClient, o: AllNodesOptions) => Promise<unknown>>> = {
  "variables.set": (c, o) => c.asterisk.variables.set("G", "1", o),
  "modules.load": (c, o) => c.asterisk.modules.handle("a.so").load(o),
  "modules.reload": (c, o) => c.asterisk.modules.handle("a.so").reload(o),
  "modules.unload": (c, o) => c.asterisk.modules.handle("a.so").unload(o),
  "logging.rotate": (c, o) => c.asterisk.logging.handle("full").rotate(o),
  "logging.delete": (c, o) => c.asterisk.logging.handle("full").delete(o),
  "config.update": (c, o) => c.asterisk.config.handle("a/b/c").update({ x: "1" }, o),
  "config.delete": (c, o) => c.asterisk.config.handle("a/b/c").delete(o),
  "deviceStates.set": (c, o) => c.deviceStates.handle("Stasis:a").set("BUSY", o),
  "deviceStates.delete": (c, o) => c.deviceStates.handle("Stasis:a").delete(o),
  "mailboxes.set": (c, o) => c.mailboxes.handle("a").set({ new: 1, old: 0 }, o),
  "mailboxes.delete": (c, o) => c.mailboxes.handle("a").delete(o),
  "applications.setEventFilter": (c, o) => c.applications.handle(app).setEventFilter({}, o),
  "rest of a list": (c, o) => c.rest("GET /channels", {}, o),
};

Deno.test("commands to all nodes wait for all, and report or throw when one fails", async () => {
  await using stack = new AsyncDisposableStack();
  const broker = new InProcessBroker();
  const [one, two] = await Promise.all(
    ["n1", "n2"].map((node) => ProxyFixture.start({ broker, node })),
  );
  stack.use(one);
  stack.use(two);
  const client = stack.use(AriClient.fromBus(one.bus, { app }));
  await client.settled;
  const body = "[]";
  for (const [name, doIt] of Object.entries(commands)) {
    let done = 0;
    one.asterisk.answer(() => ({ status: 200, body }));
    two.asterisk.answer(async () => {
      // The other node has responded long before.
      for (let turn = 0; turn < 20; turn++) await one.bus.flush();
      done++;
      return { status: 200, body };
    });
    await doIt(client, { strict: true });
    assert.equal(done, 1, name);

    two.asterisk.answer(() => ({ status: 409 }));
    const lacks: unknown[] = [];
    await doIt(client, {
      onPartial: ({ errors, missing }) => lacks.push([errors.map(({ code }) => code), missing]),
    });
    assert.deepEqual(lacks, [[["conflict"], 0]], name);
    await assert.rejects(doIt(client, { strict: true }), { code: "conflict" }, name);
    one.asterisk.answer(() => ({ status: 409 }));
    await assert.rejects(doIt(client, {}), { code: "conflict" }, name);

    const calls = two.asterisk.calls.length;
    await assert.rejects(doIt(client.derive({ node: "n1" }), {}), { code: "conflict" }, name);
    assert.equal(two.asterisk.calls.length, calls, name);
  }
});
