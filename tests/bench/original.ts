/**
 * The proxy in Go that this one takes the place of.
 *
 * @module
 */
import { run } from "../testing/servers/run.ts";

const module = "github.com/CyCoreSystems/ari-proxy/v5";
const version = "v5.3.1";

/**
 * The program: the one that `$ARI_PROXY_BENCH_ORIGINAL` names, or one that is built once and kept
 * beside the servers of the tests.
 *
 * @param report Told in one line what is done, and why there is none.
 * @returns undefined where there is no Go, or it cannot be built.
 */
export async function findOriginal(report: (line: string) => void): Promise<string | undefined> {
  const named = Deno.env.get("ARI_PROXY_BENCH_ORIGINAL");
  if (named) return named;
  const folder = `${cacheFolder()}/original-${version}-${Deno.build.arch}`;
  const program = `${folder}/ari-proxy`;
  if (await exists(program)) return program;
  try {
    await run(["go", "version"]);
  } catch {
    report("There is no Go here: the original is left out");
    return undefined;
  }
  report(`Building ${module} ${version} (once, about a minute)`);
  try {
    await Deno.mkdir(folder, { recursive: true });
    await install(folder).catch(() => build(folder, program));
    return program;
  } catch (error) {
    report(`The original is left out: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
}

/** As its README says. */
function install(folder: string): Promise<string> {
  return run(["go", "install", `${module}@${version}`], { env: { GOBIN: folder } });
}

/** The same for module proxies that refuse to list a module's versions: as a need of another module. */
async function build(folder: string, program: string): Promise<void> {
  const cwd = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(
      `${cwd}/go.mod`,
      `module bench\n\ngo 1.20\n\nrequire ${module} ${version}\n`,
    );
    // Under another name first, so that a broken build is not taken for the program.
    await run(["go", "build", "-mod=mod", "-o", `${folder}/built`, module], { cwd });
    await Deno.rename(`${folder}/built`, program);
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
}

function cacheFolder(): string {
  const cache = Deno.env.get("XDG_CACHE_HOME") || `${Deno.env.get("HOME")}/.cache`;
  return Deno.env.get("ARI_PROXY_TEST_HOME") || `${cache}/ari-proxy-test-servers`;
}

function exists(path: string): Promise<boolean> {
  return Deno.stat(path).then(() => true, () => false);
}
