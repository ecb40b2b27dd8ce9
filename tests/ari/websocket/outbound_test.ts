import assert from "node:assert/strict";
import { AriError, type AriErrorCode } from "../../../src/ari/errors.ts";
import { openAriWebSocket } from "../../../src/ari/websocket/outbound.ts";
import { type FakeAsterisk, startFakeAsterisk } from "../../testing/fake_asterisk.ts";
import { cert, key } from "../../testing/tls_certificate.ts";

type AriWebSocketOptions = Parameters<typeof openAriWebSocket>[0];

/** Opens a WebSocket at the fake, and collects its texts. */
function opener(fake: FakeAsterisk, options: Partial<AriWebSocketOptions> = {}) {
  const texts: string[] = [];
  let wake = () => {};
  const settings: AriWebSocketOptions = {
    url: fake.websocketUrl,
    username: fake.username,
    password: fake.password,
    applications: ["demo"],
    onEvent: ({ text }) => {
      texts.push(text);
      wake();
    },
    ...options,
  };
  return {
    texts,
    open: () => openAriWebSocket(settings),
    async count(wanted: number) {
      while (texts.length < wanted) await new Promise<void>((resolve) => wake = resolve);
    },
  };
}

async function failure(promise: Promise<unknown>, code: AriErrorCode): Promise<AriError> {
  const error = await promise.then(() => undefined, (error: unknown) => error);
  assert.ok(error instanceof AriError, `no AriError: ${error}`);
  assert.equal(error.code, code, error.message);
  return error;
}

Deno.test("ARI WebSocket delivers texts as sent and in order", async () => {
  await using fake = await startFakeAsterisk();
  const { texts, open, count } = opener(fake, { applications: ["demo", "a b"] });
  using socket = await open();
  await fake.connected("a b");
  const sent = [
    `{"type":"Odd",  "x":1.0}`,
    "",
    "no JSON",
    `"ü\u{1f600}"`,
    "x".repeat(200),
    "y".repeat(70_000),
  ];
  for (const text of sent) fake.sendEvent(text);
  await count(sent.length);
  assert.deepEqual(texts, sent);
  socket.close();
  socket.close();
  assert.equal(await socket.closed, "Closed by this side");
  await fake.until(() => fake.sockets === 0);
});

Deno.test("ARI WebSocket delivers nothing once it is closed", async () => {
  await using fake = await startFakeAsterisk();
  const { texts, open } = opener(fake);
  const socket = await open();
  fake.sendEvent("late");
  socket.close();
  await socket.closed;
  assert.deepEqual(texts, []);
});

Deno.test("ARI WebSocket reports that Asterisk has broken it", async () => {
  await using fake = await startFakeAsterisk();
  using socket = await opener(fake).open();
  fake.dropSockets();
  assert.match(await socket.closed, /^ARI WebSocket broken: |^Asterisk closed the ARI WebSocket/);
});

Deno.test("ARI WebSocket rejects with the reason of Asterisk's refusal", async () => {
  await using fake = await startFakeAsterisk();
  const denied = await failure(opener(fake, { password: "secret" }).open(), "denied");
  assert.match(
    denied.message,
    /^Cannot open the ARI WebSocket at 127\.0\.0\.1:\d+: it answered 401$/,
  );
  const url = fake.websocketUrl.replace("events", "nothing");
  await failure(opener(fake, { url }).open(), "not_found");
  await failure(opener(fake, { applications: [] }).open(), "invalid");
  await failure(opener(fake, { applications: ["a,b"] }).open(), "invalid");
  await failure(opener(fake, { url: "http://localhost/" }).open(), "invalid");
  await fake.refuse();
  await failure(opener(fake).open(), "unreachable");
});

Deno.test("ARI WebSocket has a timeout for opening, and aborts with its caller", async () => {
  await using fake = await startFakeAsterisk();
  fake.hang(() => true);
  await failure(opener(fake, { timeout: 30 }).open(), "timeout");
  const caller = new AbortController();
  const opening = opener(fake, { signal: caller.signal }).open();
  caller.abort();
  await failure(opening, "aborted");
  await failure(opener(fake, { signal: caller.signal }).open(), "aborted");
});

Deno.test("ARI WebSocket closes when its signal is aborted", async () => {
  await using fake = await startFakeAsterisk();
  const caller = new AbortController();
  const socket = await opener(fake, { signal: caller.signal }).open();
  caller.abort();
  assert.match(await socket.closed, /aborted by the caller/);
});

Deno.test("ARI WebSocket does not wait indefinitely for a silent peer to close", async () => {
  await using fake = await startFakeAsterisk();
  const socket = await opener(fake, { closeTimeout: 20 }).open();
  fake.stall();
  socket.close();
  assert.equal(await socket.closed, "Closed by this side");
  assert.equal(fake.sockets, 1);
});

Deno.test("ARI WebSocket uses TLS and trusts only the given authority", async () => {
  await using fake = await startFakeAsterisk({ tls: { cert, key } });
  const { open, count, texts } = opener(fake, { ca: [cert] });
  using socket = await open();
  fake.sendEvent("hello");
  await count(1);
  assert.deepEqual(texts, ["hello"]);
  socket.close();
  await socket.closed;
  await failure(opener(fake).open(), "tls");
});
