import type { Bus, BusSubscription } from "../bus/bus.ts";
import { decodeAnnouncement } from "../protocol/announcement.ts";
import { type Coordinates, type Key, keysMatch } from "../protocol/key.ts";
import { announceSubject, pingSubject } from "../protocol/subjects.ts";

/** A proxy that has announced itself. */
export interface Member extends Coordinates {
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

const encoder = new TextEncoder();

/** What goes into a ping. Nobody reads it; clients in Go send the same. */
const pingText = encoder.encode(JSON.stringify({ kind: "", key: null }));

/** Who is there: the proxies that announce themselves, by application and node. */
export class Cluster implements Disposable {
  readonly #bus: Bus;
  readonly #announcements: BusSubscription;
  readonly #members = new Map<string, Member>();
  readonly #listeners = new Set<(member: Member) => void>();
  readonly #maxAge: number;
  readonly #settleTime: number;
  readonly #now: () => number;
  #settled = Promise.withResolvers<void>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Begins to listen, and asks everyone to announce themselves. */
  constructor(bus: Bus, options: ClusterOptions = {}) {
    this.#bus = bus;
    this.#maxAge = options.maxAge ?? 300_000;
    this.#settleTime = options.settleTime ?? 150;
    this.#now = options.now ?? Date.now;
    this.#announcements = bus.subscribe(announceSubject, ({ data }) => this.#hear(data));
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
  members(key: Key = {}): Member[] {
    const oldest = this.#now() - this.#maxAge;
    return [...this.#members.values()]
      .filter(({ app, node, heardAt }) =>
        heardAt >= oldest && keysMatch({ app, node }, { app: key.app, node: key.node })
      )
      .sort((a, b) => compare(a.app, b.app) || compare(a.node, b.node));
  }

  /** Calls the listener at each announcement. Returns a function that stops it. */
  onAnnouncement(listener: (member: Member) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Stops listening. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#settled.resolve();
    this.#announcements.close();
    this.#listeners.clear();
  }

  #hear(data: Uint8Array): void {
    const self = decodeAnnouncement(data);
    if (!self) return;
    const name = JSON.stringify([self.app, self.node]);
    const member = { ...self, heardAt: this.#now() };
    if (!this.#members.has(name)) this.#expectMore();
    this.#members.set(name, member);
    this.#listeners.forEach((listener) => listener(member));
  }

  #expectMore(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#settled.resolve(), this.#settleTime);
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
