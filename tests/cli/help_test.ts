import assert from "node:assert/strict";
import { runMain } from "../testing/cli_fixture.ts";

/** The words behind which there is a help text. */
const subjects: readonly (readonly string[])[] = [
  [],
  ...["serve", "call", "tail", "nodes", "replay", "context", "health", "completion", "help"]
    .map((name) => [name]),
  ...["add", "list", "show", "use", "remove"].map((name) => ["context", name]),
];

async function help(words: readonly string[], options = {}): Promise<string> {
  const { code, out, err } = await runMain([...words, "--help"], options);
  assert.deepEqual([code, err], [0, ""], words.join(" "));
  return out;
}

const longest = (text: string): number =>
  Math.max(...text.split("\n").map((line) => [...line].length));

Deno.test("every help text has lines of at most 80 characters when it is piped", async () => {
  for (const words of subjects) {
    const text = await help(words);
    assert.ok(longest(text) <= 80, `${words.join(" ")}: ${longest(text)}`);
    assert.doesNotMatch(text, /\[--|undefined|\n\n\n| $/m, words.join(" "));
  }
});

Deno.test("the help of the program begins with how each subcommand is called", async () => {
  const usage = (await help([])).split("\n\n")[0].split("\n");
  assert.deepEqual(usage.slice(0, 3), [
    "Usage",
    "  ari-proxy serve [OPTION…]",
    "  ari-proxy call KIND [ID] [FIELD=VALUE…] [OPTION…]",
  ]);
  assert.deepEqual(usage.slice(-4), [
    "  ari-proxy completion SHELL",
    "  ari-proxy help [COMMAND…]",
    "  ari-proxy COMMAND --help",
    "  ari-proxy --version",
  ]);
  assert.match(await help(["context"]), /^Usage\n {2}ari-proxy context add NAME \[OPTION…\]\n/);
});

Deno.test("a help text is as wide as the terminal", async () => {
  const narrow = await help(["completion"], { terminal: true, columns: 60 });
  assert.ok(longest(narrow.slice(0, narrow.indexOf("Examples"))) <= 60);
  const wide = await help(["tail"], { terminal: true, columns: 140 });
  assert.ok(longest(wide) > 100 && longest(wide) <= 140);
});

Deno.test("the help of a command has its own options first, with the names of their values", async () => {
  const text = await help(["tail"]);
  const order = [
    "Usage\n  ari-proxy tail [SUBJECT…] [OPTION…]\n",
    "\nArguments\n",
    "\nOptions\n",
    "  --since TIME ",
    "  -n, --count NUMBER ",
    "  -h, --help ",
    "\nBus and application\n",
    "  --app, --ari.application NAME\n",
    "  -u, --url, --messagebus.url URL\n",
    "  --nats.token_file FILE ",
    "\nExamples\n",
    "\nExit codes\n",
  ];
  let at = -1;
  for (const part of order) {
    const found = text.indexOf(part, at + 1);
    assert.ok(found > at, `${part} stands behind what comes before it`);
    at = found;
  }
  assert.doesNotMatch(text, /The same as/);
});

Deno.test("the help of serve has its settings under headings", async () => {
  const text = await help(["serve"]);
  const headings = Array.from(text.matchAll(/^[A-Z][\w ]*$/gm), ([heading]) => heading);
  assert.deepEqual(headings, [
    "Usage",
    "Options",
    "Asterisk and application",
    "Bus",
    "Embedded bus",
    "Asterisks that dial",
    "Policy",
    "Operation",
    "Examples",
  ]);
});

Deno.test("the usage of a command says what can be left out", async () => {
  const usages: [string[], string][] = [
    [["call"], "  ari-proxy call KIND [ID] [FIELD=VALUE…] [OPTION…]"],
    [["replay"], "  ari-proxy replay FILE [OPTION…]"],
    [["completion"], "  ari-proxy completion SHELL"],
    [["context", "add"], "  ari-proxy context add NAME [OPTION…]"],
    [["context"], "  ari-proxy context show [NAME] [OPTION…]"],
    [["context"], "  ari-proxy context use --none"],
    [["context", "use"], "  ari-proxy context use --none"],
    [[], "  ari-proxy call KIND [ID] [FIELD=VALUE…] [OPTION…]"],
    [[], "  ari-proxy context add|list|show|use|remove …"],
  ];
  for (const [words, usage] of usages) {
    assert.ok((await help(words)).split("\n").includes(usage), usage);
  }
});

Deno.test("help says what --help says", async () => {
  for (const words of subjects) {
    const { code, out, err } = await runMain(["help", ...words]);
    assert.deepEqual({ code, out, err }, { code: 0, out: await help(words), err: "" });
  }
  const { code, err } = await runMain(["help", "tial"]);
  assert.equal(code, 2);
  assert.equal(err, 'ari-proxy: Unknown subcommand "tial"; did you mean tail?\n');
});
