import assert from "node:assert/strict";
import { mock } from "node:test";
import { openNotifySocket } from "../../src/health/notify_socket.ts";
import { Readiness } from "../../src/health/readiness.ts";
import { keepInformed, watchdogTime } from "../../src/health/systemd.ts";
import { listenForNotices } from "../testing/notify_listener.ts";
import { Received } from "../testing/received.ts";

Deno.test("a notify socket sends what is told in a turn as one message, without line feeds", async () => {
  await using systemd = listenForNotices();
  await using notifier = openNotifySocket(systemd.address, { onError: assert.fail });
  notifier.tell("READY", "1");
  notifier.tell("STATUS", "old");
  notifier.tell("STATUS", "two\nlines, höflich");
  await systemd.until(/./);
  assert.deepEqual(systemd.messages, ["READY=1\nSTATUS=two lines, höflich"]);
});

Deno.test("a notify socket sends what was told last before it closes", async () => {
  await using systemd = listenForNotices();
  const notifier = openNotifySocket(systemd.address, { onError: assert.fail });
  notifier.tell("STOPPING", "1");
  await notifier[Symbol.asyncDispose]();
  notifier.tell("READY", "1");
  await systemd.until(/^STOPPING=1$/);
});

Deno.test("a notify socket says once that nobody listens", async () => {
  const errors = new Received<string>();
  await using notifier = openNotifySocket("@ari-proxy-test-nobody", {
    onError: (reason) => errors.add(reason),
  });
  notifier.tell("READY", "1");
  await errors.until(({ length }) => length === 1);
  notifier.tell("STATUS", "more");
  await notifier[Symbol.asyncDispose]();
  assert.equal(errors.items.length, 1);
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
