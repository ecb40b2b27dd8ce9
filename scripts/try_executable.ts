/**
 * Makes the executable of this machine and runs the tests of the program as it is shipped with it; the
 * gate runs them with the bundle and the permissions of an executable.
 *
 *     deno task executable
 *
 * The runtime is downloaded unless `DENORT_BIN` names one.
 *
 * @module
 */
import { runTests } from "./gate/test_run.ts";
import { bundle, compile, targetHere } from "./compile.ts";

/** The tests that run the program as it is shipped. */
async function testsOfShipped(): Promise<string[]> {
  const found: string[] = [];
  for (const folder of ["tests/cli", "tests/security", "tests/system"]) {
    for await (const { name } of Deno.readDir(folder)) {
      const path = `${folder}/${name}`;
      if (name.endsWith("_test.ts") && (await Deno.readTextFile(path)).includes("shippedCli()")) {
        found.push(path);
      }
    }
  }
  return found.toSorted();
}

const target = targetHere();
if (target === undefined) throw new Error(`There is no executable for ${Deno.build.target}`);
const folder = await Deno.makeTempDir({ prefix: "ari-proxy-executable-" });
try {
  const main = await bundle(`${folder}/bundle`);
  const env = { ARI_PROXY_EXECUTABLE: await compile(target, { main, folder }) };
  const { passed, failed } = await runTests(
    ["-A", "--frozen", ...await testsOfShipped()],
    { env },
  );
  console.log(`\n${passed} passed, ${failed} failed`);
  Deno.exitCode = failed === 0 && passed > 0 ? 0 : 1;
} finally {
  await Deno.remove(folder, { recursive: true });
}
