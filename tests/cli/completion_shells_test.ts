import assert from "node:assert/strict";
import { completionScripts } from "../../src/cli/completion/scripts.ts";
import { CliFixture } from "../testing/cli_fixture.ts";
import { shippedCli } from "../testing/run_cli.ts";
import { findTools } from "../testing/servers/tools.ts";
import { ShellSession } from "../testing/shell_session.ts";

const tools = await findTools();
const shipped = await shippedCli();
const folder = await Deno.makeTempDir({ prefix: "ari-proxy-test-shells-" });
Deno.test.afterAll(async () => {
  await shipped[Symbol.asyncDispose]();
  await Deno.remove(folder, { recursive: true });
});

// In place of the program: it answers those who complete, and shows what else it is called with.
await Deno.mkdir(`${folder}/bin`);
await Deno.writeTextFile(
  `${folder}/bin/ari-proxy`,
  `#!/bin/sh
if [ "$1" = __complete ]; then exec ${quoted(shipped.program)} "$@"; fi
printf 'called with'; printf ' [%s]' "$@"; echo
`,
  { mode: 0o755 },
);
for (const [shell, text] of Object.entries(completionScripts)) {
  await Deno.writeTextFile(`${folder}/_ari-proxy.${shell}`, text);
}
await Deno.mkdir(`${folder}/functions`);
await Deno.copyFile(`${folder}/_ari-proxy.zsh`, `${folder}/functions/_ari-proxy`);
await Deno.writeTextFile(`${folder}/settings file.yaml`, "");

const env = {
  PATH: `${folder}/bin:${Deno.env.get("PATH")}`,
  ARI_PROXY_CONFIG: "/dev/null",
  MESSAGEBUS_URL: "nats://127.0.0.1:1",
};

/** What is typed, \t for the key that completes, and what the program is called with then. */
const lines: readonly (readonly [typed: string[], calledWith: string])[] = [
  [["cal\t", "ChannelMut\t", "1.1 dir\t", "o\t"], "[call] [ChannelMute] [1.1] [direction=out]"],
  [["tail ari.\t"], "[tail] [ari.event.>]"],
  [["--log-lev\t", "war\t"], "[--log-level] [warn]"],
  [["--log-format=te\t"], "[--log-format=text]"],
  [
    ['--config "" ', "--url=nats://a:1 -v --log-lev\t", "de\t"],
    "[--config] [] [--url=nats://a:1] [-v] [--log-level] [debug]",
  ],
  [
    ["call POST /channels/1700:1/mov\t", "appA\t", "x"],
    "[call] [POST] [/channels/1700:1/move] [appArgs=x]",
  ],
  [[`--config ${folder}/sett\t`], `[--config] [${folder}/settings file.yaml]`],
  [[`--config=${folder}/sett\t`], `[--config=${folder}/settings file.yaml]`],
];

/** An ID that a shell must not obey. */
const evil = `evil $(touch ${folder}/obeyed);"'x`;

/** A bus with a node that has a channel of that ID. */
async function startEvil(): Promise<CliFixture> {
  const fixture = await CliFixture.start("NATS");
  const { asterisk } = await fixture.node("demo");
  asterisk.answer(({ path }) =>
    path === "/channels" ? { status: 200, body: JSON.stringify([{ id: evil }]) } : undefined
  );
  return fixture;
}

async function typeLines(shell: ShellSession, url: string): Promise<void> {
  for (const [typed, calledWith] of lines) {
    assert.equal(await shell.run(["ari-proxy ", ...typed], /called with (.*)/), calledWith);
  }
  const hangup = [`ari-proxy call --url=${url} ChannelHangup `, "ev\t"];
  assert.equal(
    await shell.run(hangup, /called with (.*)/),
    `[call] [--url=${url}] [ChannelHangup] [${evil}]`,
  );
  await assert.rejects(Deno.stat(`${folder}/obeyed`), Deno.errors.NotFound);
}

Deno.test("bash completes what is typed at a terminal", async () => {
  await using fixture = await startEvil();
  await using bash = new ShellSession(["bash", "--norc", "--noprofile", "-i"], {
    env,
  });
  await bash.run([`source ${folder}/_ari-proxy.bash && echo "ready"`], /^ready/m);
  await typeLines(bash, fixture.server.url);
});

Deno.test("zsh completes what is typed at a terminal", async () => {
  await using fixture = await startEvil();
  await using zsh = new ShellSession([tools.zsh, "-f", "-i"], {
    env: { ...env, ...tools.env },
  });
  const paths = `fpath=(${folder}/functions ${tools.zshFunctions ?? ""}/**/*(/N) $fpath)`;
  await zsh.run([paths, "; autoload -Uz compinit; compinit -D -u; echo ready"], /^ready/m);
  await typeLines(zsh, fixture.server.url);
});

Deno.test("fish completes command lines", async () => {
  const functions = tools.fishFunctions ? `set fish_function_path ${tools.fishFunctions}` : "";
  const ask = (line: string) => `complete -C 'ari-proxy ${line}'; echo`;
  const asked = [
    "cal",
    "call ChannelHang",
    "call ChannelMute 1.1 direction=o",
    "tail ari.",
    "--log-format=te",
    "--url=nats://a:1 --log-level de",
    `--config ${folder}/sett`,
    `--config=${folder}/sett`,
  ];
  const { code, stdout, stderr } = await new Deno.Command(tools.fish, {
    args: [
      "--no-config",
      "-c",
      [functions, `source ${folder}/_ari-proxy.fish`, ...asked.map(ask)].join("\n"),
    ],
    env: { ...env, ...tools.env, HOME: folder },
    stdin: "null",
  }).output();
  assert.deepEqual([code, new TextDecoder().decode(stderr)], [0, ""]);
  const found = new TextDecoder().decode(stdout).split("\n").filter((line) => line !== "")
    .map((line) => line.split("\t")[0]);
  assert.deepEqual(found, [
    "call",
    "ChannelHangup",
    "direction=out",
    "ari.event.>",
    "--log-format=text",
    "debug",
    `${folder}/settings file.yaml`,
    `--config=${folder}/settings file.yaml`,
  ]);
});

function quoted(args: readonly string[]): string {
  return args.map((arg) => `'${arg.replaceAll("'", "'\\''")}'`).join(" ");
}
