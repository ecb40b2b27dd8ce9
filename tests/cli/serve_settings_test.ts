import assert from "node:assert/strict";
import { readServeSettings } from "../../src/cli/serve/read_settings.ts";
import { UsageError } from "../../src/cli/errors.ts";
import { cert, key } from "../testing/tls_certificate.ts";

const files: Readonly<Record<string, string>> = { "/cert.pem": cert, "/key.pem": key };

const read = (flags: Readonly<Record<string, unknown>>) =>
  readServeSettings({
    flags,
    env: () => undefined,
    readFile: (path) => {
      if (path in files) return files[path];
      throw new Error("no such file");
    },
  });

const refuses = (flags: Readonly<Record<string, unknown>>, text: RegExp) =>
  assert.throws(() => read(flags), (error: unknown) => {
    assert.ok(error instanceof UsageError);
    assert.match(error.message, text);
    assert.doesNotMatch(error.message, /s3cret/);
    return true;
  });

const credentials = { "listen.username": "pbx", "listen.password": "s3cret" };

Deno.test("serve needs nothing of Asterisk when Asterisks dial", () => {
  const { apps, asterisk, listening } = read({ listen: "127.0.0.1:8089" });
  assert.deepEqual(apps, []);
  assert.equal(asterisk, undefined);
  assert.deepEqual(listening, { hostname: "127.0.0.1", port: 8089, http: [] });
  assert.equal(read({ "listen.address": "[::1]:1" }).listening?.hostname, "::1");
});

Deno.test("serve reads all that there is to know for Asterisks that dial", () => {
  const { apps, listening } = read({
    ...credentials,
    app: ["calls", "ivr"],
    listen: "pbx.example:0",
    "listen.cert_file": "/cert.pem",
    "listen.key_file": "/key.pem",
    "ari.http_url": "http://asterisk:8088/ari,https://other/ari",
    "ari.username": "ari",
    "ari.password": "s3cret",
  });
  assert.deepEqual(apps, ["calls", "ivr"]);
  assert.deepEqual(listening, {
    hostname: "pbx.example",
    port: 0,
    credentials: { username: "pbx", password: "s3cret" },
    tls: { cert, key },
    http: [
      { url: "http://asterisk:8088/ari", username: "ari", password: "s3cret" },
      { url: "https://other/ari", username: "ari", password: "s3cret" },
    ],
  });
});

Deno.test("serve reads all that there is to know of the Asterisk that it dials", () => {
  const flags = { app: ["a", "b"], "ari.username": "u", "ari.password": "s3cret" };
  assert.deepEqual(read({ ...flags, "ari.http_url": "http://pbx:8088/ari" }).asterisk, {
    httpUrl: "http://pbx:8088/ari",
    websocketUrl: "ws://pbx:8088/ari/events",
    origin: "http://localhost/",
    username: "u",
    password: "s3cret",
  });
  const { apps, asterisk, listening } = read({
    ...flags,
    "ari.http_url": "https://pbx/ari",
    "ari.websocket_url": "wss://other/ari/events",
    "ari.websocket_origin": "http://pbx/",
    "ari.ca_file": "/cert.pem",
  });
  assert.deepEqual([apps, listening], [["a", "b"], undefined]);
  assert.deepEqual(asterisk, {
    httpUrl: "https://pbx/ari",
    websocketUrl: "wss://other/ari/events",
    origin: "http://pbx/",
    username: "u",
    password: "s3cret",
    ca: [cert],
  });
  // One line for a URL that cannot be used, though the other one is made from it.
  assert.throws(
    () => read({ ...flags, "ari.http_url": "nowhere" }),
    (error: Error) => !error.message.includes("\n") && /ari\.http_url/.test(error.message),
  );
});

Deno.test("serve has the authority of HTTP, and no HTTP without a user, for Asterisks that dial", () => {
  const http = { "ari.http_url": "https://pbx/ari", "ari.ca_file": "/cert.pem" };
  const listen = "localhost:1";
  assert.deepEqual(read({ listen, ...http }).listening?.http, []);
  assert.deepEqual(read({ listen, ...http, "ari.username": "u" }).listening?.http, []);
  const user = { "ari.username": "u", "ari.password": "s3cret" };
  assert.deepEqual(read({ listen, ...http, ...user }).listening?.http, [
    { url: "https://pbx/ari", username: "u", password: "s3cret", ca: [cert] },
  ]);
});

Deno.test("serve does not listen for Asterisks beyond this machine without a password", () => {
  for (const listen of ["0.0.0.0:8089", "pbx.example:8089", "[::]:8089", "127.0.0.1.example:1"]) {
    refuses({ listen }, /listen\.address from flag --listen: others than this machine can dial/);
    assert.ok(read({ listen, ...credentials }).listening);
  }
});

Deno.test("serve refuses settings for Asterisks that dial which contradict each other", () => {
  const listen = "localhost:8089";
  refuses({ listen, "listen.username": "pbx" }, /listen\.username and listen\.password belong/);
  refuses({ listen, "listen.password": "s3cret" }, /listen\.username and listen\.password belong/);
  refuses({ listen, "listen.cert_file": "/cert.pem" }, /cert_file and listen\.key_file belong/);
  const swapped = { "listen.cert_file": "/key.pem", "listen.key_file": "/cert.pem" };
  refuses({ listen, ...swapped }, /it holds no certificate/);
  refuses({ listen, "node-id": "mine" }, /node_id with listen\.address/);
  const twoUrls = { app: ["a"], "ari.username": "a", "ari.password": "b" };
  refuses(
    { ...twoUrls, "ari.http_url": "http://a:8088/ari,http://b:8088/ari" },
    /ari\.http_url from flag --ari\.http_url: without listen\.address one Asterisk is served/,
  );
  refuses({ listen: "nowhere" }, /listen\.address from flag --listen: "nowhere" is not a host/);
});
