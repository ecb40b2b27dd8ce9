import assert from "node:assert/strict";
import { readEvent } from "../../src/ari/read_event.ts";

/** Reads a text, and checks that the bytes are passed through. */
function read(text: string) {
  const bytes = new TextEncoder().encode(text);
  const event = readEvent(text, bytes);
  assert.equal(event.text, text);
  assert.equal(event.bytes, bytes);
  const { type, application, node, response } = event;
  return { type, application, node, response };
}

Deno.test("an event has the members of its head, however it is written", () => {
  const head = { type: "StasisStart", application: "calls", node: "n1", response: undefined };
  const asterisk =
    `{"type":"StasisStart","x":{"type":"y"},"asterisk_id":"n1","application":"calls"}`;
  assert.deepEqual(read(asterisk), head);
  assert.deepEqual(read(` {"asterisk_id":"n1","application":"calls","type":"StasisStart"}`), head);
  assert.deepEqual(read(`{"type":"StasisEnd","application":"calls"}`), {
    ...head,
    type: "StasisEnd",
    node: "",
  });
});

Deno.test("a response to a request is parsed, also one that is written like an event", () => {
  for (const end of ["", ',"asterisk_id":"n1","application":"calls"']) {
    const text = `{"type":"RESTResponse","transaction_id":"7","message_body":"{}"${end}}`;
    const { type, response } = read(text);
    assert.equal(type, "RESTResponse");
    assert.equal(response?.transaction_id, "7");
    assert.equal(response?.message_body, "{}");
  }
});

Deno.test("an event that contains the type of a response is not one", () => {
  const event = '{"type":"ChannelUserevent","eventname":"RESTResponse"}';
  assert.deepEqual(read(event), {
    type: "ChannelUserevent",
    application: "",
    node: "",
    response: undefined,
  });
  const none = { type: "", application: "", node: "", response: undefined };
  const texts = ['"RESTResponse"', '"RESTResponse', "", "null", '[{"type":"RESTResponse"}]'];
  for (const text of [...texts, '{"type":7}']) assert.deepEqual(read(text), none, text);
});
