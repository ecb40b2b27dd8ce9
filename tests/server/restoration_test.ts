import assert from "node:assert/strict";
import { mock } from "node:test";
import type { BackoffOptions } from "../../src/common/backoff.ts";
import {
  type AsteriskSubscriptions,
  Restoration,
} from "../../src/server/events/asterisk_subscriptions.ts";
import { throttle } from "../../src/common/throttle.ts";
import { MemoryLog } from "../testing/proxy_fixture.ts";
import { Received } from "../testing/received.ts";

type Restored = Awaited<ReturnType<AsteriskSubscriptions["restore"]>>;

const self = { app: "calls", node: "n1" };

/** A restoration of which each attempt takes the next outcome. */
class World {
  readonly log = new MemoryLog();
  readonly attempts = new Received<string>();
  readonly told: number[] = [];
  readonly connection = new AbortController();
  readonly warnings = throttle(this.log);
  readonly restoration: Restoration;

  constructor(
    outcome: (attempt: number) => Restored,
    pauses: BackoffOptions = { first: 1, max: 2 },
  ) {
    this.restoration = new Restoration({
      subscriptions: {
        restore: (app) => {
          this.attempts.add(app);
          return Promise.resolve(outcome(this.attempts.items.length));
        },
      },
      onRestored: (_, count) => this.told.push(count),
      log: this.log,
      warnings: this.warnings,
      pauses,
    });
  }

  get lines() {
    return this.log.lines.map(({ level, message, details }) => ({ level, message, ...details }));
  }
}

Deno.test("restoration retries until Asterisk has all, and logs the first failure and the end", async () => {
  const left: number[] = [];
  const world = new World((attempt) => {
    left.push(world.restoration.missing);
    if (attempt < 20) return { count: 0, missing: 3, reason: "It is down" };
    if (attempt === 20) return { count: 2, missing: 1, reason: "It is down" };
    return { count: 1, missing: 0, reason: "" };
  });
  using _warnings = world.warnings;
  await world.restoration.run(self, world.connection.signal);
  assert.deepEqual(left, [0, ...Array(19).fill(3), 1]);
  assert.equal(world.restoration.missing, 0);
  assert.deepEqual(world.told, [2, 1]);
  const application = self.app;
  assert.deepEqual(world.lines, [
    {
      level: "warn",
      message: "Restoring Asterisk subscriptions failed, retrying",
      application,
      missing: 3,
      reason: "It is down",
    },
    {
      level: "info",
      message: "Asterisk subscriptions restored",
      application,
      count: 3,
    },
  ]);
});

Deno.test("restoration logs the first failure at once, and no later one", async () => {
  for (const failures of [1, 3]) {
    const world = new World((attempt) => ({
      count: 0,
      missing: attempt <= failures ? 1 : 0,
      reason: `Failure ${attempt}`,
    }));
    await world.restoration.run(self, world.connection.signal);
    world.warnings[Symbol.dispose]();
    const logged = world.log.lines.map(({ level, details }) => [level, details.reason]);
    assert.deepEqual(logged, [["warn", "Failure 1"], ["info", undefined]]);
  }
});

Deno.test("restoration of nothing logs nothing", async () => {
  const world = new World(() => ({ count: 0, missing: 0, reason: "" }));
  using _warnings = world.warnings;
  await world.restoration.run(self, world.connection.signal);
  assert.deepEqual([world.lines, world.told], [[], []]);
});

Deno.test("restoration ends with the connection, and nothing counts as missing then", async () => {
  const world = new World(() => ({ count: 0, missing: 3, reason: "It is down" }));
  using _warnings = world.warnings;
  const running = [self, { app: "other", node: "n1" }].map((it) =>
    world.restoration.run(it, world.connection.signal)
  );
  await world.attempts.count(6);
  assert.equal(world.restoration.missing, 6);
  world.connection.abort();
  assert.equal(world.restoration.missing, 0);
  await Promise.all(running);
});

Deno.test("restoration starts with the shortest pause on each connection", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const world = new World(() => ({ count: 0, missing: 1, reason: "It is down" }), {
      first: 100,
      max: 10_000,
    });
    using _warnings = world.warnings;
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    const { items } = world.attempts;
    for (let connections = 0; connections < 2; connections++) {
      const before = items.length;
      const connection = new AbortController();
      const running = world.restoration.run(self, connection.signal);
      await turn();
      // A pause is jittered, but never longer than it says.
      mock.timers.tick(100);
      await turn();
      assert.equal(items.length - before, 2);
      for (const pause of [200, 400, 800, 1_600]) {
        mock.timers.tick(pause);
        await turn();
      }
      assert.equal(items.length - before, 6);
      mock.timers.tick(100);
      await turn();
      assert.equal(items.length - before, 6);
      connection.abort();
      await running;
    }
  } finally {
    mock.timers.reset();
  }
});
