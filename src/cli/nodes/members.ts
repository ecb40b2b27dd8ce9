/**
 * Nodes, as people and programs get to see them.
 *
 * @module
 */
import type { Cluster, ClusterNode } from "../../client/cluster.ts";
import type { Key } from "../../protocol/key.ts";
import type { NodeRateMeter, NodeRates } from "./node_rates.ts";
import { tableLines } from "../table.ts";

const headings = [
  "NODE",
  "APPLICATION",
  "HEARD",
  "STATE",
  "CHANNELS",
  "EVENTS/S",
  "REQUESTS/S",
  "ERRORS/S",
  "GAPS",
  "LOST",
  "ASTERISK",
  "PROXY",
  "RUNS FOR",
];

/** What a narrow terminal does without first; what is amiss stays. */
const spare = [
  "PROXY",
  "ASTERISK",
  "RUNS FOR",
  "HEARD",
  "CHANNELS",
  "REQUESTS/S",
  "EVENTS/S",
  "ERRORS/S",
];

/** After this many seconds without an answer to the pings a node counts as silent. */
const SILENT = 12;

/** Options of {@linkcode nodeLines}. */
export interface NodeLinesOptions {
  /** Width of the terminal, in characters. */
  readonly columns: number;
  /** Knows what they do. @default nothing is told of that */
  readonly meter?: NodeRateMeter;
}

/** Lines of a table of the members. Proxies in Go tell their coordinates only. */
export function nodeLines(
  cluster: Cluster,
  key: Key,
  { columns, meter }: NodeLinesOptions,
): string[] {
  const doubles = new Set(cluster.doubles());
  return tableLines(
    headings,
    cluster.members(key).map((member) => [
      member.node,
      member.app,
      duration(secondsSince(member.heardAt)),
      stateOf(member, doubles),
      `${member.channels ?? ""}`,
      ...rateCells(meter?.of(member)),
      shortVersion(member.asteriskVersion ?? ""),
      member.version ?? "",
      member.started ? duration(secondsSince(Date.parse(member.started))) : "",
    ]),
    { columns, spare },
  );
}

/** The members for programs; ages are in whole seconds. */
export function nodeEntries(cluster: Cluster, key: Key): Readonly<Record<string, unknown>>[] {
  const doubles = new Set(cluster.doubles());
  return cluster.members(key).map((member) =>
    nodeEntry(member, { state: stateOf(member, doubles) })
  );
}

/** Cells for what a member does; gaps and lost events stand there only if there are any. */
function rateCells(rates: NodeRates | undefined): string[] {
  if (!rates) return ["", "", "", "", ""];
  const { events, requests, failed, gaps, lost } = rates;
  return [...[events, requests, failed].map(rounded), ...[gaps, lost].map((n) => n ? `${n}` : "")];
}

/** Without what a distribution adds, as in `22.10.1+dfsg+~cs6.17.60671434-1`. */
function shortVersion(version: string): string {
  return /^[^+~]+/.exec(version)?.[0] ?? version;
}

function rounded(rate: number): string {
  return rate > 0 && rate < 9.95 ? rate.toFixed(1) : `${Math.round(rate)}`;
}

/** Options of {@linkcode nodeEntry}. */
export interface NodeEntryOptions {
  /** State of the member. @default what it says */
  readonly state?: string;
  /** What it does. @default nothing is told */
  readonly rates?: NodeRates;
}

/** A member for programs. */
export function nodeEntry(
  member: ClusterNode,
  { state = member.state, rates }: NodeEntryOptions = {},
): Readonly<Record<string, unknown>> {
  const { node, app, heardAt, started, version, asteriskVersion, channels } = member;
  return {
    node,
    application: app,
    heardAt: new Date(heardAt).toISOString(),
    age: secondsSince(heardAt),
    state: state || undefined,
    channels,
    asteriskVersion,
    version,
    started,
    ...(rates && {
      eventsPerSecond: tenths(rates.events),
      requestsPerSecond: tenths(rates.requests),
      errorsPerSecond: tenths(rates.failed),
      gaps: rates.gaps,
      lost: rates.lost,
    }),
  };
}

/** `up`; `silent` when it does not answer; `double` when another process has its coordinates. */
function stateOf(member: ClusterNode, doubles: ReadonlySet<ClusterNode>): string {
  if (doubles.has(member)) return "double";
  if (secondsSince(member.heardAt) > SILENT) return "silent";
  return member.state ?? "";
}

function tenths(rate: number): number {
  return Math.round(rate * 10) / 10;
}

function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "";
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m${seconds % 60}s`;
  const hours = Math.floor(seconds / 3600);
  return hours < 48 ? `${hours}h${Math.floor(seconds % 3600 / 60)}m` : `${Math.floor(hours / 24)}d`;
}

function secondsSince(time: number): number {
  return Math.max(0, Math.floor((Date.now() - time) / 1000));
}
