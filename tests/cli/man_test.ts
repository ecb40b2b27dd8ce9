import assert from "node:assert/strict";
import { manPage, manText } from "../../scripts/man.ts";
import { exitCodes } from "../../src/cli/exit_codes.ts";
import { environment, settingNames, settings } from "../../src/cli/settings/settings.ts";
import { findTools } from "../testing/servers/tools.ts";

const { mandoc, env } = await findTools();

async function run(...args: readonly string[]): Promise<{ code: number; out: string }> {
  const command = new Deno.Command(mandoc, { args: [...args], env: { ...env }, stdin: "null" });
  const { code, stdout, stderr } = await command.output();
  return { code, out: [stdout, stderr].map((data) => new TextDecoder().decode(data)).join("") };
}

Deno.test("the manual page is what the tables of the program make", async () => {
  const hint = "make it again: deno run -A scripts/man.ts";
  assert.equal(await Deno.readTextFile(manPage), manText(), hint);
});

Deno.test("the manual page is well formed", async () => {
  const { out } = await run("-T", "lint", manPage.pathname);
  const complaints = out.split("\n").filter((line) => line !== "");
  // It has none on purpose.
  assert.deepEqual(complaints.filter((line) => !line.includes("missing date")), []);
});

Deno.test("the manual page has all subcommands, settings, variables, files and exit codes when it is read", async () => {
  const { code, out } = await run("-T", "ascii", "-O", "width=500", manPage.pathname);
  assert.equal(code, 0);
  // Letters are struck twice to be bold: the first one, and the step back behind it, go.
  const struck = out.split("\b");
  const text = struck.map((part, i) => i + 1 < struck.length ? part.slice(0, -1) : part).join("");
  for (const name of ["serve", "call", "tail", "nodes", "context add", "health", "completion"]) {
    assert.match(text, new RegExp(`^   ${name}$`, "m"));
  }
  assert.ok(!text.includes("__complete"));
  for (const name of settingNames) {
    const { flags, env } = settings[name];
    for (const word of [...flags.map((flag) => `--${flag}`), ...env]) {
      assert.ok(text.includes(word), word);
    }
  }
  const section = (from: string, to: string) =>
    text.slice(text.indexOf(`\n${from}`), text.indexOf(`\n${to}`));
  const variables = section("ENVIRONMENT", "EXIT STATUS");
  for (const name of environment) assert.match(variables, new RegExp(`\\b${name}\\b`), name);
  const status = section("EXIT STATUS", "FILES");
  for (const code of Object.values(exitCodes)) assert.match(status, new RegExp(`^ +${code} `, "m"));
  const places = section("FILES", "SEE ALSO");
  for (const file of ["config.yaml", "contexts.json"]) assert.ok(places.includes(file), file);
});
