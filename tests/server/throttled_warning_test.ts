import assert from "node:assert/strict";
import { mock } from "node:test";
import { ThrottledWarning } from "../../src/server/throttled_warning.ts";
import { MemoryLog } from "../testing/proxy_fixture.ts";

const said = (log: MemoryLog) => log.lines.map(({ message }) => message);

Deno.test("throttled warning says a message once an interval, and how often it came", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const log = new MemoryLog();
    using warnings = new ThrottledWarning(log, 1_000);
    for (let count = 0; count < 5; count++) warnings.warn("Refused a request");
    assert.deepEqual(said(log), ["Refused a request"]);
    mock.timers.tick(1_000);
    assert.deepEqual(said(log), ["Refused a request", "Refused a request (4 more)"]);
    warnings.warn("Refused a request");
    assert.equal(said(log).length, 3);
  } finally {
    mock.timers.reset();
  }
});

Deno.test("throttled warning is not flooded by messages that differ", () => {
  const log = new MemoryLog();
  {
    using warnings = new ThrottledWarning(log);
    for (let host = 0; host < 10_000; host++) warnings.warn(`Refused host ${host}`);
  }
  const messages = said(log);
  assert.ok(messages.length < 110, `${messages.length} lines`);
  assert.match(messages[messages.length - 1], /^Further warnings.* \(9899 more\)$/);
});
