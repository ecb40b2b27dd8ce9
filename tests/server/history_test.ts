import assert from "node:assert/strict";
import { setImmediate } from "node:timers";
import { parseJson } from "../../src/protocol/json.ts";
import { type EventHistoryData, readHistory } from "../../src/protocol/kinds/event_history.ts";
import { NumberedStreams } from "../../src/server/events/numbering.ts";
import { History } from "../../src/server/events/history.ts";
import { app, node, ProxyFixture } from "../testing/proxy_fixture.ts";
import { bytes } from "../testing/received.ts";

const streams = new NumberedStreams();
const stream = streams.of({ app: "a", node: "n" });
const other = streams.of({ app: "b", node: "n" });
const room = 1024 * 1024;

const seqs = ({ events }: EventHistoryData) => events.map(({ seq }) => seq);

Deno.test("history returns the events of a stream, page by page, from a number and a time on", () => {
  let now = 1_000;
  const history = new History({ now: () => now });
  for (let seq = 1; seq <= 6; seq++) {
    history.keep(stream, seq, bytes(`{"n":${seq}}`));
    history.keep(other, seq, bytes("{}"));
    now += 100;
  }
  const all = history.page(stream, {}, room);
  assert.deepEqual(seqs(all), [1, 2, 3, 4, 5, 6]);
  assert.deepEqual(all.events[1], {
    seq: 2,
    time: "1970-01-01T00:00:01.100Z",
    event: '{"n":2}',
  });
  assert.deepEqual([all.more, all.kept_from], [false, "1970-01-01T00:00:01.000Z"]);
  const { epoch } = stream;
  const part = history.page(stream, { epoch, after: 2, limit: 2 }, room);
  assert.deepEqual([seqs(part), part.more, part.last_seq], [[3, 4], true, 4]);
  // The numbers of another process mean nothing here.
  assert.deepEqual(seqs(history.page(stream, { epoch: "x", after: 5 }, room)), [1, 2, 3, 4, 5, 6]);
  const since = new Date(1_400).toISOString();
  assert.deepEqual(seqs(history.page(stream, { since }, room)), [5, 6]);
  assert.throws(() => history.page(stream, { since: "soon" }, room), /must be a time in ISO 8601/);
});

Deno.test("history pages fit into a response, and leave out events that never would", () => {
  const history = new History();
  const quotes = '"'.repeat(3_000);
  [10, 4_000, 10, 10].forEach((size, i) =>
    history.keep(stream, i + 1, bytes(i === 1 ? quotes : "x".repeat(size)))
  );
  const part = history.page(stream, {}, 5_000);
  assert.deepEqual([seqs(part), part.last_seq, part.more], [[1, 3, 4], 4, false]);
  history.keep(stream, 5, bytes("y".repeat(2_700)));
  const full = history.page(stream, {}, 5_000);
  assert.deepEqual([seqs(full), full.more], [[1, 3, 4], true]);
  const rest = history.page(stream, { epoch: full.epoch, after: full.last_seq }, 5_000);
  assert.deepEqual([seqs(rest), rest.more], [[5], false]);
  assert.ok(JSON.stringify(full).length < 5_000);
});

Deno.test("history pages are filled to the last byte", () => {
  const history = new History();
  // With quotes around it and what else belongs to it, an event takes 1,082 bytes of a page.
  for (let seq = 1; seq <= 3; seq++) history.keep(stream, seq, bytes("x".repeat(1_000)));
  const room = 2_048 + 2 * 1_082;
  assert.deepEqual(seqs(history.page(stream, {}, room)), [1, 2]);
  assert.deepEqual(seqs(history.page(stream, {}, room - 1)), [1]);
});

Deno.test("history keeps within its size and age", () => {
  let now = 0;
  const size = 1024 * 1024;
  const history = new History({ size, age: 1_000, now: () => now });
  const event = bytes("e".repeat(1_000));
  for (let seq = 1; seq <= 5_000; seq++) {
    now = seq;
    history.keep(stream, seq, event);
    assert.ok(history.bytes <= size);
  }
  const oldest = history.page(stream, { limit: 1 }, room).events[0].seq;
  assert.ok(oldest > 4_000 && oldest < 4_600, `the oldest is ${oldest}`);
  history.keep(stream, 5_001, new Uint8Array(size + 1));
  assert.equal(history.page(stream, { epoch: stream.epoch, after: 4_999 }, room).last_seq, 5_000);
  now += 2_000;
  assert.deepEqual(history.page(stream, {}, room).events, []);
  assert.equal(history.page(stream, {}, room).kept_from, undefined);
  const none = new History({ size: 0 });
  none.keep(stream, 1, event);
  assert.deepEqual([none.enabled, none.bytes], [false, 0]);
});

const subject = `ari.data.${app}.${node}`;
const ask = async (fixture: ProxyFixture, payload: object = {}) => {
  const request = JSON.stringify({ kind: "EventHistory", key: {}, event_history: payload });
  const answer = parseJson(await fixture.request(subject, request)) as {
    error: string;
    data?: { history: unknown };
  };
  return { error: answer.error, history: readHistory(answer.data?.history) };
};

Deno.test("proxy returns its last events as it published them, also while Asterisk is disconnected", async () => {
  await using fixture = await ProxyFixture.start();
  const text = `{"type":"Odd", "x":"é","asterisk_id":"${node}","application":"${app}"}`;
  await fixture.event(text);
  const { error, history } = await ask(fixture);
  assert.equal(error, "");
  assert.equal(fixture.proxy.gauges.historyBytes, 64 * 1024);
  assert.deepEqual([history?.application, history?.node, history?.more], [app, node, false]);
  const [started, odd, ...rest] = history?.events ?? [];
  assert.match(started.event, /"type":"AriProxyGap".*"reason":"started"/);
  assert.deepEqual([odd.seq, odd.event], [2, text]);
  assert.equal(rest.length, 1);
  fixture.asterisk.dropSockets();
  await fixture.log.line("Asterisk is disconnected, leaving new calls to other nodes");
  assert.equal((await ask(fixture, { epoch: history?.epoch, after: 1 })).history?.events[0].seq, 2);
});

Deno.test("proxy that keeps no events responds as one that does not know the request", async () => {
  await using fixture = await ProxyFixture.start({ history: { size: 0 } });
  assert.equal((await ask(fixture)).error, "Not implemented");
});

Deno.test("proxy responds to each of many requests for past events, and handles others between two", async () => {
  await using fixture = await ProxyFixture.start();
  for (let n = 0; n < 300; n++) {
    fixture.asterisk.sendEvent({ type: "X", application: app, filler: "x".repeat(1_000) });
  }
  await fixture.event('{"type":"Last"}');
  const request = bytes(JSON.stringify({ kind: "EventHistory", key: {} }));
  let turn = 0;
  let over = false;
  const next = () => {
    turn++;
    if (!over) setImmediate(next);
  };
  next();
  /** How many parts came in each turn. */
  const turns = new Map<number, number>();
  const refusals: string[] = [];
  await Promise.all(Array.from({ length: 1_000 }, async () => {
    const { data } = await fixture.bus.request(subject, request, { timeout: 5_000 });
    if (data.length > 200_000) turns.set(turn, (turns.get(turn) ?? 0) + 1);
    else refusals.push(new TextDecoder().decode(data));
  }));
  over = true;
  const counts = [...turns.values()];
  assert.equal(counts.reduce((sum, count) => sum + count), 101);
  // One that is due when a turn begins may come beside the one before.
  assert.ok(Math.max(...counts) <= 2, `${Math.max(...counts)} pages were sent in one turn`);
  assert.deepEqual(
    new Set(refusals),
    new Set(['{"error":"Busy: 100 requests for past events wait"}']),
  );
  assert.equal(refusals.length, 899);
});
