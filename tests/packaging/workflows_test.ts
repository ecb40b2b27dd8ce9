import assert from "node:assert/strict";
import { load } from "js-yaml";
import project from "../../deno.json" with { type: "json" };
import { targets } from "../../scripts/compile.ts";
import { isObject, type JsonObject } from "../../src/protocol/json.ts";

const root = new URL("../../", import.meta.url);
const read = (path: string) => Deno.readTextFile(new URL(path, root));

interface Step {
  readonly name?: unknown;
  readonly uses?: unknown;
  readonly run?: unknown;
}

interface Job {
  readonly needs?: unknown;
  readonly permissions?: unknown;
  readonly strategy?: unknown;
  readonly steps: readonly Step[];
}

/** The jobs of a workflow by name. */
async function jobsOf(name: string): Promise<{ workflow: JsonObject; jobs: Map<string, Job> }> {
  const workflow = load(await read(`.github/workflows/${name}`));
  assert.ok(isObject(workflow) && isObject(workflow.jobs));
  const jobs = new Map<string, Job>();
  for (const [name, job] of Object.entries(workflow.jobs)) {
    assert.ok(isObject(job) && Array.isArray(job.steps), name);
    jobs.set(name, { ...job, steps: job.steps });
  }
  return { workflow, jobs };
}

const { workflow, jobs } = await jobsOf("release.yml");
const ci = await jobsOf("ci.yml");

function job(name: string): Job {
  const found = jobs.get(name);
  assert.ok(found, `there is the job ${name}`);
  return found;
}

/** The script of a step. */
function scriptOf(jobName: string, stepName: string): string {
  const step = job(jobName).steps.find(({ name }) => name === stepName);
  assert.ok(typeof step?.run === "string", `${jobName} has the step ${stepName}`);
  return step.run;
}

/** Runs the script of a step as GitHub does. */
async function run(script: string, cwd: string | URL, tag = "v0"): Promise<number> {
  const { code } = await new Deno.Command("bash", {
    args: ["-e", "-o", "pipefail", "-c", script],
    cwd,
    env: { GITHUB_REF_NAME: tag },
    stdout: "null",
    stderr: "null",
  }).output();
  return code;
}

Deno.test("the workflows use actions by version, one Deno, and no event data in scripts", async () => {
  const version = (await read(".ci/run")).match(/deno@(\S+)/)?.[1];
  for (const { steps } of [...jobs.values(), ...ci.jobs.values()]) {
    for (const { uses, run: script } of steps) {
      if (uses !== undefined) assert.match(String(uses), /^actions\/[\w-]+@v\d+\.\d+\.\d+$/);
      const text = String(script ?? "");
      assert.doesNotMatch(text, /\$\{\{/, "what an expression holds would be run");
      for (const [, used] of text.matchAll(/deno@(\S+)/g)) assert.equal(used, version);
    }
  }
  const [gate] = ci.jobs.values();
  assert.deepEqual(gate.steps.flatMap(({ run }) => run ?? []), [".ci/run"]);
});

Deno.test("the release workflow goes one step after the other, each with no more rights than it needs", () => {
  assert.deepEqual(workflow.on, { push: { tags: ["v*"] } });
  assert.deepEqual(workflow.permissions, {});
  const order = Array.from(jobs, ([name, { needs, permissions }]) => [name, needs, permissions]);
  assert.deepEqual(order, [
    ["test", undefined, { contents: "read" }],
    ["compile", "test", { contents: "read" }],
    ["try", "compile", {}],
    ["release", "try", { contents: "write", "id-token": "write", attestations: "write" }],
    ["jsr", "release", { contents: "read", "id-token": "write" }],
  ]);
  assert.ok(job("jsr").steps.some(({ run }) => /^npx -y deno@\S+ publish$/.test(String(run))));
});

Deno.test("the release workflow runs the executable of each target", () => {
  const { strategy } = job("try");
  assert.ok(
    isObject(strategy) && isObject(strategy.matrix) && Array.isArray(strategy.matrix.include),
  );
  assert.deepEqual(
    strategy.matrix.include.map(({ file }) => file).sort(),
    Object.values(targets).map(({ file }) => file).sort(),
  );
  // Without arguments it makes all of them.
  assert.match(scriptOf("compile", "An executable for each target"), /deno@\S+ task compile$/m);
});

Deno.test("the release workflow refuses a tag that is not the version", async () => {
  const script = scriptOf("test", "The tag is the version of deno.json");
  assert.equal(await run(script, root, `v${project.version}`), 0);
  for (const tag of [project.version, `v${project.version}-rc.1`, "v", ""]) {
    assert.equal(await run(script, root, tag), 1, tag);
  }
});

Deno.test("the release workflow detects a file that is not the compiled one", async () => {
  const folder = await Deno.makeTempDir({ prefix: "ari-proxy-test-release-" });
  try {
    for (const path of ["dist", "packaging/man", "packaging/systemd"]) {
      await Deno.mkdir(`${folder}/${path}`, { recursive: true });
    }
    for (const path of ["packaging/man/ari-proxy.1", "packaging/systemd/ari-proxy.service"]) {
      await Deno.copyFile(new URL(path, root), `${folder}/${path}`);
    }
    const files = Object.values(targets).map(({ file }) => file);
    for (const file of files) await Deno.writeTextFile(`${folder}/dist/${file}`, file);
    assert.equal(await run(scriptOf("compile", "Checksums"), folder), 0);
    const sums = await Deno.readTextFile(`${folder}/dist/SHA256SUMS`);
    for (const file of [...files, "ari-proxy.1", "ari-proxy.service"]) {
      assert.match(sums, new RegExp(`^[0-9a-f]{64}  ${file.replaceAll(".", "\\.")}$`, "m"));
    }
    const check = scriptOf("release", "The files are those that were compiled");
    assert.equal(await run(check, folder), 0);
    await Deno.writeTextFile(`${folder}/dist/${files[0]}`, "another one");
    assert.notEqual(await run(check, folder), 0);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("the release workflow detects an executable that does not run or has another version", async () => {
  const folder = await Deno.makeTempDir({ prefix: "ari-proxy-test-release-" });
  try {
    await Deno.mkdir(`${folder}/dist`);
    const script = `export FILE=ari-proxy\n${
      scriptOf("try", "It runs, and is the version of the tag")
    }`;
    const program = (text: string) => Deno.writeTextFile(`${folder}/dist/ari-proxy`, text);
    await program("#!/bin/sh\necho 1.2.3\n");
    assert.equal(await run(script, folder, "v1.2.3"), 0);
    assert.equal(await run(script, folder, "v1.2.4"), 1);
    await program('#!/bin/sh\n[ "$1" = --version ] && echo 1.2.3\n');
    assert.notEqual(await run(script, folder, "v1.2.3"), 0);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
