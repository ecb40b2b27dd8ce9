import assert from "node:assert/strict";
import { mock } from "node:test";
import { keepInformed, openNotifySocket, watchdogTime } from "../../src/health/systemd.ts";
import { Readiness } from "../../src/health/readiness.ts";
import { listenForNotices } from "../testing/notify_listener.ts";
import { Received } from "../testing/received.ts";

Deno.test("a notify socket sends the values of one turn as one message, without line feeds", async () => {
  await using systemd = listenForNotices();
  await using notifier = openNotifySocket(systemd.address, { onFailure: assert.fail });
  notifier.send("READY", "1");
  notifier.send("STATUS", "old");
  notifier.send("STATUS", "two\nlines, höflich");
  await systemd.until(/./);
  assert.deepEqual(systemd.messages, ["READY=1\nSTATUS=two lines, höflich"]);
});

Deno.test("a notify socket sends the last values before it closes", async () => {
  await using systemd = listenForNotices();
  const notifier = openNotifySocket(systemd.address, { onFailure: assert.fail });
  notifier.send("STOPPING", "1");
  await notifier[Symbol.asyncDispose]();
  notifier.send("READY", "1");
  await systemd.until(/^STOPPING=1$/);
});

Deno.test("a notify socket sends again what could not be sent, and reports that once", async () => {
  const name = `ari-proxy-test-${crypto.randomUUID()}`;
  const failures = new Received<string>();
  await using notifier = openNotifySocket(`@${name}`, {
    onFailure: (reason) => failures.add(reason === undefined ? "over" : "failing"),
  });
  for (let round = 1; round <= 2; round++) {
    notifier.send("READY", `${round}`);
    await failures.count(2 * round - 1);
    notifier.send("STATUS", "old");
    notifier.send("STATUS", "two");
    await using systemd = listenForNotices(name);
    notifier.send("WATCHDOG", "1");
    await systemd.until(/^WATCHDOG=1$/m);
    const last = new Map(
      systemd.messages.flatMap((message) => message.split("\n")).map((line) => {
        const [key, value] = line.split("=");
        return [key, value];
      }),
    );
    assert.deepEqual(Object.fromEntries(last), { READY: `${round}`, STATUS: "two", WATCHDOG: "1" });
    await failures.count(2 * round);
  }
  assert.deepEqual(failures.items, ["failing", "over", "failing", "over"]);
});

Deno.test("systemd is notified of the start, of missing connections, and of the shutdown", () => {
  const sent: string[] = [];
  const notifier = {
    send: (name: string, value: string) => sent.push(`${name}=${value}`),
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
  assert.deepEqual(sent, [
    "READY=1",
    `STATUS=Waiting for the bus: ${nothingYet}; for Asterisk: ${nothingYet}`,
    `STATUS=Waiting for the bus: connection refused; for Asterisk: ${nothingYet}`,
    `STATUS=Waiting for Asterisk: ${nothingYet}`,
    "STATUS=Bus and Asterisk are connected",
    "STOPPING=1",
    "STATUS=Stopping: finishing requests in flight",
  ]);
});

Deno.test("systemd gets two watchdog notices in its time", () => {
  mock.timers.enable({ apis: ["setInterval"] });
  try {
    let signs = 0;
    const notifier = {
      send: (name: string) => signs += name === "WATCHDOG" ? 1 : 0,
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

Deno.test("the watchdog time counts only for the process that it is meant for", () => {
  const of = (variables: Record<string, string>) => watchdogTime((name) => variables[name], 42);
  assert.equal(of({}), undefined);
  assert.equal(of({ WATCHDOG_USEC: "30000000" }), 30_000);
  assert.equal(of({ WATCHDOG_USEC: "30000000", WATCHDOG_PID: "42" }), 30_000);
  assert.equal(of({ WATCHDOG_USEC: "30000000", WATCHDOG_PID: "43" }), undefined);
  assert.equal(of({ WATCHDOG_USEC: "soon" }), undefined);
  assert.equal(of({ WATCHDOG_USEC: "0", WATCHDOG_PID: "" }), undefined);
});
