import assert from "node:assert/strict";
import { findOffenders } from "./testing/structure.ts";
import { deviations } from "./testing/vectors.ts";

const root = new URL("../", import.meta.url);

/** What each folder of `src` may import from; its own files it always may. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  common: [],
  bus: ["common"],
  ari: ["common"],
  server: ["protocol", "common", "bus", "ari"],
  health: ["common", "server"],
  client: ["protocol", "common", "bus"],
  embedded: ["common", "bus"],
  cli: ["protocol", "common", "bus", "ari", "server", "health", "client", "embedded"],
};

/** Single files that a folder may import besides: interfaces, and what wires things up. */
const exceptions: Readonly<Record<string, readonly string[]>> = {
  server: [
    "src/bus/bus.ts",
    "src/ari/link.ts",
    "src/ari/asterisk_link.ts",
  ],
  client: ["src/bus/bus.ts", "src/bus/connect.ts"],
  embedded: ["src/bus/subjects.ts"],
};

function* filesBelow(folder: URL): Generator<URL> {
  for (const entry of Deno.readDirSync(folder)) {
    if (entry.isDirectory) yield* filesBelow(new URL(`${entry.name}/`, folder));
    else if (entry.name.endsWith(".ts")) yield new URL(entry.name, folder);
  }
}

/** The modules of `src` that a file imports, as paths below `src`. */
function importsOf(file: URL): string[] {
  const src = new URL("src/", root);
  const found = Deno.readTextFileSync(file).matchAll(/(?:from |import\()"(\.[^"\n]+)"/g);
  return Array.from(found, ([, path]) => new URL(path, file))
    .filter(({ href }) => href.startsWith(src.href))
    .map(({ href }) => href.slice(src.href.length));
}

Deno.test("folders import along the arrows of the design and no other way", () => {
  for (const [folder, allowed] of Object.entries(arrows)) {
    for (const file of filesBelow(new URL(`src/${folder}/`, root))) {
      for (const path of importsOf(file)) {
        const target = path.split("/")[0];
        if (target === folder) continue;
        const name = file.href.slice(root.href.length);
        assert.ok(allowed.includes(target), `${name} imports ${path}`);
        const narrow = exceptions[folder];
        if (narrow && (target === "bus" || target === "ari")) {
          assert.ok(
            narrow.includes(`src/${path}`),
            `${name} imports ${path}, which is no interface`,
          );
        }
      }
    }
  }
});

Deno.test("the protocol imports nothing but itself", () => {
  for (const file of filesBelow(new URL("src/protocol/", root))) {
    const others = Deno.readTextFileSync(file).matchAll(/(?:from |import\()"([^".\n][^"\n]*)"/g);
    assert.deepEqual(Array.from(others, ([, name]) => name), [], file.pathname);
  }
});

/** The code of a file without its comments. */
function codeOf(file: URL): string {
  return Deno.readTextFileSync(file).replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
}

Deno.test("only the edges read the environment, and only cli.ts ends the process", () => {
  const edges = ["src/cli/io.ts", "src/client/environment.ts"];
  for (const file of filesBelow(new URL("src/", root))) {
    const name = file.href.slice(root.href.length);
    const code = codeOf(file);
    assert.doesNotMatch(code, /\b(Deno|process)\.exit\b/, name);
    assert.doesNotMatch(code, /^(export )?let /m, `${name} keeps state in the module`);
    if (!edges.includes(name)) assert.doesNotMatch(code, /\b(Deno|process)\.env\b/, name);
  }
});

Deno.test("src has no circles, unused exports, repeated names or wrong arrows inside folders", () => {
  const { arrows, ...others } = findOffenders();
  assert.deepEqual(others, { circles: [], unused: [], stutters: [], doubles: [] });
  const table = "the table `inside` of tests/testing/structure.ts does not allow it";
  assert.equal(arrows.map((arrow) => `${arrow}: ${table}`).join("\n"), "");
});

Deno.test("every deviation from the original is in the docs with its reason", () => {
  const docs = Deno.readTextFileSync(new URL("docs/differences.md", root));
  for (const [file, byName] of Object.entries(deviations())) {
    for (const [name, { why }] of Object.entries(byName)) {
      assert.ok(docs.includes(`\`${name}\``), `${file}: ${name} is not in docs/differences.md`);
      assert.ok(docs.includes(why), `docs/differences.md does not say: ${why}`);
    }
  }
});

Deno.test("every guarantee names a test, and every test of a fault is named by one", () => {
  const docs = Deno.readTextFileSync(new URL("docs/guarantees.md", root));
  const rows = docs.split("\n").filter((line) => /^\|(?! fault | -)/.test(line));
  assert.ok(rows.length > 0);
  const named = rows.map((row) => {
    const [, path, name] = /`(tests\/[^`]+)`: "([^"]+)"/.exec(row) ?? [];
    assert.ok(path, `A guarantee names no test: ${row}`);
    const code = Deno.readTextFileSync(new URL(path, root));
    assert.match(code, new RegExp(`(Deno\\.test|fault)\\(\\s*"${RegExp.escape(name)}"`), path);
    return `${path}: ${name}`;
  });
  for (const file of filesBelow(new URL("tests/faults/", root))) {
    const path = file.href.slice(root.href.length);
    for (const [, name] of Deno.readTextFileSync(file).matchAll(/\bfault\(\s*"([^"]+)"/g)) {
      assert.ok(named.includes(`${path}: ${name}`), `No guarantee names ${path}: ${name}`);
    }
  }
});
