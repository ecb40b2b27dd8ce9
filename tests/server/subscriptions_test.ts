import assert from "node:assert/strict";
import { RequestSubscriptions } from "../../src/server/requests/subscriptions.ts";

const nodeA = { app: "calls", node: "a" };

/** Subscriptions on a bus that merely notes what is opened and closed. */
function noteSubscriptions() {
  const opened: string[] = [];
  const closed: string[] = [];
  const subscriptions = new RequestSubscriptions({
    bus: {
      subscribe(subject) {
        opened.push(subject);
        const close = () => void closed.push(subject);
        return {
          close,
          drain: () => Promise.resolve(close()),
        };
      },
    },
    handle() {},
  });
  return { subscriptions, opened, closed };
}

Deno.test("request subscriptions stay as they are when an application is added", () => {
  const { subscriptions, opened, closed } = noteSubscriptions();
  subscriptions.open([nodeA]);
  assert.equal(opened.length, 12);
  opened.length = 0;
  subscriptions.open([nodeA, { app: "ivr", node: "a" }]);
  assert.deepEqual(closed, []);
  assert.deepEqual(opened.sort(), [
    // Only what is read is asked of each application of a process.
    "ari.command.ivr",
    "ari.command.ivr.a",
    "ari.create.ivr",
    "ari.create.ivr.a",
    "ari.data",
    "ari.data.ivr",
    "ari.data.ivr.a",
    "ari.get",
    "ari.get.ivr",
    "ari.get.ivr.a",
  ]);
});

Deno.test("request subscriptions move to another node, and come back to the queue", async () => {
  const { subscriptions, opened, closed } = noteSubscriptions();
  subscriptions.open([nodeA]);
  subscriptions.open([{ app: "calls", node: "b" }]);
  assert.equal(closed.length, 12);
  assert.equal(opened.length, 24);
  await subscriptions.leaveCreate();
  assert.deepEqual(closed.slice(12), ["ari.create", "ari.create.calls", "ari.create.calls.b"]);
  opened.length = 0;
  subscriptions.open([{ app: "calls", node: "b" }]);
  assert.deepEqual(opened, ["ari.create", "ari.create.calls", "ari.create.calls.b"]);
  await subscriptions.drain();
  assert.equal(closed.length, 27);
});

Deno.test("request subscriptions that are left or ended are drained before that is over", async () => {
  for (const [end, drained] of [["leaveCreate", 3], ["drain", 12]] as const) {
    const drains: PromiseWithResolvers<void>[] = [];
    const subscriptions = new RequestSubscriptions({
      bus: {
        subscribe: () => ({
          close: () => assert.fail("What was delivered is not handled"),
          drain: () => {
            const drain = Promise.withResolvers<void>();
            drains.push(drain);
            return drain.promise;
          },
        }),
      },
      handle() {},
    });
    subscriptions.open([nodeA]);
    let over = false;
    const ending = subscriptions[end]().then(() => over = true);
    assert.equal(drains.length, drained);
    for (const drain of drains) {
      await new Promise((resolve) => setImmediate(resolve));
      assert.equal(over, false);
      drain.resolve();
    }
    await ending;
  }
});
