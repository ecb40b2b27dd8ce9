import assert from "node:assert/strict";
import { AriClient } from "../../src/client/client.ts";
import { app, node } from "../testing/proxy_fixture.ts";
import { Received } from "../testing/received.ts";
import { encode, FakeProxies } from "./fake_proxies.ts";

/** The uncaught errors of a program, while a function runs. */
async function uncaught(run: (errors: Received<string>) => Promise<void>): Promise<void> {
  const errors = new Received<string>();
  const take = (event: ErrorEvent) => {
    event.preventDefault();
    errors.add(event.message);
  };
  globalThis.addEventListener("error", take);
  try {
    await run(errors);
  } finally {
    globalThis.removeEventListener("error", take);
  }
}

const fail = (what: string) => () => {
  throw new Error(`my ${what}`);
};

Deno.test("a listener that throws does not affect others, and its error is uncaught", async () => {
  await uncaught(async (errors) => {
    await using proxies = new FakeProxies();
    await using client = AriClient.fromBus(proxies.bus, { app });
    const changes: string[] = [];
    client.onNode(fail("onNode"));
    client.onNode(({ type }) => changes.push(type));
    client.onStatus(fail("onStatus"));
    client.onStatus(({ type }) => changes.push(type));
    await using bad = client.events({
      buffer: 1,
      onDrop: fail("onDrop"),
      onGap: fail("onGap"),
    });
    await using ofChannel = client.channels.handle("c1").events({ buffer: 1, onDrop: fail("c1") });
    await using good = client.events();
    await using goodOfChannel = client.channels.handle("c1").events();
    const calls = client.calls({ buffer: 0, onRefused: fail("onRefused") });
    await Promise.all([bad.ready, ofChannel.ready, good.ready, goodOfChannel.ready, calls.ready]);

    proxies.theirs.publish("ari.announce", encode({ node, application: app }));
    for (const type of ["StasisStart", "StasisEnd"]) {
      await proxies.event({ type, args: [], channel: { id: "c1" }, timestamp: type });
    }
    assert.deepEqual([good.buffered, goodOfChannel.buffered], [2, 2]);
    proxies.bus.disconnect();
    proxies.bus.reconnect();
    await errors.until(() =>
      ["onNode", "onDrop", "c1", "onRefused", "onStatus", "onGap"].every((name) =>
        errors.items.some((text) => text.includes(`my ${name}`))
      )
    );
    assert.deepEqual(changes, ["join", "disconnected", "connected"]);
    assert.equal(good.buffered, 3);
    // The loop of the stream itself is not affected either.
    assert.equal((await bad.next()).value?.type, "AriProxyGap");
    await calls.return();
  });
});
