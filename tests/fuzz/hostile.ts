/**
 * Values that decoders stumble over, and ways to get them into what is valid.
 *
 * @module
 */
import fc from "fast-check";
import { isObject } from "../../src/protocol/json.ts";

/** Texts that mean something else somewhere: in paths, subjects, headers, objects, terminals. */
export const hostileTexts: readonly string[] = [
  "",
  " ",
  ".",
  "..",
  "../../asterisk/modules",
  "a/../b",
  "%2e%2e",
  "%2f",
  "%",
  "%zz",
  "a/b",
  "//",
  "?a=b",
  "#",
  "*",
  ">",
  "a.b",
  "a.>",
  "ari.command.x.y",
  "\r\nX: y",
  "\n",
  "\0",
  "\u001b[2J",
  "\ud800",
  "\udc00x",
  "\u2028",
  "\ufeff",
  "\u00a0",
  "ÄÖ漢\u{1f600}",
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "kind",
  "KEY",
  "9".repeat(400),
  "x".repeat(5_000),
  "..".repeat(600),
];

/** Values, as JSON texts. */
export const hostileJson: readonly string[] = [
  "null",
  "true",
  "0",
  "-0",
  "-1",
  "1.5",
  "1e400",
  "-1e400",
  "1e30",
  "9223372036854775807",
  "-9223372036854775809",
  "9".repeat(400),
  "[]",
  "{}",
  "[[]]",
  "[null]",
  '{"__proto__":{"id":"x"}}',
  '{"constructor":{"prototype":{}}}',
  '{"toString":1,"valueOf":2,"toJSON":3}',
  '{"length":-1,"0":"x"}',
  '{"id":"a","ID":"b","iD":7}',
  `${"[".repeat(10_000)}${"]".repeat(10_000)}`,
  `${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`,
  `[${"0,".repeat(2_000)}0]`,
  ...hostileTexts.map((text) => JSON.stringify(text)),
];

/** Bytes, a character for each: what is not UTF-8, not JSON, or incomplete. */
const hostileBytes: readonly string[] = [
  "\xff",
  "\xc0\x80",
  "\xed\xa0\x80",
  "\xf5\x80\x80\x80",
  "\xef\xbb\xbf",
  "\0",
  '"',
  "\\",
  "\\u",
  "\\ud800",
  "{",
  "}",
  "]",
  ",",
  ":",
  "\r\n",
  "e999",
  '"kind":"ChannelHangup",',
  '"key":{},',
  '"type":"StasisStart",',
  '"__proto__":{},',
  "[".repeat(10_000),
];

/** A text that is hostile, or any. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...hostileTexts),
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.array(fc.constantFrom(...hostileTexts.filter((text) => text.length < 50), "a", "é"), {
    maxLength: 4,
  }).map((parts) => parts.join("")),
);

type Edit = readonly [what: number, at: number, how: number];

const edits: fc.Arbitrary<readonly Edit[]> = fc.array(
  fc.tuple(fc.nat(99), fc.nat(), fc.nat()),
  { minLength: 1, maxLength: 3 },
);

/** Bytes that began as one of the texts and were changed here and there. */
export function mutatedBytes(texts: readonly string[]): fc.Arbitrary<Uint8Array> {
  const encoder = new TextEncoder();
  return fc.tuple(fc.nat(texts.length - 1), edits).map(([index, edits]) => {
    let bytes = encoder.encode(texts[index]);
    for (const edit of edits) bytes = changeBytes(bytes, edit);
    return bytes;
  });
}

function changeBytes(bytes: Uint8Array<ArrayBuffer>, [what, at, how]: Edit) {
  const place = at % (bytes.length + 1);
  const inserted = (text: string, skipped = 0) =>
    Uint8Array.from([
      ...bytes.subarray(0, place),
      ...Array.from(text, (one) => one.charCodeAt(0)),
      ...bytes.subarray(place + skipped),
    ]);
  if (what < 30) return bytes.map((byte, index) => index === place ? byte ^ (how & 0xff) : byte);
  if (what < 45) return bytes.slice(0, place);
  if (what < 60) return inserted("", how % 40);
  if (what < 70) return inserted(String.fromCharCode(how & 0xff).repeat(how % 50));
  // The deep one takes its time.
  const rare = how % 50 === 0 ? hostileBytes.length : hostileBytes.length - 1;
  return inserted(hostileBytes[how % rare], how % 3);
}

/** JSON texts that began as one of the texts, with values and names replaced within. */
export function mutatedJson(texts: readonly string[]): fc.Arbitrary<string> {
  return fc.tuple(fc.nat(texts.length - 1), edits).map(([index, edits]) => {
    const value: unknown = JSON.parse(texts[index]);
    const holder: [unknown] = [value];
    const marks: string[] = [];
    for (const edit of edits) changeJson(holder, edit, marks);
    const text = JSON.stringify(holder[0]) ?? "null";
    // Some of the values are none that JSON.stringify writes.
    return text.replaceAll(/"\u007fmark(\d+)"/g, (_, number) => marks[number]);
  });
}

interface Place {
  readonly holder: Record<string, unknown>;
  readonly name: string;
}

function changeJson(root: object, [what, at, how]: Edit, marks: string[]): void {
  const places = placesIn(root);
  const { holder, name } = places[at % places.length];
  if (what < 10 && !Array.isArray(holder)) delete holder[name];
  else if (what < 20 && !Array.isArray(holder)) {
    const other = hostileTexts[how % hostileTexts.length];
    Object.defineProperty(holder, how % 3 ? other : name.toUpperCase(), {
      value: holder[name],
      enumerable: true,
      configurable: true,
      writable: true,
    });
  } else {
    // The large ones take their time.
    const value = hostileJson[how % hostileJson.length];
    const chosen = value.length > 10_000 && how % 20 ? '{"a":{"b":[1]}}' : value;
    holder[name] = `\u007fmark${marks.push(chosen) - 1}`;
  }
}

function placesIn(value: object): Place[] {
  return Object.entries(value).flatMap(([name, item]) => [
    // A list is changed by its indices, like an object by its names.
    { holder: value as Record<string, unknown>, name },
    ...(isObject(item) || Array.isArray(item) ? placesIn(item) : []),
  ]);
}

/** A list of places at which to cut something into pieces. */
export const cuts: fc.Arbitrary<readonly number[]> = fc.array(fc.nat(), { maxLength: 6 });

/** The bytes, cut into pieces at the places. */
export function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length];
  ends.sort((a, b) => a - b);
  return ends.map((end, index) => bytes.subarray(index === 0 ? 0 : ends[index - 1], end));
}
