import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { connect } from "amqplib";
import { startRabbitmq } from "../testing/servers/rabbitmq.ts";
import { docCommands } from "./doc_commands.ts";
import { readDocument } from "./documents.ts";

Deno.test("the commands of the migration remove the queues that the original left in RabbitMQ", async () => {
  const commands = docCommands(await readDocument("docs/migration.md"))
    .map(({ command }) => command.split(" "))
    .filter(([program]) => program === "rabbitmqctl");
  assert.equal(commands.length, 3);
  await using server = await startRabbitmq();
  const connection = await connect(server.url);
  const channel = await connection.createConfirmChannel();
  // As the original declares them.
  const lasting = { durable: true, autoDelete: false };
  const events = { ...lasting, arguments: { "x-message-ttl": 30_000 } };
  await channel.assertQueue("demo", events);
  await channel.assertQueue("ARIProxyStasisStartDistributorQueue", events);
  await channel.assertQueue("ariproxy-ari.create.demo", lasting);
  channel.sendToQueue("ariproxy-ari.create.demo", Buffer.from("{}"));
  await channel.waitForConfirms();
  for (const [, ...args] of commands) await server.ctl(args);
  const queues = await server.ctl(["list_queues", "name", "messages"]);
  assert.deepEqual(queues.trim().split("\n").slice(1), ["ariproxy-ari.create.demo\t0"]);
  await connection.close();
});
