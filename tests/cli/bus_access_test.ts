import assert from "node:assert/strict";
import { nkeys } from "@nats-io/nats-core";
import { currentText } from "../../src/bus/base.ts";
import { type BusAccess, readBusAccess } from "../../src/cli/open_bus.ts";
import { readPolicy } from "../../src/cli/settings/read_policy.ts";
import { readServeSettings } from "../../src/cli/serve/read_settings.ts";
import type { SettingSources } from "../../src/cli/settings/setting.ts";
import { UsageError } from "../../src/cli/errors.ts";
import { cert, key } from "../testing/tls_certificate.ts";
import { type Files, reader, runWithFiles } from "./run_with_files.ts";

const seed = new TextDecoder().decode(nkeys.createUser().getSeed());
const creds = `-----BEGIN NATS USER JWT-----\nx\n------END NATS USER JWT------\n
-----BEGIN USER NKEY SEED-----\n${seed}\n------END USER NKEY SEED------\n`;

const sources = (
  env: Record<string, string>,
  files: Files = {},
  values: Record<string, string> = {},
): SettingSources => ({
  flags: {},
  env: (name) => env[name],
  readFile: reader({
    "/ca": cert,
    "/cert": cert,
    "/key": key,
    "/seed": seed,
    "/creds": creds,
    ...files,
  }),
  file: { path: "/f.yaml", values: new Map(Object.entries(values)) },
});

const texts = (access: BusAccess) =>
  Object.fromEntries(
    Object.entries({ ...access, ...access.tls, tls: undefined }).flatMap(([name, value]) =>
      typeof value === "string" || typeof value === "function" ? [[name, currentText(value)]] : []
    ),
  );

const refuses = (read: () => unknown, text: RegExp) =>
  assert.throws(read, (error: unknown) => {
    assert.ok(error instanceof UsageError, `${error}`);
    assert.match(error.message, text);
    assert.doesNotMatch(error.message, /geheim/);
    return true;
  });

Deno.test("the bus is shown what the settings and their files say", () => {
  const read = (env: Record<string, string>) => texts(readBusAccess(sources(env)));
  assert.deepEqual(read({}), {});
  assert.deepEqual(read({ MESSAGEBUS_CA_FILE: "/ca" }), { ca: cert });
  assert.deepEqual(
    read({ MESSAGEBUS_CERT_FILE: "/cert", MESSAGEBUS_KEY_FILE: "/key", NATS_TOKEN: "t" }),
    { cert, key, token: "t" },
  );
  assert.deepEqual(read({ MESSAGEBUS_USERNAME: "anna", MESSAGEBUS_PASSWORD: "p" }), {
    user: "anna",
    pass: "p",
  });
  assert.deepEqual(read({ NATS_NKEY_FILE: "/seed" }), { nkey: seed });
  assert.deepEqual(read({ NATS_CREDS_FILE: "/creds" }), { creds });
  const first = readBusAccess(sources({ NATS_HANDSHAKE_FIRST: "yes" }));
  assert.equal(first.tls?.handshakeFirst, true);
});

Deno.test("what the bus is shown is read anew each time, and stays while it cannot be read", () => {
  const files: Record<string, string | null> = { "/token": "one\n", "/ca": cert };
  const env = { NATS_TOKEN_FILE: "/token", MESSAGEBUS_CA_FILE: "/ca" };
  const access = readBusAccess({ ...sources(env), readFile: (path) => reader(files)(path) });
  assert.deepEqual(texts(access), { token: "one", ca: cert });
  files["/token"] = "two\n";
  files["/ca"] = `${cert}\n`;
  assert.deepEqual(texts(access), { token: "two", ca: `${cert}\n` });
  files["/token"] = null;
  files["/ca"] = "half of a cert";
  assert.deepEqual(texts(access), { token: "two", ca: `${cert}\n` });
});

Deno.test("files that cannot be used are named with their setting, without their content", () => {
  const read = (env: Record<string, string>, files: Files = {}) => () =>
    readBusAccess(sources(env, files));
  refuses(
    read({ MESSAGEBUS_CA_FILE: "/none" }),
    /^Cannot use the setting messagebus\.ca_file from environment MESSAGEBUS_CA_FILE \(\/none\): No such/,
  );
  refuses(
    read({ MESSAGEBUS_CA_FILE: "/x" }, { "/x": "geheim" }),
    /MESSAGEBUS_CA_FILE \(\/x\): it holds no certificate \(PEM\)$/,
  );
  refuses(
    read({ MESSAGEBUS_CERT_FILE: "/cert", MESSAGEBUS_KEY_FILE: "/cert" }),
    /messagebus\.key_file .*: it holds no private key \(PEM\)$/,
  );
  refuses(read({ NATS_NKEY_FILE: "/x" }, { "/x": "geheim" }), /holds no seed of an nkey$/);
  refuses(read({ NATS_CREDS_FILE: "/seed" }), /holds no JWT with a seed$/);
  const asterisk = { ARI_APPLICATION: "a", ARI_USERNAME: "u", ARI_PASSWORD: "p" };
  refuses(
    () => readServeSettings(sources({ ...asterisk, ARI_CA_FILE: "/key" })),
    /^Cannot use the setting ari\.ca_file .*: it holds no certificate \(PEM\)$/,
  );
});

Deno.test("settings of the bus that cannot be meant together are refused", () => {
  const read = (env: Record<string, string>) => () => readBusAccess(sources(env));
  refuses(
    read({ MESSAGEBUS_CERT_FILE: "/cert" }),
    /cert_file .*: messagebus\.key_file has to be set/,
  );
  refuses(
    read({ MESSAGEBUS_KEY_FILE: "/key" }),
    /key_file .*: messagebus\.cert_file has to be set/,
  );
  refuses(read({ MESSAGEBUS_PASSWORD: "geheim" }), /messagebus\.username has to be set as well$/);
  refuses(
    read({ NATS_TOKEN: "geheim", NATS_CREDS_FILE: "/creds" }),
    /^Cannot use the settings nats\.token and nats\.creds_file together: one is enough$/,
  );
  refuses(
    read({ NATS_TOKEN: "geheim", MESSAGEBUS_URL: "amqps://b" }),
    /nats\.token from environment NATS_TOKEN: the bus is RabbitMQ$/,
  );
});

Deno.test("serve uses a bus of its own only when nobody says how to be let in by another", () => {
  const asterisk = { ARI_APPLICATION: "a", ARI_USERNAME: "u", ARI_PASSWORD: "p" };
  const own = (env: Record<string, string>) =>
    readServeSettings(sources({ ...asterisk, ...env })).busIsDefault;
  assert.equal(own({}), true);
  assert.equal(own({ MESSAGEBUS_CA_FILE: "/ca" }), false);
  assert.equal(own({ NATS_TOKEN: "t" }), false);
});

Deno.test("a policy comes from flags, variables or the file, and a wrong rule is named", () => {
  const read = (env: Record<string, string>, values: Record<string, string> = {}) => () =>
    readPolicy(sources(env, {}, values));
  assert.equal(read({})(), undefined);
  assert.ok(read({ POLICY_READ_ONLY: "yes" })());
  assert.ok(read({}, { "policy.deny": "Channel*,DELETE *" })());
  refuses(
    read({}, { "policy.deny": "Chanel*" }),
    /^Cannot use the setting policy\.deny from file \/f\.yaml: no kind of request is "Chanel\*"; did you mean Channel\*\?$/,
  );
  refuses(
    read({ POLICY_ALLOW: "ChannelList,BridgeLst" }),
    /POLICY_ALLOW: no kind of request is "BridgeLst"; did you mean BridgeList\?$/,
  );
  refuses(
    read({ POLICY_DENY: "GET /chanels" }),
    /nothing below "\/chanels"; did you mean \/channels\?/,
  );
  refuses(
    read({ POLICY_DENY: "POST /channels/*/snop" }),
    /no call "POST \/channels\/\*\/snop" .*; did you mean POST \/channels\/\*\/snoop\?$/,
  );
  refuses(
    read({}, { "policy.allow": "" }),
    /policy\.allow from file \/f\.yaml: it is empty; leave it/,
  );
  refuses(
    read({ POLICY_ALLOW: "ChannelHangup", POLICY_READ_ONLY: "1" }),
    /together: "ChannelHangup" is allowed, and does more than read$/,
  );
  refuses(read({ POLICY_ALLOW: "Rest", POLICY_DENY: "Rest" }), /"Rest" is allowed and denied$/);
});

Deno.test("--print-config tells what is wrong together, and shows no secret", async () => {
  const files: Files = { "/pass": "geheim-4\n", "/ca": cert };
  const env = {
    ARI_APPLICATION: "demo",
    ARI_USERNAME: "u",
    ARI_PASSWORD: "geheim-1",
    ARI_HTTP_URL: "https://u:geheim-2@pbx/ari",
    MESSAGEBUS_URL: "nats://u:geheim-3@bus",
    MESSAGEBUS_USERNAME: "anna",
    MESSAGEBUS_PASSWORD_FILE: "/pass",
    MESSAGEBUS_CA_FILE: "/ca",
    EMBEDDED_TOKEN: "geheim-5",
    POLICY_DENY: "ChannelHangup",
  };
  const show = (more: Record<string, string>) =>
    runWithFiles(["serve", "--print-config"], { env: { ...env, ...more }, files });
  const good = await show({});
  assert.equal(good.code, 0, good.err);
  const bad = await show({ NATS_TOKEN: "geheim-6", MESSAGEBUS_CERT_FILE: "/ca" });
  assert.equal(bad.code, 2);
  assert.match(bad.err, /messagebus\.username and nats\.token together/);
  for (const { out, err } of [good, bad]) assert.doesNotMatch(out + err, /geheim/);
});
