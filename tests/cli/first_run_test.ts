import assert from "node:assert/strict";
import { runMain, startMain } from "../testing/cli_fixture.ts";
import { withDeadline } from "../testing/deadline.ts";
import { type FakeAsteriskOptions, startFakeAsterisk } from "../testing/fake_asterisk.ts";
import { freePort } from "../testing/servers/free_port.ts";
import { startNats } from "../testing/servers/nats.ts";
import { cert, key } from "../testing/tls_certificate.ts";

/** Tells where to look, so that an Asterisk of the machine has no part in it. */
const advice = async (httpUrl: string) => {
  const outcome = await runMain([], { env: { ARI_HTTP_URL: httpUrl } });
  assert.deepEqual([outcome.code, outcome.out], [2, ""]);
  return outcome.err;
};

Deno.test("serve without settings lists all that it needs, with examples", async () => {
  const err = await advice(`http://127.0.0.1:${await freePort()}/ari`);
  assert.match(err, /^(ari-proxy: Missing setting ari\.(application|username|password): .*\n){3}/);
  assert.match(err, /^ari-proxy: For example: ari-proxy serve --ari\.application demo /m);
  assert.match(err, /^ari-proxy: The same in the environment: ARI_APPLICATION=demo /m);
  assert.match(err, /^ari-proxy: All settings: .*--print-config$/m);
});

Deno.test("serve without settings reports what it finds at the usual address of an Asterisk", async () => {
  const port = await freePort();
  assert.match(
    await advice(`http://127.0.0.1:${port}/ari`),
    new RegExp(
      `^ari-proxy: No Asterisk found at http://127\\.0\\.0\\.1:${port}/ari: nothing ans`,
      "m",
    ),
  );
  await using asterisk = await startFakeAsterisk({ apart: false });
  assert.match(
    await advice(asterisk.httpUrl.replace("//", "//anna:hidden@")),
    /^ari-proxy: Something answers at http:\/\/\*\*\*@\S+\/ari \(401: this is ARI; set ARI_USERNAME/m,
  );
  assert.match(
    await advice(asterisk.httpUrl.replace("/ari", "/no")),
    /\(404: no ARI at this path;/,
  );
  asterisk.hang(() => true);
  assert.match(
    await advice(`https://${new URL(asterisk.httpUrl).host}/ari`),
    /: TLS fails there: /,
  );
  await using secure = await startFakeAsterisk({ tls: { cert, key } });
  assert.match(await advice(secure.httpUrl), /: TLS fails there: check the certificate/);
});

Deno.test("serve without settings explains the status of a response", async () => {
  let status = 0;
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => new Response("{}", { status }),
  );
  const meanings: Readonly<Record<number, RegExp>> = {
    200: /\(200: it needs no password\)$/m,
    299: /\(299: it needs no password\)$/m,
    300: /\(300: this is not an ARI that is ready; check ARI_HTTP_URL\)$/m,
    401: /\(401: this is ARI; set ARI_USERNAME and ARI_PASSWORD/m,
    403: /\(403: this is ARI; set ARI_USERNAME and ARI_PASSWORD/m,
    404: /\(404: no ARI at this path; enable ARI in ari\.conf/m,
    503: /\(503: this is not an ARI that is ready/m,
  };
  for (const [code, meaning] of Object.entries(meanings)) {
    status = Number(code);
    assert.match(await advice(`http://127.0.0.1:${server.addr.port}/ari`), meaning);
  }
});

/** Runs `serve` until its log says why Asterisk is not connected, and returns that reason. */
async function reasonOf(
  options: FakeAsteriskOptions & { readonly path?: string; readonly refuse?: boolean },
  password: string,
): Promise<string> {
  const { path = "/ari", refuse = false, ...rest } = options;
  await using nats = await startNats();
  await using asterisk = await startFakeAsterisk(rest);
  if (refuse) await asterisk.refuse();
  const { code, io } = startMain(["serve"], {
    env: {
      ARI_APPLICATION: "demo",
      ARI_USERNAME: asterisk.username,
      ARI_PASSWORD: password,
      ARI_HTTP_URL: asterisk.httpUrl.replace("/ari", path),
      MESSAGEBUS_URL: nats.url,
    },
  });
  await io.stdout.until(/Waiting for Asterisk.*\n/);
  io.signal();
  assert.equal(await withDeadline(code, { what: "the end of serve" }), 0);
  const line = io.stdout.lines.find((text) => text.includes("Waiting for Asterisk"));
  return JSON.parse(line ?? "{}").reason;
}

Deno.test("serve logs in one line why Asterisk is not connected and what to do", async () => {
  const right = "ari-secret";
  assert.match(
    await reasonOf({}, "wrong"),
    /answered 401.*; check the ARI user name and password against ari\.conf$/,
  );
  assert.match(
    await reasonOf({ refuse: true }, right),
    /refused.*; check that Asterisk runs and that http\.conf enables HTTP at this address$/,
  );
  assert.match(
    await reasonOf({ path: "/no" }, right),
    /answered 404.*; check the path of the URL, and that ari\.conf enables ARI$/,
  );
  assert.match(
    await reasonOf({ tls: { cert, key } }, right),
    /; check the certificate, and whether the port speaks TLS$/,
  );
});
