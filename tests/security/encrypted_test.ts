/**
 * TLS, certificates and secrets from files, with the program as it is shipped.
 *
 * @module
 */
import assert from "node:assert/strict";
import { connect } from "../../src/client/connect.ts";
import { type AsteriskServer, startAsterisk } from "../testing/servers/asterisk.ts";
import { freePort } from "../testing/servers/free_port.ts";
import { startNats } from "../testing/servers/nats.ts";
import { type RabbitmqServer, startRabbitmq } from "../testing/servers/rabbitmq.ts";
import { type CliProcess, shippedCli, startCli } from "../testing/run_cli.ts";
import { certificate, makeFolder, type TestFolder } from "./files.ts";

type Env = Readonly<Record<string, string>>;

const shipped = await shippedCli();
const begin = (args: readonly string[], env: Env): CliProcess =>
  startCli(args, { env, program: shipped.program });

/** Runs the program to its end. */
async function run(args: readonly string[], env: Env) {
  await using process = begin(args, env);
  return { code: await process.ended(), out: process.out, err: process.err };
}

/** What must not be seen in any output. */
const secrets = ["ari-secret", "bus-geheim", "wrong-geheim"];

// They take seconds to start, so the tests share them and leave them as they are.
let asterisk: AsteriskServer;
let rabbitmq: RabbitmqServer;
let folder: TestFolder;
let asteriskPort: number;
let rabbitmqPort: number;
Deno.test.beforeAll(async () => {
  [asteriskPort, rabbitmqPort] = [await freePort(), await freePort()];
  folder = await makeFolder();
  asterisk = await startAsterisk({
    config: {
      "http.conf": [
        "[general]",
        "enabled = yes",
        "bindaddr = 127.0.0.1",
        "bindport = @HTTP_PORT@",
        "tlsenable = yes",
        `tlsbindaddr = 127.0.0.1:${asteriskPort}`,
        `tlscertfile = ${certificate("server.pem")}`,
        `tlsprivatekey = ${certificate("server.key")}`,
      ].join("\n"),
    },
  });
  const users = [{ name: "anna", password: "bus-geheim", tags: [], limits: {} }];
  const permissions = [{ user: "anna", vhost: "/", configure: ".*", write: ".*", read: ".*" }];
  const definitions = JSON.stringify({ users, vhosts: [{ name: "/" }], permissions });
  rabbitmq = await startRabbitmq({
    config: [
      `load_definitions = ${folder.write("definitions.json", definitions)}`,
      `listeners.ssl.1 = 127.0.0.1:${rabbitmqPort}`,
      `ssl_options.cacertfile = ${certificate("ca.pem")}`,
      `ssl_options.certfile = ${certificate("server.pem")}`,
      `ssl_options.keyfile = ${certificate("server.key")}`,
      "ssl_options.verify = verify_peer",
      "ssl_options.fail_if_no_peer_cert = true",
    ],
  });
});
Deno.test.afterAll(async () => {
  await asterisk[Symbol.asyncDispose]();
  await rabbitmq[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
  await shipped[Symbol.asyncDispose]();
});

/** Certificates for the bus, as settings. */
const trust = () => ({
  MESSAGEBUS_CA_FILE: certificate("ca.pem"),
  MESSAGEBUS_CERT_FILE: certificate("client.pem"),
  MESSAGEBUS_KEY_FILE: certificate("client.key"),
});

const asteriskSettings = () => ({
  ARI_APPLICATION: "demo",
  ARI_USERNAME: asterisk.username,
  ARI_PASSWORD_FILE: folder.write("ari", `${asterisk.password}\n`),
  ARI_HTTP_URL: `https://127.0.0.1:${asteriskPort}/ari`,
  ARI_CA_FILE: certificate("ca.pem"),
});

const rabbitmqSettings = () => ({
  ...trust(),
  MESSAGEBUS_URL: `amqps://localhost:${rabbitmqPort}`,
  MESSAGEBUS_USERNAME: "anna",
  MESSAGEBUS_PASSWORD_FILE: folder.write("rabbitmq", "bus-geheim\n"),
});

const natsArgs = [
  "--tlsverify",
  ...["--tlscert", certificate("server.pem"), "--tlskey", certificate("server.key")],
  ...["--tlscacert", certificate("ca.pem"), "--auth", "bus-geheim"],
];

function assertNoSecrets(...texts: readonly string[]): void {
  for (const text of texts) {
    for (const secret of [...secrets, ...secrets.map(btoa)]) {
      assert.ok(!text.includes(secret), `${secret} in ${text}`);
    }
  }
}

/** Has serve run until its log matches, then ends it; its output must not contain a secret. */
async function serveUntil(env: Env, pattern: RegExp): Promise<void> {
  await using serve = begin(["serve", "--verbose"], env);
  await serve.until(pattern);
  serve.kill("SIGTERM");
  assert.equal(await serve.ended(), 0, serve.out + serve.err);
  assertNoSecrets(serve.out, serve.err);
}

/** Serves, asks Asterisk through the bus, and sees an event. */
async function proveAll(env: Env): Promise<void> {
  await using serve = begin(["serve", "--verbose"], env);
  await serve.until(/Asterisk is connected/);
  const info = await run(["call", "AsteriskInfo", "--json"], env);
  assert.equal(info.code, 0, info.err + serve.out);
  assert.match(info.out, /"entity_id"/);
  const nodes = await run(["nodes"], env);
  assert.equal(nodes.code, 0, nodes.err);
  await using tail = begin(
    ["tail", "--type", "ChannelUserevent", "--count", "1", "--wait", "10s"],
    env,
  );
  await tail.until(/Listening on/);
  const sent = await run(["call", "POST", "/events/user/hello", "application=demo"], env);
  assert.equal(sent.code, 0, sent.err);
  assert.equal(await tail.ended(), 0, tail.err);
  assertNoSecrets(info.err, nodes.out, tail.err, sent.err);
  serve.kill("SIGTERM");
  assert.equal(await serve.ended(), 0, serve.out);
  assertNoSecrets(serve.out, serve.err);
}

Deno.test("all subcommands work with TLS, client certificate and token on NATS, and https to Asterisk", async () => {
  await using server = await startNats({ args: natsArgs });
  const token = folder.write("token", "bus-geheim\n");
  const [ca, cert, key] = ["ca.pem", "client.pem", "client.key"].map((name) =>
    Deno.readTextFileSync(certificate(name))
  );
  await using client = await connect({
    url: server.url,
    bus: { token: "bus-geheim", tls: { ca, cert, key } },
  });
  await client.close();
  await proveAll({
    ...asteriskSettings(),
    ...trust(),
    MESSAGEBUS_URL: server.url,
    NATS_TOKEN_FILE: token,
  });
});

Deno.test("all subcommands work with TLS, client certificate and password on RabbitMQ", async () => {
  await proveAll({ ...asteriskSettings(), ...rabbitmqSettings() });
});

Deno.test("a bus with an untrusted certificate, or that rejects ours, is reported without a secret", async () => {
  await using server = await startNats({ args: natsArgs });
  const nats = { ...trust(), MESSAGEBUS_URL: server.url, NATS_TOKEN: "bus-geheim" };
  const amqps = rabbitmqSettings();
  const none = { MESSAGEBUS_CERT_FILE: "", MESSAGEBUS_KEY_FILE: "" };
  const wrongCa = { MESSAGEBUS_CA_FILE: certificate("elsewhere.pem") };
  const wrong = folder.write("wrong", "wrong-geheim");
  const cases: readonly [Readonly<Record<string, string>>, number, RegExp][] = [
    [{ ...nats, MESSAGEBUS_CA_FILE: "" }, 1, /Cannot reach NATS at .*: .*certificate/i],
    [{ ...nats, ...wrongCa }, 1, /Cannot reach NATS at .*: .*certificate/i],
    [{ ...nats, ...none }, 1, /Cannot reach NATS at .*: /],
    [{ ...nats, NATS_TOKEN: "wrong-geheim" }, 4, /NATS at .* refused the credentials: /],
    [{ ...nats, NATS_TOKEN: "" }, 4, /NATS at .* refused the credentials: /],
    [{ ...amqps, MESSAGEBUS_CA_FILE: "" }, 1, /Cannot reach RabbitMQ at .*: .*certificate/i],
    [{ ...amqps, ...wrongCa }, 1, /Cannot reach RabbitMQ at .*: .*certificate/i],
    [{ ...amqps, ...none }, 1, /Cannot reach RabbitMQ at .*: /],
    [{ ...amqps, MESSAGEBUS_PASSWORD_FILE: wrong }, 4, /RabbitMQ at .* refused the credentials: /],
  ];
  for (const [env, code, text] of cases) {
    const outcome = await run(["nodes", "--wait", "1ms"], env);
    assert.match(outcome.err, text);
    assert.equal(outcome.code, code, outcome.err);
    assertNoSecrets(outcome.out, outcome.err);
  }
  for (const [env, , { source }] of [cases[1], cases[3], cases[6], cases[8]]) {
    await serveUntil(
      { ...asteriskSettings(), ...env },
      new RegExp(`Waiting for the bus.*${source}`, "i"),
    );
  }
});

Deno.test("no environment variable makes the program trust an invalid certificate", async () => {
  await using server = await startNats({ args: natsArgs });
  const ask = ["nodes", "--wait", "1ms"];
  const untrusted = { NODE_TLS_REJECT_UNAUTHORIZED: "0", MESSAGEBUS_CA_FILE: "" };
  const nats = { ...trust(), MESSAGEBUS_URL: server.url, NATS_TOKEN: "bus-geheim", ...untrusted };
  // Without a certificate to show another way leads to NATS.
  const none = { MESSAGEBUS_CERT_FILE: "", MESSAGEBUS_KEY_FILE: "" };
  for (const env of [nats, { ...nats, ...none }, { ...rabbitmqSettings(), ...untrusted }]) {
    await using asked = begin(ask, env);
    assert.equal(await asked.ended(), 1, asked.out + asked.err);
    assert.match(asked.err, /Cannot reach (NATS|RabbitMQ) at .*: .*certificate/i);
  }
  await using serve = begin(["serve"], {
    ...asteriskSettings(),
    ...nats,
    MESSAGEBUS_CA_FILE: certificate("ca.pem"),
    ARI_CA_FILE: "",
  });
  await serve.until(/Waiting for Asterisk.*certificate/i);
});

Deno.test("the authorities of messagebus.ca_file are trusted besides the usual ones", async () => {
  await using server = await startNats({ args: natsArgs });
  await using encrypted = await startNats({ args: natsArgs.slice(1) });
  const nats = { ...trust(), MESSAGEBUS_URL: server.url, NATS_TOKEN: "bus-geheim" };
  const withoutOwn = {
    ...{ MESSAGEBUS_URL: encrypted.url, NATS_TOKEN: "bus-geheim" },
    ...{ MESSAGEBUS_CERT_FILE: "", MESSAGEBUS_KEY_FILE: "" },
  };
  const both = [certificate("elsewhere.pem"), certificate("ca.pem")]
    .map((path) => Deno.readTextFileSync(path)).join("");
  for (const bus of [nats, withoutOwn, rabbitmqSettings()]) {
    const trusting = (ca: string, env: Env = {}) =>
      run(["nodes", "--wait", "1ms"], { ...bus, MESSAGEBUS_CA_FILE: ca, ...env });
    // The runtime counts those of this variable among the usual ones.
    const usual = await trusting(certificate("elsewhere.pem"), {
      DENO_CERT: certificate("ca.pem"),
    });
    assert.equal(usual.code, 6, usual.err);
    const several = await trusting(folder.write("both.pem", both));
    assert.equal(several.code, 6, several.err);
  }
});

Deno.test("an Asterisk with an untrusted certificate, or that refuses the user, is reported without a secret", async () => {
  await using server = await startNats();
  const env = { ...asteriskSettings(), MESSAGEBUS_URL: server.url };
  const certificates = /Waiting for Asterisk.*Cannot reach Asterisk at .* by TLS: .*certificate/;
  await serveUntil({ ...env, ARI_CA_FILE: "" }, certificates);
  await serveUntil({ ...env, ARI_CA_FILE: certificate("elsewhere.pem") }, certificates);
  const wrong = folder.write("wrong", "wrong-geheim");
  await serveUntil({ ...env, ARI_PASSWORD_FILE: wrong }, /Waiting for Asterisk.*401/);
  await serveUntil(
    { ...env, ARI_PASSWORD_FILE: "", ARI_PASSWORD: "wrong-geheim" },
    /Waiting for Asterisk.*401/,
  );
});
