import assert from "node:assert/strict";
import type { Key } from "../../src/protocol/key.ts";
import { RealCluster } from "../testing/real_cluster.ts";
import { busNames } from "../testing/servers/bus_server.ts";

const app = "demo";
const nodeA = "02:00:00:00:00:0a";
const nodeB = "02:00:00:00:00:0b";

/** Places a call and waits until its application has it. */
async function call(cluster: RealCluster, id: string, key: Key = {}): Promise<void> {
  await cluster.client.request("ChannelOriginate", key, {
    originate_request: { endpoint: "Local/echo@demo", app, channelId: id },
  });
  await cluster.events.next("StasisStart", { channel: { id } });
}

/** Resolves when a proxy announces itself, whose subscriptions the server then knows. */
function announced({ client }: RealCluster, node: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  client.cluster.onAnnouncement((member) => member.node === node && resolve());
  return promise;
}

for (const on of busNames) {
  Deno.test(`${on}: the proxy serves again when its Asterisk was killed and started anew`, async () => {
    await using cluster = await RealCluster.start([nodeA], { app, on });
    const [{ asterisk, log }] = cluster.nodes;
    await call(cluster, "before");
    await asterisk.kill();
    await log.line("Asterisk is gone");
    await assert.rejects(
      cluster.client.request("ChannelAnswer", { id: "before", app, node: nodeA }),
      { code: "asterisk_down" },
    );
    const back = announced(cluster, nodeA);
    await asterisk.restart();
    await back;
    await call(cluster, "after");
  });

  Deno.test(`${on}: the proxy serves an Asterisk that comes back under another entity ID`, async () => {
    await using cluster = await RealCluster.start([nodeA], { app, on });
    const [{ asterisk }] = cluster.nodes;
    await asterisk.kill();
    const back = announced(cluster, nodeB);
    await asterisk.restart({ entityId: nodeB });
    await back;
    await call(cluster, "after", { node: nodeB });
    await assert.rejects(
      cluster.client.request("ChannelAnswer", { id: "x", app, node: nodeA }),
      { code: "no_node" },
    );
  });

  Deno.test(`${on}: the proxy serves again when the bus was killed and started anew`, async () => {
    await using cluster = await RealCluster.start([nodeA], { app, on });
    const [{ proxy, log }] = cluster.nodes;
    await call(cluster, "before");
    const back = announced(cluster, nodeA);
    await cluster.server.kill();
    await log.line("The bus is gone");
    await cluster.server.restart();
    await back;
    await call(cluster, "after");
    assert.equal(proxy.stats.eventsLost, 0);
  });
}
