import type { Bus, BusSubscription } from "../bus/bus.ts";
import { callSafely } from "../common/call_safely.ts";
import { deferred } from "../common/deferred.ts";
import { type Announcement, decodeAnnouncement } from "../protocol/announcement.ts";
import { type Key, keysMatch } from "../protocol/key.ts";
import { announceSubject, pingSubject } from "../protocol/subjects.ts";

/** The announcement of a node for one of its applications, with the time at which it arrived. */
export interface ClusterNode extends Announcement {
  /** When its last announcement arrived, in milliseconds since 1970. */
  readonly heardAt: number;
}

/** A node that has come or gone. */
export interface NodeChange {
  /**
   * `join`: its first announcement arrived, or the first one after it had gone; `leave`: it announced
   * that it stops; `lost`: no announcement arrived for too long.
   */
  readonly type: "join" | "leave" | "lost";
  /** The node, as it was last announced. */
  readonly node: ClusterNode;
}

/** Options of {@linkcode NodeDirectory}. */
export interface NodeDirectoryOptions {
  /**
   * How long a member is listed after its last announcement, in milliseconds.
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
  /** Returns the time, in milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
}

/** Two processes under the same coordinates answer the same ping within this time, in milliseconds. */
const doubleTime = 2_000;

/** The content of a ping. No proxy reads it; clients in Go send the same. */
const pingText = new TextEncoder().encode(JSON.stringify({ kind: "", key: null }));

/** The nodes that are announced, by application and node. */
export class NodeDirectory implements Disposable {
  readonly #bus: Bus;
  readonly #announcements: BusSubscription;
  readonly #stopStatus: () => void;
  readonly #members = new Map<string, ClusterNode>();
  readonly #announcementListeners = new Set<(member: ClusterNode) => void>();
  readonly #changeListeners = new Set<(change: NodeChange) => void>();
  readonly #maxAge: number;
  readonly #settleTime: number;
  readonly #now: () => number;
  readonly #settled = deferred();
  #settling: ReturnType<typeof setTimeout> | undefined;
  /** The nodes as last reported to the listeners to changes; kept while there are any. */
  #reported = new Map<string, ClusterNode>();
  #expiry: ReturnType<typeof setTimeout> | undefined;

  /** Subscribes to announcements, and asks for them, now and after each outage. */
  constructor(bus: Bus, options: NodeDirectoryOptions = {}) {
    this.#bus = bus;
    this.#maxAge = options.maxAge ?? 300_000;
    this.#settleTime = options.settleTime ?? 150;
    this.#now = options.now ?? Date.now;
    this.#announcements = bus.subscribe(announceSubject, ({ data }) => this.#receive(data));
    // A member from before an outage may be gone after it.
    this.#stopStatus = bus.onStatus(({ type }) => {
      if (type === "connected") this.ping();
    });
    this.ping();
  }

  /** Asks all proxies to announce themselves. */
  ping(): void {
    this.#bus.publish(pingSubject, pingText);
    this.#expectMore();
  }

  /** Resolves when no further reply to the first ping is expected. */
  get settled(): Promise<void> {
    return this.#settled.promise;
  }

  /** The members, narrowed to the application and node of a key, ordered by both. */
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

  /** Calls the listener at each announcement, also of the state `stopping`. Returns a function that stops it. */
  onAnnouncement(listener: (member: ClusterNode) => void): () => void {
    this.#announcementListeners.add(listener);
    return () => this.#announcementListeners.delete(listener);
  }

  /** Calls the listener when a node comes or goes. Returns a function that stops it. */
  onChange(listener: (change: NodeChange) => void): () => void {
    const own = (change: NodeChange) => listener(change);
    if (this.#changeListeners.size === 0) {
      this.#reported = this.#byCoordinates();
      this.#expire();
    }
    this.#changeListeners.add(own);
    return () => {
      this.#changeListeners.delete(own);
      if (this.#changeListeners.size === 0) clearTimeout(this.#expiry);
    };
  }

  /** Ends the subscription. */
  [Symbol.dispose](): void {
    clearTimeout(this.#settling);
    clearTimeout(this.#expiry);
    this.#settled.resolve();
    this.#announcements.close();
    this.#stopStatus();
    this.#announcementListeners.clear();
    this.#changeListeners.clear();
  }

  #receive(data: Uint8Array): void {
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
    this.#announcementListeners.forEach((listener) => listener(member));
    if (this.#changeListeners.size > 0) this.#notify("leave");
  }

  /**
   * Removes the other processes with the coordinates of a member, unless their announcements have just
   * arrived, too; and the members that are too old.
   */
  #supersede({ app, node, heardAt }: ClusterNode): void {
    for (const [name, other] of this.#members) {
      const same = other.app === app && other.node === node;
      const oldest = heardAt - (same ? doubleTime : this.#maxAge);
      if (other.heardAt < oldest) this.#members.delete(name);
    }
  }

  #expectMore(): void {
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => this.#settled.resolve(), this.#settleTime);
  }

  #byCoordinates(): Map<string, ClusterNode> {
    return new Map(
      this.members().map((member) => [JSON.stringify([member.app, member.node]), member]),
    );
  }

  /** Reports to the listeners how the nodes differ from the last report. */
  #notify(gone: "leave" | "lost"): void {
    const before = this.#reported;
    this.#reported = this.#byCoordinates();
    for (const [name, node] of this.#reported) if (!before.has(name)) this.#change("join", node);
    for (const [name, node] of before) {
      if (this.#reported.has(name)) continue;
      const old = node.heardAt < this.#now() - this.#maxAge;
      this.#change(old ? "lost" : gone, node);
    }
    this.#expire();
  }

  #change(type: NodeChange["type"], node: ClusterNode): void {
    for (const listener of [...this.#changeListeners]) callSafely(() => listener({ type, node }));
  }

  /** Compares again when the oldest member becomes too old. */
  #expire(): void {
    clearTimeout(this.#expiry);
    this.#expiry = undefined;
    if (this.#reported.size === 0) return;
    const oldest = Math.min(...[...this.#reported.values()].map(({ heardAt }) => heardAt));
    const delay = oldest + this.#maxAge - this.#now() + 1;
    this.#expiry = setTimeout(() => this.#notify("lost"), Math.max(delay, 1));
    letExit(this.#expiry);
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Lets the process end although the timer is running. */
function letExit(timer: ReturnType<typeof setTimeout>): void {
  if (typeof timer === "number") {
    if (typeof Deno !== "undefined") Deno.unrefTimer(timer);
  } else timer.unref();
}
