import assert from "node:assert/strict";
import net from "node:net";
import { mock } from "node:test";
import { AriError, type AriErrorCode } from "../../src/ari/errors.ts";
import { createRest } from "../../src/ari/rest.ts";
import { type FakeAsterisk, startFakeAsterisk } from "../testing/fake_asterisk.ts";
import { MovableClock } from "../testing/movable_clock.ts";
import { cert, key } from "../testing/tls_certificate.ts";

function restOf(fake: FakeAsterisk, options: Partial<Parameters<typeof createRest>[0]> = {}) {
  const { httpUrl: url, username, password } = fake;
  return createRest({ url, username, password, ...options });
}

/** The AriError that a promise rejects with. */
async function failure(promise: Promise<unknown>, code: AriErrorCode): Promise<AriError> {
  const error = await promise.then(() => undefined, (error: unknown) => error);
  assert.ok(error instanceof AriError, `no AriError: ${error}`);
  assert.equal(error.code, code, error.message);
  return error;
}

/** A TCP server with a handler for the first bytes of each connection. */
async function startRaw(onData: (socket: net.Socket) => void) {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("data", () => onData(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  assert.ok(address !== null && typeof address === "object");
  return {
    port: address.port,
    url: `http://127.0.0.1:${address.port}/ari`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

Deno.test("rest sends method, path, query and body as given, with credentials and content type", async () => {
  await using fake = await startFakeAsterisk({ password: "gehéim:%" });
  using rest = restOf(fake);
  fake.answer([{ status: 200, body: '{"id":"c1"}' }, { status: 204 }]);
  const answer = await rest.send({
    method: "POST",
    path: "/channels/a%2Fb%3B2%23",
    query: "endpoint=Local%2Fecho%40demo&app=a+b",
    body: '{"variables":{"A":"ä"}}',
  });
  assert.deepEqual(answer, { status: 200, reason: "OK", body: '{"id":"c1"}' });
  await rest.send({ method: "DELETE", path: "/channels/c1" });
  const [first, second] = fake.calls;
  assert.equal(first.method, "POST");
  assert.equal(first.path, "/channels/a%2Fb%3B2%23");
  assert.equal(first.query, "endpoint=Local%2Fecho%40demo&app=a+b");
  assert.equal(first.body, '{"variables":{"A":"ä"}}');
  assert.equal(first.headers["content-type"], "application/json");
  assert.equal(second.body, null);
  assert.equal(second.headers["content-type"], "application/json");
  assert.equal(fake.connections, 1);
  assert.deepEqual(fake.complaints, []);
});

Deno.test("rest returns a response of any status, with the reason as sent", async () => {
  await using fake = await startFakeAsterisk();
  using rest = restOf(fake);
  const script = [
    { status: 404, body: '{"message":"Channel not found"}' },
    { status: 409, reason: "Channel Busy" },
    { status: 299 },
    { status: 302 },
    { status: 503 },
  ];
  fake.answer(script);
  for (const { status, reason, body = "" } of script) {
    const answer = await rest.send({ method: "GET", path: "/channels/c1" });
    assert.equal(answer.status, status);
    assert.equal(answer.body, body);
    if (reason !== undefined) assert.equal(answer.reason, reason);
  }
  using stranger = restOf(fake, { password: "wrong" });
  assert.equal((await stranger.send({ method: "GET", path: "/channels" })).status, 401);
});

Deno.test("rest takes credentials from the URL and never shows them", async () => {
  await using fake = await startFakeAsterisk({ username: "us@er", password: "p%w/d" });
  const url = fake.httpUrl.replace("//", "//us%40er:p%25w%2Fd@") + "/";
  fake.answer(() => ({ status: 200 }));
  using rest = createRest({ url });
  assert.equal((await rest.send({ method: "GET", path: "/channels" })).status, 200);
  await fake.refuse();
  const error = await failure(rest.send({ method: "GET", path: "/channels" }), "unreachable");
  assert.match(error.message, /^Cannot reach Asterisk at 127\.0\.0\.1:\d+: connection refused$/);
  assert.ok(error.cause instanceof Error);
  for (const bad of ["no url user:secret@x", "ftp://user:secret@x/", "http://user:secret@x/?a=1"]) {
    assert.throws(
      () => createRest({ url: bad }),
      (error) =>
        error instanceof AriError && error.code === "invalid" && !error.message.includes("secret"),
    );
  }
});

Deno.test("rest refuses paths and queries that would be changed on the way", async () => {
  await using fake = await startFakeAsterisk();
  using rest = restOf(fake);
  const bad = [
    ...["channels", "", "/a b", "/a\r\nX: y", "/a?b=c", "/a#b", "/ä", "/a%2", "/a\\b"],
    ...["/..", "/.", "/a/../b", "/a/%2e%2E/b", "/a/.%2e", "/a/%2e"],
  ];
  for (const path of bad) {
    await failure(rest.send({ method: "GET", path }), "invalid");
  }
  for (const query of ["a=b c", "a=#", "a=ä", "a=%", "a=b\r\n"]) {
    await failure(rest.send({ method: "GET", path: "/channels", query }), "invalid");
  }
  assert.equal(fake.connections, 0);
  fake.answer(() => ({ status: 200 }));
  for (const path of ["/channels/...", "/channels/a..b", "/channels/..a", "/channels/%252e"]) {
    await rest.send({ method: "GET", path });
    assert.equal(fake.calls.at(-1)?.path, path);
  }
});

Deno.test("rest has a timeout, and aborts with its caller", async () => {
  await using fake = await startFakeAsterisk();
  using rest = restOf(fake, { timeout: 50 });
  fake.hang((call) => call.path === "/channels");
  const late = await failure(rest.send({ method: "GET", path: "/channels" }), "timeout");
  assert.match(late.message, /GET \/channels took over 50 ms$/);
  const caller = new AbortController();
  const request = { method: "POST", path: "/channels", query: "secret=1" } as const;
  const sent = rest.send(request, { signal: caller.signal, timeout: 10_000 });
  await fake.until(() => fake.calls.length === 2);
  caller.abort(new Error("not wanted"));
  const gone = await failure(sent, "aborted");
  assert.equal(gone.cause, caller.signal.reason);
  assert.ok(!gone.message.includes("secret"));
  await failure(rest.send(request, { signal: caller.signal }), "aborted");
  assert.equal(fake.calls.length, 2);
});

Deno.test("rest aborts pending requests when it is disposed of, and sends nothing more", async () => {
  await using fake = await startFakeAsterisk();
  const rest = restOf(fake);
  fake.hang(() => true);
  const sent = failure(rest.send({ method: "GET", path: "/channels" }), "aborted");
  await fake.until(() => fake.calls.length === 1);
  rest[Symbol.dispose]();
  rest[Symbol.dispose]();
  await sent;
  await failure(rest.send({ method: "GET", path: "/channels" }), "aborted");
  assert.equal(fake.calls.length, 1);
});

Deno.test("rest limits its connections and queues further requests", async () => {
  await using fake = await startFakeAsterisk();
  using rest = restOf(fake, { connections: 4 });
  let current = 0;
  let most = 0;
  const gate = Promise.withResolvers<void>();
  fake.answer(async () => {
    most = Math.max(most, ++current);
    if (current === 4) gate.resolve();
    await gate.promise;
    current--;
    return { status: 200 };
  });
  const sent = Array.from({ length: 64 }, () => rest.send({ method: "GET", path: "/channels" }));
  await Promise.all(sent);
  assert.equal(fake.calls.length, 64);
  assert.equal(most, 4);
  assert.equal(fake.connections, 4);
});

Deno.test("rest never sends a request that has timed out in the queue", async () => {
  await using fake = await startFakeAsterisk();
  using rest = restOf(fake, { connections: 2 });
  fake.hang((call) => call.path === "/slow");
  fake.answer(() => ({ status: 200 }));
  const hanging = [1, 2].map(() =>
    failure(rest.send({ method: "POST", path: "/slow" }, { timeout: 60 }), "timeout")
  );
  await fake.until(() => fake.calls.length === 2);
  const waiting = [1, 2, 3].map(() =>
    failure(rest.send({ method: "POST", path: "/late" }, { timeout: 5 }), "unreachable")
  );
  await Promise.all([...hanging, ...waiting]);
  assert.equal((await rest.send({ method: "GET", path: "/after" })).status, 200);
  assert.equal((await rest.send({ method: "GET", path: "/after" })).status, 200);
  assert.deepEqual(fake.calls.map((call) => call.path), ["/slow", "/slow", "/after", "/after"]);
});

Deno.test("rest sends nothing whose deadline passed in the queue, and continues with others", async () => {
  mock.timers.enable({ apis: ["Date"], now: 1_000 });
  try {
    await using fake = await startFakeAsterisk();
    using rest = restOf(fake, { connections: 1 });
    const { promise: go, resolve } = Promise.withResolvers<void>();
    fake.answer(async () => {
      await go;
      return { status: 204 };
    });
    const post = (path: string, notAfter?: number) =>
      rest.send({ method: "POST", path }, { notAfter });
    const first = post("/first", 1_000);
    await fake.until(() => fake.calls.length === 1);
    const late = [post("/late", 1_500), post("/late", 1_500)].map((sent) =>
      failure(sent, "expired")
    );
    const others = [post("/intime", 2_000), post("/whenever")];
    mock.timers.setTime(1_501);
    resolve();
    const [{ message }] = await Promise.all(late);
    assert.equal(message, "POST /late not sent: its deadline passed while it waited");
    for (const { status } of await Promise.all([first, ...others])) assert.equal(status, 204);
    await failure(post("/late", 1_500), "expired");
    assert.deepEqual(fake.calls.map(({ path }) => path), ["/first", "/intime", "/whenever"]);
    assert.equal(fake.connections, 1);
  } finally {
    mock.timers.reset();
  }
});

Deno.test("rest sends nothing whose deadline passed while it connected, and keeps the connection", async () => {
  mock.timers.enable({ apis: ["Date"], now: 1_000 });
  try {
    await using fake = await startFakeAsterisk();
    using rest = restOf(fake);
    fake.answer(() => ({ status: 204 }));
    const sent = rest.send({ method: "POST", path: "/late" }, { notAfter: 1_500 });
    mock.timers.setTime(1_501);
    await failure(sent, "expired");
    await rest.send({ method: "GET", path: "/next" });
    assert.deepEqual([fake.calls.map(({ path }) => path), fake.connections], [["/next"], 1]);
  } finally {
    mock.timers.reset();
  }
});

Deno.test("rest drops an idle connection that Asterisk has closed, without an error", async () => {
  await using fake = await startFakeAsterisk({ idleTimeout: 60 });
  fake.answer(() => ({ status: 200 }));
  using rest = restOf(fake, { idleTimeout: 10_000 });
  for (let round = 1; round <= 5; round++) {
    const answer = await rest.send({ method: "GET", path: "/channels" });
    assert.equal(answer.status, 200);
    await fake.until(() => fake.open === 0);
  }
  assert.equal(fake.connections, 5);
});

Deno.test("rest closes a connection after its idle timeout, but not during a longer request", async () => {
  await using fake = await startFakeAsterisk();
  using rest = restOf(fake, { idleTimeout: 30 });
  const gate = Promise.withResolvers<void>();
  fake.answer(async () => {
    setTimeout(gate.resolve, 90);
    await gate.promise;
    return { status: 200 };
  });
  assert.equal((await rest.send({ method: "POST", path: "/channels" })).status, 200);
  assert.equal(fake.connections, 1);
  await fake.until(() => fake.open === 0);
});

Deno.test("rest closes only the connections that were idle for too long", async () => {
  using clock = new MovableClock();
  await using fake = await startFakeAsterisk();
  using rest = restOf(fake, { idleTimeout: 200 });
  let gate = Promise.withResolvers<void>();
  fake.answer(async ({ path }) => {
    if (path === "/held") await gate.promise;
    return { status: 200 };
  });
  const held = () => rest.send({ method: "GET", path: "/held" });
  const both = [held(), held()];
  await fake.until(() => fake.calls.length === 2);
  gate.resolve();
  await Promise.all(both);
  clock.advance(500);
  // The one used last is used again, so the other one is the older.
  await rest.send({ method: "GET", path: "/short" });
  assert.deepEqual([fake.connections, fake.open], [2, 2]);
  // When the timer fires the older one was idle for 250 ms or more, the other one for none.
  clock.advance(-450);
  await fake.until(() => fake.open === 1);
  gate = Promise.withResolvers();
  const last = held();
  await fake.until(() => fake.calls.length === 4);
  clock.advance(1_000);
  gate.resolve();
  assert.equal((await last).status, 200);
  assert.equal(fake.connections, 2);
  await fake.until(() => fake.open === 0);
});

Deno.test("rest does not reuse a connection on which it received unexpected bytes", async () => {
  let connections = 0;
  await using raw = await startRaw((socket) => {
    connections++;
    socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
    if (connections > 1) return;
    setTimeout(() => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwrong"), 5);
    socket.once("close", () => closed.resolve());
  });
  const closed = Promise.withResolvers<void>();
  using rest = createRest({ url: raw.url, username: "a", password: "b" });
  await rest.send({ method: "GET", path: "/a" });
  await closed.promise;
  assert.equal((await rest.send({ method: "GET", path: "/b" })).body, "hi");
  assert.equal(connections, 2);
});

Deno.test("rest repeats a GET only once", async () => {
  let seen = 0;
  let cut = false;
  await using raw = await startRaw((socket) => {
    seen++;
    if (cut) return void socket.destroy();
    socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
    socket.once("data", () => {
      seen++;
      socket.destroy();
    });
  });
  using rest = createRest({ url: raw.url, username: "a", password: "b" });
  await rest.send({ method: "GET", path: "/a" });
  cut = true;
  await failure(rest.send({ method: "GET", path: "/b" }), "interrupted");
  assert.equal(seen, 3);
  // On a new connection it is not sent again.
  await failure(rest.send({ method: "GET", path: "/b" }), "interrupted");
  assert.equal(seen, 4);
});

Deno.test("rest counts the requests that wait for a connection, without aborted ones", async () => {
  await using fake = await startFakeAsterisk();
  using rest = restOf(fake, { connections: 1 });
  fake.hang(() => true);
  const caller = new AbortController();
  const get = { method: "GET", path: "/channels" } as const;
  assert.equal(rest.waiting, 0);
  const all = [1, 2, 3].map(() => failure(rest.send(get, { signal: caller.signal }), "aborted"));
  await fake.until(() => fake.calls.length === 1);
  assert.equal(rest.waiting, 2);
  caller.abort();
  await Promise.all(all);
  assert.equal(rest.waiting, 0);
});

Deno.test("rest closes its idle connections when it is disposed of, and those that become idle", async () => {
  await using fake = await startFakeAsterisk();
  fake.answer(() => ({ status: 200 }));
  const rest = restOf(fake);
  await rest.send({ method: "GET", path: "/channels" });
  assert.equal(fake.open, 1);
  rest[Symbol.dispose]();
  await fake.until(() => fake.open === 0);
});

Deno.test("rest aborts a request while it connects, without its connection", async () => {
  await using fake = await startFakeAsterisk();
  fake.answer(() => ({ status: 200 }));
  using rest = restOf(fake, { connections: 1 });
  const caller = new AbortController();
  const given = failure(
    rest.send({ method: "POST", path: "/a" }, { signal: caller.signal }),
    "aborted",
  );
  const next = rest.send({ method: "POST", path: "/b" });
  caller.abort();
  await given;
  assert.equal((await next).status, 200);
  assert.deepEqual(fake.calls.map(({ path }) => path), ["/b"]);
});

Deno.test("rest sends the length of each body, and none for a GET without a body", async () => {
  await using fake = await startFakeAsterisk();
  fake.answer(() => ({ status: 200 }));
  using rest = restOf(fake);
  await rest.send({ method: "POST", path: "/a" });
  await rest.send({ method: "GET", path: "/b" });
  await rest.send({ method: "GET", path: "/c", body: "ä" });
  const lengths = fake.calls.map(({ headers }) => headers["content-length"]);
  assert.deepEqual(lengths, ["0", undefined, "2"]);
  assert.equal(fake.calls[0].headers.host, new URL(fake.httpUrl).host);
});

Deno.test("rest connects to an IPv6 address", async () => {
  using listener = Deno.listen({ hostname: "::1", port: 0 });
  const serving = (async () => {
    using connection = await listener.accept();
    await connection.read(new Uint8Array(4_096));
    await connection.write(
      new TextEncoder().encode("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"),
    );
  })();
  using rest = createRest({ url: `http://a:b@[::1]:${listener.addr.port}/ari` });
  assert.equal((await rest.send({ method: "GET", path: "/a" })).body, "hi");
  await serving;
});

Deno.test("rest repeats a GET whose idle connection was closed, and nothing else", async () => {
  // Responds to the first request of a connection, and closes it at the second.
  let seen = 0;
  await using raw = await startRaw((socket) => {
    seen++;
    socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
    socket.once("data", () => {
      seen++;
      socket.destroy();
    });
  });
  using rest = createRest({ url: raw.url, username: "a", password: "b" });
  await rest.send({ method: "GET", path: "/a" });
  assert.equal((await rest.send({ method: "GET", path: "/b" })).body, "hi");
  assert.equal(seen, 3);
  await failure(rest.send({ method: "POST", path: "/c" }), "interrupted");
  assert.equal(seen, 4);
});

Deno.test("rest sends nothing twice when a request on a reused connection is aborted", async () => {
  await using fake = await startFakeAsterisk();
  using rest = restOf(fake);
  fake.answer(() => ({ status: 200 }));
  fake.hang((call) => call.path === "/slow");
  const prepare = () => rest.send({ method: "GET", path: "/channels" });
  await prepare();
  await failure(rest.send({ method: "POST", path: "/slow" }, { timeout: 20 }), "timeout");
  await prepare();
  const caller = new AbortController();
  const body = "{}";
  const sent = rest.send({ method: "PUT", path: "/slow", body }, { signal: caller.signal });
  await fake.until(() => fake.calls.length === 4);
  caller.abort();
  await failure(sent, "aborted");
  await prepare();
  assert.deepEqual(fake.calls.map((call) => call.method), ["GET", "POST", "GET", "PUT", "GET"]);
});

Deno.test("rest distinguishes a broken response from an unreachable Asterisk", async () => {
  await using cut = await startRaw((socket) => void socket.destroy());
  using first = createRest({ url: cut.url, username: "a", password: "secret" });
  await failure(first.send({ method: "POST", path: "/a" }), "interrupted");
  await using half = await startRaw((socket) =>
    void socket.end("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nhi")
  );
  using second = createRest({ url: half.url, username: "a", password: "secret" });
  await failure(second.send({ method: "GET", path: "/a" }), "interrupted");
  await using other = await startRaw((socket) => void socket.end("SSH-2.0-x\r\n\r\n"));
  using third = createRest({ url: other.url, username: "a", password: "secret" });
  await failure(third.send({ method: "GET", path: "/a" }), "bad_response");
  using fourth = createRest({ url: "http://nowhere.invalid/ari", username: "a", password: "b" });
  const error = await failure(fourth.send({ method: "GET", path: "/a" }), "unreachable");
  assert.match(error.message, /host name/);
});

Deno.test("rest refuses a response over its limit", async () => {
  await using fake = await startFakeAsterisk();
  using rest = restOf(fake, { maxBody: 1000 });
  fake.answer([1_000, 1_001, 501].map((size) => ({ status: 200, body: "x".repeat(size) })));
  const get = { method: "GET", path: "/channels" } as const;
  await rest.send(get, { maxBody: 1_000_000 });
  const error = await failure(rest.send(get), "too_large");
  assert.equal(error.message, "Response to GET /channels too large: it has 1001 bytes");
  await failure(rest.send(get, { maxBody: 500 }), "too_large");
});

Deno.test("rest refuses a large response by its head, and closes the connection", async () => {
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  await using raw = await startRaw((socket) => {
    socket.once("close", () => resolve());
    socket.write("HTTP/1.1 200 OK\r\nContent-Length: 62914560\r\n\r\n");
  });
  using rest = createRest({ url: raw.url, username: "a", password: "b" });
  await failure(rest.send({ method: "GET", path: "/a" }, { maxBody: 2_000_000 }), "too_large");
  await closed;
});

Deno.test("rest reads large responses within one budget, which completed and aborted requests release", async () => {
  const head = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 100000\r\n\r\n";
  let body = "x".repeat(100_000);
  await using raw = await startRaw((socket) => void socket.write(head + body));
  using rest = createRest({ url: raw.url, username: "a", password: "b", responseBudget: 100_000 });
  const get = (signal?: AbortSignal) => rest.send({ method: "GET", path: "/a" }, { signal });
  assert.equal((await get()).body.length, 100_000);
  body = "x";
  const caller = new AbortController();
  const both = [get(caller.signal), get(caller.signal)];
  const ends = both.map((sent) => sent.then(() => undefined, (error: AriError) => error));
  const refused = await Promise.race(ends);
  assert.equal(refused?.code, "no_room");
  assert.match(
    refused?.message,
    /^Cannot read the response to GET .a: other large responses are being read/,
  );
  caller.abort();
  const codes = (await Promise.all(ends)).map((error) => error?.code);
  assert.deepEqual(codes.sort(), ["aborted", "no_room"]);
  body = "x".repeat(100_000);
  assert.equal((await get()).body.length, 100_000);
});

Deno.test("rest uses TLS and trusts only the given authority", async () => {
  await using fake = await startFakeAsterisk({ tls: { cert, key } });
  fake.answer(() => ({ status: 200 }));
  using trusting = restOf(fake, { ca: [cert] });
  assert.equal((await trusting.send({ method: "GET", path: "/channels" })).status, 200);
  using wary = restOf(fake);
  const error = await failure(wary.send({ method: "GET", path: "/channels" }), "tls");
  assert.match(error.message, /^Cannot reach Asterisk at 127\.0\.0\.1:\d+ by TLS: /);
  await using plain = await startFakeAsterisk();
  using confused = restOf(fake, { url: plain.httpUrl.replace("http:", "https:"), ca: [cert] });
  await failure(confused.send({ method: "GET", path: "/channels" }), "tls");
});
