/**
 * The one gate: format, lint, types, docs, publishing, tests. It runs every stage, even after a
 * failure, and ends with the counts of the tests, in which a failed stage counts as a failed test.
 *
 *     deno run -A scripts/gate.ts
 *
 * @module
 */

const reports = await Deno.makeTempDir({ prefix: "ari-proxy-gate-" });
const junit = `${reports}/tests.xml`;

/** The stages but for the tests, and the arguments of `deno` for each. */
const stages: readonly (readonly [string, readonly string[]])[] = [
  ["format", ["fmt", "--check"]],
  ["lint", ["lint"]],
  ["types", ["check", "--frozen", "."]],
  ["examples", ["check", "--frozen", "--doc", "mod.ts", "README.md"]],
  ["documentation", ["doc", "--lint", "mod.ts"]],
  ["publishing", ["publish", "--dry-run", "--allow-dirty"]],
];

async function deno(args: readonly string[]): Promise<boolean> {
  const { code } = await new Deno.Command(Deno.execPath(), { args: [...args] }).spawn().status;
  return code === 0;
}

/** The sum of an attribute over all suites of a JUnit report. */
function count(xml: string, attribute: string): number {
  const suites = xml.match(/<testsuite\s[^>]*>/g) ?? [];
  return suites.reduce((sum, suite) => {
    const value = suite.match(new RegExp(`\\b${attribute}="(\\d+)"`))?.[1] ?? "0";
    return sum + Number(value);
  }, 0);
}

const failedStages: string[] = [];
for (const [name, args] of stages) {
  console.log(`\n# ${name}: deno ${args.join(" ")}`);
  if (!await deno(args)) failedStages.push(name);
}

const tests = ["test", "--frozen", "-A", "--junit-path", junit];
console.log(`\n# tests: deno ${tests.slice(0, 3).join(" ")}`);
const passedTests = await deno(tests);
const report = await Deno.readTextFile(junit).catch(() => "");
await Deno.remove(reports, { recursive: true });

const failures = count(report, "failures") + count(report, "errors");
const passed = count(report, "tests") - failures - count(report, "disabled");
// A run that ended without saying which test failed, as after a crash, is a failure all the same.
const failed = failures + failedStages.length + (!passedTests && failures === 0 ? 1 : 0);
if (failedStages.length > 0) console.log(`\nFailed stages: ${failedStages.join(", ")}`);
console.log(`\n${passed} passed, ${failed} failed`);
Deno.exit(failed === 0 ? 0 : 1);
