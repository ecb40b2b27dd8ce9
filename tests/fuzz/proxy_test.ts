/** A whole proxy between a fake Asterisk and a bus within this process. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { InProcessBroker } from "../../src/bus/memory.ts";
import { decodeJson, isObject, parseJson } from "../../src/protocol/json.ts";
import { kindRows } from "../../src/protocol/kinds/kinds.ts";
import { app, node, ProxyFixture } from "../testing/proxy_fixture.ts";
import { Received, text } from "../testing/received.ts";
import { events, others, requests } from "./corpus.ts";
import { Fuzz } from "./fuzz.ts";
import { anyText, mutatedBytes, mutatedJson } from "./hostile.ts";

const fuzz = new Fuzz("proxy");

const subjects = Object.values(kindRows).flatMap((row) => [
  `ari.${row.class}`,
  `ari.${row.class}.${app}`,
  `ari.${row.class}.${app}.${node}`,
]);

Deno.test("a proxy responds once to each of many damaged requests, and continues", async () => {
  const broker = new InProcessBroker();
  await using fixture = await ProxyFixture.start({ broker });
  const answers = new Received<string>();
  fixture.bus.subscribe("answers.>", (message) => {
    assert.ok(isObject(decodeJson(message.data)), text(message));
    answers.add(message.subject);
  });
  await fixture.bus.flush();
  let body = "{}";
  fixture.asterisk.answer(() => ({ status: body.length % 5 === 0 ? 404 : 200, body }));

  let sent = 0;
  const input = fc.tuple(
    fc.constantFrom(...subjects),
    fc.oneof(
      mutatedJson(requests).map((text) => new TextEncoder().encode(text)),
      mutatedBytes(requests),
    ),
    fc.oneof(mutatedJson(others), anyText),
  );
  await fuzz.tryAll({ input, runs: 10_000 }, async ([subject, data, asteriskSays]) => {
    body = asteriskSays.toWellFormed();
    assert.equal(broker.route({ subject, data, replyTo: `answers.${sent++}` }), 1, subject);
    // The limit of requests in flight.
    if (sent % 100 === 0) await answers.count(sent);
  });
  await answers.count(sent);
  // A request that is answered behind all others shows that no more answers are to come.
  fixture.asterisk.answer(() => ({ status: 200, body: "[]" }));
  const last = await fixture.request("ari.get", '{"kind":"ChannelList"}');
  assert.equal(last, '{"error":""}');
  assert.equal(new Set(answers.items).size, sent);
  assert.equal(answers.items.length, sent);
  assert.deepEqual(fixture.log.lines.filter(({ level }) => level === "error"), []);
});

Deno.test("a proxy publishes all of many damaged events in their order, and continues", async () => {
  await using fixture = await ProxyFixture.start();
  const published = new Received<string>();
  fixture.bus.subscribe("ari.event.>", (message) => published.add(text(message)));
  const copies = new Received<string>();
  fixture.bus.subscribe("ari.dialogevent.>", (message) => copies.add(text(message)));
  await fixture.bus.flush();
  fixture.asterisk.answer(() => ({ status: 204, body: "" }));
  for (const id of ["c1", "b1"]) {
    await fixture.request(
      "ari.command",
      `{"kind":"ChannelAnswer","key":{"id":"${id}","dialog":"d"}}`,
    );
  }

  const sent: string[] = [];
  // A socket that is replaced by another one is closed, as it has to be.
  const usual = events.filter((event) => !event.includes("ApplicationReplaced"));
  const input = fc.oneof(
    mutatedJson(usual),
    mutatedBytes(usual).map((bytes) => new TextDecoder().decode(bytes)),
  );
  await fuzz.tryAll({ input, runs: 12_000 }, async (event) => {
    sent.push(event);
    fixture.asterisk.sendEvent(event);
    if (sent.length % 500 === 0) await published.until((texts) => texts.length >= sent.length);
  });
  fixture.asterisk.sendEvent({ type: "EndOfAll", application: app, asterisk_id: node });
  await published.until((texts) => texts.at(-1)?.includes("EndOfAll") ?? false);
  const passed = published.items.slice(0, -1).filter((event) => !event.includes("AriProxyGap"));
  assert.equal(passed.length, sent.length);
  passed.forEach((event, index) => {
    if (event === sent[index]) return;
    // What was changed was changed for clients in Go, and says the same otherwise.
    const value = parseJson(event);
    assert.ok(isObject(value) && typeof value.asterisk_id === "string");
    const before = parseJson(sent[index]);
    assert.ok(isObject(before));
    if (typeof before.type === "string") assert.equal(value.type, before.type);
  });
  for (const copy of copies.items) {
    const event = parseJson(copy);
    assert.ok(isObject(event) && "dialog" in event, copy);
  }
  assert.ok(copies.items.length > 0);
  assert.equal(fixture.proxy.selves.length, 1);
});
