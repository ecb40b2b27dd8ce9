/**
 * Puts random slips into the files of a folder, one at a time, and prints those that the nearest
 * tests do not notice. It works in temporary copies of the tree.
 *
 *     deno task mutants client --seed 1
 *
 * `ARI_PROXY_MUTANTS_WRAP` is a command that is put before each run of tests, such as `nice`.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { distancesFrom, importGraph } from "./mutants/graph.ts";
import {
  type EquivalentSlip,
  inRandomOrder,
  isEquivalent,
  randomNumbers,
} from "./mutants/sample.ts";
import { diffOf, type Slip, slipsOf, withSlip } from "./mutants/slips.ts";
import { TypeCheck } from "./mutants/types.ts";
import { WorkCopy } from "./mutants/work_copy.ts";

const usage = `Usage: deno task mutants [FOLDER] [OPTION…]

FOLDER is a folder or file of src, such as client or server/events; all of src by default.

  --count N      How many slips (60)
  --seed N       Which ones; the same seed gives the same slips (random)
  --jobs N       How many run at the same time (1)
  --only IDS     The slips with these IDs, with commas between them
  --list         Print the slips instead of trying them
  --at-least P   Fail when less than P percent of the slips were noticed
`;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: "string", default: "60" },
    seed: { type: "string" },
    jobs: { type: "string", default: "1" },
    only: { type: "string" },
    list: { type: "boolean", default: false },
    "at-least": { type: "string", default: "0" },
    help: { type: "boolean", default: false },
  },
});
if (options.help || positionals.length > 1) {
  console.log(usage);
  Deno.exit(options.help ? 0 : 2);
}

const root = new URL("../", import.meta.url).pathname.replace(/\/$/, "");
const folder = `src/${(positionals[0] ?? "").replace(/^src\/?/, "").replace(/\/$/, "")}`;
const seed = Number(options.seed ?? Math.floor(Math.random() * 1e6));

/** The files of the tree, those that are not committed included. */
async function listFiles(): Promise<string[]> {
  const args = ["ls-files", "-co", "--exclude-standard", "-z"];
  const { stdout } = await new Deno.Command("git", { args, cwd: root }).output();
  const paths = new TextDecoder().decode(stdout).split("\0").filter(Boolean);
  const isFile = (path: string) =>
    Deno.lstat(`${root}/${path}`).then((it) => it.isFile, () => false);
  return (await Promise.all(paths.map(async (path) => await isFile(path) ? [path] : []))).flat();
}

const files = await listFiles();
const modules = new Map<string, string>();
for (const file of files.filter((file) => /\.ts$/.test(file))) {
  modules.set(file, await Deno.readTextFile(`${root}/${file}`));
}
const { imports } = JSON.parse(await Deno.readTextFile(`${root}/deno.json`));
const graph = importGraph(modules, imports);
const tests = [...modules.keys()].filter((file) => /^tests\/.*_test\.ts$/.test(file));
const distances = new Map(tests.map((test) => [test, distancesFrom(test, graph)]));

/** The tests of a file, nearest first: those of its folder, and those that import it themselves. */
function testsOf(file: string): string[] {
  const own = `tests/${file.split("/")[1]}/`;
  const found = tests.flatMap((test) => {
    const distance = distances.get(test)?.get(file);
    return distance && (test.startsWith(own) || distance === 1) ? [{ test, distance }] : [];
  });
  return found.sort((a, b) => a.distance - b.distance).map(({ test }) => test);
}

const equivalent: EquivalentSlip[] = JSON.parse(
  await Deno.readTextFile(`${root}/tests/equivalent_slips.json`),
);
const mutated = [...modules].filter(([file]) =>
  file === folder || file.startsWith(`${folder.replace(/\/$/, "")}/`)
);
const all = mutated.flatMap(([file, text]) => slipsOf(file, text))
  .filter((slip) => !equivalent.some((it) => isEquivalent(it, slip, modules.get(slip.file)!)));

/** The slips to try: those that are asked for, or random ones that pass the type check. */
async function choose(): Promise<Slip[]> {
  if (options.only) {
    const ids = options.only.split(",");
    const missing = ids.filter((id) => !all.some((slip) => slip.id === id));
    if (missing.length > 0) throw new Error(`No such slips: ${missing.join(", ")}`);
    return all.filter(({ id }) => ids.includes(id));
  }
  const types = await TypeCheck.create(root);
  const chosen: Slip[] = [];
  for (const slip of inRandomOrder(all, randomNumbers(seed))) {
    if (chosen.length >= Number(options.count)) break;
    if (types.accepts(slip.file, withSlip(modules.get(slip.file)!, slip))) chosen.push(slip);
  }
  return chosen;
}

function print(slip: Slip): void {
  console.log(`\n${slip.id}\n${diffOf(modules.get(slip.file)!, slip)}`);
}

const slips = await choose();
if (slips.length === 0) {
  console.error(`No slips in ${folder}`);
  Deno.exit(2);
}
console.error(`${slips.length} slips of ${all.length} in ${folder}, --seed ${seed}`);
if (options.list) {
  slips.forEach(print);
  Deno.exit(0);
}

const wrap = (Deno.env.get("ARI_PROXY_MUTANTS_WRAP") ?? "").split(" ").filter(Boolean);
await using copies = new AsyncDisposableStack();
const newCopy = async () => copies.use(await WorkCopy.create(root, files, wrap));
const firstCopy = await newCopy();

/** Milliseconds that each test file takes without a slip. */
const durations = new Map<string, number>();
const needed = new Set(slips.flatMap(({ file }) => testsOf(file)));
for (const file of [...needed].toSorted()) {
  let run = { outcome: "failed", output: "" };
  // On a busy machine a test may fail once.
  for (let tries = 0; tries < 2 && run.outcome !== "passed"; tries++) {
    run = await firstCopy.test([file], 600_000);
  }
  if (run.outcome !== "passed") {
    console.error(`${run.output}\n${file} fails without any slip`);
    await copies.disposeAsync();
    Deno.exit(2);
  }
  const [, seconds, milliseconds] = /\((?:(\d+)s)?(?:(\d+)ms)?\)\s*$/.exec(run.output) ?? [];
  durations.set(file, Number(seconds ?? 0) * 1000 + Number(milliseconds ?? 0));
}

/** Puts test files into groups of some seconds; a group is one run of `deno test`. */
function groupsOf(file: string): string[][] {
  const groups: string[][] = [];
  let time = Infinity;
  for (const test of testsOf(file)) {
    const duration = durations.get(test) ?? 0;
    if (time + duration > 5_000) {
      groups.push([]);
      time = 0;
    }
    groups.at(-1)?.push(test);
    time += duration;
  }
  return groups;
}

/** Why a slip was noticed, or undefined when it was not. */
async function tryOut(slip: Slip, copy: WorkCopy): Promise<string | undefined> {
  const text = modules.get(slip.file)!;
  await copy.write(slip.file, withSlip(text, slip));
  try {
    for (const group of groupsOf(slip.file)) {
      const limit = 20_000 + 4 * group.reduce((sum, test) => sum + durations.get(test)!, 0);
      const { outcome, output } = await copy.test(["--fail-fast", ...group], limit);
      if (outcome === "too long") return "it hangs";
      const [, name] = /^ FAILURES\s+(.+?)(?: => .*)?$/m.exec(output) ?? [];
      if (outcome === "failed") return name ?? `a test of ${group.join(", ")}`;
    }
  } finally {
    await copy.write(slip.file, text);
  }
}

const survivors: Slip[] = [];
const queue = slips.values();
let done = 0;
async function work(copy: WorkCopy): Promise<void> {
  for (const slip of queue) {
    const noticed = await tryOut(slip, copy);
    console.error(`${++done}/${slips.length} ${slip.id}: ${noticed ?? "NOT NOTICED"}`);
    if (noticed) continue;
    survivors.push(slip);
    print(slip);
  }
}
const jobs = Array.from({ length: Number(options.jobs) }, (_, i) => i);
await Promise.all(jobs.map(async (job) => await work(job === 0 ? firstCopy : await newCopy())));

if (survivors.length > 0) {
  console.log(`\nNot noticed: --only ${survivors.map(({ id }) => id).join(",")}`);
}
const noticed = slips.length - survivors.length;
const percent = 100 * noticed / slips.length;
console.log(`\n${noticed} of ${slips.length} noticed (${Math.floor(percent)} %)`);
await copies.disposeAsync();
Deno.exit(percent < Number(options["at-least"]) ? 1 : 0);
