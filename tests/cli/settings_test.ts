import assert from "node:assert/strict";
import { readServeSettings } from "../../src/cli/serve_settings.ts";
import {
  findSetting,
  needSetting,
  type SettingName,
  type SettingSources,
} from "../../src/cli/settings.ts";
import { UsageError } from "../../src/cli/usage_error.ts";

const sources = (
  flags: Record<string, unknown> = {},
  env: Record<string, string> = {},
): SettingSources => ({ flags, env: (name) => env[name] });

const refuses = (name: SettingName, from: SettingSources, text: RegExp) =>
  assert.throws(() => findSetting(name, from), (error: unknown) => {
    assert.ok(error instanceof UsageError);
    assert.match(error.message, text);
    assert.doesNotMatch(error.message, /secret/);
    return true;
  });

Deno.test("a setting comes from its flag before the environment before the default", () => {
  const env = { MESSAGEBUS_URL: "nats://env:1" };
  assert.deepEqual(findSetting("messagebus.url", sources({ url: "nats://short:1" }, env)), {
    value: "nats://short:1",
    source: "flag --url",
  });
  assert.deepEqual(
    findSetting(
      "messagebus.url",
      sources({ url: "nats://short:1", "messagebus.url": "nats://a:1" }),
    ),
    { value: "nats://a:1", source: "flag --messagebus.url" },
  );
  assert.deepEqual(findSetting("messagebus.url", sources({}, env)), {
    value: "nats://env:1",
    source: "environment MESSAGEBUS_URL",
  });
  assert.deepEqual(findSetting("messagebus.url", sources()), {
    value: "nats://127.0.0.1:4222",
    source: "default",
  });
});

Deno.test("a setting takes no notice of an empty environment variable", () => {
  assert.equal(findSetting("ari.application", sources({}, { ARI_APPLICATION: "" })), undefined);
});

Deno.test("a setting that is nowhere is named with its flag and its variable", () => {
  assert.throws(
    () => needSetting("ari.password", sources()),
    /^UsageError: Missing setting ari\.password: give --ari\.password or set ARI_PASSWORD$/,
  );
});

Deno.test("a setting that cannot be used is named with where it comes from", () => {
  refuses(
    "ari.http_url",
    sources({}, { ARI_HTTP_URL: "ftp://anna:secret@host" }),
    /^Cannot use the setting ari\.http_url from environment ARI_HTTP_URL: "ftp:\/\/\*\*\*@host" is/,
  );
  refuses(
    "ari.websocket_url",
    sources({ "ari.websocket_url": "http://host/ari" }),
    /from flag --ari\.websocket_url: .* begins with ws:\/\/, wss:\/\/$/,
  );
  refuses("ari.http_url", sources({ "ari.http_url": "http://h/ari?x=1" }), /a query or a fragment/);
  refuses("ari.application", sources({ app: "a.b" }), /from flag --app: "a\.b" must have no/);
  refuses("ari.application", sources({ app: "a,b" }), /no comma/);
  refuses("ari.application", sources({ app: "" }), /it is empty/);
  refuses("messagebus.url", sources({ url: "anna:secret@host" }), /"\*\*\*" is no URL/);
  refuses("messagebus.url", sources({ url: "nats://" }), /is no URL/);
  refuses("messagebus.url", sources({ url: "nats://a,amqp://b" }), /buses of several kinds/);
  refuses("verbose", sources({}, { VERBOSE: "maybe" }), /"maybe" is neither true nor false/);
});

Deno.test("the URL of the bus may be several, with commas in passwords", () => {
  assert.equal(
    findSetting("messagebus.url", sources({ url: "nats://u:a,b@h1:1, tls://h2" }))?.value,
    "nats://u:a,b@h1:1,tls://h2",
  );
});

const complete = { ARI_APPLICATION: "demo", ARI_USERNAME: "u", ARI_PASSWORD: "p" };

Deno.test("the event socket is looked for where REST is", () => {
  const websocketUrl = (env: Record<string, string>) =>
    readServeSettings(sources({}, { ...complete, ...env })).asterisk.websocketUrl;
  assert.equal(websocketUrl({}), "ws://localhost:8088/ari/events");
  assert.equal(websocketUrl({ ARI_HTTP_URL: "https://pbx/ari/" }), "wss://pbx/ari/events");
  assert.equal(websocketUrl({ ARI_WEBSOCKET_URL: "ws://pbx:1/e" }), "ws://pbx:1/e");
});

Deno.test("serve is told all that is missing at once", () => {
  assert.throws(
    () => readServeSettings(sources({}, { VERBOSE: "x" })),
    (error: Error) => {
      const names = error.message.split("\n").map((line) => /setting (\S+?):? /.exec(line)?.[1]);
      assert.deepEqual(names, ["ari.application", "ari.username", "ari.password", "verbose"]);
      return true;
    },
  );
});

Deno.test("verbose is off, and on by flag or variable", () => {
  const verbose = (flags: Record<string, unknown>, env: Record<string, string> = {}) =>
    readServeSettings(sources(flags, { ...complete, ...env })).verbose;
  assert.equal(verbose({}), false);
  assert.equal(verbose({ verbose: true }), true);
  assert.equal(verbose({}, { VERBOSE: "1" }), true);
  assert.equal(verbose({ verbose: false }, { VERBOSE: "1" }), false);
});
