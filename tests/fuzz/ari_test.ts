/** What comes from Asterisk over HTTP and WebSocket. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { AriError } from "../../src/ari/errors.ts";
import {
  BadResponse,
  type HttpResponse,
  ResponseReader,
} from "../../src/ari/http/response_reader.ts";
import { createRest } from "../../src/ari/rest.ts";
import { openAriWebSocket } from "../../src/ari/websocket/outbound.ts";
import { type Frame, FrameReader } from "../../src/ari/websocket/frames.ts";
import { Fuzz } from "./fuzz.ts";
import { cut, cuts, mutatedBytes } from "./hostile.ts";
import { startScriptedServer } from "./scripted_server.ts";

const fuzz = new Fuzz("ari");
const latin1 = (text: string) => Uint8Array.from(text, (one) => one.charCodeAt(0));
const MAX_BODY = 2_000;

const chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
const httpAnswers = [
  'HTTP/1.1 200 OK\r\nContent-Length: 8\r\nConnection: keep-alive\r\n\r\n{"a":[]}',
  "HTTP/1.1 204 No Content\r\n\r\n",
  "HTTP/1.0 404 Not Found\r\ncontent-length: 2\r\n\r\n{}",
  "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}",
  "HTTP/1.1 200 OK\r\n\r\nuntil the end",
  `${chunked}3;x=y\r\nabc\r\nA \r\n0123456789\r\n0\r\nX: y\r\n\r\n`,
  `${chunked}${"1\r\na\r\n".repeat(30)}0\r\n\r\n`,
  `HTTP/1.1 200 OK\r\nContent-Length: 1500\r\n\r\n${"x".repeat(1_500)}`,
];

/** What a reader makes of bytes that come in pieces; each piece is written over afterwards. */
function readAnswer(pieces: readonly Uint8Array[]): HttpResponse | string {
  const reader = new ResponseReader({ maxBody: MAX_BODY });
  try {
    for (const piece of pieces) {
      const read = piece.slice();
      const answer = reader.push(read);
      read.fill(0x58);
      if (answer) return { ...answer, reusable: true };
    }
    const answer = reader.end();
    return answer ? { ...answer, reusable: true } : "incomplete";
  } catch (error) {
    if (!(error instanceof BadResponse)) throw error;
    return "bad";
  }
}

fuzz.test(
  "an HTTP response is the same wherever it is cut",
  { input: fc.tuple(mutatedBytes(httpAnswers), cuts), runs: 20_000 },
  ([bytes, places]) => {
    const whole = readAnswer([bytes]);
    if (typeof whole === "object") assert.ok(whole.body.length <= MAX_BODY);
    assert.deepEqual(readAnswer(cut(bytes, places)), whole);
  },
);

fuzz.test(
  "an HTTP response is the same when it arrives byte by byte",
  { input: mutatedBytes(httpAnswers.slice(0, 6)), runs: 3_000 },
  (bytes) => {
    if (bytes.length > 1_000) return;
    const single = Array.from(bytes, (byte) => Uint8Array.of(byte));
    assert.deepEqual(readAnswer(single), readAnswer([bytes]));
  },
);

Deno.test("an endless HTTP response is aborted, in linear time", () => {
  const endless = ["x: y\r\n", "1\r\na\r\n", "ffff", "0\r\nx: y\r\n", "HTTP/1.1 100 C\r\n\r\n"];
  for (const start of ["HTTP/1.1 200 OK\r\n", chunked, `${chunked}0\r\n`]) {
    for (const text of endless) {
      const reader = new ResponseReader({ maxBody: 1024 * 1024 });
      const piece = latin1(text.repeat(65_536 / text.length));
      reader.push(latin1(start));
      const begun = performance.now();
      try {
        for (let size = 0; size < 24 * 1024 * 1024; size += piece.length) {
          if (reader.push(piece.slice())) break;
        }
      } catch (error) {
        if (!(error instanceof BadResponse)) throw error;
      }
      assert.ok(performance.now() - begun < 5_000, `${start} and ${text} without end`);
    }
  }
});

Deno.test("reading a large response in one chunk takes linear time", () => {
  const reader = new ResponseReader({ maxBody: 64 * 1024 * 1024 });
  reader.push(latin1(`${chunked}3000000\r\n`));
  const piece = new Uint8Array(65_536).fill(0x61);
  const begun = performance.now();
  for (let count = 0; count < 768; count++) assert.equal(reader.push(piece), undefined);
  assert.equal(reader.push(latin1("\r\n0\r\n\r\n"))?.body.length, 0x3000000);
  assert.ok(performance.now() - begun < 5_000);
});

/** A frame as a server sends it. */
function encodeFrame({ opcode, final, payload }: Frame): Uint8Array {
  const { length } = payload;
  const size = length < 126
    ? [length]
    : length < 65_536
    ? [126, length >> 8, length & 255]
    : [127, 0, 0, 0, 0, 0, length >> 16, (length >> 8) & 255, length & 255];
  return Uint8Array.from([(final ? 0x80 : 0) | opcode, ...size, ...payload]);
}

const payload = fc.oneof(
  { weight: 9, arbitrary: fc.uint8Array({ maxLength: 30 }) },
  { weight: 1, arbitrary: fc.nat(70_000).map((length) => new Uint8Array(length).fill(7)) },
);
const dataFrame = fc.record({
  opcode: fc.constantFrom(0, 1, 2),
  final: fc.boolean(),
  payload,
});
const controlFrame = fc.record({
  opcode: fc.constantFrom(8, 9, 10),
  final: fc.constant(true),
  payload: fc.uint8Array({ maxLength: 125 }),
});
const frames = fc.array(fc.oneof(dataFrame, controlFrame), { minLength: 1, maxLength: 5 });

function readFrames(pieces: readonly Uint8Array[]): readonly unknown[] {
  const reader = new FrameReader(100_000);
  const found: unknown[] = [];
  try {
    for (let piece of pieces) {
      while (piece.length > 0) {
        const room = reader.room();
        const part = piece.subarray(0, room.length);
        room.set(part);
        reader.filled(part.length);
        piece = piece.subarray(part.length);
        for (let frame = reader.next(); frame; frame = reader.next()) {
          found.push({ ...frame, payload: new TextDecoder("latin1").decode(frame.payload) });
        }
      }
    }
  } catch (error) {
    assert.match(String(error), /^Error: a (?:control )?frame /);
    found.push("bad");
  }
  return found;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

fuzz.test(
  "frames of a WebSocket are those that were sent, wherever they are cut",
  { input: fc.tuple(frames, cuts), runs: 1_500 },
  ([frames, places]) => {
    const bytes = joined(frames.map(encodeFrame));
    const wanted = frames.map((frame) => ({
      ...frame,
      payload: new TextDecoder("latin1").decode(frame.payload),
    }));
    assert.deepEqual(readFrames(cut(bytes, places)), wanted);
  },
);

fuzz.test(
  "frames of any bytes are refused or not, wherever they are cut",
  { input: fc.tuple(fc.uint8Array({ maxLength: 60 }), cuts), runs: 1_500 },
  ([bytes, places]) => assert.deepEqual(readFrames(cut(bytes, places)), readFrames([bytes])),
);

Deno.test("REST ends with a response or an AriError, whatever a server sends", async () => {
  await using server = startScriptedServer();
  const url = `http://127.0.0.1:${server.port}/ari`;
  using rest = createRest({ url, username: "u", password: "p", timeout: 5_000 });
  await fuzz.tryAll({ input: mutatedBytes(httpAnswers), runs: 1_500 }, async (bytes) => {
    server.answer([bytes]);
    try {
      const { status, body } = await rest.send({ method: "GET", path: "/channels", query: "" });
      assert.ok(status >= 100 && status <= 999 && typeof body === "string");
    } catch (error) {
      if (!(error instanceof AriError)) throw error;
    }
  });
});

Deno.test("an ARI WebSocket ends with a reason, whatever a server sends", async () => {
  await using server = startScriptedServer();
  const url = `ws://127.0.0.1:${server.port}/ari/events`;
  const texts = frames.map((frames) => joined(frames.map(encodeFrame)));
  const input = fc.tuple(fc.oneof(texts, fc.uint8Array({ maxLength: 60 })), cuts);
  await fuzz.tryAll({ input, runs: 800 }, async ([bytes, places]) => {
    server.answer(cut(bytes, places), { upgrade: true });
    const got: string[] = [];
    const socket = await openAriWebSocket({
      url,
      username: "u",
      password: "p",
      applications: ["a"],
      onEvent: ({ text }) => void got.push(text),
    });
    assert.match(
      await socket.closed,
      /^(?:ARI WebSocket broken: |Asterisk closed the ARI WebSocket)/,
    );
  });
});

Deno.test("an ARI WebSocket is opened or refused, whatever a server responds", async () => {
  await using server = startScriptedServer();
  const url = `ws://127.0.0.1:${server.port}/ari/events`;
  const handshakes = [
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: x\r\n\r\n",
    "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n",
  ];
  await fuzz.tryAll({ input: mutatedBytes(handshakes), runs: 500 }, async (bytes) => {
    server.answer([bytes]);
    await assert.rejects(
      openAriWebSocket({
        url,
        applications: ["a"],
        onEvent: () => {},
        username: "u",
        password: "p",
      }),
      AriError,
    );
  });
});
