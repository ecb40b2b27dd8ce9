/**
 * Loaded before each test file (`deno test --preload`): a test that takes too long fails with its
 * name, and the tests after it run. Deno has no time limit for tests.
 *
 * `ARI_PROXY_TEST_LIMIT` is the limit in milliseconds.
 *
 * @module
 */

import { runInThisContext } from "node:vm";

type TestFunction = (context: Deno.TestContext) => void | Promise<void>;

const limit = Number(Deno.env.get("ARI_PROXY_TEST_LIMIT") || 240_000);
// Tests may put a clock of their own in the place of these.
const { setTimeout, clearTimeout } = globalThis;

function limited(name: string, test: TestFunction): TestFunction {
  const run: TestFunction = async (context) => {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => late.reject(new Error(`The test took longer than ${limit} ms: ${name}`)),
      limit,
    );
    try {
      await Promise.race([test(context), late.promise]);
    } finally {
      clearTimeout(timer);
    }
  };
  return Object.defineProperty(run, "name", { value: name });
}

/** The arguments of `Deno.test`, in any of its forms, with a function that ends in time. */
function limitedArguments(args: readonly unknown[]): unknown[] {
  const [first] = args;
  const named = args.map((arg) => {
    if (typeof arg === "function") {
      return limited(typeof first === "string" ? first : arg.name, arg as TestFunction);
    }
    if (typeof arg !== "object" || arg === null || !("fn" in arg)) return arg;
    const { name = "", fn } = arg as Partial<Deno.TestDefinition>;
    return { ...arg, fn: limited(name, fn as TestFunction) };
  });
  return named;
}

// Deno takes the first caller that is not its own for the place of a test. With this file name the
// function counts as Deno's own, so that reports go on naming the lines of the test files.
const wrap: (test: typeof Deno.test, prepare: typeof limitedArguments) => typeof Deno.test =
  runInThisContext(
    "(test, prepare) => function limitedTest(...args) { return test(...prepare(args)); }",
    { filename: "ext:time_limit" },
  );
Object.assign(Deno, { test: Object.assign(wrap(Deno.test, limitedArguments), Deno.test) });
