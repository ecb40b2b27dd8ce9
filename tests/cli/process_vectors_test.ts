import assert from "node:assert/strict";
import { readServeSettings } from "../../src/cli/serve_settings.ts";
import { UsageError } from "../../src/cli/usage_error.ts";
import { recorded } from "../testing/vectors.ts";

interface ProcessVector {
  readonly name: string;
  readonly args: readonly string[];
  readonly env?: readonly string[];
  readonly outcome: string;
}

/** The flags of a vector, which gives each with its value behind it. */
function flagsOf({ args }: ProcessVector): Record<string, string> {
  const pairs = args.flatMap((arg, i) => arg.startsWith("--") ? [[arg.slice(2), args[i + 1]]] : []);
  return Object.fromEntries(pairs);
}

function settingsOf(vector: ProcessVector) {
  const env = new Map(vector.env?.map((line) => line.split(/=(.*)/s) as [string, string]));
  return readServeSettings({ flags: flagsOf(vector), env: (name) => env.get(name) });
}

function vector(name: string): ProcessVector {
  const found = recorded<ProcessVector>("process").find((item) => item.name === name);
  assert.ok(found, name);
  return found;
}

for (const name of ["flags", "environment", "flag-over-environment"]) {
  Deno.test(`serve reads its settings as in process: ${name}`, () => {
    const { app, asterisk, bus } = settingsOf(vector(name));
    assert.equal(app, "calls");
    assert.deepEqual(asterisk, {
      httpUrl: "http://127.0.0.1:8088/ari",
      websocketUrl: "ws://127.0.0.1:8088/ari/events",
      username: "proxy",
      password: "secret",
    });
    assert.equal(bus.value, "nats://127.0.0.1:14780");
  });
}

// The original ends with code 0 in each of these cases; see docs/differences.md.
for (const name of ["no-username", "no-password", "unknown-bus"]) {
  Deno.test(`serve refuses to start as in process: ${name}`, () => {
    const found = vector(name);
    assert.equal(found.outcome, "exited");
    assert.throws(() => settingsOf(found), UsageError);
  });
}
