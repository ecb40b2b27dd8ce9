import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import net from "node:net";
import { openAriWebSocket } from "../../../src/ari/websocket/outbound.ts";
import { encodeFrame, FrameReader } from "../../../src/ari/websocket/frames.ts";
import { withDeadline } from "../../testing/deadline.ts";

/** A frame from a server, of less than 64 KiB. */
function frame(opcode: number, payload: string | Uint8Array, final = true): Buffer {
  const body = Buffer.from(payload);
  const head = body.length < 126 ? [body.length] : [126, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([(final ? 0x80 : 0) | opcode, ...head]), body]);
}

/** A server that accepts or refuses the handshake, and leaves the rest to a test. */
async function startServer(
  onSocket: (socket: net.Socket) => void,
  answer: (key: string) => string = agreement,
) {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("data", (request: Uint8Array) => {
      const key = /sec-websocket-key: (\S+)/i.exec(Buffer.from(request).toString())?.[1] ?? "";
      socket.write(answer(key));
      onSocket(socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  assert.ok(address !== null && typeof address === "object");
  return {
    url: `ws://a:b@127.0.0.1:${address.port}/ari/events`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function agreement(key: string): string {
  const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`);
  return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
    `Sec-WebSocket-Accept: ${accept.digest("base64")}\r\n\r\n`;
}

/** The messages and the end of a WebSocket whose server sends these bytes. */
async function receive(...sent: Uint8Array[]): Promise<{ texts: string[]; end: string }> {
  const texts: string[] = [];
  await using server = await startServer((socket) => {
    for (const bytes of sent) socket.write(bytes);
  });
  const socket = await openAriWebSocket({
    url: server.url,
    applications: ["demo"],
    onEvent: ({ text, bytes }) => {
      assert.equal(new TextDecoder().decode(bytes), text);
      texts.push(text);
    },
  });
  const end = await withDeadline(socket.closed, { what: "the socket ends" });
  return { texts, end };
}

Deno.test("frame reader returns the same frames however the bytes are split", () => {
  const payloads = ["", "a", "b".repeat(125), "c".repeat(126), "d".repeat(60_000), "e"];
  const bytes = Buffer.concat(payloads.map((payload) => frame(1, payload)));
  for (const size of [1, 2, 3, 127, 4_096, bytes.length]) {
    const reader = new FrameReader(1_000_000);
    const found: string[] = [];
    for (let at = 0; at < bytes.length; at += size) {
      const part = bytes.subarray(at, at + size);
      reader.room().set(part);
      reader.filled(part.length);
      for (let next = reader.next(); next; next = reader.next()) {
        found.push(new TextDecoder().decode(next.payload));
      }
    }
    assert.deepEqual(found, payloads);
  }
});

Deno.test("frame reader never writes to a payload that it has returned", () => {
  const reader = new FrameReader(8_000_000);
  const given: { readonly payload: Uint8Array; readonly fill: number }[] = [];
  for (let fill = 1; fill <= 200; fill++) {
    const size = fill % 50 === 0 ? 3_000_000 : 50_000;
    const head = Buffer.alloc(10);
    head.set([0x82, 127]);
    head.writeUInt32BE(size, 6);
    const bytes = Buffer.concat([head, Buffer.alloc(size, fill)]);
    let at = 0;
    let next = reader.next();
    for (; next === undefined; next = reader.next()) {
      const room = reader.room();
      const part = bytes.subarray(at, at + room.length);
      room.set(part);
      reader.filled(part.length);
      at += part.length;
    }
    given.push({ payload: next.payload, fill });
  }
  for (const { payload, fill } of given) assert.ok(payload.every((byte) => byte === fill));
});

Deno.test("frame reader waits for the length of a frame whose head crosses the end of a buffer", () => {
  const reader = new FrameReader(1_000_000);
  // After the first frame two bytes of the first buffer (256 KiB) are left for the second one.
  const first = Buffer.concat([Buffer.from([0x82, 127, 0, 0, 0, 0]), Buffer.alloc(262_136, 1)]);
  first.writeUInt32BE(262_132, 6);
  const bytes = Buffer.concat([first, frame(1, "x".repeat(300))]);
  const sizes: number[] = [];
  for (let at = 0; at < bytes.length;) {
    const room = reader.room();
    const part = bytes.subarray(at, at + room.length);
    room.set(part);
    reader.filled(part.length);
    at += part.length;
    for (let next = reader.next(); next; next = reader.next()) sizes.push(next.payload.length);
  }
  assert.deepEqual(sizes, [262_132, 300]);
});

Deno.test("frame of a client is masked", () => {
  const bytes = encodeFrame(9, new TextEncoder().encode("hello"), { masked: true });
  assert.deepEqual([...bytes.subarray(0, 2)], [0x89, 0x85]);
  const clear = bytes.subarray(6).map((byte, index) => byte ^ bytes[2 + index % 4]);
  assert.equal(new TextDecoder().decode(clear), "hello");
});

Deno.test("frame reader returns what was encoded, masked or not, however the bytes are split", () => {
  const payloads = ["", "a", "bcd", "e".repeat(125), "f".repeat(126), "g".repeat(65_535)];
  payloads.push("h".repeat(65_536), "i".repeat(200_001));
  for (const masked of [true, false]) {
    const frames = payloads.map((text) => encodeFrame(1, Buffer.from(text), { masked }));
    const bytes = Buffer.concat(frames);
    for (const size of [1_021, 65_537, bytes.length]) {
      const reader = new FrameReader(1_000_000, { masked });
      const found: string[] = [];
      for (let at = 0; at < bytes.length;) {
        const part = bytes.subarray(at, at + Math.min(size, reader.room().length));
        reader.room().set(part);
        reader.filled(part.length);
        at += part.length;
        for (let next = reader.next(); next; next = reader.next()) {
          found.push(new TextDecoder().decode(next.payload));
        }
      }
      assert.deepEqual(found, payloads);
    }
  }
});

Deno.test("frame reader accepts only masked frames from a client", () => {
  const reader = new FrameReader(1_000, { masked: true });
  const bytes = encodeFrame(1, Buffer.from("a"), { masked: false });
  reader.room().set(bytes);
  reader.filled(bytes.length);
  assert.throws(() => reader.next(), /not masked/);
});

Deno.test("WebSocket joins the fragments of a message, also with pings between them", async () => {
  const { texts, end } = await receive(
    frame(1, "one"),
    frame(1, "t", false),
    frame(9, "still there?"),
    frame(0, "w", false),
    frame(0, "o"),
    frame(2, "bytes are no event"),
    frame(10, "nobody asked"),
    frame(1, "three"),
    frame(8, Buffer.from([0x03, 0xe9, ...Buffer.from("going away")])),
    frame(1, "too late"),
  );
  assert.deepEqual(texts, ["one", "two", "three"]);
  assert.equal(end, "Asterisk closed the ARI WebSocket: going away");
});

Deno.test("WebSocket reports how it was closed", async () => {
  assert.equal((await receive(frame(8, ""))).end, "Asterisk closed the ARI WebSocket");
  const goingAway = frame(8, Buffer.from([0x03, 0xe9]));
  assert.equal((await receive(goingAway)).end, "Asterisk closed the ARI WebSocket: code 1001");
});

Deno.test("WebSocket closes when the peer violates the protocol", async () => {
  const masked = Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0x61]);
  const huge = Buffer.from([0x81, 127, 0, 0, 0, 1, 0, 0, 0, 0]);
  const bad: readonly (readonly [RegExp, Uint8Array])[] = [
    [/masked/, masked],
    [/larger than/, huge],
    [/out of order/, frame(0, "part of nothing")],
    [/out of order/, Buffer.concat([frame(1, "a", false), frame(1, "b")])],
    [/unknown opcode 3/, frame(3, "")],
    [/extension/, Buffer.from([0xc1, 0])],
  ];
  for (const [reason, bytes] of bad) {
    const { end } = await receive(frame(1, "before"), bytes);
    assert.match(end, /^ARI WebSocket broken: /);
    assert.match(end, reason);
  }
});

Deno.test("WebSocket answers a ping with its payload", async () => {
  const answered = Promise.withResolvers<number[]>();
  await using server = await startServer((socket) => {
    socket.once("data", (bytes: Uint8Array) => answered.resolve([...bytes]));
    socket.write(frame(9, "hi"));
  });
  using socket = await openAriWebSocket({ url: server.url, applications: ["demo"], onEvent() {} });
  const bytes = await withDeadline(answered.promise, { what: "the pong" });
  assert.deepEqual(bytes.slice(0, 2), [0x8a, 0x82]);
  assert.equal(String.fromCharCode(bytes[6] ^ bytes[2], bytes[7] ^ bytes[3]), "hi");
  socket.close();
  await server[Symbol.asyncDispose]();
  await socket.closed;
});

Deno.test("WebSocket returns the code of a close frame, and sends nothing after it", async () => {
  const ended = Promise.withResolvers<number[]>();
  await using server = await startServer((socket) => {
    const bytes: number[] = [];
    socket.on("data", (chunk: Uint8Array) => bytes.push(...chunk));
    socket.once("close", () => ended.resolve(bytes));
    socket.write(frame(8, Buffer.from([0x03, 0xe9, ...Buffer.from("bye")])));
  });
  using socket = await openAriWebSocket({ url: server.url, applications: ["demo"], onEvent() {} });
  await socket.closed;
  socket.ping();
  const bytes = await withDeadline(ended.promise, { what: "the server's end" });
  // One close frame, masked, with the code alone.
  assert.equal(bytes.length, 8);
  assert.deepEqual(bytes.slice(0, 2), [0x88, 0x82]);
  assert.deepEqual([bytes[6] ^ bytes[2], bytes[7] ^ bytes[3]], [0x03, 0xe9]);
});

Deno.test("WebSocket sends one close frame when it closes first, and nothing after it", async () => {
  const ended = Promise.withResolvers<number[]>();
  await using server = await startServer((socket) => {
    const bytes: number[] = [];
    let answered = false;
    socket.on("data", (chunk: Uint8Array) => {
      bytes.push(...chunk);
      if (!answered) socket.write(Buffer.concat([frame(9, "x"), frame(8, Buffer.from([3, 0xe8]))]));
      answered = true;
    });
    socket.once("close", () => ended.resolve(bytes));
  });
  using socket = await openAriWebSocket({ url: server.url, applications: ["demo"], onEvent() {} });
  socket.close();
  socket.ping();
  assert.equal(await socket.closed, "Closed by this side");
  const bytes = await withDeadline(ended.promise, { what: "the end" });
  // A close frame, and the pong that the peer asked for before it closed.
  assert.deepEqual([bytes[0], bytes[8], bytes.length], [0x88, 0x8a, 15]);
});

Deno.test("WebSocket queues a limited number of pongs", async () => {
  const answers = Promise.withResolvers<number>();
  let bytes = 0;
  await using server = await startServer((socket) => {
    socket.on("data", (chunk: Uint8Array) => {
      bytes += chunk.length;
    });
    // All are in one read, so that no pong is written before the last ping is handled.
    socket.write(Buffer.concat([
      ...Array.from({ length: 100 }, () => frame(9, "x")),
      frame(8, ""),
    ]));
    socket.once("close", () => answers.resolve(bytes));
  });
  using socket = await openAriWebSocket({ url: server.url, applications: ["demo"], onEvent() {} });
  await socket.closed;
  // Sixteen pongs of seven bytes, and a close frame of six.
  assert.equal(await withDeadline(answers.promise, { what: "the end" }), 16 * 7 + 6);
});

Deno.test("WebSocket closes when a message has too many fragments, or no end", async () => {
  const parts = Buffer.concat(
    Array.from({ length: 65_537 }, (_, at) => frame(at ? 0 : 1, "", false)),
  );
  assert.match((await receive(parts)).end, /a message has over 65536 fragments/);
  const enough = Buffer.concat([parts.subarray(0, 2 * 65_535), frame(0, "x"), frame(8, "")]);
  assert.deepEqual((await receive(enough)).texts, ["x"]);
  await using server = await startServer((socket) => void socket.end(frame(1, "a", false)));
  using socket = await openAriWebSocket({ url: server.url, applications: ["demo"], onEvent() {} });
  assert.match(
    await socket.closed,
    /^ARI WebSocket broken: the connection was closed without/,
  );
});

Deno.test("WebSocket closes at a control frame that is fragmented or too large", async () => {
  for (const bytes of [frame(9, "x".repeat(126)), frame(9, "x", false)]) {
    assert.match((await receive(bytes)).end, /a control frame is too large or fragmented/);
  }
  assert.equal(
    (await receive(frame(9, "x".repeat(125)), frame(8, ""))).end,
    "Asterisk closed the ARI WebSocket",
  );
});

Deno.test("WebSocket reports everything received as a sign of life", async () => {
  let signs = 0;
  const pinged = Promise.withResolvers<void>();
  await using server = await startServer((socket) => {
    socket.once("data", (bytes: Uint8Array) => {
      assert.deepEqual([...bytes.subarray(0, 2)], [0x89, 0x80]);
      socket.write(frame(10, ""));
    });
  });
  using socket = await openAriWebSocket({
    url: server.url,
    applications: ["demo"],
    onEvent() {},
    onSign: () => {
      signs++;
      pinged.resolve();
    },
  });
  assert.equal(signs, 0);
  socket.ping();
  await withDeadline(pinged.promise, { what: "the pong" });
  assert.equal(signs, 1);
  await server[Symbol.asyncDispose]();
  await socket.closed;
});

Deno.test("WebSocket is not opened by an invalid response", async () => {
  const answers: readonly (readonly [string, (key: string) => string])[] = [
    ["bad_response", (key) => agreement(`${key}x`)],
    ["bad_response", () => "SSH-2.0-x\r\n"],
    ["bad_response", () => "HTTP/1.1 503 Service Unavailable\r\n\r\n"],
    ["denied", () => "HTTP/1.1 403 Forbidden\r\n\r\n"],
  ];
  for (const [code, answer] of answers) {
    await using server = await startServer(() => {}, answer);
    const opening = openAriWebSocket({ url: server.url, applications: ["demo"], onEvent() {} });
    await assert.rejects(opening, { code });
  }
  await using cut = await startServer((socket) => socket.destroy(), () => "HTTP/1.1 10");
  const opening = openAriWebSocket({ url: cut.url, applications: ["demo"], onEvent() {} });
  await assert.rejects(opening, { code: "interrupted" });
});

Deno.test("WebSocket lets timers run under load", async () => {
  const chunk = Buffer.concat(Array.from({ length: 50 }, () => frame(1, "x".repeat(1_200))));
  const worker = new Worker(
    URL.createObjectURL(new Blob([source(chunk)], { type: "text/javascript" })),
    { type: "module" },
  );
  const port = await new Promise((resolve) => worker.onmessage = ({ data }) => resolve(data));
  let texts = 0;
  const socket = await openAriWebSocket({
    url: `ws://a:b@127.0.0.1:${port}/ari/events`,
    applications: ["demo"],
    // Slower than the events are received.
    onEvent: () => {
      for (const begun = performance.now(); performance.now() - begun < 0.02;);
      texts++;
    },
  });
  let longest = 0;
  for (let turns = 0; turns < 50; turns++) {
    const begun = performance.now();
    await new Promise((resolve) => setTimeout(resolve, 1));
    longest = Math.max(longest, performance.now() - begun);
  }
  socket.close();
  await socket.closed;
  worker.terminate();
  assert.ok(texts > 1_000, `${texts} texts`);
  assert.ok(longest < 1_000, `a timer waited for ${longest} ms`);
});

/** A worker that sends the same bytes endlessly. */
function source(chunk: Uint8Array): string {
  return `
    import { createHash } from "node:crypto";
    const chunk = Uint8Array.from(atob("${
    Buffer.from(chunk).toString("base64")
  }"), (c) => c.charCodeAt(0));
    const agreement = ${agreement};
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    postMessage(listener.addr.port);
    const socket = await listener.accept();
    const buffer = new Uint8Array(4096);
    const request = new TextDecoder().decode(buffer.subarray(0, await socket.read(buffer)));
    await socket.write(new TextEncoder().encode(agreement(/key: (\\S+)/i.exec(request)[1])));
    try {
      for (let at = 0;; at %= chunk.length) at += await socket.write(chunk.subarray(at));
    } catch {
      // The reader has closed the connection.
    }
  `;
}

Deno.test("WebSocket continues to read after a pause", async () => {
  const asked = Promise.withResolvers<void>();
  const over = Promise.withResolvers<void>();
  const heard = Promise.withResolvers<void>();
  const texts: string[] = [];
  let meanwhile: string[] | undefined;
  let socket: net.Socket | undefined;
  await using server = await startServer((accepted) => socket ??= accepted);
  using opened = await openAriWebSocket({
    url: server.url,
    applications: ["demo"],
    onEvent: ({ text }) => {
      texts.push(text);
      if (text === "second") heard.resolve();
    },
    pauseReading: async () => {
      if (texts.length === 0) return;
      asked.resolve();
      await over.promise;
      meanwhile ??= [...texts];
    },
  });
  socket?.write(frame(1, "first"));
  await withDeadline(asked.promise, { what: "asked for what to wait for" });
  await new Promise<void>((resolve) => socket?.write(frame(1, "second"), () => resolve()));
  // What was sent before arrives while another one is opened.
  using _other = await openAriWebSocket({
    url: server.url,
    applications: ["demo"],
    onEvent: () => {},
  });
  over.resolve();
  await withDeadline(heard.promise, { what: "the message behind it" });
  assert.deepEqual(meanwhile, ["first"]);
  socket?.write(frame(8, ""));
  await withDeadline(opened.closed, { what: "the end" });
});
