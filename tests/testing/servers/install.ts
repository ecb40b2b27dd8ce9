import { downloadPackages } from "./apt.ts";
import { SERVERS } from "./debian_packages.ts";
import { run } from "./run.ts";
import { libraryFolder, unpackPackages } from "./unpack.ts";

/** Where the unpacked servers lie; all paths are absolute. */
export interface InstalledServers {
  /** The program nats-server. */
  readonly nats: string;
  /** The program asterisk. */
  readonly asterisk: string;
  /** The folder of Asterisk's modules. */
  readonly asteriskModules: string;
  /** The folder of what Asterisk comes with: `sounds`, `moh`, `documentation`, `rest-api`. */
  readonly asteriskData: string;
  /** The folder of RabbitMQ's scripts: `rabbitmq-server`, `rabbitmqctl`. */
  readonly rabbitmqScripts: string;
  /** The folder of Erlang's programs, which those scripts look for: `erl`, `epmd`. */
  readonly erlangPrograms: string;
}

/** Options of {@linkcode installServers}. */
export interface InstallOptions {
  /**
   * The folder to keep the servers in; it may be deleted at any time.
   * @default `$ARI_PROXY_TEST_HOME`, or `ari-proxy-test-servers` in the user's cache folder
   */
  readonly home?: string;
  /** Told in one line when there is work to do. @default writes it to the standard error */
  readonly report?: (line: string) => void;
}

/**
 * Makes sure that the servers are there, and returns their paths. The first call on a machine downloads and
 * unpacks Debian packages, which takes some twenty seconds; later ones only look. Several processes
 * may call it at the same time: one works, the others wait for it.
 *
 * Nothing is installed on the machine itself. Each recipe (what is installed, and how) has a folder
 * of its own, so that working copies of different age do not affect each other.
 *
 * @throws {Error} When the machine is not a Debian or its mirror cannot be reached; the text names the
 * environment variables that point to servers installed otherwise.
 */
export async function installServers(options: InstallOptions = {}): Promise<InstalledServers> {
  const home = options.home ?? defaultHome();
  const folder = `${home}/${await recipeId(home)}`;
  const report = options.report ?? ((line: string) => console.error(line));
  const stamp = `${folder}/installed`;
  if (!await exists(stamp)) {
    await Deno.mkdir(folder, { recursive: true });
    using lock = await Deno.open(`${folder}/lock`, { create: true, write: true });
    await lock.lock(true);
    // Another process may have done it while this one waited.
    if (!await exists(stamp)) await install(folder, { home, report });
  }
  const root = `${folder}/root`;
  return {
    nats: `${root}/usr/sbin/nats-server`,
    asterisk: `${root}/usr/sbin/asterisk`,
    asteriskModules: `${await libraryFolder(root)}/asterisk/modules`,
    asteriskData: `${root}/usr/share/asterisk`,
    rabbitmqScripts: await rabbitmqScripts(root),
    erlangPrograms: `${root}/usr/lib/erlang/bin`,
  };
}

async function install(
  folder: string,
  { home, report }: { readonly home: string; readonly report: (line: string) => void },
): Promise<void> {
  report(`Installing the servers for the tests into ${home} (once, about 20 s)`);
  const [root, downloads] = [`${folder}/root`, `${folder}/apt`];
  try {
    for (const path of [root, downloads]) {
      await Deno.remove(path, { recursive: true }).catch(ignoreMissing);
      await Deno.mkdir(path);
    }
    const debs = await downloadPackages(SERVERS, downloads);
    await unpackPackages(debs, { root, choice: SERVERS });
    await moveErlang(root);
    await Deno.remove(downloads, { recursive: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(
      `Cannot install the test servers: ${reason}\n` +
        "Servers that are there already can be named instead: ARI_PROXY_TEST_NATS (the program " +
        "nats-server), ARI_PROXY_TEST_RABBITMQ (the folder with the scripts rabbitmq-server and " +
        "rabbitmqctl), ARI_PROXY_TEST_ASTERISK (the program asterisk), " +
        "ARI_PROXY_TEST_ASTERISK_MODULES (the folder of its modules) and " +
        "ARI_PROXY_TEST_ASTERISK_DATA (the folder with its sounds and documentation)",
      { cause },
    );
  }
  await Deno.writeTextFile(`${folder}/installed`, "");
}

/** Tells Erlang, which has its own place written into a script, where it lies now. */
async function moveErlang(root: string): Promise<void> {
  const script = `${root}/usr/lib/erlang/bin/erl`;
  const text = await Deno.readTextFile(script);
  const place = `${root}/usr/lib/erlang`;
  await Deno.writeTextFile(script, text.replaceAll("=/usr/lib/erlang", `=${place}`));
  await run([script, "-noshell", "-eval", "halt()."]);
}

/** The name of the folder contains RabbitMQ's version. */
async function rabbitmqScripts(root: string): Promise<string> {
  const folder = `${root}/usr/lib/rabbitmq/lib`;
  for await (const { name } of Deno.readDir(folder)) {
    if (name.startsWith("rabbitmq_server-")) return `${folder}/${name}/sbin`;
  }
  throw new Error(`Cannot find RabbitMQ in ${folder}: the packages are not laid out as expected`);
}

/** Changes with the files that say what is installed and how, and with the place, which is built in. */
async function recipeId(home: string): Promise<string> {
  const files = ["debian_packages.ts", "apt.ts", "unpack.ts", "install.ts"];
  const texts = await Promise.all(
    files.map((file) => Deno.readTextFile(new URL(file, import.meta.url))),
  );
  const bytes = new TextEncoder().encode([home, Deno.build.arch, ...texts].join("\0"));
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex().slice(0, 12);
}

function defaultHome(): string {
  const chosen = Deno.env.get("ARI_PROXY_TEST_HOME");
  const cache = Deno.env.get("XDG_CACHE_HOME") || `${Deno.env.get("HOME")}/.cache`;
  const home = chosen || `${cache}/ari-proxy-test-servers`;
  // It goes into configuration files whose quoting differs.
  if (!/^\/[\w./@+~-]+$/.test(home)) {
    throw new Error(
      `Cannot use the folder ${home}: ARI_PROXY_TEST_HOME must be an absolute path of plain characters`,
    );
  }
  return home;
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}
