import assert from "node:assert/strict";
import { mock } from "node:test";
import { SocketRest } from "../../../src/ari/inbound/socket_rest.ts";

const ping = { method: "GET", path: "/asterisk/ping" } as const;

/** REST over a WebSocket that a test controls. */
function startRest(options: Partial<ConstructorParameters<typeof SocketRest>[0]> = {}) {
  const sent: { readonly transaction_id: string; readonly uri: string; [name: string]: unknown }[] =
    [];
  const send = (text: string) => void sent.push(JSON.parse(text));
  const rest = new SocketRest({ host: "test", send, ...options });
  const answer = (transaction_id: string, body: string) =>
    rest.take({
      type: "RESTResponse",
      transaction_id,
      status_code: 200,
      reason_phrase: "OK",
      message_body: body,
    });
  return { rest, sent, answer };
}

Deno.test("REST over a WebSocket sends what Asterisk expects and matches the responses", async () => {
  const { rest, sent, answer } = startRest();
  const first = rest.send({
    method: "POST",
    path: "/channels/a%2Fb",
    query: "app=x%20y",
    body: '{"variables":{}}',
  });
  const second = rest.send(ping);
  assert.deepEqual(sent, [
    {
      type: "RESTRequest",
      transaction_id: "1",
      method: "POST",
      uri: "channels/a%2Fb?app=x%20y",
      content_type: "application/json",
      message_body: '{"variables":{}}',
    },
    { type: "RESTRequest", transaction_id: "2", method: "GET", uri: "asterisk/ping" },
  ]);
  answer("2", "two");
  answer("1", "one");
  assert.deepEqual(await first, { status: 200, reason: "OK", body: "one" });
  assert.equal((await second).body, "two");
});

Deno.test("REST over a WebSocket ignores a response without a request", async () => {
  const { rest, answer } = startRest();
  answer("17", "");
  const sent = rest.send(ping);
  answer("17", "wrong");
  answer("1", "right");
  answer("1", "twice");
  assert.equal((await sent).body, "right");
  assert.equal(rest.unanswered, 0);
});

Deno.test("REST over a WebSocket is not ready over its limit, or without responses", async () => {
  const { rest, answer } = startRest({ inFlight: 2 });
  assert.ok(rest.ready());
  const all = [rest.send(ping), rest.send(ping)];
  assert.ok(!rest.ready());
  answer("1", "");
  assert.ok(rest.ready());
  answer("2", "");
  await Promise.all(all);

  const stuck = startRest({ stall: -1 });
  const first = stuck.rest.send(ping, { timeout: 1 });
  assert.ok(!stuck.rest.ready());
  assert.equal(stuck.rest.oldest?.what, "GET /asterisk/ping");
  await assert.rejects(first, { code: "timeout", message: /took over 1 ms/ });
  // Asterisk is still carrying it out.
  assert.ok(!stuck.rest.ready());
  assert.equal(stuck.rest.unanswered, 1);
  stuck.answer("1", "");
  assert.ok(stuck.rest.ready());
});

Deno.test("REST over a WebSocket refuses a response over its limit", async () => {
  const { rest, answer } = startRest({ inFlight: 1 });
  const large = rest.send(ping, { maxBody: 10 });
  const next = rest.send(ping, { maxBody: 10 });
  answer("1", "é".repeat(6));
  const message = "Response to GET /asterisk/ping too large: it has 12 bytes";
  await assert.rejects(large, { code: "too_large", message });
  answer("2", "é".repeat(5));
  assert.equal((await next).body, "ééééé");
});

Deno.test("REST over a WebSocket sends nothing whose deadline has passed", async () => {
  mock.timers.enable({ apis: ["Date"], now: 1_000 });
  try {
    const { rest, sent, answer } = startRest();
    const first = rest.send(ping, { notAfter: 1_000 });
    mock.timers.setTime(1_001);
    await assert.rejects(rest.send(ping, { notAfter: 1_000 }), { code: "expired" });
    assert.equal(sent.length, 1);
    answer("1", "first");
    assert.equal((await first).body, "first");
  } finally {
    mock.timers.reset();
  }
});

Deno.test("REST over a WebSocket that is closed reports which requests may have been carried out", async () => {
  const { rest } = startRest();
  const sent = rest.send(ping);
  rest.fail("gone");
  await assert.rejects(sent, { code: "interrupted", message: /GET \/asterisk\/ping/ });
  await assert.rejects(rest.send(ping), { code: "unreachable", message: /gone/ });
});

Deno.test("REST over a WebSocket aborts with its caller, and when it is disposed of", async () => {
  const { rest, sent } = startRest();
  const caller = new AbortController();
  const given = rest.send(ping, { signal: caller.signal });
  caller.abort();
  await assert.rejects(given, { code: "aborted" });
  await assert.rejects(rest.send(ping, { signal: caller.signal }), { code: "aborted" });
  assert.equal(sent.length, 1);
  const under = rest.send(ping);
  rest[Symbol.dispose]();
  await assert.rejects(under, { code: "aborted" });
});

Deno.test("REST over a WebSocket sends nothing for which Asterisk would close it", async () => {
  const { rest, sent } = startRest();
  const large = { method: "POST", path: "/x", body: "y".repeat(65_500) } as const;
  await assert.rejects(rest.send(large), { name: "TooLargeForSocket", code: "invalid" });
  await assert.rejects(rest.send({ method: "GET", path: "/a b" }), { code: "invalid" });
  await assert.rejects(rest.send({ method: "GET", path: "/../x" }), { code: "invalid" });
  assert.deepEqual(sent, []);
});
