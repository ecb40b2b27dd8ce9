import assert from "node:assert/strict";
import { mock } from "node:test";
import { keepInformed, openNotifySocket, watchdogTime } from "../../src/health/systemd.ts";
import { Readiness } from "../../src/health/readiness.ts";
import { listenForNotices } from "../testing/notify_listener.ts";
import { Received } from "../testing/received.ts";

Deno.test("a notify socket sends what is told in a turn as one message, without line feeds", async () => {
  await using systemd = listenForNotices();
  await using notifier = openNotifySocket(systemd.address, { onTrouble: assert.fail });
  notifier.tell("READY", "1");
  notifier.tell("STATUS", "old");
  notifier.tell("STATUS", "two\nlines, höflich");
  await systemd.until(/./);
  assert.deepEqual(systemd.messages, ["READY=1\nSTATUS=two lines, höflich"]);
});

Deno.test("a notify socket sends what was told last before it closes", async () => {
  await using systemd = listenForNotices();
  const notifier = openNotifySocket(systemd.address, { onTrouble: assert.fail });
  notifier.tell("STOPPING", "1");
  await notifier[Symbol.asyncDispose]();
  notifier.tell("READY", "1");
  await systemd.until(/^STOPPING=1$/);
});

Deno.test("a notify socket tries again what could not be sent, and says so once", async () => {
  const name = `ari-proxy-test-${crypto.randomUUID()}`;
  const troubles = new Received<string>();
  await using notifier = openNotifySocket(`@${name}`, {
    onTrouble: (reason) => troubles.add(reason === undefined ? "over" : "trouble"),
  });
  for (let round = 1; round <= 2; round++) {
    notifier.tell("READY", `${round}`);
    await troubles.count(2 * round - 1);
    notifier.tell("STATUS", "old");
    notifier.tell("STATUS", "two");
    await using systemd = listenForNotices(name);
    notifier.tell("WATCHDOG", "1");
    await systemd.until(/^WATCHDOG=1$/m);
    const last = new Map(
      systemd.messages.flatMap((message) => message.split("\n")).map((line) => {
        const [key, value] = line.split("=");
        return [key, value];
      }),
    );
    assert.deepEqual(Object.fromEntries(last), { READY: `${round}`, STATUS: "two", WATCHDOG: "1" });
    await troubles.count(2 * round);
  }
  assert.deepEqual(troubles.items, ["trouble", "over", "trouble", "over"]);
});

Deno.test("systemd is told of the start, of what is missing, and of the end", () => {
  const told: string[] = [];
  const notifier = {
    tell: (name: string, value: string) => told.push(`${name}=${value}`),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  const readiness = new Readiness();
  using informed = keepInformed({ notifier, readiness });
  readiness.down("bus", "connection refused");
  readiness.up("bus");
  readiness.up("asterisk");
  readiness.stop();
  informed[Symbol.dispose]();
  readiness.down("bus", "closed");
  const nothingYet = "Not connected yet";
  assert.deepEqual(told, [
    "READY=1",
    `STATUS=Waiting for the bus: ${nothingYet}; for Asterisk: ${nothingYet}`,
    `STATUS=Waiting for the bus: connection refused; for Asterisk: ${nothingYet}`,
    `STATUS=Waiting for Asterisk: ${nothingYet}`,
    "STATUS=Bus and Asterisk are connected",
    "STOPPING=1",
    "STATUS=Stopping: finishing what is under way",
  ]);
});

Deno.test("systemd gets a sign of life twice in the time that is allowed", () => {
  mock.timers.enable({ apis: ["setInterval"] });
  try {
    let signs = 0;
    const notifier = {
      tell: (name: string) => signs += name === "WATCHDOG" ? 1 : 0,
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
    const informed = keepInformed({ notifier, readiness: new Readiness(), watchdog: 30_000 });
    mock.timers.tick(15_000);
    mock.timers.tick(15_000);
    assert.equal(signs, 2);
    informed[Symbol.dispose]();
    mock.timers.tick(30_000);
    assert.equal(signs, 2);
  } finally {
    mock.timers.reset();
  }
});

Deno.test("the time of the watchdog counts for the process that it is meant for", () => {
  const of = (variables: Record<string, string>) => watchdogTime((name) => variables[name], 42);
  assert.equal(of({}), undefined);
  assert.equal(of({ WATCHDOG_USEC: "30000000" }), 30_000);
  assert.equal(of({ WATCHDOG_USEC: "30000000", WATCHDOG_PID: "42" }), 30_000);
  assert.equal(of({ WATCHDOG_USEC: "30000000", WATCHDOG_PID: "43" }), undefined);
  assert.equal(of({ WATCHDOG_USEC: "soon" }), undefined);
  assert.equal(of({ WATCHDOG_USEC: "0", WATCHDOG_PID: "" }), undefined);
});
