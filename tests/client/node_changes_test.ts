import assert from "node:assert/strict";
import { mock } from "node:test";
import { InProcessBroker } from "../../src/bus/memory.ts";
import { AriClient } from "../../src/client/client.ts";
import { encodeAnnouncement } from "../../src/protocol/announcement.ts";

Deno.test("client reports when nodes join, leave and are lost", async () => {
  const broker = new InProcessBroker();
  await using bus = broker.connect();
  await using theirs = broker.connect();
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  try {
    await using client = AriClient.fromBus(bus, { app: "a", nodeMaxAge: 60_000 });
    const changes: string[] = [];
    const stop = client.onNode(({ type, node }) => changes.push(`${type} ${node.node}`));
    const announce = async (app: string, node: string, state?: string) => {
      theirs.publish("ari.announce", encodeAnnouncement({ app, node, id: node, state }));
      await theirs.flush();
      await bus.flush();
    };
    await announce("a", "n1");
    await announce("a", "n2");
    await announce("b", "n3");
    await announce("a", "n2", "stopping");
    assert.deepEqual(changes.splice(0), ["join n1", "join n2", "leave n2"]);
    mock.timers.tick(30_000);
    await announce("a", "n1");
    mock.timers.tick(60_000);
    assert.deepEqual(changes, []);
    mock.timers.tick(2);
    assert.deepEqual(changes.splice(0), ["lost n1"]);
    assert.deepEqual(client.nodes, []);
    stop();
    await announce("a", "n1");
    assert.deepEqual(changes, []);
  } finally {
    mock.timers.reset();
  }
});
