import assert from "node:assert/strict";
import fc from "fast-check";
import { FrameParser, type FrameSink } from "../../src/embedded/frame_parser.ts";
import { ProtocolError } from "../../src/embedded/errors.ts";

const MAX_PAYLOAD = 300;

/** Writes down what a parser finds. */
class Notes implements FrameSink {
  readonly frames: (string | number | undefined)[][] = [];
  onConnect: FrameSink["onConnect"] = (json) => void this.frames.push(["connect", json]);
  onPing: FrameSink["onPing"] = () => void this.frames.push(["ping"]);
  onPong: FrameSink["onPong"] = () => void this.frames.push(["pong"]);
  onSubscribe: FrameSink["onSubscribe"] = (subject, sid, queue) =>
    void this.frames.push(["sub", subject, sid, queue]);
  onUnsubscribe: FrameSink["onUnsubscribe"] = (sid, max) =>
    void this.frames.push(["unsub", sid, max]);
  onPublish: FrameSink["onPublish"] = (message) =>
    void this.frames.push([
      message.hasHeaders ? "hpub" : "pub",
      message.subject,
      message.reply,
      message.tail.toString("latin1"),
      message.keep().toString("latin1"),
      message.plain().toString("latin1"),
    ]);
}

/** What a parser makes of bytes that come in pieces; each piece is overwritten afterwards. */
function parse(pieces: readonly Uint8Array[]) {
  const notes = new Notes();
  const parser = new FrameParser(notes, { maxPayload: MAX_PAYLOAD });
  try {
    for (const piece of pieces) {
      const read = piece.slice();
      parser.push(read);
      read.fill(0x58);
    }
  } catch (error) {
    // Anything else would be a fault of the parser.
    if (!(error instanceof ProtocolError)) throw error;
    return [...notes.frames, ["error", error.message]];
  }
  return notes.frames;
}

function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length];
  const sorted = ends.sort((a, b) => a - b);
  return sorted.map((end, index) => bytes.subarray(index === 0 ? 0 : sorted[index - 1], end));
}

const latin1 = (text: string) => Uint8Array.from(text, (one) => one.charCodeAt(0));

const word = fc.constantFrom("a", "a.b", "foo.*", "ÿ.é", "_INBOX.x.1", "$JS", "7");
const blank = fc.constantFrom(" ", " ", " ", "  ", "\t");
const lineEnd = fc.constantFrom("\r\n", "\r\n", "\n");
const body = fc.string({ unit: "binary", maxLength: 40 }).map((text) =>
  text.replace(/[^\0-\xff]/g, "\n")
);
const line = (...parts: fc.Arbitrary<string>[]) =>
  fc.tuple(fc.array(blank, { minLength: 6, maxLength: 6 }), lineEnd, ...parts).map(
    ([blanks, end, ...words]) =>
      words.filter((one) => one !== "").map((one, index) => index ? blanks[index] + one : one)
        .join("") + end,
  );
const maybe = (one: fc.Arbitrary<string>) => fc.oneof(fc.constant(""), one);

/** A frame as a client may send it, and what it is. */
const frame = fc.oneof(
  line(fc.constantFrom("PING", "ping", "PONG", "+OK")),
  line(fc.constant("CONNECT"), fc.constant('{"verbose":false, "lang":"é"}')),
  line(fc.constantFrom("SUB", "sub"), word, maybe(word), word),
  line(fc.constant("UNSUB"), word, maybe(fc.constantFrom("0", "1", "250"))),
  body.chain((text) =>
    line(fc.constantFrom("PUB", "pUb"), word, maybe(word), fc.constant(`${text.length}`))
      .map((start) => `${start}${text}\r\n`)
  ),
  fc.tuple(body, fc.nat()).chain(([text, split]) =>
    line(
      fc.constantFrom("HPUB", "hpub"),
      word,
      maybe(word),
      fc.constant(`${split % (text.length + 1)}`),
      fc.constant(`${text.length}`),
    ).map((start) => `${start}${text}\r\n`)
  ),
);

/** Pieces of protocol in an order that may make sense or not. */
const nearly = fc.array(
  fc.oneof(
    {
      weight: 40,
      arbitrary: fc.constantFrom(
        ...["PUB", "HPUB", "SUB", "UNSUB", "CONNECT", "PING", " ", "\t", "\r\n", "\n", "\r"],
        ...["a", "a.b", "0", "1", "12", "301", "-1", "9999999999", "{}", "x", "\0", "ÿ"],
      ),
    },
    { weight: 1, arbitrary: fc.constant("a".repeat(2100)) },
  ),
  { maxLength: 14 },
).map((parts) => latin1(parts.join("")));

const places = fc.array(fc.nat(), { maxLength: 4 });

Deno.test("FrameParser finds the same frames wherever a stream is cut", () => {
  const frames = fc.array(frame, { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(frames, places, (texts, places) => {
      const bytes = latin1(texts.join(""));
      const whole = parse([bytes]);
      const known = texts.filter((text) => !text.startsWith("+OK"));
      assert.equal(whole.length, known.length, JSON.stringify([texts, whole]));
      assert.deepEqual(parse(cut(bytes, places)), whole);
    }),
    { numRuns: 30_000 },
  );
});

Deno.test("FrameParser finds the same frames when bytes come one by one", () => {
  fc.assert(
    fc.property(fc.array(frame, { minLength: 1, maxLength: 2 }), (texts) => {
      const bytes = latin1(texts.join(""));
      assert.deepEqual(parse(Array.from(bytes, (byte) => Uint8Array.of(byte))), parse([bytes]));
    }),
    { numRuns: 5_000 },
  );
});

Deno.test("FrameParser takes what is nearly protocol, or refuses it, wherever it is cut", () => {
  fc.assert(
    fc.property(nearly, places, (bytes, places) => {
      assert.deepEqual(parse(cut(bytes, places)), parse([bytes]));
    }),
    { numRuns: 35_000 },
  );
});

Deno.test("FrameParser takes random bytes, or refuses them, wherever they are cut", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), places, (bytes, places) => {
      assert.deepEqual(parse(cut(bytes, places)), parse([bytes]));
    }),
    { numRuns: 35_000 },
  );
});

Deno.test("FrameParser passes a message on as it came", () => {
  const text = "HPUB a.b r 12 14\r\nNATS/1.0\r\n\r\nhi\r\n";
  const tail = text.slice("HPUB a.b ".length);
  assert.deepEqual(parse([latin1(text)]), [["hpub", "a.b", "r", tail, tail, "r 2\r\nhi\r\n"]]);
});

Deno.test("FrameParser takes the largest line and the largest payload", () => {
  const subject = "a".repeat(4096 - "SUB  1".length);
  assert.deepEqual(parse([latin1(`SUB ${subject} 1\r\n`)]), [["sub", subject, "1", undefined]]);
  assert.deepEqual(parse([latin1(`SUB ${subject}a 1\r\n`)]), [
    ["error", "Maximum Control Line Exceeded"],
  ]);
  const most = `300\r\n${"x".repeat(300)}\r\n`;
  assert.deepEqual(parse([latin1(`PUB a ${most}`)]), [["pub", "a", "", most, most, most]]);
});
