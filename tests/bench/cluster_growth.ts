/**
 * Measures what a request costs a client, with the nodes of the cluster.
 *
 * @module
 */
import { cpuUsage } from "node:process";
import { Requester } from "../../src/client/requester.ts";
import type { Size } from "./brokers.ts";
import { Helper } from "./helper.ts";
import type { Site } from "./site.ts";
import { percentile } from "./statistics.ts";

const clusterSizes = [1, 4, 16, 64];
/** The application of the simulated nodes. */
const app = "cluster";

/** What is asked, by its name in the table. */
const questions: Readonly<Record<string, (client: Requester) => Promise<unknown>>> = {
  "one node": (client) => client.request("ChannelData", { app, node: "node-0", id: "node-0.1" }),
  "whoever has it": (client) => client.request("ChannelData", { app, id: "node-0.1" }),
  "a list of all": (client) => client.gather("ChannelList", { app }),
};

/** Measures clusters of several sizes; the nodes are simulated, each with its own connection. */
export async function measureCluster(site: Site, size: Size) {
  const rows = [];
  for (const nodes of clusterSizes) {
    await using helper = new Helper("nodes.ts", [site.addresses.busUrl, app, `${nodes}`]);
    await helper.told();
    using client = new Requester(site.bus);
    await client.nodes.settled;
    const known = client.nodes.members({ app }).length;
    if (known !== nodes) throw new Error(`Cannot measure ${nodes} nodes: ${known} are there`);
    for (const [question, ask] of Object.entries(questions)) {
      const count = Math.ceil(size.single / (question === "one node" ? 1 : Math.sqrt(nodes)));
      for (let i = 0; i < 50; i++) await ask(client);
      const times = new Float64Array(count);
      const before = cpuUsage();
      for (let i = 0; i < count; i++) {
        const begun = performance.now();
        await ask(client);
        times[i] = performance.now() - begun;
      }
      const { user, system } = cpuUsage(before);
      rows.push({
        nodes,
        "asked for": question,
        "p50, ms": Math.round(percentile(times, 0.5) * 100) / 100,
        "p99, ms": Math.round(percentile(times, 0.99) * 100) / 100,
        "client's CPU µs a request": Math.round((user + system) / count),
      });
    }
    // They are gone without a farewell, so the next client must not count them.
    helper.say("bye");
    await helper.told();
  }
  return rows;
}
