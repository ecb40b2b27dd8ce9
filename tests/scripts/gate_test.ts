import assert from "node:assert/strict";
import { runTests, type TestRun } from "../../scripts/gate/test_run.ts";

/** Runs a test file with short time limits, and returns the result and what was printed. */
async function run(code: string): Promise<TestRun & { readonly output: string }> {
  const cwd = await Deno.makeTempDir({ prefix: "ari-proxy-gate-test-" });
  try {
    await Deno.writeTextFile(`${cwd}/fixture_test.ts`, code);
    let output = "";
    const write = (text: string) => output += text;
    // The time to start up counts for the first test.
    return { ...await runTests(["-A", "--no-check"], { cwd, limit: 2_000, write }), output };
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
}

Deno.test("the gate fails a test that hangs with its name and place, and runs the others", async () => {
  const { passed, failed, failures, output } = await run(`
    Deno.test("first", () => {});
    Deno.test("hangs", () => new Promise((resolve) => setTimeout(resolve, 3_600_000)));
    Deno.test({ name: "last", fn: () => {} });
    Deno.test(async function named(t) { await t.step("step", () => {}); });
  `);
  assert.deepEqual({ passed, failed }, { passed: 3, failed: 1 });
  assert.deepEqual(failures, ["hangs => ./fixture_test.ts:3:10"]);
  assert.match(output, /The test took longer than 2000 ms: hangs/);
});

Deno.test("the gate ends with the name of a test that holds up the whole program", async () => {
  const { passed, failed, failures } = await run(`
    Deno.test("first", () => {});
    Deno.test("loops", () => { while (true); });
    Deno.test("never reached", () => {});
  `);
  assert.deepEqual({ passed, failed }, { passed: 1, failed: 1 });
  assert.deepEqual(failures, ["The tests were ended, since this hangs: loops (./fixture_test.ts)"]);
});

Deno.test("the gate names the test during which an error was thrown that nobody caught", async () => {
  const { failed, failures } = await run(`
    Deno.test("throws later", async () => {
      setTimeout(() => { throw new Error("later"); });
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    });
  `);
  assert.equal(failed, 2);
  assert.deepEqual(failures, [
    "./fixture_test.ts (uncaught error) while this ran: throws later",
  ]);
});

Deno.test("the gate names a test file that cannot be loaded", async () => {
  const { passed, failed, failures } = await run(`throw new Error("while loading");`);
  assert.deepEqual({ passed, failed }, { passed: 0, failed: 1 });
  assert.deepEqual(failures, ["./fixture_test.ts (uncaught error)"]);
});
