import type { ClusterNode } from "../../client/cluster.ts";
import type { AnnouncedCounts } from "../../protocol/announcement.ts";

/** What a node does in a second, and what it has missed since its start. */
export interface NodeRates {
  /** Events from Asterisk a second. */
  readonly events: number;
  /** Requests a second. */
  readonly requests: number;
  /** Requests a second that were answered with an error. */
  readonly failed: number;
  /** Notices that events are missing, since its start. */
  readonly gaps: number;
  /** Messages with events that were given up, since its start. */
  readonly lost: number;
}

interface Heard {
  readonly at: number;
  readonly counts: AnnouncedCounts;
  readonly rates?: NodeRates;
}

/** Announcements nearer to each other than this, in milliseconds, tell no rate: others ping as well. */
const nearest = 900;

/** Makes rates of the counts that proxies announce. Those in Go announce none. */
export class NodeRateMeter {
  readonly #heard = new Map<string, Heard>();

  /** Takes an announcement. */
  hear(member: ClusterNode): void {
    const { counts, heardAt: at } = member;
    const name = nameOf(member);
    if (!counts || member.state === "stopping") {
      this.#heard.delete(name);
      return;
    }
    const before = this.#heard.get(name);
    if (!before) this.#heard.set(name, { at, counts });
    else if (at - before.at >= nearest) {
      this.#heard.set(name, { at, counts, rates: ratesOf(before, { at, counts }) });
    }
  }

  /** The rates of a member between its last two announcements; undefined before the second. */
  of(member: ClusterNode): NodeRates | undefined {
    return this.#heard.get(nameOf(member))?.rates;
  }
}

/** A process that starts anew has another ID, and counts from zero. */
function nameOf({ app, node, id = "" }: ClusterNode): string {
  return JSON.stringify([app, node, id]);
}

function ratesOf(before: Heard, now: Heard): NodeRates {
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
