import assert from "node:assert/strict";
import { KeyedQueue, SerialQueue } from "../../src/common/serial_queue.ts";

/** Tasks that end when a test says so, and what they have done. */
function controlled() {
  const steps: string[] = [];
  const gates = new Map<string, PromiseWithResolvers<string>>();
  const task = (name: string) => {
    const gate = Promise.withResolvers<string>();
    gates.set(name, gate);
    return () => {
      steps.push(`begin ${name}`);
      return gate.promise.finally(() => steps.push(`end ${name}`));
    };
  };
  const end = async (name: string) => {
    gates.get(name)?.resolve(name);
    await settle();
  };
  const fail = async (name: string) => {
    gates.get(name)?.reject(new Error(`${name} failed`));
    await settle();
  };
  return { steps, task, end, fail };
}

const settle = () => new Promise((resolve) => setTimeout(resolve));

Deno.test("tasks of a serial queue run one after the other, also after one that fails", async () => {
  const { steps, task, end, fail } = controlled();
  const queue = new SerialQueue();
  assert.equal(queue.idle, true);
  const [a, b, c] = ["a", "b", "c"].map((name) => queue.run(task(name)));
  assert.deepEqual([queue.waiting, queue.idle], [2, false]);
  let drained = false;
  queue.drained().then(() => drained = true);
  await settle();
  assert.deepEqual(steps, ["begin a"]);
  const failed = assert.rejects(a, /a failed/);
  await fail("a");
  await failed;
  assert.deepEqual(steps, ["begin a", "end a", "begin b"]);
  assert.equal(queue.waiting, 1);
  await end("b");
  assert.equal(await b, "b");
  assert.deepEqual([queue.waiting, queue.idle, drained], [0, false, false]);
  await end("c");
  assert.equal(await c, "c");
  assert.deepEqual([queue.waiting, queue.idle, drained], [0, true, true]);
  const last = queue.run(() => "last");
  const thrown = queue.run(() => {
    throw new Error("thrown");
  });
  await assert.rejects(thrown, /thrown/);
  assert.equal(await last, "last");
});

Deno.test("a serial queue rests after each task, and the next one counts as waiting", async () => {
  const rests: (() => void)[] = [];
  const queue = new SerialQueue({ rest: () => new Promise((resolve) => rests.push(resolve)) });
  const done: string[] = [];
  await queue.run(() => done.push("a"));
  const later = ["b", "c"].map((name) => queue.run(() => done.push(name)));
  await settle();
  assert.deepEqual([done, queue.waiting, rests.length], [["a"], 2, 1]);
  rests.shift()?.();
  await settle();
  assert.deepEqual([done, queue.waiting, rests.length], [["a", "b"], 1, 1]);
  rests.shift()?.();
  await Promise.all(later);
  await settle();
  assert.equal(queue.idle, false);
  rests.shift()?.();
  await settle();
  assert.deepEqual([done, queue.idle], [["a", "b", "c"], true]);
});

Deno.test("a keyed queue runs tasks of one key in order and keeps nothing of keys that are done", async () => {
  const { steps, task, end, fail } = controlled();
  const queue = new KeyedQueue();
  const tasks = [["x", "a"], ["x", "b"], ["y", "c"]].map(([key, name]) =>
    queue.run(key, task(name))
  );
  const failed = assert.rejects(tasks[0], /a failed/);
  await settle();
  assert.deepEqual(steps, ["begin a", "begin c"]);
  assert.equal(queue.size, 2);
  await end("c");
  assert.equal(queue.size, 1);
  await fail("a");
  await failed;
  assert.deepEqual(steps.slice(-2), ["end a", "begin b"]);
  // A task that comes while another of its key runs waits for it, also after one has failed.
  const late = queue.run("x", task("d"));
  await settle();
  assert.equal(steps.at(-1), "begin b");
  await end("b");
  assert.equal(steps.at(-1), "begin d");
  await end("d");
  assert.deepEqual(await Promise.all([tasks[1], tasks[2], late]), ["b", "c", "d"]);
  assert.equal(queue.size, 0);
});
