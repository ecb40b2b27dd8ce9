import assert from "node:assert/strict";
import { eventHeadOf, readEventHead, scanEventHead } from "../../src/common/event_head.ts";
import { parseObject } from "../../src/common/parse_object.ts";

Deno.test("only the text of a JSON object is parsed as one", () => {
  assert.deepEqual(parseObject('{"a":[1]}'), { a: [1] });
  for (const text of ["null", "[]", "1", '"a"', "true", "", "{", "no JSON"]) {
    assert.equal(parseObject(text), undefined, text);
  }
});

Deno.test("the head of an event is read from its text, or from what is parsed", () => {
  const text = '{"type":"StasisEnd","x":1,"asterisk_id":"n1","application":"demo"}';
  const head = { type: "StasisEnd", node: "n1", application: "demo" };
  assert.deepEqual(scanEventHead(text), head);
  const odd = '{"application":"demo", "asterisk_id":"n1", "type":"StasisEnd"}';
  assert.equal(scanEventHead(odd), undefined);
  assert.deepEqual([readEventHead(text), readEventHead(odd)], [head, head]);
  const empty = { type: "", node: "", application: "" };
  assert.deepEqual([readEventHead("null"), eventHeadOf(), eventHeadOf({ type: 7 })], [
    empty,
    empty,
    empty,
  ]);
});
