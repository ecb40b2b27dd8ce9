import { downloadPackages } from "./apt.ts";
import { run } from "./run.ts";

/** Programs that tests look at the program's work with; paths, or names to be found in the path. */
export interface Tools {
  /** The Z shell. */
  readonly zsh: string;
  /** The folder of its functions; absent where it finds it itself. */
  readonly zshFunctions?: string;
  /** The friendly interactive shell. */
  readonly fish: string;
  /** The folder of its functions; absent where it finds it itself. */
  readonly fishFunctions?: string;
  /** The reader and checker of manual pages. */
  readonly mandoc: string;
  /** Environment variables that they need. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Finds the tools: those in the path if all are there, else Debian's packages for the release of this
 * machine, which are unpacked into the folder of the test servers (`$ARI_PROXY_TEST_HOME`, or one in
 * the user's cache). Nothing is installed on the machine itself.
 *
 * @throws {Error} When they are neither in the path nor can be downloaded.
 */
export async function findTools(): Promise<Tools> {
  const names = { zsh: "zsh", fish: "fish", mandoc: "mandoc" };
  const inPath = await run(["sh", "-c", 'command -v "$@"', "sh", ...Object.values(names)]).then(
    (found) => found.trim().split("\n").length === 3,
    () => false,
  );
  if (inPath) return { ...names, env: {} };
  const cache = Deno.env.get("XDG_CACHE_HOME") || `${Deno.env.get("HOME")}/.cache`;
  const home = Deno.env.get("ARI_PROXY_TEST_HOME") || `${cache}/ari-proxy-test-servers`;
  const suite = await codename();
  const folder = `${home}/tools-${suite}`;
  await Deno.mkdir(folder, { recursive: true });
  using lock = await Deno.open(`${folder}/lock`, { create: true, write: true });
  await lock.lock(true);
  const stamp = `${folder}/installed`;
  if (!await Deno.stat(stamp).then(() => true, () => false)) {
    await unpack(folder, suite);
    await Deno.writeTextFile(stamp, "");
  }
  const root = `${folder}/root`;
  const places = [`${root}/usr/lib`, `${root}/lib`];
  const libraries = await run(["find", ...places, "-maxdepth", "1", "-name", "*-linux-gnu*"]);
  return {
    zsh: `${root}/bin/zsh-static`,
    zshFunctions: `${root}/usr/share/zsh/functions`,
    fish: `${root}/usr/bin/fish`,
    fishFunctions: `${root}/usr/share/fish/functions`,
    mandoc: `${root}/usr/bin/mandoc`,
    env: { LD_LIBRARY_PATH: libraries.trim().split("\n").join(":") },
  };
}

async function unpack(folder: string, suite: string): Promise<void> {
  console.error(`Installing the tools for the tests into ${folder} (once, about 10 s)`);
  const [root, downloads] = [`${folder}/root`, `${folder}/apt`];
  for (const path of [root, downloads]) {
    await Deno.remove(path, { recursive: true }).catch(() => {});
    await Deno.mkdir(path);
  }
  const debs = await downloadPackages({
    suite,
    packages: ["zsh-static", "zsh-common", "fish", "mandoc"],
    // The machine has the C library, and the rest is not used.
    unused: [
      ...["libc6", "libgcc-s1", "libstdc++6", "zsh", "debianutils", "dpkg", "debconf", "bc"],
      ...["groff-base", "gettext-base", "lynx", "www-browser", "xsel", "xdg-utils", "python3"],
      ...["man-db", "procps"],
    ],
    programs: [],
    checks: [],
    leftOut: [],
  }, downloads);
  for (const deb of debs) await run(["dpkg-deb", "-x", deb, root]);
  await Deno.remove(downloads, { recursive: true });
}

async function codename(): Promise<string> {
  const release = await Deno.readTextFile("/etc/os-release").catch(() => "");
  return /^VERSION_CODENAME="?([\w-]+)/m.exec(release)?.[1] ?? "stable";
}
