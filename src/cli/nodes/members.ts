/**
 * Nodes as people and programs see them: tables, JSON, and rates between two announcements.
 *
 * @module
 */
import type { ClusterNode, NodeDirectory } from "../../client/nodes.ts";
import type { AnnouncedCounts } from "../../protocol/announcement.ts";
import type { Key } from "../../protocol/key.ts";
import { tableLines } from "../table.ts";

const headings = [
  "NODE",
  "APPLICATION",
  "LAST SEEN",
  "STATE",
  "CHANNELS",
  "EVENTS/S",
  "REQUESTS/S",
  "ERRORS/S",
  "GAPS",
  "LOST",
  "ASTERISK",
  "PROXY",
  "UPTIME",
];

/** The columns that a narrow terminal leaves out, in this order; what may be wrong stays. */
const spare = [
  "PROXY",
  "ASTERISK",
  "UPTIME",
  "LAST SEEN",
  "CHANNELS",
  "REQUESTS/S",
  "EVENTS/S",
  "ERRORS/S",
];

/** After this many seconds without an announcement a node is `silent`. */
const silentAfter = 12;

/** Two announcements within this time, in milliseconds, give no rate: other clients ping as well. */
const minInterval = 900;

/**
 * Lines of a table of the members. Proxies in Go announce their coordinates only.
 *
 * @param options.columns Width of the terminal, in characters.
 * @param options.meter Has the rates. @default none are shown
 */
export function nodeLines(
  cluster: Pick<NodeDirectory, "members" | "doubles">,
  key: Key,
  { columns, meter }: { readonly columns: number; readonly meter?: Pick<NodeRateMeter, "of"> },
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
export function nodeEntries(cluster: NodeDirectory, key: Key): Readonly<Record<string, unknown>>[] {
  const doubles = new Set(cluster.doubles());
  return cluster.members(key).map((member) =>
    nodeEntry(member, { state: stateOf(member, doubles) })
  );
}

/**
 * A member for programs.
 *
 * @param options.state Its state. @default what it announced
 * @param options.rates Its rates. @default none
 */
export function nodeEntry(
  member: ClusterNode,
  { state = member.state, rates }: { readonly state?: string; readonly rates?: NodeRates } = {},
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

/** Cells for the rates; gaps and lost events only if there are any. */
function rateCells(rates: NodeRates | undefined): string[] {
  if (!rates) return ["", "", "", "", ""];
  const { events, requests, failed, gaps, lost } = rates;
  return [...[events, requests, failed].map(rounded), ...[gaps, lost].map((n) => n ? `${n}` : "")];
}

/** Without the suffix of a distribution, as in `22.10.1+dfsg+~cs6.17.60671434-1`. */
function shortVersion(version: string): string {
  return /^[^+~]+/.exec(version)?.[0] ?? version;
}

/** The announced state; `silent` without recent announcements, `double` for coordinates of two processes. */
function stateOf(member: ClusterNode, doubles: ReadonlySet<ClusterNode>): string {
  if (doubles.has(member)) return "double";
  if (secondsSince(member.heardAt) > silentAfter) return "silent";
  return member.state ?? "";
}

function rounded(rate: number): string {
  return rate > 0 && rate < 9.95 ? rate.toFixed(1) : `${Math.round(rate)}`;
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

/** Rates of a node, and its counts since it was started. */
interface NodeRates {
  /** Events from Asterisk a second. */
  readonly events: number;
  /** Requests a second. */
  readonly requests: number;
  /** Requests a second that ended with an error. */
  readonly failed: number;
  /** Gap notices since its start. */
  readonly gaps: number;
  /** Messages with events that were dropped since its start. */
  readonly lost: number;
}

interface Measured {
  readonly at: number;
  readonly counts: AnnouncedCounts;
  readonly rates?: NodeRates;
}

/** Computes rates from the counts that proxies announce. Proxies in Go announce none. */
export class NodeRateMeter {
  readonly #measured = new Map<string, Measured>();

  /** Takes an announcement. */
  hear(member: ClusterNode): void {
    const { counts, heardAt: at } = member;
    const name = processName(member);
    if (!counts || member.state === "stopping") {
      this.#measured.delete(name);
      return;
    }
    const before = this.#measured.get(name);
    if (!before) this.#measured.set(name, { at, counts });
    else if (at - before.at >= minInterval) {
      this.#measured.set(name, { at, counts, rates: ratesOf(before, { at, counts }) });
    }
  }

  /** The rates of a member between its last two announcements; undefined before the second. */
  of(member: ClusterNode): NodeRates | undefined {
    return this.#measured.get(processName(member))?.rates;
  }
}

/** A process that is restarted has another ID, and counts from zero. */
function processName({ app, node, id = "" }: ClusterNode): string {
  return JSON.stringify([app, node, id]);
}

function ratesOf(before: Measured, now: Measured): NodeRates {
  const seconds = (now.at - before.at) / 1000;
  const rate = (name: "events" | "requests" | "failed") =>
    Math.max(0, now.counts[name] - before.counts[name]) / seconds;
  const { gaps, lost } = now.counts;
  return {
    events: rate("events"),
    requests: rate("requests"),
    failed: rate("failed"),
    gaps,
    lost,
  };
}
