import type { Cluster, ClusterNode } from "./nodes.ts";
import { guarded } from "./guarded.ts";

/** How a node has come or gone. */
export interface NodeChange {
  /**
   * `join`: it is heard of for the first time, or again; `leave`: it said good-bye; `lost`: nothing was
   * heard of it for too long.
   */
  readonly type: "join" | "leave" | "lost";
  /** The node, as it was last heard of. */
  readonly node: ClusterNode;
}

/** Options of {@linkcode NodeWatch}. */
export interface NodeWatchOptions {
  /** How long a node counts after it was last heard of, in milliseconds. */
  readonly maxAge: number;
  /** Tells the time, in milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
}

/** Tells of nodes that come and go. */
export class NodeWatch implements Disposable {
  readonly #cluster: Cluster;
  readonly #maxAge: number;
  readonly #now: () => number;
  readonly #listeners = new Set<(change: NodeChange) => void>();
  readonly #stop: () => void;
  #known = new Map<string, ClusterNode>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(cluster: Cluster, options: NodeWatchOptions) {
    this.#cluster = cluster;
    this.#maxAge = options.maxAge;
    this.#now = options.now ?? Date.now;
    this.#stop = cluster.onAnnouncement(() => this.#look("leave"));
  }

  /** Calls the listener at each change. Returns a function that stops it. */
  onChange(listener: (change: NodeChange) => void): () => void {
    const own = (change: NodeChange) => listener(change);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  /** Stops watching. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#stop();
    this.#listeners.clear();
  }

  /** Compares who is there with who was, and tells the listeners. */
  #look(gone: "leave" | "lost"): void {
    const present = new Map(
      this.#cluster.members().map((member) => [JSON.stringify([member.app, member.node]), member]),
    );
    const before = this.#known;
    this.#known = present;
    for (const [name, node] of present) if (!before.has(name)) this.#tell({ type: "join", node });
    for (const [name, node] of before) {
      if (present.has(name)) continue;
      const old = node.heardAt < this.#now() - this.#maxAge;
      this.#tell({ type: old ? "lost" : gone, node });
    }
    this.#expire();
  }

  /** Looks again when the one that was silent for longest stops to count. */
  #expire(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#known.size === 0) return;
    const oldest = Math.min(...[...this.#known.values()].map(({ heardAt }) => heardAt));
    const delay = oldest + this.#maxAge - this.#now() + 1;
    this.#timer = setTimeout(() => this.#look("lost"), Math.max(delay, 1));
    letExit(this.#timer);
  }

  #tell(change: NodeChange): void {
    for (const listener of [...this.#listeners]) guarded(() => listener(change));
  }
}

/** Lets the process end although the timer still runs. */
function letExit(timer: ReturnType<typeof setTimeout>): void {
  if (typeof timer === "number") {
    if (typeof Deno !== "undefined") Deno.unrefTimer(timer);
  } else timer.unref();
}
