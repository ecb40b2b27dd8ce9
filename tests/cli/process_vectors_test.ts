import assert from "node:assert/strict";
import { readServeSettings } from "../../src/cli/serve/read_settings.ts";
import { UsageError } from "../../src/cli/errors.ts";
import { loadSources } from "../../src/cli/settings/sources.ts";
import { recorded } from "../testing/vectors.ts";
import { reader } from "./run_with_files.ts";

interface ProcessVector {
  readonly name: string;
  readonly args: readonly string[];
  readonly env?: readonly string[];
  readonly config?: string;
  readonly outcome: string;
}

/** The flags of a vector, which gives each with its value behind it. */
function flagsOf({ args }: ProcessVector): Record<string, string> {
  const pairs = args.flatMap((arg, i) => arg.startsWith("--") ? [[arg.slice(2), args[i + 1]]] : []);
  return Object.fromEntries(pairs);
}

/** Where a vector has its configuration file. */
const home = "/home/anna";

async function settingsOf(vector: ProcessVector) {
  const env = new Map(vector.env?.map((line) => line.split(/=(.*)/s) as [string, string]));
  env.set("HOME", home);
  const flags = flagsOf(vector);
  const path = flags.config ?? `${home}/.ari-proxy.yaml`;
  const readFile = reader(vector.config === undefined ? {} : { [path]: vector.config });
  return readServeSettings(await loadSources({ env: (name) => env.get(name), readFile }, flags));
}

function vector(name: string): ProcessVector {
  const found = recorded<ProcessVector>("process").find((item) => item.name === name);
  assert.ok(found, name);
  return found;
}

// The original takes no notice of nats.url in two of them; see docs/differences.md.
const understood = [
  "flags",
  "environment",
  "flag-over-environment",
  "flag-nats-url",
  "flag-nats-url-with-empty-messagebus-url",
  "environment-kubernetes",
  "config-file-flag",
  "config-file-home",
  "config-file-nats-url",
];

for (const name of understood) {
  Deno.test(`serve reads its settings as in process: ${name}`, async () => {
    const { apps, asterisk, bus } = await settingsOf(vector(name));
    assert.deepEqual(apps, ["calls"]);
    assert.deepEqual(asterisk, {
      httpUrl: "http://127.0.0.1:8088/ari",
      websocketUrl: "ws://127.0.0.1:8088/ari/events",
      origin: "http://localhost/",
      username: "proxy",
      password: "secret",
    });
    assert.equal(bus.value, "nats://127.0.0.1:14780");
  });
}

// The original ends with code 0 in each of these cases; see docs/differences.md.
for (const name of ["no-username", "no-password", "unknown-bus"]) {
  Deno.test(`serve refuses to start as in process: ${name}`, async () => {
    const found = vector(name);
    assert.equal(found.outcome, "exited");
    await assert.rejects(settingsOf(found), UsageError);
  });
}
