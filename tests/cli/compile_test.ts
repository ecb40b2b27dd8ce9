import assert from "node:assert/strict";
import { bundle, compile, targetHere } from "../../scripts/compile.ts";

Deno.test("compile embeds all that the program loads, also what it loads when it is needed, and no code from elsewhere", async () => {
  const here = targetHere();
  assert.ok(here, `there is no executable for ${Deno.build.target}`);
  const folder = await Deno.makeTempDir({ prefix: "ari-proxy-test-compile-" });
  try {
    const main = await bundle(`${folder}/bundle`);
    // Any program of this machine stands in for the runtime: it is what comes behind that counts.
    const output = await compile(here, { main, folder, denort: "/usr/bin/true" });
    const text = new TextDecoder("latin1").decode(await Deno.readFile(output));
    for (const told of ["Waiting for the bus", "No node responded", "tab characters must"]) {
      assert.ok(text.includes(told), told);
    }
    // No code is taken from a folder that others can write to.
    assert.match(text, /"code_cache_key":null/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("compile says in one line that there is no runtime", async () => {
  const folder = await Deno.makeTempDir({ prefix: "ari-proxy-test-compile-" });
  try {
    const main = `${folder}/cli.js`;
    await Deno.writeTextFile(main, "console.log(1);\n");
    await assert.rejects(
      compile("linux-x64", { main, folder, denort: `${folder}/nowhere` }),
      /^Error: Cannot make ari-proxy-linux-x64: the runtime is not there .*set DENORT_BIN to [^\n]+$/,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
