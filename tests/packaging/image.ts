/**
 * What a Dockerfile makes, made without Docker: its steps are carried out in folders.
 *
 * Two things stand in for what cannot be had without its network: any program for the runtime that
 * `deno compile` puts before the bundle, and `deno run` with the bundle and the permissions of
 * `deno compile` for the executable. The base image is an empty folder with the libraries that the
 * runtime needs and that this base image has.
 *
 * @module
 */
import { permissions } from "../../scripts/compile.ts";
import { withDeadline } from "../testing/deadline.ts";
import { run } from "../testing/servers/run.ts";
import { readDockerfile, type Stage, textsOf, wordsOf } from "./dockerfile.ts";

const project = new URL("../../", import.meta.url).pathname;

/** Where an image has its program. */
const program = "/usr/local/bin/ari-proxy";

/** Of the libraries of a bare Debian those that a program like this may need, and the loader. */
const baseLibraries =
  /\/(lib(c|m|dl|rt|pthread|gcc_s|stdc\+\+|resolv|util)\.so\.\d|ld-linux[^/]*\.so\.\d)$/;

/** What a program came to. */
export interface Ended {
  /** Exit code. */
  readonly code: number;
  /** What it wrote to standard output. */
  readonly out: string;
  /** What it wrote to standard error. */
  readonly err: string;
}

/** An image, and what can be done with it. Disposing of it removes it. */
export interface Image extends AsyncDisposable {
  /** Its last stage. */
  readonly stage: Stage;
  /** Its root folder. */
  readonly root: string;
  /** Writes a file that its user alone can read, as secrets are mounted, and returns its path there. */
  secret(name: string, text: string): Promise<string>;
  /** Starts its entry point as its user, with words behind it. @default those of `CMD` */
  start(options: { env: Readonly<Record<string, string>>; args?: string[] }): Deno.ChildProcess;
  /** Runs a command of the image to its end, as a health check does. */
  exec(command: readonly string[], env: Readonly<Record<string, string>>): Promise<Ended>;
}

/** Carries out the steps of the Dockerfile. */
export async function buildImage(dockerfile: string): Promise<Image> {
  const [build, stage] = readDockerfile(dockerfile);
  const folder = await Deno.makeTempDir({ prefix: "ari-proxy-test-image-" });
  const root = `${folder}/root`;
  try {
    await Deno.mkdir(root);
    await carryOut(build, `${folder}/build`, {});
    const standIn = `${folder}/stand-in`;
    const workdir = `${folder}/build${textsOf(build, "WORKDIR")[0]}`;
    const script = 'import { bundle } from "./scripts/compile.ts"; await bundle(Deno.args[0]);';
    await Deno.writeTextFile(`${workdir}/bundle.ts`, script);
    await run([Deno.execPath(), "run", "-A", "bundle.ts", standIn], { cwd: workdir });
    await layBase(root);
    await carryOut(stage, root, { [build.as ?? ""]: `${folder}/build` });
    // The executable is in its place; what stands in for it lies beside it.
    await Deno.stat(`${root}${program}`);
    await run(["cp", "-r", standIn, `${root}/stand-in`]);
    await run(["chmod", "-R", "a+rX", folder]);
  } catch (error) {
    await Deno.remove(folder, { recursive: true });
    throw error;
  }
  const [uid, gid] = textsOf(stage, "USER")[0].split(":");
  const fixed = Object.fromEntries(textsOf(stage, "ENV").map((text) => text.split("=")));
  // With root's rights the program sees nothing but the image, and is its user. Without them it is
  // who runs the test, and the image is a folder among others.
  const confined = Deno.uid() === 0;
  const at = confined ? "" : root;
  const command = ([name, ...args]: readonly string[], env: Readonly<Record<string, string>>) => {
    if (name !== program) throw new Error(`Cannot run ${name}: the image has only ${program}`);
    const standIn = [`${at}/deno`, "run", "--quiet", "--no-config", ...permissions];
    const [first, ...rest] = [
      ...(confined ? ["chroot", `--userspec=${uid}:${gid}`, "--groups=", root] : []),
      ...standIn,
      `${at}/stand-in/cli.js`,
      ...args,
    ];
    return new Deno.Command(first, {
      args: rest,
      clearEnv: true,
      // The stand-in for the executable needs a name for a cache, and stores nothing there.
      env: { ...fixed, PATH: "/usr/local/bin:/usr/bin:/bin:/usr/sbin", DENO_DIR: "/none", ...env },
      cwd: "/",
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    });
  };
  const entry = wordsOf(textsOf(stage, "ENTRYPOINT")[0]);
  return {
    stage,
    root,
    async secret(name, text) {
      const path = `/run/secrets/${name}`;
      await Deno.mkdir(`${root}/run/secrets`, { recursive: true });
      await Deno.writeTextFile(`${root}${path}`, text, { mode: 0o400 });
      if (confined) await Deno.chown(`${root}${path}`, Number(uid), Number(gid));
      return `${at}${path}`;
    },
    start: ({ env, args = wordsOf(textsOf(stage, "CMD")[0]) }) =>
      command([...entry, ...args], env).spawn(),
    async exec(words, env) {
      const output = command(words, env).output();
      const { code, stdout, stderr } = await withDeadline(output, { what: words.join(" ") });
      const [out, err] = [stdout, stderr].map((data) => new TextDecoder().decode(data));
      return { code, out, err };
    },
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

/** Carries out what a stage copies and runs, in a folder that is its root. */
async function carryOut(
  stage: Stage,
  root: string,
  stages: Readonly<Record<string, string>>,
): Promise<void> {
  let workdir = "/";
  for (const { name, text } of stage.instructions) {
    if (name === "WORKDIR") workdir = text;
    const cwd = `${root}${workdir}`;
    await Deno.mkdir(cwd, { recursive: true });
    if (name === "COPY") {
      const [, from, words] = /^(?:--from=(\S+) )?(.*)$/.exec(text) ?? [];
      const paths = words.split(" ");
      const target = paths.pop() ?? "";
      const to = target.startsWith("/") ? `${root}${target}` : `${cwd}/${target}`;
      const base = from === undefined ? project : `${stages[from]}/`;
      await run(["mkdir", "-p", to.endsWith("/") ? to : to.replace(/\/[^/]*$/, "")]);
      await run(["cp", "-rL", ...paths.map((path) => `${base}${path.replace(/^\//, "")}`), to]);
    }
    if (name === "RUN") {
      await run(["sh", "-ec", text], {
        cwd,
        env: {
          PATH: `${Deno.execPath().replace(/\/[^/]*$/, "")}:${Deno.env.get("PATH")}`,
          TARGETARCH: Deno.build.arch === "aarch64" ? "arm64" : "amd64",
          DENORT_BIN: "/usr/bin/true",
        },
      });
    }
  }
}

/**
 * Copies the runtime with its libraries, and the kernel's files that it needs, to the same paths. A
 * library that the base image has not fails here.
 */
async function layBase(root: string): Promise<void> {
  const deno = await Deno.realPath(Deno.execPath());
  await Deno.copyFile(deno, `${root}/deno`);
  await Deno.mkdir(`${root}/proc/self`, { recursive: true });
  await Deno.symlink("/deno", `${root}/proc/self/exe`);
  const needed = (await run(["ldd", deno])).matchAll(/(\/\S+\.so[\w.]*) \(/g);
  for (const [, library] of needed) {
    if (!baseLibraries.test(library)) throw new Error(`The base image has no ${library}`);
    await run(["mkdir", "-p", `${root}${library.replace(/\/[^/]*$/, "")}`]);
    await run(["cp", "-L", library, `${root}${library}`]);
  }
}
