import assert from "node:assert/strict";
import { startHealthServer } from "../../src/health/http_server.ts";
import { Readiness } from "../../src/health/readiness.ts";
import { withDeadline } from "../testing/deadline.ts";

type HealthServer = Awaited<ReturnType<typeof startHealthServer>>;
type HealthServerOptions = Parameters<typeof startHealthServer>[0];

const metrics = { contentType: "text/plain; version=0.0.4", text: () => Promise.resolve("m 1\n") };

async function start(options: Partial<HealthServerOptions> = {}) {
  const readiness = new Readiness();
  const place = { hostname: "127.0.0.1", port: 0 };
  const server = await startHealthServer({ ...place, readiness, metrics, ...options });
  return { readiness, server, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

async function get(server: HealthServer, path: string, method = "GET") {
  const response = await fetch(`http://${server.address}${path}`, {
    method,
    headers: { connection: "close" },
  });
  return { status: response.status, body: await response.text(), headers: response.headers };
}

async function dial({ address }: HealthServer): Promise<Deno.Conn> {
  const { hostname, port } = new URL(`http://${address}`);
  return await Deno.connect({ hostname, port: Number(port) });
}

/** Reads until the other side closes. */
async function readToEnd(connection: Deno.Conn): Promise<string> {
  try {
    return await withDeadline(new Response(connection.readable).text(), {
      what: "the server to close a connection",
    });
  } catch (error) {
    if (error instanceof Deno.errors.ConnectionReset) return "";
    throw error;
  }
}

Deno.test("the health server responds with liveness, readiness and metrics", async () => {
  await using fixture = await start();
  const { server, readiness } = fixture;
  assert.deepEqual((await get(server, "/livez")).body, "ok\n");
  const missing = await get(server, "/readyz");
  assert.equal(missing.status, 503);
  assert.equal(missing.headers.get("content-type"), "application/json");
  assert.equal(JSON.parse(missing.body).bus.reason, "Not connected yet");
  readiness.up("bus");
  readiness.up("asterisk");
  assert.equal((await get(server, "/readyz?verbose")).status, 200);
  readiness.stop();
  assert.equal((await get(server, "/readyz")).status, 503);
  const { status, body, headers } = await get(server, "/metrics");
  assert.deepEqual([status, body], [200, "m 1\n"]);
  assert.equal(headers.get("content-type"), metrics.contentType);
  assert.deepEqual((await get(server, "/livez", "HEAD")).body, "");
  assert.equal((await get(server, "/")).status, 404);
  const post = await get(server, "/livez", "POST");
  assert.deepEqual([post.status, post.headers.get("allow")], [405, "GET, HEAD"]);
});

Deno.test("the health server reports why it cannot listen", async () => {
  await using fixture = await start();
  const readiness = new Readiness();
  const { port } = new URL(`http://${fixture.server.address}`);
  const cases: [string, number, RegExp][] = [
    ["127.0.0.1", Number(port), /^Cannot listen on 127\.0\.0\.1:\d+ for --health: .* in use$/],
    ["192.0.2.1", 0, /^Cannot listen on 192\.0\.2\.1:0 for --health: this machine has no such/],
  ];
  for (const [hostname, at, message] of cases) {
    const started = startHealthServer({ hostname, port: at, readiness, metrics });
    await assert.rejects(started, { message });
  }
});

Deno.test("the health server listens on all addresses when none is named", async () => {
  const readiness = new Readiness();
  await using server = await startHealthServer({ hostname: "", port: 0, readiness, metrics });
  const port = /\d+$/.exec(server.address)?.[0];
  const response = await fetch(`http://127.0.0.1:${port}/livez`);
  assert.equal(await response.text(), "ok\n");
});

Deno.test("the health server closes connections beyond its limit, and no others", async () => {
  await using fixture = await start({ connections: 2, timeout: 60_000 });
  const { server } = fixture;
  const send = (connection: Deno.Conn, text: string) =>
    connection.write(new TextEncoder().encode(text));
  const first = [await dial(server), await dial(server)];
  for (const connection of first) await send(connection, "GET /livez HTTP/1.1\r\nHost: x\r\n");
  assert.equal(await readToEnd(await dial(server)), "");
  for (const connection of first) {
    await send(connection, "\r\n");
    assert.match(await readToEnd(connection), /^HTTP\/1\.1 200 OK/);
  }
  assert.equal((await get(server, "/livez")).status, 200);
});

Deno.test("the health server closes connections of clients that are slow or send nonsense", async () => {
  await using fixture = await start({ connections: 2, timeout: 200 });
  const { server } = fixture;
  const slow = [await dial(server), await dial(server)];
  for (const connection of slow) {
    await connection.write(new TextEncoder().encode("GET /livez HTTP/1.1\r\nHost: x\r\n"));
  }
  for (const connection of slow) assert.doesNotMatch(await readToEnd(connection), /200 OK/);
  const odd = await dial(server);
  await odd.write(new TextEncoder().encode("\x16\x03\x01 nonsense\r\n\r\n"));
  assert.match(await readToEnd(odd), /^HTTP\/1\.1 400/);
  assert.equal((await get(server, "/livez")).status, 200);
});

Deno.test("the health server responds to one request a connection, however many are sent", async () => {
  let asked = 0;
  const text = () => {
    asked++;
    return metrics.text();
  };
  await using fixture = await start({ metrics: { ...metrics, text } });
  const connection = await dial(fixture.server);
  const requests = "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n".repeat(1_000);
  await connection.write(new TextEncoder().encode(requests));
  await readToEnd(connection);
  assert.equal(asked, 1);
});

Deno.test("the health server closes the connection of a client that does not read its response", async () => {
  const large = { ...metrics, text: () => Promise.resolve("x".repeat(50_000_000)) };
  await using fixture = await start({ connections: 1, timeout: 200, metrics: large });
  using idle = await dial(fixture.server);
  await idle.write(new TextEncoder().encode("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"));
  const next = async () => {
    for (;;) {
      const answer = await get(fixture.server, "/livez").catch(() => undefined);
      if (answer) return answer.status;
    }
  };
  assert.equal(await withDeadline(next(), { what: "a connection to become free" }), 200);
});

Deno.test("the health server closes at once, whatever connections are open", async () => {
  const { server } = await start({ timeout: 60_000 });
  const idle = await dial(server);
  await withDeadline(Promise.resolve(server[Symbol.asyncDispose]()), {
    what: "the end of the server",
  });
  assert.equal(await readToEnd(idle), "");
});
