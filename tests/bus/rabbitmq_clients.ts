/**
 * Connects many clients to RabbitMQ, says so, and waits to be killed: `rabbitmq_clients.ts URL COUNT`.
 *
 * @module
 */

import { connectRabbitmq } from "../../src/bus/rabbitmq/connect.ts";

const [url, count] = Deno.args;
await Promise.all(Array.from({ length: Number(count) }, async () => {
  const bus = await connectRabbitmq({ urls: [url] });
  bus.subscribe("ari.event.calls.>", () => {});
  bus.subscribe("ari.event.calls.>", () => {}, { queue: "listeners" });
  await bus.flush();
  await bus.request("ari.get.calls", new TextEncoder().encode("?"), { timeout: 60_000 });
}));
console.log("ready");
