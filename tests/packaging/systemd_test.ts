import assert from "node:assert/strict";
import { environment } from "../../src/cli/settings/settings.ts";
import { runMain } from "../testing/cli_fixture.ts";

const unit = new URL("../../packaging/systemd/ari-proxy.service", import.meta.url);

/** A line of a unit that sets something. */
interface Line {
  readonly section: string;
  readonly name: string;
  readonly value: string;
}

/** The lines of the unit, with those that are there to be uncommented. */
async function linesOf(options: { commented: boolean }): Promise<Line[]> {
  let section = "";
  const found: Line[] = [];
  for (const line of (await Deno.readTextFile(unit)).split("\n")) {
    section = /^\[(\w+)\]$/.exec(line)?.[1] ?? section;
    const [, off, name, value] = /^(#?)([A-Z]\w+)=(.*)$/.exec(line) ?? [];
    if (name !== undefined && (options.commented || off === "")) {
      found.push({ section, name, value });
    }
  }
  return found;
}

const valuesOf = (lines: readonly Line[], name: string): string[] =>
  lines.filter((line) => line.name === name).map(({ value }) => value);

Deno.test("the unit leaves every setting to the files of its administrator", async () => {
  const lines = await linesOf({ commented: true });
  assert.deepEqual(valuesOf(lines, "ExecStart"), ["/usr/local/bin/ari-proxy serve"]);
  const names = lines.map(({ name }) => name);
  // For the same variable the file overrides the unit, whatever their order.
  assert.ok(names.indexOf("Environment") < names.indexOf("EnvironmentFile"));
  for (const value of valuesOf(lines, "Environment")) {
    assert.ok(environment.includes(value.split("=")[0]), value);
  }
  for (const value of valuesOf(lines, "EnvironmentFile")) assert.match(value, /^-/);
});

Deno.test("the unit needs only the program", async () => {
  const lines = await linesOf({ commented: false });
  const defaults = new Map(
    valuesOf(lines, "SetCredential").map((value): [string, string] => {
      const [name, ...text] = value.split(":");
      return [name, text.join(":")];
    }),
  );
  for (const value of valuesOf(lines, "LoadCredential")) {
    assert.ok(
      defaults.has(value.split(":")[0]),
      `${value} has a default, or it would have to exist`,
    );
  }
  const folder = await Deno.makeTempDir({ prefix: "ari-proxy-test-unit-" });
  try {
    const config = `${folder}/config.yaml`;
    await Deno.writeTextFile(config, defaults.get("config.yaml") ?? "");
    const env = { ARI_PROXY_CONFIG: config, ARI_PROXY_HEALTH: "127.0.0.1:9090" };
    const { code, out, err } = await runMain(["serve", "--print-config"], { env });
    assert.deepEqual([code, err], [0, ""]);
    const health = JSON.parse(out).find(({ name }: { name: string }) => name === "health");
    assert.equal(health.source, "environment ARI_PROXY_HEALTH");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("the unit restarts the program however often it fails, but not with wrong settings", async () => {
  const lines = await linesOf({ commented: false });
  const limit = lines.find(({ name }) => name === "StartLimitIntervalSec");
  assert.deepEqual(limit, { section: "Unit", name: "StartLimitIntervalSec", value: "0" });
  assert.deepEqual(valuesOf(lines, "Restart"), ["always"]);
  assert.deepEqual(valuesOf(lines, "RestartPreventExitStatus"), ["2"]);
});
