import assert from "node:assert/strict";
import { settingNames } from "../../src/cli/settings/settings.ts";
import { runWithFiles } from "./run_with_files.ts";

const files = {
  "/c.yaml": "ari:\n  username: anna\n  pasword: x\nmessagebus:\n  url: nats://u:hidden@h\n",
};
const env = { ARI_PASSWORD: "hidden", ARI_PROXY_CONFIG: "/c.yaml" };

Deno.test("serve with --print-config shows each setting and its source as JSON", async () => {
  const args = ["serve", "--print-config", "--app", "a", "--app", "b"];
  const { code, out, err } = await runWithFiles(args, { files, env });
  assert.equal(code, 0);
  const all = JSON.parse(out);
  assert.deepEqual(all.map(({ name }: { name: string }) => name), settingNames);
  const byName = Object.fromEntries(
    all.map(({ name, ...rest }: { name: string }) => [name, rest]),
  );
  assert.deepEqual(byName["ari.application"], { value: ["a", "b"], source: "flag --app" });
  assert.deepEqual(byName["ari.username"], { value: "anna", source: "file /c.yaml" });
  assert.deepEqual(byName["ari.password"], {
    value: "(hidden)",
    source: "environment ARI_PASSWORD",
  });
  assert.equal(byName["messagebus.url"].value, "nats://***@h");
  assert.deepEqual(byName["ari.websocket_url"], {
    value: "ws://localhost:8088/ari/events",
    source: "made from ari.http_url",
  });
  assert.deepEqual(byName.config, { value: "/c.yaml", source: "environment ARI_PROXY_CONFIG" });
  assert.equal(err, "ari-proxy: Unknown key ari.pasword in /c.yaml; did you mean ari.password?\n");
  assert.doesNotMatch(out + err, /hidden(?!\))/);
});

Deno.test("serve with --print-config shows a table on a terminal, with what is missing", async () => {
  const { code, out } = await runWithFiles(["--print-config"], { files: {}, terminal: true });
  assert.equal(code, 0);
  assert.match(out, /^SETTING +VALUE +SOURCE\nari\.application +\(missing\)\n/);
  assert.match(out, /^ari\.http_url +http:\/\/localhost:8088\/ari +default$/m);
  assert.match(out, /^embedded\.listen +127\.0\.0\.1:4222 +default$/m);
  assert.match(out, /^node_id +\(not set\)$/m);
});

Deno.test("serve with --print-config shows sizes and times in the form that the settings take", async () => {
  const cases = [
    ["8MiB", "10m", "8MiB", "10m"],
    ["0", "90s", "0", "1m30s"],
    ["1536", "1.5s", "1536", "1s500ms"],
    ["1048576k", "26h", "1GiB", "26h"],
  ];
  for (const [size, age, ...shown] of cases) {
    const show = async (size: string, age: string) => {
      const args = ["--print-config", "--history.size", size, "--history.age", age];
      const { out } = await runWithFiles(args, { files: {} });
      return JSON.parse(out)
        .filter(({ name }: { name: string }) => name.startsWith("history."))
        .map(({ value }: { value: string }) => value);
    };
    assert.deepEqual(await show(size, age), shown);
    // Whoever copies them gets the same.
    assert.deepEqual(await show(shown[0], shown[1]), shown);
  }
});

Deno.test("serve with --print-config ends with 2 when a setting cannot be used", async () => {
  const args = ["--print-config", "--ari.http_url", "ftp://u:hidden@h"];
  const { code, out, err } = await runWithFiles(args, { files: {}, env: { VERBOSE: "no" } });
  assert.equal(code, 2);
  assert.equal(
    JSON.parse(out).find(({ name }: { name: string }) => name === "verbose").value,
    false,
  );
  assert.match(err, /^ari-proxy: Cannot use the setting ari\.http_url from flag --ari\.http_url/);
  assert.doesNotMatch(out + err, /hidden/);
});
