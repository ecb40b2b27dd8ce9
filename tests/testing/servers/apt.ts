import type { PackageChoice } from "./debian_packages.ts";
import { run } from "./run.ts";

const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";
/** Makes apt's messages, which are read here, independent of the user's language. */
const env = { LC_ALL: "C" };

/**
 * Downloads packages and what they depend on, with an apt that has package lists, cache and status
 * of its own. The machine's packages and lists stay as they are, and root's rights are not needed.
 *
 * @param choice What to download.
 * @param folder An empty folder to work in.
 * @returns The absolute paths of the `.deb` files.
 * @throws {Error} When this is not a Debian machine, or no mirror serves the packages.
 */
export async function downloadPackages(choice: PackageChoice, folder: string): Promise<string[]> {
  for (const sub of ["lists/partial", "cache/archives/partial"]) {
    await Deno.mkdir(`${folder}/${sub}`, { recursive: true });
  }
  await requireDebian();
  const architecture = (await run(["dpkg", "--print-architecture"])).trim();
  await Deno.writeTextFile(`${folder}/status`, statusOf(choice.unused, architecture));
  await Deno.writeTextFile(
    `${folder}/apt.conf`,
    settings(folder, (await run(["id", "-un"])).trim()),
  );
  await updateLists(choice.suite, folder);
  const install = ["install", "--download-only", "--yes", ...choice.packages];
  await run(["apt-get", "-c", `${folder}/apt.conf`, ...install], { env });
  const archives = `${folder}/cache/archives`;
  return [...Deno.readDirSync(archives)].map(({ name }) => name).filter((it) => it.endsWith(".deb"))
    .sort().map((name) => `${archives}/${name}`);
}

async function requireDebian(): Promise<void> {
  for (const tool of ["apt-get", "dpkg", "dpkg-deb", "tar"]) {
    await run([tool, "--version"]).catch((cause) => {
      throw new Error(`this is no Debian machine: ${tool} does not run`, { cause });
    });
  }
  try {
    await Deno.stat(KEYRING);
  } catch (cause) {
    throw new Error(`${KEYRING} is missing: it is in the package debian-archive-keyring`, {
      cause,
    });
  }
}

/** Fetches the suite's package lists from the first of the machine's mirrors that has it. */
async function updateLists(suite: string, folder: string): Promise<void> {
  let reason = "apt knows of no mirror for the release of this machine";
  for (const mirror of await mirrors()) {
    const source = `deb [signed-by=${KEYRING}] ${mirror} ${suite} main\n`;
    await Deno.writeTextFile(`${folder}/sources.list`, source);
    try {
      await run(["apt-get", "-c", `${folder}/apt.conf`, "update"], { env });
      return;
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
    }
  }
  throw new Error(`no mirror that apt is set up with serves Debian ${suite}: ${reason}`);
}

/** The addresses that apt has for the release of this machine; its lists need not be there. */
async function mirrors(): Promise<Set<string>> {
  const release = await Deno.readTextFile("/etc/os-release");
  const codename = /^VERSION_CODENAME="?([\w-]+)/m.exec(release)?.[1] ?? "stable";
  const index = /^'(?<mirror>[^']+?)dists\/(?<suite>[^/]+)\/InRelease'/;
  const found = new Set<string>();
  for (const line of (await run(["apt-get", "update", "--print-uris"], { env })).split("\n")) {
    const { mirror, suite } = index.exec(line)?.groups ?? {};
    if (mirror && (suite === codename || suite === "stable")) found.add(mirror);
  }
  return found;
}

/** What dpkg would write if the packages were installed, in a version that is always new enough. */
function statusOf(packages: readonly string[], architecture: string): string {
  return packages.map((name) =>
    [
      `Package: ${name}`,
      "Status: install ok installed",
      `Architecture: ${architecture}`,
      "Multi-Arch: foreign",
      "Version: 99:99",
      "Maintainer: nobody",
      "Description: left out",
    ].join("\n") + "\n\n"
  ).join("");
}

function settings(folder: string, user: string): string {
  const entries = {
    "Dir::Etc::sourcelist": `${folder}/sources.list`,
    "Dir::Etc::sourceparts": "/dev/null",
    "Dir::Etc::preferences": "/dev/null",
    "Dir::Etc::preferencesparts": "/dev/null",
    "Dir::State::lists": `${folder}/lists`,
    "Dir::State::status": `${folder}/status`,
    "Dir::Cache": `${folder}/cache`,
    // Otherwise root's apt downloads as a user who may not write here.
    "APT::Sandbox::User": user,
    "APT::Install-Recommends": "false",
    "APT::Update::Error-Mode": "any",
    "Acquire::Languages": "none",
    "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled": "false",
    "Acquire::Retries": "2",
    "Acquire::http::Timeout": "15",
    "Acquire::https::Timeout": "15",
  };
  return Object.entries(entries).map(([name, value]) => `${name} "${value}";\n`).join("");
}
