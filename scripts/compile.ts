/**
 * Compiles self-contained executables: bundles and minifies the program, and lets `deno compile`
 * append it to the runtime, for each target, with no more permissions than it needs.
 *
 *     deno task compile [linux-x64 | linux-arm64 | macos-x64 | macos-arm64 | windows-x64 …]
 *
 * Without a target it makes all of them, in `dist/`. The runtime (denort) is downloaded unless
 * `DENORT_BIN` names one, which fits one target; then that of this machine is the default.
 *
 * @module
 */
import { environment } from "../src/cli/settings/settings.ts";

/** The systems with an executable. */
export type Target = "linux-x64" | "linux-arm64" | "macos-x64" | "macos-arm64" | "windows-x64";

/** What `deno compile` calls each target, and the name of its executable. */
export const targets: Readonly<Record<Target, { readonly triple: string; readonly file: string }>> =
  {
    "linux-x64": { triple: "x86_64-unknown-linux-gnu", file: "ari-proxy-linux-x64" },
    "linux-arm64": { triple: "aarch64-unknown-linux-gnu", file: "ari-proxy-linux-arm64" },
    "macos-x64": { triple: "x86_64-apple-darwin", file: "ari-proxy-macos-x64" },
    "macos-arm64": { triple: "aarch64-apple-darwin", file: "ari-proxy-macos-arm64" },
    "windows-x64": { triple: "x86_64-pc-windows-msvc", file: "ari-proxy-windows-x64.exe" },
  };

/**
 * What the program may do: connect and listen, since the addresses are settings; read files, since
 * those of the configuration and of secrets are named by settings; write files, since those of
 * `tail --record` are named by the user; read its environment variables. It starts no process.
 * The sockets of service managers need an unstable API of Deno.
 */
export const permissions: readonly string[] = [
  "--no-prompt",
  "--allow-net",
  "--allow-read",
  "--allow-write",
  "--unstable-net",
  `--allow-env=${environment.join(",")}`,
];

/**
 * Makes the runtime collect garbage earlier. Without it the proxy needs twice as much memory under
 * load.
 */
export const v8Flags = "--v8-flags=--max-semi-space-size=4,--heap-growing-percent=10";

/**
 * All flags of the runtime in an executable. Without `--no-code-cache` it would store compiled code for
 * the next start in the folder for temporary files, under a predictable name: code that another user
 * of the machine had put there would be run.
 */
export const runtimeFlags: readonly string[] = ["--no-code-cache", v8Flags, ...permissions];

const root = new URL("../", import.meta.url);

/**
 * Bundles the program into a folder. Lazily loaded modules stay in separate files.
 *
 * @returns The path of the main file.
 * @throws {Error} When it cannot be bundled.
 */
export async function bundle(folder: string): Promise<string> {
  await deno(["bundle", "--quiet", "--minify", "--code-splitting", "--outdir", folder, "cli.ts"]);
  return `${folder}/cli.js`;
}

/** Options of {@linkcode compile}. */
export interface CompileOptions {
  /** Main file of the bundle. */
  readonly main: string;
  /** Folder of the executable. */
  readonly folder: string;
  /** Path of the runtime. @default `DENORT_BIN` of the environment, else it is downloaded */
  readonly denort?: string;
}

/**
 * Makes the executable for a target.
 *
 * @returns Its path.
 * @throws {Error} With one line, when there is no runtime for it or it cannot be made.
 */
export async function compile(target: Target, options: CompileOptions): Promise<string> {
  const { main, folder, denort } = options;
  const { triple, file } = targets[target];
  const output = `${folder}/${file}`;
  const args = [
    ...["--quiet", "--no-config", "--no-check"],
    ...["--target", triple, "--output", output],
  ];
  try {
    await deno(
      ["compile", ...args, ...runtimeFlags, main],
      denort ? { DENORT_BIN: denort } : {},
    );
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const why = /error sending request|could not find denort|dl\.deno\.land/i.test(text)
      ? "the runtime is not there and cannot be downloaded; set DENORT_BIN to the denort of this target"
      : text.match(/error: .*|\d+: .*/g)?.at(-1)?.replace(/^(error|\d+): /, "") ?? text;
    throw new Error(`Cannot make ${file}: ${why}`, { cause: error });
  }
  return output;
}

/** Runs `deno` in the project. */
async function deno(args: readonly string[], env: Record<string, string> = {}): Promise<void> {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: root,
    env: { ...env, NO_COLOR: "1" },
    stdout: "null",
    stderr: "piped",
  }).output();
  if (code !== 0) throw new Error(new TextDecoder().decode(stderr).trim());
}

function isTarget(name: string): name is Target {
  return Object.hasOwn(targets, name);
}

/** The target that runs on this machine, if there is one. */
export function targetHere(): Target | undefined {
  return Object.keys(targets).filter(isTarget)
    .find((name) => targets[name].triple === Deno.build.target);
}

/** Compiles the targets in the arguments, and returns the exit code. */
async function main(names: readonly string[]): Promise<number> {
  const all = Object.keys(targets).filter(isTarget);
  const here = targetHere();
  const unknown = names.filter((name) => !isTarget(name));
  if (unknown.length > 0) {
    console.error(`Unknown target ${unknown.join(", ")}: there are ${all.join(", ")}`);
    return 2;
  }
  const wanted = names.length > 0
    ? names.filter(isTarget)
    : Deno.env.has("DENORT_BIN") && here !== undefined
    ? [here]
    : all;
  const folder = new URL("dist", root).pathname;
  const program = await Deno.makeTempDir({ prefix: "ari-proxy-bundle-" });
  try {
    const main = await bundle(program);
    for (const target of wanted) console.log(await compile(target, { main, folder }));
    return 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  } finally {
    await Deno.remove(program, { recursive: true });
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
