import assert from "node:assert/strict";
import { mock } from "node:test";
import { PendingAcks } from "../../src/bus/pending_acks.ts";

/** A server that acknowledges on demand. */
function server(): { asked: PromiseWithResolvers<void>[]; acknowledge: () => Promise<void> } {
  const asked: PromiseWithResolvers<void>[] = [];
  return {
    asked,
    acknowledge: () => {
      const question = Promise.withResolvers<void>();
      asked.push(question);
      return question.promise;
    },
  };
}

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
const MUCH = 1024 * 1024;

Deno.test("PendingAcks asks at once when many bytes are pending, one question at a time", async () => {
  const { asked, acknowledge } = server();
  const sent = new PendingAcks(acknowledge);
  sent.add(MUCH);
  sent.add(MUCH);
  assert.equal(asked.length, 1);
  assert.equal(sent.bytes, 2 * MUCH);
  asked[0].resolve();
  await settle();
  assert.equal(sent.bytes, MUCH);
  assert.equal(asked.length, 2);
  asked[1].resolve();
  await settle();
  assert.equal(sent.bytes, 0);
  assert.equal(asked.length, 2);
});

Deno.test("PendingAcks asks a moment later when few bytes are pending", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const { asked, acknowledge } = server();
    const sent = new PendingAcks(acknowledge);
    sent.add(1);
    sent.add(2);
    mock.timers.tick(49);
    assert.equal(asked.length, 0);
    mock.timers.tick(1);
    assert.equal(asked.length, 1);
    asked[0].resolve();
    await settle();
    assert.equal(sent.bytes, 0);
    mock.timers.tick(1_000);
    assert.equal(asked.length, 1);
  } finally {
    mock.timers.reset();
  }
});

Deno.test("PendingAcks ignores an acknowledgement of a connection that is gone", async () => {
  const { asked, acknowledge } = server();
  const sent = new PendingAcks(acknowledge);
  sent.add(MUCH);
  sent.reset();
  assert.equal(sent.bytes, 0);
  sent.add(MUCH);
  assert.equal(asked.length, 2);
  asked[0].resolve();
  await settle();
  assert.equal(sent.bytes, MUCH);
  asked[1].reject(new Error("lost"));
  await settle();
  assert.equal(sent.bytes, MUCH);
  sent.reset();
});
