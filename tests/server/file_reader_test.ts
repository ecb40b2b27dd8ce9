import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { AriDownload } from "../../src/ari/asterisk_link.ts";
import type { FileChunkData } from "../../src/protocol/kinds/recordings.ts";
import { FileReader } from "../../src/server/requests/file_reader.ts";
import { someBytes } from "../testing/some_bytes.ts";

type FileReaderOptions = ConstructorParameters<typeof FileReader>[0];

const call = { method: "GET", path: "/recordings/stored/r1/file", query: "" } as const;
const whole = someBytes(10_000);
const sha = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const bytesOf = (chunk: FileChunkData) => new Uint8Array([...atob(chunk.content)].map(codeOf));
const codeOf = (character: string) => character.charCodeAt(0);

/** Files that a test controls. */
class FakeFiles implements Disposable {
  content: Uint8Array = whole;
  /** How many were asked for, and how many of them are open. */
  begun = 0;
  open = 0;
  /** How many bytes come before Asterisk gives up. */
  end = Infinity;
  time = 0;
  readonly files: FileReader;

  constructor(options: Partial<FileReaderOptions> = {}) {
    this.files = new FileReader({
      rest: { download: () => Promise.resolve(this.#download()) },
      bus: { maxPayload: 1024 * 1024 },
      now: () => this.time,
      ...options,
    });
  }

  /** Reads a chunk, and proves that what precedes it is known. */
  async read(offset: number, length = 1_000): Promise<FileChunkData> {
    const before = offset > 0 ? sha(this.content.subarray(0, offset)) : "";
    const chunk = await this.files.read(call, { offset, length, before });
    assert.ok("content" in chunk);
    return chunk;
  }

  [Symbol.dispose](): void {
    this.files[Symbol.dispose]();
  }

  #download(): AriDownload {
    this.begun++;
    this.open++;
    const { content } = this;
    let position = 0;
    return {
      size: content.length,
      type: "audio/wav",
      read: (into) => {
        if (position >= this.end) return Promise.reject(new Error("ended too early"));
        // As from a socket, what comes is less than what is asked for.
        const part = content.subarray(position, position + Math.min(into.length, 700));
        into.set(part);
        position += part.length;
        return Promise.resolve(part.length);
      },
      [Symbol.dispose]: () => this.open--,
    };
  }
}

Deno.test("recording files are read from Asterisk once, in chunks, and hashed", async () => {
  using fake = new FakeFiles();
  const chunks: FileChunkData[] = [];
  for (let offset = 0; offset < whole.length; offset += 1_500) {
    chunks.push(await fake.read(offset, 1_500));
  }
  assert.deepEqual(chunks.flatMap((chunk) => [...bytesOf(chunk)]), [...whole]);
  assert.deepEqual(chunks.map(({ size }) => size), chunks.map(() => whole.length));
  assert.equal(chunks[0].content_type, "audio/wav");
  assert.deepEqual(chunks.map(({ sha256 }) => sha256).filter(Boolean), [sha(whole)]);
  assert.equal(chunks.at(-1)?.sha256, sha(whole));
  assert.deepEqual([fake.begun, fake.open], [1, 0]);
});

Deno.test("a recording file returns a chunk again, also while it is being read", async () => {
  using fake = new FakeFiles();
  await fake.read(0);
  const [one, two] = await Promise.all([fake.read(1_000), fake.read(1_000)]);
  assert.deepEqual(one, two);
  assert.deepEqual(await fake.read(1_000), one);
  assert.equal(bytesOf(await fake.read(2_000))[0], whole[2_000]);
  assert.equal(fake.begun, 1);
  // The last one as well, when the file is read and closed.
  const last = await fake.read(3_000, 7_000);
  assert.equal(fake.open, 0);
  assert.deepEqual(await fake.read(3_000, 7_000), last);
  assert.equal(fake.begun, 1);
});

Deno.test("a recording file is read from its beginning when chunks are requested in another order", async () => {
  using fake = new FakeFiles();
  assert.deepEqual(bytesOf(await fake.read(5_000)), whole.subarray(5_000, 6_000));
  assert.deepEqual(bytesOf(await fake.read(2_000)), whole.subarray(2_000, 3_000));
  assert.equal(fake.begun, 2);
  const blind = await fake.files.read(call, { offset: 9_000, length: 0, before: "" });
  assert.ok("content" in blind);
  assert.equal(blind.sha256, sha(whole));
  assert.equal((await fake.read(whole.length)).content, "");
  await assert.rejects(fake.read(whole.length + 1), { code: "conflict", message: /^Changed: / });
});

Deno.test("a recording file that has changed is refused", async () => {
  using fake = new FakeFiles();
  const before = sha(whole.subarray(0, 1_000));
  await fake.read(0);
  // Who has begun reads on what was begun.
  fake.content = someBytes(10_000, 2);
  const next = await fake.files.read(call, { offset: 1_000, length: 1_000, before });
  assert.ok("content" in next);
  assert.deepEqual(bytesOf(next), whole.subarray(1_000, 2_000));
  await assert.rejects(fake.files.read(call, { offset: 1_000, length: 900, before }), {
    code: "conflict",
  });
  assert.equal(fake.open, 1);
});

Deno.test("chunks of recording files fit into the payload of the bus, whatever is requested", async () => {
  using small = new FakeFiles({ bus: { maxPayload: 8_192 } });
  const { content } = await small.read(0, 1_000_000);
  assert.ok(content.length > 2_000 && content.length + 4_000 < 8_192);
  using large = new FakeFiles({ bus: { maxPayload: 64 * 1024 * 1024 } });
  large.content = new Uint8Array(600_000);
  assert.equal(bytesOf(await large.read(0, 0)).length, 512 * 1024);
});

Deno.test("open recording files are limited, and the one that is idle for longest is closed", async () => {
  using fake = new FakeFiles({ limit: 2 });
  await fake.read(0, 100);
  await fake.read(0, 200);
  await assert.rejects(fake.read(0, 300), {
    code: "busy",
    message: "Busy: 2 files are being read",
  });
  fake.time = 3_000;
  await fake.read(200, 100);
  await fake.read(0, 300);
  assert.deepEqual([fake.files.open, fake.open], [2, 2]);
  // The one that was in use has stayed.
  await fake.read(300, 100);
  assert.equal(fake.begun, 3);
});

Deno.test("recording files are closed when Asterisk aborts, when no chunk is requested, and at the end", async () => {
  const { mock } = await import("node:test");
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    using fake = new FakeFiles({ idleTimeout: 1_000 });
    fake.end = 2_000;
    await assert.rejects(fake.read(0, 5_000), { message: "ended too early" });
    assert.equal(fake.open, 0);
    fake.end = Infinity;
    await fake.read(0);
    assert.equal(fake.open, 1);
    fake.time = 2_000;
    mock.timers.tick(1_000);
    assert.equal(fake.open, 0);
    await fake.read(0);
    fake.files[Symbol.dispose]();
    assert.equal(fake.open, 0);
    await fake.files.read(call, { offset: 0, length: 10, before: "" }).catch(() => {});
    assert.equal(fake.open, 0);
  } finally {
    mock.timers.reset();
  }
});
