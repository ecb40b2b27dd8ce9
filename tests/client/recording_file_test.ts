import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { InProcessBroker } from "../../src/bus/memory.ts";
import { AriClient } from "../../src/client/client.ts";
import { decodeJson } from "../../src/protocol/json.ts";
import { Policy } from "../../src/server/requests/policy.ts";
import { app, node, ProxyFixture } from "../testing/proxy_fixture.ts";
import { someBytes } from "../testing/some_bytes.ts";

const whole = someBytes(1_200_000);
const key = { id: "folder/r1", app, node };
const filePath = "/recordings/stored/folder%2Fr1/file";

async function start(stack: AsyncDisposableStack, options = {}) {
  const fixture = stack.use(await ProxyFixture.start(options));
  const client = stack.use(AriClient.fromBus(fixture.bus, { app }));
  await client.settled;
  const file = client.recordings.stored.handle(key).file();
  return { fixture, asterisk: fixture.asterisk, client, file };
}

Deno.test("a recording's file is read whole, as a stream and in chunks, also of an unknown node", async () => {
  await using stack = new AsyncDisposableStack();
  const { asterisk, client, file } = await start(stack);
  asterisk.answer(({ path }) =>
    path === filePath ? { status: 200, body: whole } : { status: 200, body: '{"name":"r1"}' }
  );
  assert.ok(Buffer.from(await file.bytes()).equals(whole));
  const streamed = await new Response(file.stream()).bytes();
  assert.ok(Buffer.from(streamed).equals(whole));
  const lost = client.recordings.stored.handle(key.id).file({ chunkLength: 500_000 });
  const lengths: number[] = [];
  for await (const bytes of lost) lengths.push(bytes.length);
  assert.deepEqual(lengths, [500_000, 500_000, 200_000]);

  asterisk.answer(() => ({ status: 200, body: new Uint8Array() }));
  assert.equal((await file.bytes()).length, 0);
  asterisk.answer(() => ({ status: 404, body: '{"message":"Recording not found"}' }));
  await assert.rejects(file.bytes(), {
    code: "not_found",
    message: "Cannot read the file of the recording folder/r1: Non-2XX response: 404 Not Found: " +
      "Recording not found",
  });
});

Deno.test("a recording's file continues where Asterisk cut it off, and not with another file", async () => {
  await using stack = new AsyncDisposableStack();
  const { asterisk, file } = await start(stack);
  let downloads = 0;
  asterisk.answer(() => ({
    status: 200,
    body: whole,
    ...(++downloads === 1 && { cut: 700_000 }),
  }));
  assert.ok(Buffer.from(await file.bytes()).equals(whole));
  assert.equal(downloads, 2);

  downloads = 0;
  asterisk.answer(() =>
    ++downloads === 1
      ? { status: 200, body: whole, cut: 700_000 }
      : { status: 200, body: someBytes(whole.length, 2) }
  );
  await assert.rejects(file.bytes(), {
    code: "conflict",
    message: /it has changed in the meantime$/,
  });
});

Deno.test("a recording's file aborts at its time limit, with its signal and with its client", async () => {
  await using stack = new AsyncDisposableStack();
  const { asterisk, client } = await start(stack);
  asterisk.answer(() => ({ status: 200, body: whole, cut: 700_000 }));
  const recording = client.recordings.stored.handle(key);
  await assert.rejects(recording.file({ patience: 200 }).bytes(), {
    code: "failed",
    message: /Asterisk closed the connection/,
  });
  asterisk.answer(() => ({ status: 200, body: whole }));
  const reason = new Error("enough");
  const over = new AbortController();
  const stopped = recording.file({ signal: over.signal, onProgress: () => over.abort(reason) });
  await assert.rejects(stopped.bytes(), (error) => error === reason);
  // Leaving the loop sends no further request.
  const progress: number[] = [];
  for await (const _ of recording.file({ onProgress: (bytes) => progress.push(bytes) })) break;
  const reader = recording.file({ onProgress: (bytes) => progress.push(bytes) }).stream()
    .getReader();
  await reader.read();
  await reader.cancel();
  assert.deepEqual(progress, [524_288, 524_288]);
  const reading = recording.file()[Symbol.asyncIterator]();
  await reading.next();
  await client.close();
  await assert.rejects(reading.next(), { code: "closed" });
});

Deno.test("a recording's file fails for bytes that are not those that the proxy read", async () => {
  const broker = new InProcessBroker();
  await using bus = broker.connect();
  await using theirs = broker.connect();
  await using client = AriClient.fromBus(bus, { app });
  const chunk = { offset: 0, size: 3, content: "AAAA", content_type: "", sha256: "0".repeat(64) };
  let answer: Readonly<Record<string, unknown>> = chunk;
  theirs.subscribe(`ari.data.${app}.${node}`, ({ replyTo = "", data }) => {
    assert.equal((decodeJson(data) as { kind: string }).kind, "RecordingStoredFile");
    const reply = { error: "", data: { stored_recording: answer } };
    theirs.publish(replyTo, new TextEncoder().encode(JSON.stringify(reply)));
  });
  const file = client.recordings.stored.handle(key).file();
  await assert.rejects(file.bytes(), { code: "failed", message: /the checksum does not match$/ });
  for (const wrong of [{ offset: 1 }, { size: 2 }, { size: 9, content: "" }]) {
    answer = { ...chunk, ...wrong };
    await assert.rejects(file.bytes(), { code: "failed", message: /another chunk/ });
  }
});

Deno.test("a policy about files of recordings holds for each way to read them", async () => {
  await using stack = new AsyncDisposableStack();
  const policy = new Policy({ deny: ["RecordingStoredFile"] });
  const { asterisk, client, file } = await start(stack, { policy });
  await assert.rejects(file.bytes(), { code: "denied" });
  const recordingName = key.id;
  await assert.rejects(
    client.rest("GET /recordings/stored/{recordingName}/file", { recordingName }),
    { code: "denied" },
  );
  assert.deepEqual(asterisk.calls.filter(({ path }) => path === filePath), []);
  await using reads = new AsyncDisposableStack();
  const other = await start(reads, { policy: new Policy({ readOnly: true }) });
  other.asterisk.answer(() => ({ status: 200, body: whole }));
  assert.equal((await other.file.bytes()).length, whole.length);
});
