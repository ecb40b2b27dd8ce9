/**
 * Lists the nodes of the cluster, and the calls and bridges on them.
 *
 *     ARI_APPLICATION=demo deno run -A examples/list.ts
 */
import type { AriClient } from "@ari-proxy/ari-proxy";
import { run } from "./run.ts";

export async function main(client: AriClient, signal: AbortSignal): Promise<void> {
  await client.settled;
  const [channels, bridges] = await Promise.all([
    client.channels.list({ signal }),
    client.bridges.list({ signal }),
  ]);
  for (const { node, asteriskVersion = "unknown" } of client.nodes) {
    console.log(`${node}: Asterisk ${asteriskVersion}`);
    for (const channel of channels.filter((channel) => channel.node === node)) {
      const { name, state } = await channel.data();
      console.log(`  channel ${channel.id}: ${name}, ${state}`);
    }
    for (const bridge of bridges.filter((bridge) => bridge.node === node)) {
      const { channels: inside } = await bridge.data();
      console.log(`  bridge ${bridge.id}: ${inside?.length ?? 0} channels`);
    }
  }
}

if (import.meta.main) await run(main);
