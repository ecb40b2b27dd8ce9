import assert from "node:assert/strict";
import { ConfigTextError, formatOf, parseConfigText } from "../../src/cli/settings/config_text.ts";

const read = async (text: string, format: "yaml" | "toml" = "yaml") =>
  Object.fromEntries(await parseConfigText(text, format));

Deno.test("parseConfigText reads 100 levels and refuses more", async () => {
  const levels = (count: number) => `${"a.".repeat(count - 1)}a = 1\n`;
  const values = await parseConfigText(levels(101), "toml");
  assert.deepEqual([...values.values()], ["1"]);
  await assert.rejects(parseConfigText(levels(102), "toml"), /it has more than 100 levels/);
});

Deno.test("parseConfigText reads levels and dots alike, in any letter case", async () => {
  const wanted = { "ari.username": "u", "messagebus.url": "nats://m", verbose: "true" };
  for (
    const text of [
      "ari:\n  username: u\nmessagebus:\n  url: nats://m\nverbose: true\n",
      "ari.username: u\nmessagebus.url: nats://m\nverbose: true\n",
      "ARI: {Username: u}\nMessageBus: {URL: 'nats://m'}\nVerbose: true\n",
      '{"ari": {"username": "u"}, "messagebus": {"url": "nats://m"}, "verbose": true}',
      "x: &a\n  username: u\nari:\n  <<: *a\nmessagebus:\n  url: nats://m\nverbose: true\n---\ny: 1",
    ]
  ) {
    const { "x.username": _, ...values } = await read(text);
    assert.deepEqual(values, wanted, text);
  }
  const toml = 'verbose = true\nmessagebus.url = "nats://m"\n[ari]\nusername = "u"\n';
  assert.deepEqual(await read(toml, "toml"), wanted);
});

Deno.test("parseConfigText takes scalars as they are written and nothing for nothing", async () => {
  assert.deepEqual(await read("a: 0012\nb: ~\nc:\nd: 'null'\ne: no\nf: [x, 2]\n"), {
    a: "0012",
    b: "",
    c: "",
    d: "null",
    e: "no",
    f: "x,2",
  });
  for (const text of ["", "# nothing\n", "---\n"]) assert.deepEqual(await read(text), {});
  assert.deepEqual(await read("", "toml"), {});
  assert.deepEqual(await read("a = ['x', 'y']", "toml"), { a: "x,y" });
});

Deno.test("parseConfigText tells the line of what it cannot read", async () => {
  const fails = async (text: string, line: number | undefined, format?: "yaml" | "toml") =>
    await assert.rejects(parseConfigText(text, format ?? "yaml"), (error: unknown) => {
      assert.ok(error instanceof ConfigTextError);
      assert.equal(error.line, line, error.message);
      assert.doesNotMatch(error.message, /\n/);
      return true;
    });
  await fails("ari:\n\tusername: u\n", 2);
  await fails("a: 1\nb: 2\na: 3\n", 3);
  await fails("ari.username: u\nari:\n  username: v\n", undefined);
  await fails("only text", undefined);
  await fails("- a\n- b\n", undefined);
  await fails("a = 'x'\nb = \n", 2, "toml");
});

Deno.test("formatOf goes by the ending", () => {
  const paths = { "/a/.ari-proxy": "yaml", "c.yaml": "yaml", "c.YML": "yaml", "c.json": "yaml" };
  for (const [path, format] of Object.entries(paths)) assert.equal(formatOf(path), format, path);
  assert.equal(formatOf("/dev/null"), "yaml");
  assert.equal(formatOf("/a.d/config"), "yaml");
  assert.equal(formatOf("c.toml"), "toml");
  assert.equal(formatOf("c.ini"), undefined);
});
