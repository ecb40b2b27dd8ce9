import type { Bus, BusSubscription } from "../bus/bus.ts";
import { deferred } from "../common/deferred.ts";
import { type Announcement, decodeAnnouncement } from "../protocol/announcement.ts";
import { type Key, keysMatch } from "../protocol/key.ts";
import { announceSubject, pingSubject } from "../protocol/subjects.ts";

/** A proxy that has announced itself, under one of its applications. */
export interface ClusterNode extends Announcement {
  /** When it was heard of last, in milliseconds since 1970. */
  readonly heardAt: number;
}

/** Options of {@linkcode Cluster}. */
export interface ClusterOptions {
  /**
   * How long a member counts after its last announcement, in milliseconds.
   *
   * @default {300_000}
   */
  readonly maxAge?: number;
  /**
   * How long after the ping, or after the last new member, more members are expected, in
   * milliseconds.
   *
   * @default {150}
   */
  readonly settleTime?: number;
  /** Tells the time, in milliseconds since 1970. */
  readonly now?: () => number;
}

/** Two processes under the same coordinates answer the same ping within this time, in milliseconds. */
const doubleTime = 2_000;

const encoder = new TextEncoder();

/** What goes into a ping. Nobody reads it; clients in Go send the same. */
const pingText = encoder.encode(JSON.stringify({ kind: "", key: null }));

/** Who is there: the proxies that announce themselves, by application and node. */
export class Cluster implements Disposable {
  readonly #bus: Bus;
  readonly #announcements: BusSubscription;
  readonly #stopListening: () => void;
  readonly #members = new Map<string, ClusterNode>();
  readonly #listeners = new Set<(member: ClusterNode) => void>();
  readonly #maxAge: number;
  readonly #settleTime: number;
  readonly #now: () => number;
  readonly #settled = deferred();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Begins to listen, and asks everyone to announce themselves, now and after each outage. */
  constructor(bus: Bus, options: ClusterOptions = {}) {
    this.#bus = bus;
    this.#maxAge = options.maxAge ?? 300_000;
    this.#settleTime = options.settleTime ?? 150;
    this.#now = options.now ?? Date.now;
    this.#announcements = bus.subscribe(announceSubject, ({ data }) => this.#hear(data));
    // Whoever was heard of before an outage may be gone after it.
    this.#stopListening = bus.onStatus(({ type }) => {
      if (type === "connected") this.ping();
    });
    this.ping();
  }

  /** Asks everyone to announce themselves. */
  ping(): void {
    this.#bus.publish(pingSubject, pingText);
    this.#expectMore();
  }

  /** Resolves when no further answer to the first ping is expected. */
  get settled(): Promise<void> {
    return this.#settled.promise;
  }

  /** The members that count, narrowed to the application and node of a key, ordered by both. */
  members(key: Key = {}): ClusterNode[] {
    const oldest = this.#now() - this.#maxAge;
    return [...this.#members.values()]
      .filter(({ app, node, heardAt }) =>
        heardAt >= oldest && keysMatch({ app, node }, { app: key.app, node: key.node })
      )
      .sort((a, b) => compare(a.app, b.app) || compare(a.node, b.node));
  }

  /** The members whose coordinates another process has as well. */
  doubles(): ClusterNode[] {
    const members = this.members();
    return members.filter((member) =>
      members.some((other) =>
        other !== member && other.app === member.app && other.node === member.node
      )
    );
  }

  /** Calls the listener at each announcement, good-byes (`stopping`) included. Returns a function that stops it. */
  onAnnouncement(listener: (member: ClusterNode) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Stops listening. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#settled.resolve();
    this.#announcements.close();
    this.#stopListening();
    this.#listeners.clear();
  }

  #hear(data: Uint8Array): void {
    const announcement = decodeAnnouncement(data);
    if (!announcement) return;
    const { app, node, id = "", state } = announcement;
    const name = JSON.stringify([app, node, id]);
    const member = { ...announcement, heardAt: this.#now() };
    if (state === "stopping") this.#members.delete(name);
    else {
      if (!this.#members.has(name)) this.#expectMore();
      this.#members.set(name, member);
      this.#supersede(member);
    }
    this.#listeners.forEach((listener) => listener(member));
  }

  /**
   * A process takes the place of others with its coordinates, unless they have just been heard, too.
   * Those that do not count any more are forgotten.
   */
  #supersede({ app, node, heardAt }: ClusterNode): void {
    for (const [name, other] of this.#members) {
      const same = other.app === app && other.node === node;
      const oldest = heardAt - (same ? doubleTime : this.#maxAge);
      if (other.heardAt < oldest) this.#members.delete(name);
    }
  }

  #expectMore(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#settled.resolve(), this.#settleTime);
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
