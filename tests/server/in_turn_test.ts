import assert from "node:assert/strict";
import { InTurn } from "../../src/server/requests/in_turn.ts";

/** A queue whose turns are in the hands of a test. */
function start(limit?: number) {
  const turns: (() => void)[] = [];
  const giveWay = () => new Promise<void>((resolve) => turns.push(resolve));
  const queue = new InTurn({ limit, giveWay });
  const done: string[] = [];
  const run = (name: string) => queue.run(() => done.push(name));
  const turn = async () => {
    turns.shift()?.();
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { queue, done, run, turn };
}

Deno.test("tasks are done at once when nothing waits, and else one in each turn", async () => {
  const { done, run, turn } = start();
  await run("a");
  const others = Promise.all([run("b"), run("c")]);
  assert.deepEqual(done, ["a"]);
  await turn();
  assert.deepEqual(done, ["a", "b"]);
  await turn();
  await others;
  assert.deepEqual(done, ["a", "b", "c"]);
  await turn();
  await run("d");
});

Deno.test("tasks that fail let others have their turn, and too many are refused", async () => {
  const { queue, done, run, turn } = start(2);
  await assert.rejects(queue.run(() => assert.fail("It fails")), /It fails/);
  const waiting = Promise.all([run("a"), run("b")]);
  await assert.rejects(run("c"), {
    code: "busy",
    message: "Busy: 2 requests for past events wait",
  });
  await turn();
  await turn();
  await waiting;
  assert.deepEqual(done, ["a", "b"]);
});
