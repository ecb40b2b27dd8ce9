import assert from "node:assert/strict";
import { findSetting, MissingSetting, needSetting } from "../../src/cli/settings/find.ts";
import { serve } from "../../src/cli/serve/command.ts";
import { readServeSettings } from "../../src/cli/serve/read_settings.ts";
import { secretFile, type SettingSources } from "../../src/cli/settings/setting.ts";
import {
  environment,
  type SettingName,
  settingNames,
  settings,
} from "../../src/cli/settings/settings.ts";
import { UsageError } from "../../src/cli/errors.ts";
import { type Files, reader } from "./run_with_files.ts";

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

Deno.test("a setting comes from the file after the environment and before the default", () => {
  const from = (flags: Record<string, string>, env: Record<string, string>) =>
    findSetting("ari.http_url", {
      ...sources(flags, env),
      file: { path: "/f.yaml", values: new Map([["ari.http_url", "http://file/ari"]]) },
    });
  const flag = { "ari.http_url": "http://flag/ari" };
  const env = { ARI_HTTP_URL: "http://env/ari" };
  assert.equal(from(flag, env)?.value, "http://flag/ari");
  assert.equal(from({}, env)?.value, "http://env/ari");
  assert.deepEqual(from({}, {}), { value: "http://file/ari", source: "file /f.yaml" });
});

Deno.test("several applications come from one text or from a flag given several times", () => {
  const apps = (flags: Record<string, unknown>, env: Record<string, string> = {}) =>
    readServeSettings(sources(flags, { ...complete, ...env }));
  assert.deepEqual(apps({}, { ARI_APPLICATION: "a, b,a" }).apps, ["a", "b"]);
  assert.deepEqual(apps({ "ari.application": ["x", "y,z"] }).apps, ["x", "y", "z"]);
  assert.deepEqual(apps({ "ari.application": [] }).apps, ["demo"]);
});

Deno.test("a URL that is set to nothing gives way to other variables and to the default", () => {
  const url = (flags: Record<string, string>, env: Record<string, string> = {}) =>
    findSetting("ari.http_url", sources(flags, env));
  const env = { ARI_URL: "http://other/ari", ARI_WSURL: "ws://other/e" };
  assert.equal(url({}, env)?.source, "default");
  assert.deepEqual(url({ "ari.http_url": "" }, env), {
    value: "http://other/ari",
    source: "environment ARI_URL",
  });
  assert.equal(url({ "ari.http_url": "" })?.source, "default");
  const websocket = sources({ "ari.websocket_url": "" }, env);
  assert.equal(findSetting("ari.websocket_url", websocket)?.value, "ws://other/e");
});

Deno.test("the bus of nats.url counts where messagebus.url is nowhere", () => {
  const bus = (flags: Record<string, string>, env: Record<string, string> = {}) =>
    findSetting("messagebus.url", sources(flags, env));
  assert.deepEqual(bus({ "nats.url": "nats://n:1" }), {
    value: "nats://n:1",
    source: "flag --nats.url",
  });
  assert.equal(bus({}, { NATS_URI: "nats://uri" })?.source, "environment NATS_URI");
  assert.equal(bus({ "nats.url": "nats://n:1", url: "" })?.value, "nats://n:1");
  assert.equal(
    bus({ "nats.url": "nats://n:1" }, { MESSAGEBUS_URL: "nats://m" })?.value,
    "nats://m",
  );
});

Deno.test("the service of Kubernetes counts more than all but the short flag", () => {
  const env = { NATS_SERVICE_HOST: "10.0.0.1", MESSAGEBUS_URL: "nats://m" };
  const bus = (flags: Record<string, string>, more: Record<string, string> = {}) =>
    findSetting("messagebus.url", sources(flags, { ...env, ...more }));
  assert.deepEqual(bus({ "messagebus.url": "nats://f" }, { NATS_SERVICE_PORT_CLIENT: "1" }), {
    value: "nats://10.0.0.1:1",
    source: "environment NATS_SERVICE_HOST",
  });
  assert.equal(bus({}, { NATS_SERVICE_HOST: "fd00::1" })?.value, "nats://[fd00::1]:4222");
  assert.equal(bus({ url: "nats://mine" })?.value, "nats://mine");
});

Deno.test("a secret may be the content of a file, without its last line end", () => {
  const password = (flags: Record<string, string>, env: Record<string, string>, files: Files) =>
    findSetting("ari.password", { ...sources(flags, env), readFile: reader(files) });
  const files = { "/s": "se cret\n\n", "/dos": "x\r\n", "/none": "\n", "/locked": null };
  assert.deepEqual(password({ "ari.password_file": "/s" }, {}, files), {
    value: "se cret\n",
    source: "flag --ari.password_file (/s)",
  });
  assert.equal(password({}, { ARI_PASSWORD_FILE: "/dos" }, files)?.value, "x");
  const fails = (flags: Record<string, string>, env: Record<string, string>, text: RegExp) =>
    assert.throws(() => password(flags, env, files), (error: unknown) => {
      assert.ok(error instanceof UsageError);
      assert.match(error.message, text);
      return true;
    });
  fails({}, { ARI_PASSWORD_FILE: "/no" }, /from environment ARI_PASSWORD_FILE: No such file/);
  fails({}, { ARI_PASSWORD_FILE: "/locked" }, /from environment ARI_PASSWORD_FILE: Permission den/);
  fails({}, { ARI_PASSWORD_FILE: "/none" }, /ARI_PASSWORD_FILE \(\/none\): it is empty/);
  fails({ "ari.password_file": "" }, {}, /flag --ari\.password_file: it names no file/);
  fails(
    {},
    { ARI_PASSWORD: "x", ARI_PASSWORD_FILE: "/s" },
    /^Cannot use the setting ari\.password: it is given twice, by environment ARI_PASSWORD and by e/,
  );
});

Deno.test("a secret and a file that holds it count by where they stand, as all settings do", () => {
  const file = (values: Record<string, string>) => ({
    path: "c.yaml",
    values: new Map(Object.entries(values)),
  });
  const readFile = reader({ "/s": "from a file" });
  const found = (
    flags: Record<string, string>,
    env: Record<string, string>,
    values: Record<string, string>,
  ) => findSetting("ari.password", { ...sources(flags, env), readFile, file: file(values) })?.value;
  // As with the original's file, in which the password stands, and a secret of Docker.
  assert.equal(found({}, { ARI_PASSWORD_FILE: "/s" }, { "ari.password": "x" }), "from a file");
  assert.equal(found({ "ari.password": "flag" }, {}, { "ari.password_file": "/s" }), "flag");
  assert.equal(found({ "ari.password_file": "/s" }, { ARI_PASSWORD: "x" }, {}), "from a file");
  assert.equal(found({}, {}, { "ari.password_file": "/s" }), "from a file");
});

Deno.test("every setting has its flags at serve, and its variables are let through", () => {
  const { flags = {}, aliases = {} } = serve.parameters;
  for (const name of settingNames) {
    const { flags: own, alias, env, secret } = settings[name];
    if (alias) assert.equal(Object.entries(aliases).find(([a]) => a === alias)?.[1], own.at(-1));
    const wanted = [...own, ...(secret ? [secretFile.flag(own[0])] : [])];
    for (const flag of wanted) assert.ok(Object.hasOwn(flags, flag), `serve has no --${flag}`);
    const variables = secret ? [...env, ...env.map(secretFile.env)] : env;
    for (const variable of variables) assert.ok(environment.includes(variable), variable);
  }
});

Deno.test("a setting takes no notice of an empty environment variable", () => {
  assert.equal(findSetting("ari.application", sources({}, { ARI_APPLICATION: "" })), undefined);
});

Deno.test("a setting that is nowhere is named with its flag and its variable", () => {
  assert.throws(
    () => needSetting("ari.password", sources()),
    /^MissingSetting: Missing setting ari\.password: give --ari\.password or set ARI_PASSWORD$/,
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
  refuses("ari.application", sources({ app: "a,b c" }), /"b c" must have no/);
  refuses("ari.application", sources({ app: " , " }), /it is empty/);
  refuses("node_id", sources({ "node-id": "a.b" }), /from flag --node-id: "a\.b" must have no/);
  for (const listen of ["4222", "h:", ":1", "h:65536", "::1:4222", "anna:secret@h:1"]) {
    refuses("embedded.listen", sources({ "embedded.listen": listen }), /is not a host and port/);
  }
  refuses("ari.application", sources({ app: "" }), /it is empty/);
  refuses("messagebus.url", sources({ url: "anna:secret@host" }), /"\*\*\*" is not a URL/);
  refuses("messagebus.url", sources({ url: "nats://" }), /is not a URL/);
  refuses("messagebus.url", sources({ url: "nats://a,amqp://b" }), /buses of several kinds/);
  refuses("verbose", sources({}, { VERBOSE: "maybe" }), /"maybe" is neither true nor false/);
});

Deno.test("a URL with what only a password that is not encoded has is refused, and not shown", () => {
  for (const odd of [" ", "\t", '"', "<", ">", "\u0007", ", ", ",\n"]) {
    for (const url of [`nats://u:S3cr3t${odd}pw@h`, `nats://h1, nats://u:S3cr3t${odd}pw@h`]) {
      assert.throws(() => findSetting("messagebus.url", sources({ url })), (error) => {
        assert.ok(error instanceof UsageError);
        assert.match(error.message, /from flag --url: it has a blank, quotes, < or > within a URL/);
        assert.doesNotMatch(error.message, /S3cr3t|pw/);
        return true;
      });
    }
  }
  const secret = { ARI_HTTP_URL: "http://u:S3cr3t pw@h/ari" };
  refuses("ari.http_url", sources({}, secret), /it has a blank.* percent-encoded, a blank as %20$/);
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
    readServeSettings(sources({}, { ...complete, ...env })).asterisk?.websocketUrl;
  assert.equal(websocketUrl({}), "ws://localhost:8088/ari/events");
  assert.equal(websocketUrl({ ARI_HTTP_URL: "https://pbx/ari/" }), "wss://pbx/ari/events");
  assert.equal(websocketUrl({ ARI_WEBSOCKET_URL: "ws://pbx:1/e" }), "ws://pbx:1/e");
});

Deno.test("serve is told about node, bus and the bus within the program", () => {
  const read = (env: Record<string, string>) =>
    readServeSettings(sources({}, { ...complete, ...env }));
  const plain = read({});
  assert.deepEqual(
    [plain.nodeId, plain.busIsDefault, plain.embedded],
    [undefined, true, { hostname: "127.0.0.1", port: 4222 }],
  );
  const full = read({
    ARI_PROXY_NODE_ID: "pbx-1",
    NATS_URL: "nats://n",
    EMBEDDED_LISTEN: "[::]:0",
    EMBEDDED_TOKEN: "t",
  });
  assert.deepEqual(
    [full.nodeId, full.busIsDefault, full.embedded],
    ["pbx-1", false, { hostname: "::", port: 0, token: "t" }],
  );
});

Deno.test("serve is told that nothing but what is missing is wrong", () => {
  assert.throws(() => readServeSettings(sources()), MissingSetting);
  assert.throws(
    () => readServeSettings(sources({}, { VERBOSE: "x" })),
    (error) => error instanceof UsageError && !(error instanceof MissingSetting),
  );
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

Deno.test("the log has the level that was asked for, and verbose is another word for debug", () => {
  const level = (flags: Record<string, unknown>, env: Record<string, string> = {}) =>
    readServeSettings(sources(flags, { ...complete, ...env })).log.level;
  assert.equal(level({}), "info");
  assert.equal(level({ verbose: true }), "debug");
  assert.equal(level({}, { VERBOSE: "1" }), "debug");
  assert.equal(level({ verbose: false }, { VERBOSE: "1" }), "info");
  assert.equal(level({ "log-level": "WARN" }), "warn");
  assert.equal(level({ "log-level": "warn", verbose: true }), "debug");
  assert.equal(level({}, { ARI_PROXY_LOG_LEVEL: "error" }), "error");
  refuses("log.level", sources({ "log-level": "loud" }), /"loud" is not one of debug, info, warn/);
  refuses("log.format", sources({ "log-format": "xml" }), /"xml" is not one of auto, text, json/);
});

Deno.test("health is told nowhere, or at a host and port, or at a port of all addresses", () => {
  const health = (value?: string) =>
    readServeSettings(sources(value === undefined ? {} : { health: value }, complete)).health;
  assert.equal(health(), undefined);
  assert.deepEqual(health("127.0.0.1:0"), { hostname: "127.0.0.1", port: 0 });
  assert.deepEqual(health("[::1]:9090"), { hostname: "::1", port: 9090 });
  assert.deepEqual(health(":9090"), { hostname: "", port: 9090 });
  refuses("health", sources({ health: "9090" }), /"9090" is not a host and port/);
  refuses("health", sources({ health: ":99999" }), /is not a host and port/);
});
