/**
 * `ari-proxy nodes`: shows who is there.
 *
 * @module
 */
import type { CommandFunction } from "@stricli/core";
import type { Bus } from "../../bus/bus.ts";
import { Cluster } from "../../client/cluster.ts";
import { commandFunction, type Context } from "../subcommand.ts";
import { exitCodes } from "../exit_codes.ts";
import { aborted, interruption } from "../cancel_signal.ts";
import type { Io } from "../io.ts";
import type { NodesFlags } from "./command.ts";
import { NodeRateMeter } from "./node_rates.ts";
import { nodeEntries, nodeEntry, nodeLines } from "./members.ts";
import { openBus, wantedApplication } from "../open_bus.ts";
import { complain } from "../errors.ts";
import { loadSources } from "../settings/sources.ts";
import { truncate } from "../table.ts";

/** How long after the last new node more of them are expected, in milliseconds. */
const SETTLE_TIME = 300;

/** Time between two drawings, and between two pings, in milliseconds. */
const REDRAW = 1_000;
const PING = 2_000;

/** `nodes`, for the command line library. */
export const nodesCommand: CommandFunction<NodesFlags, [], Context> = commandFunction(nodes);

async function nodes(io: Io, flags: NodesFlags): Promise<number> {
  const sources = await loadSources(io, flags);
  // That of the environment is the application of a proxy, not what someone wants to see.
  const app = wantedApplication({ ...sources, env: () => undefined, file: undefined });
  using stop = interruption(io);
  const { signal } = stop;
  try {
    await using bus = await openBus(sources, { name: "ari-proxy nodes", signal });
    if (!flags.watch) return await showOnce(bus, io, { flags, app, signal });
    const json = flags.json || !io.stdout.isTerminal;
    await (json ? announce : redraw)(bus, io, { app, signal });
    return exitCodes.ok;
  } catch (error) {
    if (signal.aborted) return exitCodes.ok;
    throw error;
  }
}

interface Wanted {
  readonly app: string | undefined;
  readonly signal: AbortSignal;
}

async function showOnce(
  bus: Bus,
  { stdout, stderr }: Io,
  { flags, app, signal }: Wanted & { readonly flags: NodesFlags },
): Promise<number> {
  using cluster = new Cluster(bus, { settleTime: SETTLE_TIME });
  await (flags.wait === undefined ? cluster.settled : aborted(signal, flags.wait));
  const { length } = cluster.members({ app });
  if (flags.json || !stdout.isTerminal) {
    stdout.write(`${JSON.stringify(nodeEntries(cluster, { app }))}\n`);
  } else if (length > 0) {
    const lines = nodeLines(cluster, { app }, { columns: stdout.columns });
    stdout.write(`${lines.join("\n")}\n`);
  }
  if (length > 0) return exitCodes.ok;
  complain(app ? `No node answers for the application ${app}` : "No node answers", stderr);
  return exitCodes.noNode;
}

/** Draws the table anew all the time. */
async function redraw(bus: Bus, { stdout }: Io, { app, signal }: Wanted): Promise<void> {
  using cluster = new Cluster(bus, { settleTime: SETTLE_TIME });
  const meter = new NodeRateMeter();
  cluster.onAnnouncement((member) => meter.hear(member));
  const pings = setInterval(() => cluster.ping(), PING);
  try {
    await Promise.race([cluster.settled, aborted(signal)]);
    stdout.write("\x1b[2J");
    while (!signal.aborted) {
      const { length } = cluster.members({ app });
      const { columns } = stdout;
      const lines = length > 0
        ? nodeLines(cluster, { app }, { columns, meter })
        : ["No node answers"];
      const state = bus.connected ? [] : ["", "The bus is lost, trying to reach it again"];
      // To the top, each line over what was there, and away with the rest.
      const screen = [...lines, ...state]
        .map((line) => `${truncate(line, columns)}\x1b[K\n`)
        .join("");
      stdout.write(`\x1b[H${screen}\x1b[J`);
      await aborted(signal, REDRAW);
    }
  } finally {
    clearInterval(pings);
  }
}

/** Writes each announcement. */
async function announce(bus: Bus, { stdout }: Io, { app, signal }: Wanted): Promise<void> {
  using cluster = new Cluster(bus, { settleTime: SETTLE_TIME });
  const meter = new NodeRateMeter();
  cluster.onAnnouncement((member) => {
    meter.hear(member);
    if (app && member.app !== app) return;
    stdout.write(`${JSON.stringify(nodeEntry(member, { rates: meter.of(member) }))}\n`);
  });
  const pings = setInterval(() => cluster.ping(), PING);
  await aborted(signal);
  clearInterval(pings);
}
