import assert from "node:assert/strict";
import { once } from "node:events";
import process from "node:process";
import { callSafely } from "../../src/common/call_safely.ts";

Deno.test("a handler's failure is reported, whether it throws or its promise is rejected", async () => {
  const errors: unknown[] = [];
  const take = (error: unknown) => void errors.push(error);
  const thrown = new Error("thrown");
  const calls: string[] = [];
  callSafely(() => {
    calls.push("first");
    throw thrown;
  }, take);
  assert.deepEqual(errors, [thrown]);
  const rejected = new Error("rejected");
  callSafely(() => Promise.reject(rejected), take);
  callSafely(() => Promise.resolve(), take);
  callSafely(() => calls.push("last"), take);
  await new Promise((resolve) => setTimeout(resolve));
  assert.deepEqual(errors, [thrown, rejected]);
  assert.deepEqual(calls, ["first", "last"]);
});

Deno.test("a failure without a handler is an uncaught error, after the caller has gone on", async () => {
  const uncaught = once(process, "uncaughtException");
  const thrown = new Error("thrown");
  let wentOn = false;
  callSafely(() => {
    throw thrown;
  });
  process.once("uncaughtException", () => assert.ok(wentOn));
  wentOn = true;
  assert.equal((await uncaught)[0], thrown);
});
