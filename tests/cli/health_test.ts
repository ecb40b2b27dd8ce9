import assert from "node:assert/strict";
import { Readiness } from "../../src/health/readiness.ts";
import { startHealthServer } from "../../src/health/http_server.ts";
import { runMain } from "../testing/cli_fixture.ts";
import { freePort } from "../testing/servers/free_port.ts";

const metrics = { contentType: "text/plain", text: () => Promise.resolve("") };

Deno.test("health reports whether the proxy is ready, also by its exit code", async () => {
  const readiness = new Readiness(() => 0);
  // A proxy that listens on all addresses is asked on loopback.
  await using server = await startHealthServer({ hostname: "", port: 0, readiness, metrics });
  const port = server.address.split(":").at(-1);
  const env = { ARI_PROXY_HEALTH: `:${port}` };
  readiness.up("bus");
  const missing = await runMain(["health"], { env });
  assert.equal(missing.code, 1);
  assert.equal(missing.err, "ari-proxy: Not ready\n");
  assert.equal(JSON.parse(missing.out).asterisk.reason, "Not connected yet");

  const live = await runMain(["health", "--live"], { env });
  assert.deepEqual(live, { code: 0, out: "ok\n", err: "" });

  readiness.up("asterisk");
  const ready = await runMain(["health", "--health", `127.0.0.1:${port}`], { terminal: true });
  assert.equal(ready.code, 0);
  assert.match(ready.out, /^bus\.ready +true$/m);
  assert.equal((await runMain(["health", `--health=0.0.0.0:${port}`])).code, 0);
});

Deno.test("health fails with 1 without a response, or without one in time", async () => {
  const port = await freePort();
  const nobody = await runMain(["health", "--health", `127.0.0.1:${port}`]);
  assert.deepEqual(nobody, {
    code: 1,
    out: "",
    err: `ari-proxy: Cannot query http://127.0.0.1:${port}/readyz: nothing listens there\n`,
  });
  using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const accepted = silent.accept();
  const args = ["health", "--health", `127.0.0.1:${silent.addr.port}`, "--timeout", "50ms"];
  const late = await runMain(args);
  assert.equal(late.code, 1);
  assert.match(late.err, /^ari-proxy: Cannot query .*: no response in time\n$/);
  (await accepted).close();
});

Deno.test("health asks on loopback where a proxy listens on all addresses", async () => {
  const port = await freePort();
  const asked = async (host: string) =>
    /http:\/\/(.*):\d+\/livez/.exec(
      (await runMain(["health", "--live", "--health", `${host}:${port}`])).err,
    )?.[1];
  assert.deepEqual(await Promise.all(["", "0.0.0.0", "[::]", "[::1]", "localhost"].map(asked)), [
    ...["127.0.0.1", "127.0.0.1", "[::1]", "[::1]", "localhost"],
  ]);
  const unknown = await runMain(["health", "--health", `nowhere.invalid:${port}`]);
  assert.match(unknown.err, /: no such host\n$/);
});

Deno.test("health writes the report as it came, on one line, unless a person reads it", async () => {
  await using other = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => new Response('{"a": {"b": 1}}', { status: 503 }),
  );
  const args = ["health", "--health", `127.0.0.1:${other.addr.port}`];
  const outs = [
    await runMain(args),
    await runMain([...args, "--json"], { terminal: true }),
    await runMain(args, { terminal: true }),
  ];
  assert.deepEqual(outs.map(({ code }) => code), [1, 1, 1]);
  assert.deepEqual(outs.map(({ out }) => out), [
    '{"a": {"b": 1}}\n',
    '{"a": {"b": 1}}\n',
    "a.b  1\n",
  ]);
});

Deno.test("health fails with 1 when something else answers", async () => {
  await using other = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => new Response("no such page", { status: 404 }),
  );
  const { code, err } = await runMain(["health", "--health", `127.0.0.1:${other.addr.port}`]);
  assert.equal(code, 1);
  assert.match(err, /^ari-proxy: Not a health server: http:.*\/readyz answered 404\n$/);
});

Deno.test("health fails with 2 without an address", async () => {
  const nobody = await runMain(["health"]);
  assert.equal(nobody.code, 2);
  assert.match(nobody.err, /^ari-proxy: No node to ask: set --health or ARI_PROXY_HEALTH/);
  const any = await runMain(["health", "--health", "127.0.0.1:0"]);
  assert.equal(any.code, 2);
  assert.match(any.err, /setting health from flag --health: port 0 means any port/);
});
