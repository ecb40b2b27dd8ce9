/**
 * What the structure of `src` must not have, and where it has it.
 *
 *     deno task structure [FOLDER]
 *
 * @module
 */

import { basename, dirname } from "node:path/posix";
import { circlesIn, readModules, type SourceModule } from "./source_modules.ts";

/** What each kind of offence was found of. */
export interface Offenders {
  /** Modules that import each other in a circle. */
  readonly circles: readonly string[];
  /** `PATH:NAME` of exported names without a user in `src` or the package's doors. */
  readonly unused: readonly string[];
  /** Files that repeat their folder's name. */
  readonly stutters: readonly string[];
  /** Files that share their name with one that means something else. */
  readonly doubles: readonly string[];
  /** Imports between the folders inside a folder that {@linkcode inside} does not allow. */
  readonly arrows: readonly string[];
}

/** Resources of ARI: a file for the kinds of requests about it, and one for it in the library. */
const resources = [
  "applications",
  "bridges",
  "channels",
  "device_states",
  "endpoints",
  "mailboxes",
  "playbacks",
  "recordings",
  "sounds",
  "system",
];

/** File names that mean the same in each folder, and what. */
const roles: Readonly<Record<string, string>> = {
  ...Object.fromEntries(resources.map((name) => [`${name}.ts`, "a resource of ARI"])),
  "bus.ts": "the bus: its contract, and its adapters",
  "options.ts": "the options of a bus",
  "message.ts": "a message as a bus carries it",
  "connect.ts": "connects to what the folder is about",
  "subjects.ts": "subjects: those of the protocol, and which ones a bus takes",
  "requests.ts": "requests on a bus: what the adapters share, and what one does in its own way",
  "link.ts": "keeps one Asterisk connected",
  "rest.ts": "Asterisk's REST interface",
  "errors.ts": "the error of the folder, with its codes",
  "frames.ts": "the frames of a wire protocol",
  "metrics.ts": "declares metrics: those of a proxy, and those of the program around it",
  "command.ts": "the subcommand of the folder: its flags and help, loaded at every start",
  "mod.ts": "a door of the package",
  "run.ts": "what the subcommand of the folder does, loaded when it is called",
};

/**
 * What the folders inside a folder of `src` may import of each other. The files beside them they
 * always may, and a folder with a subcommand the settings; what is not in the table, nothing else.
 */
const inside: Readonly<Record<string, readonly string[]>> = {
  "protocol/kinds": ["api"],
  "ari/inbound": ["http", "websocket"],
  "client/handles": ["events"],
  "client/resources": ["events", "handles"],
  "cli/call": ["help"],
  "cli/completion": ["call", "context", "events", "serve", "help"],
  "cli/context": ["help"],
  "cli/replay": ["events"],
  "cli/tail": ["events"],
};

/** Looks for all offenders. */
export function findOffenders(): Offenders {
  const { modules, used, doors } = readModules();
  const source = modules.filter(({ path }) => path.startsWith("src/"));
  const subcommands = source.filter(({ path }) => /^src\/cli\/[^/]+\/command\.ts$/.test(path))
    .map(({ path }) => dirname(path));
  const byName = Map.groupBy(source, ({ path }) => basename(path));
  return {
    circles: circlesIn(modules).flat().toSorted(),
    unused: source.filter(({ path }) => !doors.has(path)).flatMap(({ path, exports }) =>
      [...exports].map((name) => `${path}:${name}`).filter((name) => !used.has(name))
    ).toSorted(),
    stutters: source.map(({ path }) => path).filter(stutters).toSorted(),
    doubles: [...byName].filter(([name, files]) => files.length > 1 && !(name in roles))
      .flatMap(([, files]) => files.map(({ path }) => path)).toSorted(),
    arrows: source.flatMap((module) => wrongArrows(module, subcommands)).toSorted(),
  };
}

/** Whether a file name has the name of its folder in it, and another word. */
function stutters(path: string): boolean {
  const folder = basename(dirname(path));
  const words = basename(path, ".ts").split("_");
  const names = [folder, folder.replace(/s$/, "")].map((name) => name.split("_"));
  return names.some((name) =>
    words.length > name.length &&
    words.some((_, i) => name.every((word, j) => words[i + j] === word))
  );
}

function wrongArrows({ path, imports }: SourceModule, subcommands: readonly string[]): string[] {
  const [, top, folder, file] = path.split("/");
  if (!file) return [];
  const allowed = [...inside[`${top}/${folder}`] ?? []];
  if (subcommands.includes(`src/${top}/${folder}`)) allowed.push("settings");
  return [...imports].filter((target) => {
    const [, otherTop, otherFolder, otherFile] = target.split("/");
    return otherTop === top && otherFile && otherFolder !== folder &&
      !allowed.includes(otherFolder);
  }).map((target) => `${path} -> ${target}`);
}

if (import.meta.main) {
  const folder = `src/${Deno.args[0] ?? ""}`;
  for (const [kind, found] of Object.entries(findOffenders()) as [string, string[]][]) {
    const here = found.filter((it) => it.startsWith(folder));
    console.log(`\n${kind}: ${here.length}`);
    for (const it of here) console.log(`  ${it}`);
  }
}
