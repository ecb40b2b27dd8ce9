/**
 * What the bus knows that can stand on a command line, asked quickly and quietly.
 *
 * @module
 */
import type { ClusterNode } from "../../client/nodes.ts";
import { Requester } from "../../client/requester.ts";
import type { Key } from "../../protocol/key.ts";
import type { Kind } from "../../protocol/kinds/kinds.ts";
import type { TypedLine } from "./typed_line.ts";
import type { Io } from "../io.ts";
import { openBus, wantedApplication } from "../open_bus.ts";
import { loadSources } from "../settings/sources.ts";
import { isStandardInput } from "../files.ts";

/** How long a person who pressed a key waits for all of it, in milliseconds. */
const PATIENCE = 300;

/** How long after the last of them another proxy is expected, in milliseconds. */
const SETTLE_TIME = 80;

/** What the bus knows. */
interface BusNames {
  /** Names of nodes, of the application that is given. */
  readonly nodes: Candidate[];
  /** Names of applications. */
  readonly applications: Candidate[];
  /** IDs of entities. */
  readonly ids: Candidate[];
  /** Every application with each of its nodes. */
  readonly members: readonly ClusterNode[];
}

const nothing: BusNames = { nodes: [], applications: [], ids: [], members: [] };

/**
 * Asks the bus. Whatever goes wrong, nothing comes of it, and that in time.
 *
 * @param line The command line, whose flags say where the bus is and who is meant.
 * @param options What to ask for besides: the kind that lists the entities whose IDs are wanted.
 */
export async function askBus(
  line: TypedLine,
  io: Io,
  options: { readonly list?: Kind } = {},
): Promise<BusNames> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    return await ask(line, io, { ...options, signal: stop.signal });
  } catch {
    return nothing;
  } finally {
    clearTimeout(timer);
    stop.abort();
  }
}

/** Reads files, and nothing from the person at the terminal, who waits for words. */
function withoutInput({ readFile }: Io): Io["readFile"] {
  return readFile && ((path) => {
    if (isStandardInput(path)) throw new Error("Standard input is not there for it");
    return readFile(path);
  });
}

async function ask(
  { flags }: TypedLine,
  io: Io,
  { list, signal }: { readonly list?: Kind; readonly signal: AbortSignal },
): Promise<BusNames> {
  const begun = performance.now();
  const sources = await loadSources({ ...io, readFile: withoutInput(io) }, flags);
  await using bus = await openBus(sources, {
    name: "ari-proxy completion",
    signal,
    timeout: PATIENCE,
  });
  using client = new Requester(bus, { nodes: { settleTime: SETTLE_TIME } });
  // That of the environment is the application of a proxy, not what someone has asked for.
  const app = wantedApplication({ flags, env: () => undefined });
  const key: Key = { app, node: app && flags.node };
  const timeout = Math.max(1, PATIENCE - (performance.now() - begun));
  const responses = list ? (await client.gather(list, key, undefined, { timeout })).responses : [];
  await Promise.race([client.nodes.settled, over(signal)]);
  const members = client.nodes.members();
  return {
    nodes: members.filter((member) => app === undefined || member.app === app)
      .map((member) => ({ word: member.node, brief: `Node of ${member.app}` })),
    applications: members.map((member) => ({ word: member.app, brief: `On ${member.node}` })),
    ids: responses.flatMap(({ keys = [] }) => keys)
      .map(({ id = "", node }) => ({ word: id, brief: `On ${node}` })),
    members,
  };
}

function over(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** A word that can come next on a command line. */
export interface Candidate {
  /** The word in full, from where the one that is being typed begins. */
  readonly word: string;
  /** What it means. */
  readonly brief?: string;
}

/** Stands for all names of files. */
export const files: Candidate = { word: ":files" };
