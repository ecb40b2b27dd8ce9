import assert from "node:assert/strict";
import { loadSources } from "../../src/cli/settings/sources.ts";
import { UsageError } from "../../src/cli/errors.ts";
import { type Files, reader, runWithFiles } from "./run_with_files.ts";

const load = (files: Files, env: Record<string, string> = {}, flags: Record<string, string> = {}) =>
  loadSources({ env: (name) => env[name], readFile: reader(files) }, flags);

const home = { HOME: "/home/anna" };

Deno.test("the configuration file is the named one, or the first in a usual place", async () => {
  const files = {
    "/named.yaml": "",
    "/variable.yaml": "",
    "/home/anna/.ari-proxy.toml": "",
    "/home/anna/.ari-proxy.yaml": "",
    "/etc/ari-proxy/config.yaml": "",
  };
  const variable = { ...home, ARI_PROXY_CONFIG: "/variable.yaml" };
  const path = async (...args: Parameters<typeof load>) => (await load(...args)).file?.path;
  assert.equal(await path(files, variable, { config: "/named.yaml" }), "/named.yaml");
  assert.equal(await path(files, variable), "/variable.yaml");
  assert.equal(await path(files, home), "/home/anna/.ari-proxy.toml");
  assert.equal(await path(files), "/etc/ari-proxy/config.yaml");
  assert.equal(await path({}, home), undefined);
});

Deno.test("a file in a usual place that may not be read is no error and worth a word", async () => {
  const files = { "/home/anna/.ari-proxy.yaml": null, "/etc/ari-proxy/config.yaml": "" };
  const { file, warnings } = await load(files, home);
  assert.equal(file?.path, "/etc/ari-proxy/config.yaml");
  assert.equal(warnings.length, 1);
  assert.match(warnings[0], /^Cannot read \/home\/anna\/\.ari-proxy\.yaml: Permission denied/);
});

Deno.test("a file that was named and cannot be used is named with its line", async () => {
  const fails = async (files: Files, config: string, text: RegExp) =>
    await assert.rejects(load(files, {}, { config }), (error: unknown) => {
      assert.ok(error instanceof UsageError);
      assert.match(error.message, text);
      return true;
    });
  await fails(
    {},
    "/c.yaml",
    /^Cannot read the configuration file from flag --config: No such file/,
  );
  await fails({ "/c.yaml": "a:\n\tb: 1" }, "/c.yaml", /^Cannot use \/c\.yaml, line 2: tab char/);
  await fails({ "/c.ini": "" }, "/c.ini", /^Cannot use \/c\.ini: .* are YAML, JSON or TOML$/);
});

Deno.test("unknown keys are told with what may have been meant", async () => {
  const text = "ari:\n  aplication: a\n  password_file: /p\nzebra: 1\n";
  const { warnings } = await load({ "/c.yaml": text }, {}, { config: "/c.yaml" });
  assert.deepEqual(warnings, [
    "Unknown key ari.aplication in /c.yaml; did you mean ari.application?",
    "Unknown key zebra in /c.yaml",
  ]);
});

Deno.test("every subcommand takes the bus from the file, and a wrong file ends it with 2", async () => {
  const files = { "/c.yaml": "messagebus:\n  url: http://x\n", "/broken.yaml": "a: [" };
  for (const args of [["nodes"], ["tail"], ["call", "ChannelList"]]) {
    const wrong = await runWithFiles([...args, "--config", "/c.yaml"], { files });
    assert.equal(wrong.code, 2);
    assert.match(
      wrong.err,
      /setting messagebus\.url from file \/c\.yaml: "http:\/\/x" is not a URL/,
    );
    const broken = await runWithFiles([...args, "--config=/broken.yaml"], { files });
    assert.equal(broken.code, 2);
    assert.match(broken.err, /^ari-proxy: Cannot use \/broken\.yaml/);
  }
});

Deno.test("subcommands that want one application refuse several", async () => {
  const files = { "/c.yaml": "ari:\n  application: [a, b]\n" };
  const { code, err } = await runWithFiles(
    ["call", "ChannelList", "--dry-run", "--config=/c.yaml"],
    { files },
  );
  assert.equal(code, 2);
  assert.match(
    err,
    /ari\.application from file \/c\.yaml: it names several, and one is wanted here/,
  );
});
