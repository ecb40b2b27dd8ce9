import assert from "node:assert/strict";
import project from "../../deno.json" with { type: "json" };
import { runMain } from "../testing/cli_fixture.ts";

Deno.test("the program shows its help, with subcommands, examples and exit codes", async () => {
  for (const flag of ["--help", "-h"]) {
    const { code, out, err } = await runMain([flag]);
    assert.deepEqual([code, err], [0, ""]);
    for (const text of ["serve", "call", "tail", "nodes", "Examples", "7  no response in time"]) {
      assert.ok(out.includes(text), text);
    }
  }
});

Deno.test("every subcommand shows its help, with examples and the flags by their real names", async () => {
  for (const name of ["serve", "call", "tail", "nodes"]) {
    const { code, out, err } = await runMain([name, "--help"]);
    assert.deepEqual([code, err], [0, ""]);
    for (const text of ["Examples", "--ari.application", "--messagebus.url", "MESSAGEBUS_URL"]) {
      assert.ok(out.includes(text), `${name}: ${text}`);
    }
  }
  const { code, out } = await runMain(["--ari.application=demo", "--help"]);
  assert.equal(code, 0);
  assert.match(out, /ari-proxy serve/);
});

Deno.test("the program shows its version", async () => {
  for (const flag of ["--version", "-V"]) {
    const outcome = await runMain([flag]);
    assert.deepEqual(outcome, { code: 0, out: `${project.version}\n`, err: "" });
  }
});

Deno.test("the program refuses what it does not know and proposes what it does", async () => {
  const cases: [string[], RegExp][] = [
    [["tial"], /^ari-proxy: Unknown subcommand "tial"; did you mean tail\?\n$/],
    [["tail", "--tpye", "X"], /^ari-proxy: Unknown option --tpye; did you mean --type\?\n$/],
    [["--ari.pasword=secret"], /Unknown option --ari\.pasword; did you mean --ari\.password\?\n$/],
    [["call", "-x"], /^ari-proxy: Unknown option -x\n$/],
    [["nodes", "more"], /^ari-proxy: Too many arguments: none allowed\n$/],
    [["nodes", "--wait", "5"], /^ari-proxy: Cannot use option --wait: "5" is not a time such as/],
    [["nodes", "--wait", "0s"], /^ari-proxy: Cannot use option --wait: "0s" is not a time/],
    [["tail", "--count=0"], /^ari-proxy: Cannot use option --count: "0" is not a whole number/],
    [["tail", "--count"], /^ari-proxy: Option --count needs a value\n$/],
    [["tail", "--node", "n"], /^ari-proxy: Cannot use --node alone: an application is needed/],
    [["call", "ChannelList", "--node", "n"], /^ari-proxy: Cannot use --node alone/],
    [["tail", "ari.>", "--app", "a"], /^ari-proxy: Cannot use a subject together with --app/],
    [
      ["tail", "ari..event"],
      /^ari-proxy: Cannot subscribe to "ari\.\.event": it has an empty part/,
    ],
    [["tail", "--app", "a.b"], /Cannot use the setting ari\.application from flag --app/],
    [
      ["nodes", "--url", "http://x"],
      /setting messagebus\.url from flag --url: "http:\/\/x" is not/,
    ],
    [["call"], /^ari-proxy: Missing kind of request: see call --list, or call --help\n$/],
    [["call", "Zebra"], /^ari-proxy: Unknown kind of request Zebra; see call --list\n$/],
    [["call", "ChannelCreate", "--all"], /--all with ChannelCreate: exactly one node/],
    [[], /^ari-proxy: Missing setting ari\.application: give --ari\.application or set ARI_APP/],
    [["serve", "-v"], /Missing setting ari\.password: give --ari\.password or set ARI_PASSWORD\n/],
  ];
  for (const [args, text] of cases) {
    const { code, out, err } = await runMain(args);
    assert.equal(code, 2, args.join(" "));
    assert.equal(out, "");
    assert.match(err, text);
  }
});

Deno.test("the program never shows a password that it was given", async () => {
  const password = "--ari.password";
  for (
    const args of [
      [password, "secret", password, "secret"],
      [`${password}=secret`, "--ari.http_url", "x://anna:secret@h"],
      ["--ari.username", password, "secret"],
      [password, "secret", "--unknown=secret"],
      ["call", "ChannelList", "--url", "nats://anna:secret@127.0.0.1:1"],
      ["call", "ChannelList", "--url", "nats://anna:secret@a:b@c"],
    ]
  ) {
    const { code, out, err } = await runMain(args);
    assert.ok(code > 0);
    assert.doesNotMatch(out + err, /secret/, args.join(" "));
  }
});

Deno.test("the program loads nothing of bus, ARI, server or client before it has to", async () => {
  const found = new Set<string>();
  const walk = async (module: URL): Promise<void> => {
    if (found.has(module.href)) return;
    found.add(module.href);
    const source = await Deno.readTextFile(module);
    const imports = source.matchAll(/^(?:import|export)\s(?!type\s)[^;]*?from "(\.[^"]+\.ts)"/gm);
    for (const [, path] of imports) await walk(new URL(path, module));
  };
  await walk(new URL("../../cli.ts", import.meta.url));
  const modules = [...found].map((href) => /\/(src\/.*|cli\.ts)$/.exec(href)?.[1] ?? href);
  assert.ok(modules.includes("src/cli/commands.ts"), "the walk follows imports");
  assert.deepEqual(modules.filter((name) => /^src\/(bus|ari|server|client)\//.test(name)), []);
});
