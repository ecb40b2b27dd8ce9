import assert from "node:assert/strict";
import { distancesFrom, importGraph } from "../../scripts/mutants/graph.ts";
import {
  type EquivalentSlip,
  inRandomOrder,
  isEquivalent,
  randomNumbers,
} from "../../scripts/mutants/sample.ts";
import { diffOf, slipsOf, withSlip } from "../../scripts/mutants/slips.ts";

const code = `import { send } from "./send.ts";

/** Sends it when 1 < 2. */
export async function f(log: Log, a: A, b: B, n: 1 | 2 = 1): Promise<boolean> {
  log.debug("Sends", { n: n + 1 });
  if (a === b && n < 3) return false;
  await send(a, b);
  n += 40;
  if (n > 50) throw new Error(\`Not \${n + 1}\`);
  return true;
}
`;

Deno.test("slips are made of each kind, outside types, imports, log lines and errors", () => {
  const slips = slipsOf("src/f.ts", code);
  const made = slips.map((slip) => {
    const lines = diffOf(code, slip).split("\n");
    return `${slip.id} ${lines.at(-1)?.slice(1).trim()}`;
  });
  assert.deepEqual(made, [
    "src/f.ts:4:58:number+1 export async function f(log: Log, a: A, b: B, n: 1 | 2 = 2): Promise<boolean> {",
    "src/f.ts:4:58:number-1 export async function f(log: Log, a: A, b: B, n: 1 | 2 = 0): Promise<boolean> {",
    "src/f.ts:6:7:condition if (!(a === b && n < 3)) return false;",
    "src/f.ts:6:15:logic if (a === b || n < 3) return false;",
    "src/f.ts:6:9:equality if (a !== b && n < 3) return false;",
    "src/f.ts:6:20:comparison if (a === b && n > 3) return false;",
    "src/f.ts:6:20:boundary if (a === b && n <= 3) return false;",
    "src/f.ts:6:22:number+1 if (a === b && n < 4) return false;",
    "src/f.ts:6:22:number-1 if (a === b && n < 2) return false;",
    "src/f.ts:6:25:return if (a === b && n < 3) {}",
    "src/f.ts:6:32:boolean if (a === b && n < 3) return true;",
    "src/f.ts:7:3:line {}",
    "src/f.ts:7:3:await send(a, b);",
    "src/f.ts:7:14:swap await send(b, a);",
    "src/f.ts:8:3:line {}",
    "src/f.ts:8:5:arithmetic n -= 40;",
    "src/f.ts:9:7:condition if (!(n > 50)) throw new Error(`Not ${n + 1}`);",
    "src/f.ts:9:9:comparison if (n < 50) throw new Error(`Not ${n + 1}`);",
    "src/f.ts:9:9:boundary if (n >= 50) throw new Error(`Not ${n + 1}`);",
    "src/f.ts:10:10:boolean return false;",
  ]);
  assert.ok(slips.every((slip) => withSlip(code, slip) !== code));
});

Deno.test("no slips are put into files that a script makes", () => {
  const made = `/**\n * Rows.\n *\n * Made by \`scripts/generate_api.ts\`.\n */\n${code}`;
  assert.deepEqual(slipsOf("src/f.ts", made), []);
});

Deno.test("the same seed gives the same slips, and each slip once", () => {
  const slips = slipsOf("src/f.ts", code);
  const order = (seed: number) =>
    Array.from(inRandomOrder(slips, randomNumbers(seed)), ({ id }) => id);
  assert.deepEqual(order(1), order(1));
  assert.notDeepEqual(order(1), order(2));
  assert.deepEqual(order(1).toSorted(), slips.map(({ id }) => id).toSorted());
});

Deno.test("an equivalent slip is found again by its lines, wherever they are in the file", () => {
  const entry: EquivalentSlip = {
    file: "src/f.ts",
    kind: "boundary",
    line: "if (a === b && n < 3) return false;",
    becomes: "if (a === b && n <= 3) return false;",
    why: "n is never 3",
  };
  const moved = `\n\n${code}`;
  const slips = slipsOf("src/f.ts", moved);
  assert.deepEqual(slips.filter((slip) => isEquivalent(entry, slip, moved)).map(({ id }) => id), [
    "src/f.ts:8:20:boundary",
  ]);
});

Deno.test("the graph of imports has programs that a test runs, and no types", () => {
  const graph = importGraph(
    new Map([
      [
        "tests/a_test.ts",
        `import { b } from "../src/b.ts";\nimport type { D } from "../src/d.ts";\nrun("cli.ts");`,
      ],
      ["src/b.ts", `export { c, type D } from "./c.ts";`],
      ["src/c.ts", `export const load = () => import("./e.ts");`],
      ["src/d.ts", ""],
      ["src/e.ts", ""],
      ["cli.ts", `import { type D } from "./src/d.ts";`],
    ]),
  );
  assert.deepEqual(
    distancesFrom("tests/a_test.ts", graph),
    new Map([["tests/a_test.ts", 0], ["src/b.ts", 1], ["cli.ts", 1], ["src/c.ts", 2], [
      "src/e.ts",
      3,
    ]]),
  );
});

Deno.test("each equivalent slip still is a slip, and says why it changes nothing", async () => {
  const root = new URL("../../", import.meta.url);
  const list = await Deno.readTextFile(new URL("tests/equivalent_slips.json", root));
  for (const entry of JSON.parse(list) as EquivalentSlip[]) {
    const text = await Deno.readTextFile(new URL(entry.file, root));
    const found = slipsOf(entry.file, text).some((slip) => isEquivalent(entry, slip, text));
    assert.ok(found, `No longer a slip: ${entry.file}: ${entry.line}`);
    assert.ok(entry.why.length > 10, entry.line);
  }
});
