import assert from "node:assert/strict";
import { InProcessBroker, type InProcessBus } from "../../src/bus/memory.ts";
import { ClusterAnnouncer } from "../../src/server/announcer.ts";
import { announcedCounts, createCounters } from "../../src/server/metrics.ts";
import { throttle } from "../../src/common/throttle.ts";
import { MemoryLog } from "../testing/proxy_fixture.ts";

/** An announcer on a bus of which a test confirms the subscriptions. */
class Side implements AsyncDisposable {
  readonly #broker = new InProcessBroker();
  readonly #bus = this.#broker.connect();
  readonly #theirs = this.#broker.connect();
  readonly #flushes: PromiseWithResolvers<void>[] = [];
  readonly #warnings = throttle(new MemoryLog());
  /** The announced nodes. */
  readonly announced: string[] = [];
  /** How often it was reported as serving. */
  serving = 0;
  node = "n1";
  readonly announcer: ClusterAnnouncer;

  constructor() {
    this.#theirs.subscribe("ari.announce", ({ data }) => {
      this.announced.push(JSON.parse(new TextDecoder().decode(data)).node);
    });
    const bus: InProcessBus = Object.assign(this.#bus, {
      flush: () => {
        const flush = Promise.withResolvers<void>();
        this.#flushes.push(flush);
        return flush.promise;
      },
    });
    this.announcer = new ClusterAnnouncer({
      bus,
      process: { id: "p1", version: "0.0.0", started: new Date(0) },
      selves: () => [{ app: "calls", node: this.node }],
      about: () => ({ asteriskVersion: "22", counts: announcedCounts(createCounters()) }),
      handle: () => {},
      onServing: () => this.serving++,
      warnings: this.#warnings,
    });
  }

  /** Sends a ping, and waits for the announcements. */
  async ping(): Promise<readonly string[]> {
    this.#theirs.publish("ari.ping", new Uint8Array());
    await new Promise((done) => setTimeout(done));
    return this.announced.splice(0);
  }

  /** Confirms the subscriptions of a call. */
  know(turn: number): void {
    this.#flushes[turn].resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.announcer[Symbol.dispose]();
    await this.announcer.drain();
    await this.#bus.close();
    await this.#theirs.close();
    this.#warnings[Symbol.dispose]();
  }
}

Deno.test("a proxy is announced when the bus has accepted its present subscriptions", async () => {
  await using side = new Side();
  side.announcer.serve();
  assert.deepEqual(await side.ping(), []);
  side.node = "n2";
  side.announcer.serve();
  side.know(0);
  assert.deepEqual([await side.ping(), side.serving], [[], 0]);
  side.know(1);
  // Once by itself, and once for the ping.
  assert.deepEqual([await side.ping(), side.serving], [["n2", "n2"], 1]);
});

Deno.test("a proxy that has left is not announced, even when the bus accepts its subscriptions later", async () => {
  await using side = new Side();
  side.announcer.serve();
  await side.announcer.leave();
  side.know(0);
  assert.deepEqual([await side.ping(), side.serving], [[], 0]);
});

Deno.test("a proxy whose subscriptions are drained is not announced as serving", async () => {
  await using side = new Side();
  side.announcer.serve();
  await side.announcer.drain();
  side.know(0);
  assert.deepEqual([await side.ping(), side.serving], [[], 0]);
});
