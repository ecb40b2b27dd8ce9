import assert from "node:assert/strict";
import { startRabbitmq } from "../testing/servers/rabbitmq.ts";

/** What a broker sends to a client that does not speak its protocol. */
async function greeting(port: number): Promise<string> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(new TextEncoder().encode("NOT AMQP"));
  const buffer = new Uint8Array(8);
  const length = await connection.read(buffer) ?? 0;
  return new TextDecoder().decode(buffer.subarray(0, length));
}

/** Processes whose command line has a text in it. */
async function running(text: string): Promise<string[]> {
  const { stdout } = await new Deno.Command("ps", { args: ["-eo", "args"] }).output();
  return new TextDecoder().decode(stdout).split("\n").filter((line) => line.includes(text));
}

Deno.test("startRabbitmq runs two brokers side by side, and nothing of them stays", async () => {
  const servers = await Promise.all([startRabbitmq(), startRabbitmq()]);
  assert.notEqual(servers[0].port, servers[1].port);
  for (const { port, url, ctl } of servers) {
    assert.equal(url, `amqp://127.0.0.1:${port}`);
    assert.match(await greeting(port), /^AMQP/);
    assert.match(await ctl(["list_vhosts", "name"]), /\/$/m);
    assert.notDeepEqual(await running(`rabbit-${port}@`), []);
  }
  await assert.rejects(
    startRabbitmq({ port: servers[0].port }),
    /Cannot start .*: it ended\n/s,
  );
  await Promise.all(servers.map((server) => server[Symbol.asyncDispose]()));
  for (const { port, log } of servers) {
    await assert.rejects(greeting(port), Deno.errors.ConnectionRefused);
    assert.equal(await log(), "");
    assert.deepEqual(await running(`rabbit-${port}@`), []);
  }
});

Deno.test("RabbitmqServer keeps its port when it is killed and restarted", async () => {
  await using server = await startRabbitmq({ config: ["heartbeat = 17"] });
  const { port, pid } = server;
  await server.kill();
  await assert.rejects(greeting(port), Deno.errors.ConnectionRefused);
  await server.restart();
  assert.notEqual(server.pid, pid);
  assert.match(await greeting(port), /^AMQP/);
  assert.match(await server.ctl(["environment"]), /\{heartbeat,17\}/);
});
