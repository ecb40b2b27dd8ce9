import assert from "node:assert/strict";
import { mock } from "node:test";
import { createLog, type LogOptions } from "../../src/cli/serve/logging.ts";
import { logLevels } from "../../src/cli/settings/log_levels.ts";
import { createOutput } from "../../src/cli/output.ts";
import { FakeOutput } from "../testing/fake_io.ts";
import { StuckStream } from "../testing/stuck_stream.ts";

Deno.test("the log is a JSON object a line where it is not a terminal", () => {
  const output = new FakeOutput(false, 80);
  using log = createLog(output);
  log.debug("hidden");
  log.info("Up", { node: "n1", count: 2 });
  log.warn("Odd {name} text", { reason: "x" });
  const lines = output.lines.map((line) => JSON.parse(line));
  assert.equal(lines.length, 2);
  const { "@timestamp": time, ...first } = lines[0];
  assert.ok(!Number.isNaN(Date.parse(time)));
  assert.deepEqual(first, {
    level: "INFO",
    message: "Up",
    logger: "ari-proxy",
    node: "n1",
    count: 2,
  });
  assert.equal(lines[1].message, "Odd {name} text");
});

Deno.test("the log is text on a terminal", () => {
  const output = new FakeOutput(true, 80);
  using log = createLog(output, { level: "debug" });
  log.debug("Details", { id: "1.1" });
  log.error("Failed", { reason: "it is \x1b[31m broken", nothing: undefined });
  assert.match(output.lines[0], /^\d\d:\d\d:\d\d\.\d+ debug {3}Details id=1\.1$/);
  assert.match(output.lines[1], / error {3}Failed reason="it is \\u001b\[31m broken"$/);
});

Deno.test("the log as text keeps to a line and hands no control character to the terminal", () => {
  const output = new FakeOutput(true, 80);
  using log = createLog(output);
  const evil = "a\n00:00:00.000 info    Forged\r\x1b[2J\u009b31m\x7f\u2028\u202e";
  const safe = String.raw`a\n00:00:00.000 info    Forged\r\u001b[2J\u009b31m\u007f\u2028\u202e`;
  log.warn(`Refused ${evil}`, { reason: evil, short: "\x1b[31mred", list: [evil] });
  assert.equal(output.lines.length, 1);
  const [, said] = / warn(?:ing)? +(.*)$/.exec(output.lines[0]) ?? [];
  assert.equal(said, `Refused ${safe} reason="${safe}" short="\\u001b[31mred" list=["${safe}"]`);
});

Deno.test("the log drops lines while it is not read, and reports that as soon as it is read again", async () => {
  const stream = new StuckStream();
  const output = createOutput(stream, () => 80);
  using log = createLog(output);
  const long = "x".repeat(1_000);
  for (let i = 0; i < 3_000; i++) log.info(long);
  assert.ok(output.pending < 1_100_000, `${output.pending} characters wait`);
  const { dropped } = log;
  assert.ok(dropped > 1_500, `${dropped} lines were dropped`);
  stream.release();
  await output.flush();
  await output.flush();
  const lines = stream.written.join("").trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.equal(lines.length, 3_000 - dropped + 1);
  const { message, count } = lines.at(-1);
  assert.equal(message, "Lines of the log are missing: it is read too slowly");
  assert.equal(count, dropped);
});

Deno.test("the log reports missing lines also while its reader is slow", () => {
  const output = new FakeOutput(false, 80);
  using log = createLog(output);
  output.pending = 2 * 1024 * 1024;
  log.info("lost");
  log.info("lost");
  output.pending = 0;
  log.info("back");
  const messages = output.lines.map((line) => JSON.parse(line));
  assert.deepEqual(messages.map(({ message }) => message), [
    "back",
    "Lines of the log are missing: it is read too slowly",
  ]);
  assert.deepEqual([messages[1].count, log.dropped], [2, 2]);
});

Deno.test("the log reports a single line that is missing when its reader has caught up", async () => {
  const output = new FakeOutput(false, 80);
  using log = createLog(output);
  const { promise, resolve } = Promise.withResolvers<void>();
  output.flush = () => promise;
  output.pending = 2 * 1024 * 1024;
  log.info("lost");
  output.pending = 0;
  resolve();
  await promise;
  const [line, ...more] = output.lines.map((text) => JSON.parse(text));
  assert.deepEqual([line.count, more], [1, []]);
});

Deno.test("the log lets a mebi of characters wait, and nothing more", () => {
  const output = new FakeOutput(false, 80);
  using log = createLog(output);
  output.pending = 1024 * 1024;
  log.info("the last one");
  assert.deepEqual([output.lines.length, log.dropped], [1, 0]);
  output.pending++;
  log.info("lost");
  assert.deepEqual([output.lines.length, log.dropped], [1, 1]);
  output.pending = 0;
  output.close();
  log.info("lost");
  assert.equal(log.dropped, 2);
});

Deno.test("the log of a full disk goes on when there is room again, and reports what is missing", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const output = new FakeOutput(false, 80);
    using log = createLog(output);
    const full = new Error("No space left on device (os error 28)");
    output.fail(full);
    log.info("lost");
    log.info("lost");
    // Nor is there any at the first try.
    const flush = output.flush.bind(output);
    output.flush = () => Promise.resolve(output.fail(full));
    mock.timers.tick(10_000);
    await Promise.resolve();
    output.flush = flush;
    await Promise.resolve();
    const { length } = output.text;
    mock.timers.tick(10_000);
    await Promise.resolve();
    log.info("back");
    const lines = output.text.slice(length).trim().split("\n").map((line) => JSON.parse(line));
    assert.deepEqual(lines.map(({ message, count }) => [message, count]), [
      ["Lines of the log are missing: they could not be written", 2],
      ["back", undefined],
    ]);
    assert.equal(log.dropped, 2);
  } finally {
    mock.timers.reset();
  }
});

Deno.test("the log has the level and the format that it was asked for", () => {
  const output = new FakeOutput(true, 80);
  const said = (options: LogOptions) => {
    using log = createLog(output, options);
    const before = output.lines.length;
    for (const level of logLevels) log[level]("Said");
    return output.lines.slice(before);
  };
  assert.deepEqual(logLevels.map((level) => said({ level }).length), [4, 3, 2, 1]);
  assert.match(said({ level: "error", format: "json" })[0], /^\{.*"level":"ERROR"/);
  assert.match(said({ level: "error", format: "text" })[0], / error {3}Said$/);
});
