/**
 * The one gate: format, lint, types, docs, publishing, tests. It runs every stage, even after a
 * failure, and ends with the counts of the tests, in which a failed stage counts as a failed test.
 *
 *     deno task ok
 *
 * @module
 */

import { runTests } from "./gate/test_run.ts";

/** The modules of the package's library that other programs import. */
const doors = ["mod.ts", "src/protocol/mod.ts", "src/bus/mod.ts"];

/** The stages but for the tests, and the arguments of `deno` for each. */
const stages: readonly (readonly [string, readonly string[]])[] = [
  ["format", ["fmt", "--check"]],
  ["lint", ["lint"]],
  ["types", ["check", "--frozen", "."]],
  ["examples", ["check", "--frozen", "--doc", ...doors, "README.md"]],
  ["documentation", ["doc", "--lint", ...doors]],
  ["publishing", ["publish", "--dry-run", "--allow-dirty"]],
];

async function deno(args: readonly string[]): Promise<boolean> {
  const { code } = await new Deno.Command(Deno.execPath(), { args: [...args] }).spawn().status;
  return code === 0;
}

const failedStages: string[] = [];
for (const [name, args] of stages) {
  console.log(`\n# ${name}: deno ${args.join(" ")}`);
  if (!await deno(args)) failedStages.push(name);
}

const tests = ["--frozen", "-A"];
console.log(`\n# tests: deno test ${tests.join(" ")}`);
const { passed, failed, failures } = await runTests(tests);

if (failures.length > 0) console.log(`\nFailed tests:\n  ${failures.join("\n  ")}`);
if (failedStages.length > 0) console.log(`\nFailed stages: ${failedStages.join(", ")}`);
const allFailed = failed + failedStages.length;
console.log(`\n${passed} passed, ${allFailed} failed`);
Deno.exit(allFailed === 0 ? 0 : 1);
