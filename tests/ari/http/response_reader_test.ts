import assert from "node:assert/strict";
import {
  BadResponse,
  type HttpResponse,
  ResponseBudget,
  ResponseReader,
} from "../../../src/ari/http/response_reader.ts";

/** Reads a response from chunks of some size, in a buffer that is reused. */
function read(text: string, { size = Infinity, ends = false, maxBody = 1_000 } = {}) {
  const bytes = new TextEncoder().encode(text);
  const reader = new ResponseReader({ maxBody });
  const buffer = new Uint8Array(bytes.length);
  let answer: HttpResponse | undefined;
  for (let at = 0; at < bytes.length && answer === undefined; at += size) {
    const piece = bytes.subarray(at, at + size);
    buffer.fill(0);
    buffer.set(piece);
    answer = reader.push(buffer.subarray(0, piece.length));
  }
  return answer ?? (ends ? reader.end() : undefined);
}

const answers: readonly (readonly [string, string, HttpResponse, { ends?: boolean }?])[] = [
  [
    "with a length",
    "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\ngrüß",
    { status: 200, reason: "OK", body: "grüß", reusable: true },
  ],
  [
    "with the bytes of a file",
    "HTTP/1.1 200 OK\r\nContent-Type: audio/wav\r\nContent-Length: 6\r\n\r\ngrüß",
    { status: 200, reason: "OK", body: "Z3LDvMOf", encoding: "base64", reusable: true },
  ],
  [
    "without a body",
    "HTTP/1.1 204 No Content\r\nContent-Length: 7\r\n\r\n",
    { status: 204, reason: "No Content", body: "", reusable: true },
  ],
  [
    "without a reason",
    "HTTP/1.1 404\r\ncontent-length:0\r\n\r\n",
    { status: 404, reason: "", body: "", reusable: true },
  ],
  [
    "behind an interim answer",
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nhi",
    { status: 201, reason: "Created", body: "hi", reusable: true },
  ],
  [
    "in chunks",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\nA \r\n0123456789\r\n0\r\n\r\n",
    { status: 200, reason: "OK", body: "abc0123456789", reusable: true },
  ],
  [
    "in chunks with trailers",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX: y\r\n\r\n",
    { status: 200, reason: "OK", body: "a", reusable: true },
  ],
  [
    "on a connection that will be closed",
    "HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 1\r\n\r\na",
    { status: 200, reason: "OK", body: "a", reusable: false },
  ],
  [
    "in HTTP/1.0",
    "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\na",
    { status: 200, reason: "OK", body: "a", reusable: false },
  ],
  [
    "that ends with its connection",
    "HTTP/1.1 200 OK\r\n\r\nas long as it lasts",
    { status: 200, reason: "OK", body: "as long as it lasts", reusable: false },
    { ends: true },
  ],
];

for (const [what, text, expected, options] of answers) {
  Deno.test(`response reader reads a response ${what}, however its bytes are split`, () => {
    for (const size of [1, 2, 3, 7, 50, Infinity]) {
      assert.deepEqual(read(text, { size, ...options }), expected);
    }
  });
}

Deno.test("response reader does not accept an incomplete response", () => {
  for (const [, text, , options] of answers) {
    if (options?.ends) continue;
    for (let length = 0; length < text.length; length++) {
      const part = read(text.slice(0, length), { ends: true });
      // A response without a length is complete when the connection is closed.
      assert.equal(part, undefined, JSON.stringify(text.slice(0, length)));
    }
  }
});

Deno.test("response reader refuses a malformed response", () => {
  const bad = [
    "SSH-2.0-x\r\n\r\n",
    "HTTP/2 200 OK\r\n\r\n",
    "HTTP/1.1 OK\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
    `HTTP/1.1 200 ${"O".repeat(70_000)}`,
  ];
  for (const text of bad) assert.throws(() => read(text), BadResponse, text.slice(0, 80));
});

Deno.test("response reader refuses a body over its limit, in each transfer encoding", () => {
  const head = "HTTP/1.1 200 OK\r\n";
  const body = "x".repeat(11);
  for (
    const [text, message] of [
      [`${head}Content-Length: 11\r\n\r\n`, "11 bytes"],
      [`${head}Transfer-Encoding: chunked\r\n\r\nB\r\n`, "at least 11 bytes"],
      [`${head}\r\n${body}`, "at least 11 bytes"],
      // In Base64 nine bytes are twelve.
      [`${head}Content-Type: audio/wav\r\nContent-Length: 9\r\n\r\n`, "9 bytes"],
    ]
  ) assert.throws(() => read(text, { maxBody: 10 }), { code: "too_large", message });
});

Deno.test("response readers reserve memory for large bodies in one budget, and release it", () => {
  const budget = new ResponseBudget(200_000);
  const head = "HTTP/1.1 200 OK\r\n";
  const begin = (text: string) => {
    const reader = new ResponseReader({ maxBody: 1_000_000, budget });
    reader.push(new TextEncoder().encode(text));
    return reader;
  };
  const length = (bytes: number) => `${head}Content-Length: ${bytes}\r\n\r\n`;
  const chunk = `${head}Transfer-Encoding: chunked\r\n\r\n`;
  const busy = { code: "no_room", message: "other large responses are being read" };
  const first = begin(length(100_000));
  const second = begin(`${chunk}${(80_000).toString(16)}\r\n`);
  // Small ones do not count.
  begin(length(60_000));
  assert.throws(() => begin(length(70_000)), busy);
  assert.throws(() => begin(`${chunk}${(70_000).toString(16)}\r\n`), busy);
  assert.throws(() => begin(`${head}\r\n${"x".repeat(70_000)}`), busy);
  second.release();
  second.release();
  begin(length(70_000)).release();
  assert.throws(() => begin(length(110_000)), busy);
  first.release();
  // A single response may exceed the budget.
  begin(length(300_000)).release();
});

Deno.test("a single chunked response over the budget is read to its end", () => {
  const reader = new ResponseReader({ maxBody: 1_000_000, budget: new ResponseBudget(100_000) });
  const chunk = `${(200_000).toString(16)}\r\n${"x".repeat(200_000)}\r\n`;
  const text = `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}0\r\n\r\n`;
  assert.equal(reader.push(new TextEncoder().encode(text))?.body.length, 200_000);
});

Deno.test("response reader does not allow reuse of a connection that sent too much", () => {
  const text = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhiHTTP/1.1 200 OK\r\n\r\n";
  assert.equal(read(text)?.reusable, false);
});
