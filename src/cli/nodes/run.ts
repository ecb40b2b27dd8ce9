/**
 * `ari-proxy nodes`: shows which nodes are running.
 *
 * @module
 */
import type { CommandFunction } from "@stricli/core";
import type { Bus } from "../../bus/bus.ts";
import { NodeDirectory } from "../../client/nodes.ts";
import { commandFunction, type Context } from "../subcommand.ts";
import { exitCodes } from "../exit_codes.ts";
import { aborted, CancelSignal } from "../cancel_signal.ts";
import type { BusFlags } from "../flags.ts";
import type { Io } from "../io.ts";
import { openBus, wantedApplication } from "../open_bus.ts";
import { complain } from "../errors.ts";
import { loadSources } from "../settings/sources.ts";
import { truncate } from "../table.ts";
import { nodeEntries, nodeEntry, nodeLines, NodeRateMeter } from "./members.ts";

/** How long after the last new node more of them are expected, in milliseconds. */
const settleTime = 300;

/** Time between two drawings of the table, in milliseconds. */
const redrawInterval = 1_000;
/** Time between two pings, in milliseconds. */
const pingInterval = 2_000;

/** Flags of `nodes`. */
export type NodesFlags = BusFlags & {
  /** How long to wait for nodes, in milliseconds. */
  readonly wait?: number;
  /** Whether to keep running. */
  readonly watch?: boolean;
  /** Whether to write JSON on a terminal as well. */
  readonly json?: boolean;
};

/** `nodes`, for the command line library. */
export const nodesCommand: CommandFunction<NodesFlags, [], Context> = commandFunction(nodes);

async function nodes(io: Io, flags: NodesFlags): Promise<number> {
  const sources = await loadSources(io, flags);
  // The variable is set for a proxy on the same machine, and selects nothing here.
  const app = wantedApplication({ ...sources, env: () => undefined, file: undefined });
  using stop = new CancelSignal(io);
  const { signal } = stop;
  try {
    await using bus = await openBus(sources, { name: "ari-proxy nodes", signal });
    if (!flags.watch) return await showOnce(bus, io, { flags, app, signal });
    await watch(bus, io, { json: flags.json || !io.stdout.isTerminal, app, signal });
    return exitCodes.ok;
  } catch (error) {
    if (signal.aborted) return exitCodes.ok;
    throw error;
  }
}

async function showOnce(
  bus: Bus,
  { stdout, stderr }: Io,
  { flags, app, signal }: {
    readonly flags: NodesFlags;
    readonly app: string | undefined;
    readonly signal: AbortSignal;
  },
): Promise<number> {
  using cluster = new NodeDirectory(bus, { settleTime });
  await (flags.wait === undefined ? cluster.settled : aborted(signal, flags.wait));
  const { length } = cluster.members({ app });
  if (flags.json || !stdout.isTerminal) {
    stdout.write(`${JSON.stringify(nodeEntries(cluster, { app }))}\n`);
  } else if (length > 0) {
    const lines = nodeLines(cluster, { app }, { columns: stdout.columns });
    stdout.write(`${lines.join("\n")}\n`);
  }
  if (length > 0) return exitCodes.ok;
  complain(app ? `No node responded for the application ${app}` : "No node responded", stderr);
  return exitCodes.noNode;
}

interface Watch {
  readonly app: string | undefined;
  readonly signal: AbortSignal;
}

/** Writes each announcement, or redraws the table, until the signal aborts. */
async function watch(
  bus: Bus,
  { stdout }: Io,
  { json, app, signal }: Watch & { readonly json: boolean },
): Promise<void> {
  using cluster = new NodeDirectory(bus, { settleTime });
  const meter = new NodeRateMeter();
  cluster.onAnnouncement((member) => {
    meter.hear(member);
    if (!json || app && member.app !== app) return;
    stdout.write(`${JSON.stringify(nodeEntry(member, { rates: meter.of(member) }))}\n`);
  });
  const pings = setInterval(() => cluster.ping(), pingInterval);
  try {
    if (json) await aborted(signal);
    else await redraw(bus, { stdout, cluster, meter, app, signal });
  } finally {
    clearInterval(pings);
  }
}

async function redraw(bus: Bus, { stdout, cluster, meter, app, signal }: Watch & {
  readonly stdout: Io["stdout"];
  readonly cluster: NodeDirectory;
  readonly meter: NodeRateMeter;
}): Promise<void> {
  await Promise.race([cluster.settled, aborted(signal)]);
  stdout.write("\x1b[2J");
  while (!signal.aborted) {
    const { length } = cluster.members({ app });
    const { columns } = stdout;
    const lines = length > 0
      ? nodeLines(cluster, { app }, { columns, meter })
      : ["No node responded"];
    const state = bus.connected ? [] : ["", "The bus is disconnected, reconnecting"];
    // To the top; each line overwrites the former one, and the rest is erased.
    const screen = [...lines, ...state]
      .map((line) => `${truncate(line, columns)}\x1b[K\n`)
      .join("");
    stdout.write(`\x1b[H${screen}\x1b[J`);
    await aborted(signal, redrawInterval);
  }
}
