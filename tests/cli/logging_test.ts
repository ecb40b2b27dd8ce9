import assert from "node:assert/strict";
import { createLog } from "../../src/cli/logging.ts";
import { FakeOutput } from "../testing/fake_io.ts";

Deno.test("the log is a JSON object a line where nobody watches", () => {
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
  using log = createLog(output, { verbose: true });
  log.debug("Details", { id: "1.1" });
  log.error("Failed", { reason: "it is \x1b[31m broken", nothing: undefined });
  assert.match(output.lines[0], /^\d\d:\d\d:\d\d\.\d+ debug {3}Details id=1\.1$/);
  assert.match(output.lines[1], / error {3}Failed reason="it is \\u001b\[31m broken"$/);
});

Deno.test("the log drops lines that nobody reads, and says so later", () => {
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
  assert.equal(messages[1].count, 2);
});
