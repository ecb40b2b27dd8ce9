/**
 * Names and IDs from the bus for completion, within a short time and without messages.
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

/** How long a key press may take, in milliseconds. */
const PATIENCE = 300;

/** How long after the last announcement another one is waited for, in milliseconds. */
const SETTLE_TIME = 80;

/** Names and IDs from the bus. */
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
 * Asks the bus. On any failure the result is empty, and in time.
 *
 * @param line The command line, whose flags name bus, application and node.
 * @param options With `list`, the kind that lists the entities, the result has their IDs.
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

/** Reads files, but never the terminal. */
function withoutInput({ readFile }: Io): Io["readFile"] {
  return readFile && ((path) => {
    if (isStandardInput(path)) throw new Error("Standard input cannot be read here");
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
  // The application of the environment is that of a proxy, not one of the command line.
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

/** A word that can complete a command line. */
export interface Candidate {
  /** The whole word, not only what is missing of it. */
  readonly word: string;
  /** What it means. */
  readonly brief?: string;
}

/** All file names: completed by the shell. */
export const files: Candidate = { word: ":files" };
