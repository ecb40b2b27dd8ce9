import assert from "node:assert/strict";
import { ProxyFixture } from "../testing/proxy_fixture.ts";
import {
  assertResponse,
  type Exchange,
  Generated,
  parse,
  type RequestVector,
  vectors,
} from "../testing/vectors.ts";

const files = [
  "application",
  "asterisk",
  "bridge",
  "channel",
  "config",
  "device-state",
  "dialog-keys",
  "endpoint",
  "handles",
  "live-recording",
  "logging",
  "mailbox",
  "modules",
  "playback",
  "sound",
  "stored-recording",
].map((name) => `requests/${name}`);

for (const file of [...files, "odd-requests"]) {
  for (const vector of vectors<RequestVector>(file, ({ name }) => name)) {
    Deno.test(`proxy answers as in ${file}: ${vector.name}`, async () => {
      await using fixture = await ProxyFixture.start();
      for (const exchange of vector.exchanges) await replay(fixture, vector, exchange);
    });
  }
}

async function replay(fixture: ProxyFixture, vector: RequestVector, exchange: Exchange) {
  const { asterisk } = fixture;
  asterisk.answer(exchange.rest.map(({ reply }) => reply));
  const first = asterisk.calls.length;
  const answer = await fixture.request(exchange.subject, exchange.request);

  const generated = new Generated(vector, exchange.request);
  const calls = asterisk.calls.slice(first);
  const show = (call: (typeof calls)[number] | (typeof exchange.rest)[number]) =>
    `${call.method} ${call.path}?${call.query}`;
  assert.deepEqual(
    calls.map(show),
    exchange.rest.map((wanted, i) => generated.fill(show(wanted), calls[i] ? show(calls[i]) : "")),
  );
  exchange.rest.forEach((wanted, i) => {
    const body = calls[i].body;
    assert.deepEqual(parse(body), parse(wanted.body && generated.fill(wanted.body, body ?? "")));
    assert.equal(calls[i].headers.authorization, `Basic ${btoa("proxy:secret")}`);
    assert.equal(calls[i].headers["content-type"], "application/json");
  });
  assertResponse(answer, generated.fill(exchange.responses[0].payload, answer));
}
