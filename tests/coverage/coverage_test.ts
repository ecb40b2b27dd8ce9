import assert from "node:assert/strict";
import { generateApi } from "../../scripts/generate_api.ts";
import { undescribed } from "../../scripts/api/text.ts";
import { Bench } from "./bench.ts";
import { coveragePage, coverageText, uncovered } from "./coverage_table.ts";
import { exerciseFake } from "./fake_exercises.ts";
import { scenarios } from "./scenarios.ts";

// With `-- --update` it writes the page instead of comparing it.
Deno.test("every operation and event passes through the bus", async (t) => {
  await using bench = await Bench.start();
  await t.step("the generated code says what Asterisk serves", async () => {
    const files = await generateApi(bench.documents);
    for (const [url, text] of files) {
      assert.equal(await Deno.readTextFile(new URL(url)), text, url);
    }
    assert.deepEqual(undescribed(files.values()), []);
  });
  for (const scenario of scenarios) {
    await t.step(scenario.name, () => bench.run(scenario));
  }
  await t.step(
    "operations that the real Asterisk cannot do are tested on the fake one",
    async () => {
      const fake = await exerciseFake(bench.description);
      const coverage = { real: bench.exercised, fake };
      assert.deepEqual(uncovered(coverage), []);
      const text = coverageText(coverage);
      if (Deno.args.includes("--update")) await Deno.writeTextFile(coveragePage, text);
      else assert.equal(await Deno.readTextFile(coveragePage), text);
    },
  );
});
