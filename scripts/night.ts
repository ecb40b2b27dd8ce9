/**
 * What takes too long for the gate, up to two hours of it: the fault tests several times, other
 * input for the fuzz tests and more of it, long soaks, a sample of slips for the tests of every
 * folder, and, where `DENORT_BIN` names a runtime, the tests of a real executable. It runs every stage and ends with the counts.
 *
 *     deno task night
 *
 * @module
 */

import { runTests, type TestRun } from "./gate/test_run.ts";

const HOUR = 3_600_000;
/** How often the fault tests run. */
const ROUNDS = 3;
/** Minutes of a soak, for each bus. */
const SOAK_MINUTES = 20;
/** Slips for each folder, and how many percent of them have to be noticed. */
const SLIPS = { count: 8, atLeast: 50 };

/** Runs a script of the tree; it counts as one test. */
async function script(path: string, ...args: string[]): Promise<TestRun> {
  const command = new Deno.Command(Deno.execPath(), { args: ["run", "-A", path, ...args] });
  const { success } = await command.spawn().status;
  const failures = success ? [] : [[path, ...args].join(" ")];
  return { passed: success ? 1 : 0, failed: failures.length, failures };
}

const folders = Array.from(Deno.readDirSync("src")).filter(({ isDirectory }) => isDirectory)
  .map(({ name }) => name).toSorted();
const fuzz = { ARI_PROXY_FUZZ_SEED: "random", ARI_PROXY_FUZZ_RUNS: "20" };
const stages: (readonly [string, () => Promise<TestRun>])[] = [
  ...Array.from({ length: ROUNDS }, (_, round) =>
    [
      `faults, round ${round + 1} of ${ROUNDS}`,
      () => runTests(["-A", "--frozen", "tests/faults"]),
    ] as const),
  ["fuzz", () => runTests(["-A", "--frozen", "tests/fuzz"], { env: fuzz, limit: HOUR })],
  ...["nats", "amqp"].map((bus) =>
    [
      `soak on ${bus}`,
      () => script("tests/soak/main.ts", "--bus", bus, "--minutes", `${SOAK_MINUTES}`),
    ] as const
  ),
  ...folders.map((folder) =>
    [
      `slips in ${folder}`,
      () =>
        script(
          "scripts/mutants.ts",
          folder,
          ...["--count", `${SLIPS.count}`, "--at-least", `${SLIPS.atLeast}`],
        ),
    ] as const
  ),
];

// Elsewhere the runtime of an executable would have to be downloaded.
if (Deno.env.has("DENORT_BIN")) {
  stages.push(["executable", () => script("scripts/try_executable.ts")]);
}

let passed = 0;
let failed = 0;
const failures: string[] = [];
for (const [name, run] of stages) {
  console.log(`\n# ${name}`);
  const begun = performance.now();
  const result = await run();
  passed += result.passed;
  failed += result.failed;
  failures.push(...result.failures.map((failure) => `${name}: ${failure}`));
  const minutes = ((performance.now() - begun) / 60_000).toFixed(1);
  console.log(`# ${name}: ${result.passed} passed, ${result.failed} failed, ${minutes} minutes`);
}
if (failures.length > 0) console.log(`\nFailed:\n  ${failures.join("\n  ")}`);
console.log(`\n${passed} passed, ${failed} failed`);
Deno.exit(failed === 0 ? 0 : 1);
