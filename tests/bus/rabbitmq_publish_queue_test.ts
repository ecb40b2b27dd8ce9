import assert from "node:assert/strict";
import { BusError } from "../../src/bus/bus.ts";
import { checkMessage } from "../../src/bus/rabbitmq/message.ts";
import { PublishQueue } from "../../src/bus/rabbitmq/publish_queue.ts";

Deno.test("RabbitMQ publish queue continues behind an action that fails, and reports what was not done", async () => {
  const failures: string[] = [];
  const done: string[] = [];
  const line = new PublishQueue((reason) => failures.push(reason));
  const barrier = Promise.withResolvers<void>();
  line.wait(barrier.promise);
  const broken = () => {
    throw new Error("the name is too long");
  };
  assert.ok(line.run(broken));
  assert.ok(line.run(() => false));
  assert.ok(line.run(() => done.push("later") > 0));
  assert.deepEqual(done, []);
  barrier.resolve();
  await line.passed();
  assert.deepEqual(failures, ["the name is too long", "no channel is open"]);
  assert.deepEqual(done, ["later"]);
  assert.ok(line.empty);
  assert.throws(() => line.run(broken), /too long/);
  assert.equal(line.run(() => false), false);
});

Deno.test("RabbitMQ replies go to no address that does not fit into a frame", () => {
  const data = new Uint8Array();
  const long = "\ufffd".repeat(200);
  const refused = (error: unknown) => error instanceof BusError && error.code === "invalid";
  assert.throws(() => checkMessage("_REPLY.x", data, { to: { queue: long } }), refused);
  const to = { queue: "amq.gen-1", correlationId: long };
  assert.throws(() => checkMessage("_REPLY.x", data, { to }), refused);
  const subject = `_REPLY.${"x".repeat(300)}`;
  checkMessage(subject, data, { to: { queue: "x".repeat(255), correlationId: "7" } });
});
