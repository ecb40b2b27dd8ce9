import assert from "node:assert/strict";
import type { AriDownload } from "../../../src/ari/http/download.ts";
import { type AriRest, createRest } from "../../../src/ari/rest.ts";
import { type FakeAsterisk, startFakeAsterisk } from "../../testing/fake_asterisk.ts";
import { someBytes } from "../../testing/some_bytes.ts";

const path = "/recordings/stored/r1/file";
const whole = someBytes(300_000);

async function start(stack: AsyncDisposableStack): Promise<{ fake: FakeAsterisk; rest: AriRest }> {
  const fake = stack.use(await startFakeAsterisk());
  const { httpUrl: url, username, password } = fake;
  const rest = stack.use(createRest({ url, username, password, timeout: 2_000 }));
  return { fake, rest };
}

async function open(rest: AriRest, options = {}): Promise<AriDownload> {
  const file = await rest.download(path, options);
  assert.ok("read" in file);
  return file;
}

async function readAll(file: AriDownload, step = 100_000): Promise<Uint8Array> {
  const buffer = new Uint8Array(step);
  const parts: Uint8Array[] = [];
  for (;;) {
    const count = await file.read(buffer);
    if (count === 0) return new Uint8Array(await new Blob(parts.map((p) => p.slice())).bytes());
    parts.push(buffer.slice(0, count));
  }
}

Deno.test("a download reads a file at the pace of its reader, with size and type", async () => {
  await using stack = new AsyncDisposableStack();
  const { fake, rest } = await start(stack);
  fake.answer(() => ({ status: 200, body: whole }));
  using file = await open(rest);
  assert.deepEqual([file.size, file.type], [whole.length, "audio/wav"]);
  assert.equal(await file.read(new Uint8Array(1)), 1);
  assert.deepEqual(await readAll(file), whole.subarray(1));
  assert.equal(await file.read(new Uint8Array(1)), 0);
  assert.equal(fake.calls.at(-1)?.headers.connection, "close");

  fake.answer(() => ({ status: 200, body: new Uint8Array() }));
  using empty = await open(rest);
  assert.equal(empty.size, 0);
  assert.equal(await empty.read(new Uint8Array(1)), 0);
});

Deno.test("a download returns a refusal like any response", async () => {
  await using stack = new AsyncDisposableStack();
  const { fake, rest } = await start(stack);
  fake.answer(() => ({ status: 404, body: '{"message":"Recording not found"}' }));
  assert.deepEqual(await rest.download(path), {
    status: 404,
    reason: "Not Found",
    body: '{"message":"Recording not found"}',
  });
  await fake.until(() => fake.open === 0);
});

Deno.test("a download reports an incomplete file and a missing response", async () => {
  await using stack = new AsyncDisposableStack();
  const { fake, rest } = await start(stack);
  fake.answer(() => ({ status: 200, body: whole, cut: 10 }));
  using file = await open(rest);
  await assert.rejects(readAll(file), { name: "AriError", code: "interrupted" });
  fake.hang(() => true);
  await assert.rejects(rest.download(path, { timeout: 50 }), { code: "timeout" });
  await fake.refuse();
  await assert.rejects(rest.download(path), { code: "unreachable" });
});

Deno.test("a download ends with its signal, its disposal, and its connection", async () => {
  await using stack = new AsyncDisposableStack();
  const { fake, rest } = await start(stack);
  fake.hang(() => true);
  const over = new AbortController();
  const asked = rest.download(path, { signal: over.signal });
  await fake.until(() => fake.calls.length === 1);
  over.abort();
  await assert.rejects(asked, { code: "aborted" });
  await fake.until(() => fake.open === 0);

  fake.hang(null);
  fake.answer(() => ({ status: 200, body: whole }));
  (await open(rest))[Symbol.dispose]();
  await fake.until(() => fake.open === 0);
  using file = await open(rest);
  rest[Symbol.dispose]();
  await assert.rejects(readAll(file), { code: "aborted" });
  await assert.rejects(rest.download(path), {
    code: "aborted",
    message: `GET ${path} aborted because the connection to Asterisk is closed`,
  });
  await fake.until(() => fake.open === 0);
});

Deno.test("a download distinguishes a closed connection from a malformed response", async () => {
  const answers = ["", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200", "SIP/2.0 200 OK\r\n"];
  const codes = ["interrupted", "interrupted", "bad_response"];
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serving = (async () => {
    for (const answer of answers) {
      using connection = await listener.accept();
      await connection.read(new Uint8Array(4_096));
      await connection.write(new TextEncoder().encode(answer));
    }
  })();
  using rest = createRest({ url: `http://a:b@127.0.0.1:${listener.addr.port}/ari` });
  for (const code of codes) await assert.rejects(rest.download(path), { code });
  await serving;
});
