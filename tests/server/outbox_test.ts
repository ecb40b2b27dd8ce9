import assert from "node:assert/strict";
import { mock } from "node:test";
import { readGap } from "../../src/protocol/notice.ts";
import { readEventMarks } from "../../src/protocol/headers.ts";
import { parseJson } from "../../src/protocol/json.ts";
import { EventStreams } from "../../src/server/events/stream.ts";
import { Gap } from "../../src/server/events/gap.ts";
import { Outbox } from "../../src/server/events/outbox.ts";
import { FakeBus } from "../testing/fake_bus.ts";

type GapNotice = NonNullable<ReturnType<typeof readGap>>;

const now = Date.parse("2026-11-23T03:00:00.000Z");
const nowText = "2026-11-23T03:00:00.000+0000";

/** An outbox with room for five events of 100 bytes, in the hands of a test. */
class Rig implements Disposable {
  readonly bus = new FakeBus();
  readonly streams = new EventStreams();
  readonly stream = this.streams.of({ app: "calls", node: "n1" });
  readonly counts = { published: 0, dropped: 0, unconfirmed: 0, notices: 0 };
  /** Why events were lost. */
  readonly reasons = new Set<string>();
  dialogs: string[] = [];
  readonly outbox = new Outbox(this.bus, {
    streams: this.streams,
    dialogs: () => this.dialogs,
    limit: 500,
    now: () => now,
    onPublished: (count) => this.counts.published += count,
    onDropped: (count, why) => {
      this.counts.dropped += count;
      this.reasons.add(why);
    },
    onUnconfirmed: (count) => this.counts.unconfirmed += count,
    onNotice: () => this.counts.notices++,
  });

  /** Sends events with numbers of their own, of 100 bytes each. */
  send(from: number, to = from, dialogs: readonly string[] = []): void {
    for (let n = from; n <= to; n++) this.outbox.send(this.stream, event(n), dialogs);
  }

  /** The bus goes away. */
  disconnect(): void {
    this.bus.connected = false;
    this.outbox.reportUnconfirmed("it was cut");
  }

  /** The bus is back. */
  reconnect(): void {
    this.bus.connected = true;
    this.outbox.retry();
  }

  /** What listeners to a subject hear: number in the header, and number of the event or the notice. */
  heard(subject = this.stream.subject): [seq: number | undefined, what: number | GapNotice][] {
    return this.bus.messages.filter((message) => message.subject === subject)
      .map(({ text, headers }) => {
        const parsed = parseJson(text) as { n: number };
        return [readEventMarks(headers)?.seq, readGap(parsed) ?? parsed.n];
      });
  }

  /** The only notice heard on a subject. */
  notice(subject?: string): GapNotice {
    const notices = this.heard(subject).map(([, what]) => what)
      .filter((what) => typeof what !== "number");
    assert.equal(notices.length, 1);
    return notices[0];
  }

  [Symbol.dispose](): void {
    this.outbox[Symbol.dispose]();
  }
}

const time = (n: number) => `2026-11-22T22:00:${`${n}`.padStart(2, "0")}.000+0000`;

function event(n: number, size = 100): Uint8Array {
  const draft = JSON.stringify({ type: "X", timestamp: time(n), n, filler: "" });
  return new TextEncoder().encode(draft.replace('""', `"${"x".repeat(size - draft.length)}"`));
}

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

Deno.test("outbox numbers the events of each application from one, in one epoch", () => {
  using rig = new Rig();
  const other = rig.streams.of({ app: "other", node: "n1" });
  rig.send(1, 2);
  rig.outbox.send(other, event(1));
  rig.send(3);
  const marks = rig.bus.messages.map(({ headers }) => readEventMarks(headers));
  assert.deepEqual(marks.map((mark) => mark?.seq), [1, 2, 1, 3]);
  assert.equal(new Set(marks.map((mark) => mark?.epoch)).size, 1);
  assert.notEqual([...new Rig().streams][0].epoch, marks[0]?.epoch);
});

Deno.test("outbox gives copies for dialogs the numbers of their events", () => {
  using rig = new Rig();
  rig.send(1, 2, ["d1", "d2"]);
  assert.deepEqual(rig.heard("ari.dialogevent.d1"), [[1, 1], [2, 2]]);
  assert.deepEqual(rig.heard("ari.dialogevent.d2"), [[1, 1], [2, 2]]);
  assert.equal(rig.counts.published, 6);
});

Deno.test("outbox tells what it gave up in the place where it is missing", () => {
  using rig = new Rig();
  rig.send(1);
  rig.bus.room = 0;
  rig.send(2, 9);
  rig.bus.room = Infinity;
  rig.send(10);
  assert.deepEqual(rig.heard().map(([seq]) => seq), [1, 5, 6, 7, 8, 9, 10, 11]);
  assert.deepEqual(rig.heard().map(([, what]) => typeof what === "number" ? what : "notice"), [
    ...[1, "notice", 5, 6, 7, 8, 9, 10],
  ]);
  const { epoch, ...notice } = rig.notice();
  assert.equal(epoch, rig.stream.epoch);
  assert.deepEqual(notice, {
    type: "AriProxyGap",
    timestamp: nowText,
    reason: "overflow",
    detail: "Dropped 3 events: the queue for the bus was full",
    from: time(1),
    to: time(4),
    first_seq: 2,
    last_seq: 4,
    count: 3,
    certain: true,
    asterisk_id: "n1",
    application: "calls",
  });
  assert.deepEqual(rig.counts, { published: 7, dropped: 3, unconfirmed: 0, notices: 1 });
});

Deno.test("outbox tells a long overflow in one notice, also when the bus takes a message at times", () => {
  using rig = new Rig();
  rig.bus.room = 0;
  rig.send(0, 50);
  rig.bus.room = 2;
  rig.send(51, 59);
  rig.bus.room = Infinity;
  rig.outbox.retry();
  const notices = rig.heard().map(([, what]) => what).filter((what) => typeof what !== "number");
  assert.equal(notices.length, 2);
  const covered = notices.flatMap(({ first_seq = 0, last_seq = -1 }) =>
    Array.from({ length: last_seq - first_seq + 1 }, (_, i) => first_seq + i)
  );
  // Every number is heard or told of, once.
  const all = [...covered, ...rig.heard().map(([seq = 0]) => seq)].sort((a, b) => a - b);
  assert.deepEqual(all, Array.from({ length: 62 }, (_, i) => i + 1));
});

Deno.test("outbox tells dialogs of the copies that it gave up, though they are bound no more", () => {
  using rig = new Rig();
  rig.bus.room = 0;
  rig.send(1, 3, ["d1"]);
  rig.send(4, 8);
  rig.bus.room = Infinity;
  rig.outbox.retry();
  assert.equal(rig.notice("ari.dialogevent.d1").reason, "overflow");
  assert.deepEqual(rig.heard("ari.dialogevent.d1").map(([seq]) => seq), [4]);
  assert.equal(rig.counts.dropped, 6);
});

Deno.test("outbox goes on with the copies where the bus took no more of them", () => {
  using rig = new Rig();
  rig.bus.room = 2;
  rig.send(1, 1, ["d1", "d2", "d3"]);
  assert.equal(rig.outbox.queued, 2);
  // What is yet to be given up does not touch them.
  rig.send(2, 8);
  rig.bus.room = Infinity;
  rig.outbox.retry();
  assert.deepEqual(rig.bus.messages.slice(0, 4).map(({ subject }) => subject), [
    "ari.event.calls.n1",
    "ari.dialogevent.d1",
    "ari.dialogevent.d2",
    "ari.dialogevent.d3",
  ]);
  assert.deepEqual(rig.heard().map(([seq]) => seq), [1, 4, 5, 6, 7, 8, 9]);
});

Deno.test("outbox tells what may be lost with the connection before what it kept", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    using rig = new Rig();
    rig.dialogs = ["d1"];
    rig.send(1, 2);
    mock.timers.tick(50);
    rig.bus.flushes[0].resolve();
    await settle();
    rig.send(3, 4);
    rig.disconnect();
    rig.dialogs = [];
    rig.send(5);
    rig.reconnect();
    assert.deepEqual(rig.heard().map(([seq]) => seq), [1, 2, 3, 4, 5, 6]);
    const notice = rig.notice();
    assert.deepEqual(
      [notice.reason, notice.first_seq, notice.last_seq, notice.certain, notice.count],
      ["bus", 3, 4, false, undefined],
    );
    assert.deepEqual([notice.from, notice.to], [time(2), nowText]);
    assert.match(notice.detail, /it was cut/);
    assert.equal(rig.notice("ari.dialogevent.d1").reason, "bus");
    assert.deepEqual(rig.counts, { published: 5, dropped: 0, unconfirmed: 2, notices: 1 });
  } finally {
    mock.timers.reset();
  }
});

Deno.test("outbox tells nothing of a connection that broke when all had arrived", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    using rig = new Rig();
    rig.send(1, 3);
    mock.timers.tick(50);
    rig.bus.flushes[0].resolve();
    await settle();
    rig.disconnect();
    rig.reconnect();
    assert.deepEqual(rig.heard(), [[1, 1], [2, 2], [3, 3]]);
    // It does not ask without need.
    mock.timers.tick(1_000);
    assert.equal(rig.bus.flushes.length, 1);
  } finally {
    mock.timers.reset();
  }
});

Deno.test("outbox tells again what a notice told that may be lost itself", () => {
  using rig = new Rig();
  rig.send(1);
  rig.disconnect();
  rig.reconnect();
  rig.send(2);
  rig.disconnect();
  rig.reconnect();
  const notices = rig.heard().filter(([, what]) => typeof what !== "number");
  assert.deepEqual(notices.map(([seq]) => seq), [2, 4]);
  const [, last] = notices[1];
  assert.ok(typeof last === "object");
  assert.deepEqual([last.first_seq, last.last_seq, last.certain], [1, 3, false]);
});

Deno.test("outbox keeps the notice of a broken connection apart from what it gave up later", () => {
  using rig = new Rig();
  rig.send(1, 2);
  rig.disconnect();
  rig.send(3, 10);
  // Nothing was published since.
  rig.disconnect();
  rig.reconnect();
  const heard = rig.heard().map(([seq, what]) =>
    typeof what === "number" ? seq : [seq, what.reason, what.first_seq, what.last_seq]
  );
  assert.deepEqual(heard, [
    ...[1, 2, [3, "bus", 1, 2], [7, "overflow", 4, 6]],
    ...[8, 9, 10, 11, 12],
  ]);
});

Deno.test("outbox counts and tells an event that the bus does not allow", () => {
  using rig = new Rig();
  rig.bus.maxPayload = 1_000;
  rig.send(1);
  rig.outbox.send(rig.stream, event(2, 1_001));
  assert.deepEqual(rig.heard().map(([seq]) => seq), [1, 3]);
  const { reason, first_seq, last_seq, count, certain, detail } = rig.notice();
  assert.deepEqual([reason, first_seq, last_seq, count, certain], ["too_large", 2, 2, 1, true]);
  assert.match(detail, /1001 bytes/);
  assert.equal(rig.counts.dropped, 1);
});

Deno.test("outbox tells of a copy that is too large where its event was not", () => {
  using rig = new Rig();
  rig.bus.maxPayload = 1_000;
  rig.outbox.send(rig.stream, event(1, 995), ["d1"]);
  assert.equal(rig.notice().certain, false);
  assert.equal(rig.notice("ari.dialogevent.d1").reason, "too_large");
});

Deno.test("outbox passes over a dialog's subject that the bus never takes, and tells so", () => {
  using rig = new Rig();
  rig.send(1, 1, ["x".repeat(300), "d2"]);
  rig.send(2);
  assert.deepEqual(rig.heard("ari.dialogevent.d2"), [[1, 1]]);
  assert.deepEqual(rig.heard().map(([seq]) => seq), [1, 2, 3]);
  const { reason, first_seq, last_seq, certain, detail } = rig.notice();
  assert.deepEqual([reason, first_seq, last_seq, certain], ["too_large", 1, 1, false]);
  assert.equal(
    detail,
    "The bus does not take the subject of an event, or of its copy for a dialog",
  );
  assert.deepEqual(rig.counts, { published: 3, dropped: 1, unconfirmed: 0, notices: 1 });
  assert.deepEqual([...rig.reasons], ["impossible"]);
});

Deno.test("outbox tells dialogs of events whose own subject the bus never takes", () => {
  using rig = new Rig();
  const stream = rig.streams.of({ app: "x".repeat(300), node: "n1" });
  rig.outbox.send(stream, event(1), ["d1"]);
  const { reason, first_seq, count, certain } = rig.notice("ari.dialogevent.d1");
  assert.deepEqual([reason, first_seq, count, certain], ["too_large", 1, 1, true]);
  rig.outbox.send(stream, event(2), ["d1"]);
  assert.equal(rig.outbox.queued, 0);
  assert.equal(rig.counts.dropped, 4);
});

Deno.test("outbox keeps notices in their places, and joins them to what it gives up around them", () => {
  using rig = new Rig();
  const away = (detail: string, end: number) => {
    const before = rig.stream.lastReceived;
    rig.outbox.report(rig.stream, new Gap({ reason: "asterisk", detail, before, end }));
  };
  rig.send(1);
  rig.bus.room = 0;
  away("It was away", now);
  away("It was away again", now + 1_000);
  rig.send(2, 3);
  rig.bus.room = Infinity;
  rig.outbox.retry();
  const { reason, from, to, detail } = rig.notice();
  assert.deepEqual(
    [reason, from, to, detail],
    ["asterisk", time(1), "2026-11-23T03:00:01.000+0000", "It was away; It was away again"],
  );
  assert.deepEqual(rig.heard().map(([seq]) => seq), [1, 2, 3, 4]);

  rig.bus.messages.length = 0;
  rig.bus.room = 0;
  rig.send(11, 12);
  away("It was away", now);
  rig.send(13, 19);
  rig.bus.room = Infinity;
  rig.outbox.retry();
  const joined = rig.notice();
  assert.deepEqual(
    [joined.reason, joined.detail, joined.count, joined.first_seq, joined.last_seq],
    ["overflow", "It was away; Dropped 4 events: the queue for the bus was full", undefined, 5, 8],
  );
});

Deno.test("outbox holds no more than its limit of notices while the bus is away", () => {
  using rig = new Rig();
  const other = rig.streams.of({ app: "other", node: "n1" });
  rig.disconnect();
  for (let i = 0; i < 1_000; i++) {
    for (const stream of [rig.stream, other]) {
      const missing = new Gap({ reason: "asterisk", detail: `${i}`, before: now, end: now });
      rig.outbox.report(stream, missing);
    }
  }
  assert.ok(rig.outbox.bytes <= rig.outbox.limit);
  rig.reconnect();
  assert.equal(rig.notice().reason, "asterisk");
});

Deno.test("outbox joins notices that follow each other while the bus is away", () => {
  using rig = new Rig();
  rig.disconnect();
  for (const detail of ["Once", "Twice"]) {
    const missing = new Gap({ reason: "asterisk", detail, before: now, end: now });
    rig.outbox.report(rig.stream, missing);
  }
  rig.reconnect();
  assert.equal(rig.notice().detail, "Once; Twice");
});

/** Runs a test in which the time of the questions whether messages have arrived is in its hands. */
async function withTimers(body: (rig: Rig) => Promise<void>): Promise<void> {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    using rig = new Rig();
    await body(rig);
  } finally {
    mock.timers.reset();
  }
}

/** Numbers of the first and the last event that notices name. */
const ranges = (rig: Rig) =>
  rig.heard().flatMap(([, what]) =>
    typeof what === "number" ? [] : [[what.first_seq, what.last_seq]]
  );

Deno.test("outbox asks again for what it published after a question and its answer", () =>
  withTimers(async (rig) => {
    for (let round = 0; round < 3; round++) {
      rig.send(round + 1);
      mock.timers.tick(50);
      assert.equal(rig.bus.flushes.length, round + 1);
      rig.bus.flushes[round].resolve();
      await settle();
    }
    // It does not ask without need.
    mock.timers.tick(1_000);
    assert.equal(rig.bus.flushes.length, 3);
    rig.disconnect();
    rig.reconnect();
    assert.deepEqual(ranges(rig), []);
  }));

Deno.test("outbox asks again when a question failed, and when something was published meanwhile", () =>
  withTimers(async (rig) => {
    rig.send(1);
    mock.timers.tick(49);
    assert.equal(rig.bus.flushes.length, 0);
    mock.timers.tick(1);
    rig.bus.flushes[0].reject(new Error("It took too long"));
    await settle();
    mock.timers.tick(50);
    rig.send(2);
    rig.bus.flushes[1].resolve();
    await settle();
    mock.timers.tick(50);
    assert.equal(rig.bus.flushes.length, 3);
    // The second one was published behind the second question.
    rig.disconnect();
    rig.reconnect();
    assert.deepEqual(ranges(rig), [[2, 2]]);
  }));

Deno.test("outbox takes no answer for what another connection carried", () =>
  withTimers(async (rig) => {
    rig.send(1);
    mock.timers.tick(50);
    rig.disconnect();
    rig.bus.flushes[0].resolve();
    await settle();
    rig.reconnect();
    assert.deepEqual(ranges(rig), [[1, 1]]);
    // And asks anew on the next one.
    mock.timers.tick(50);
    assert.equal(rig.bus.flushes.length, 2);
    rig.bus.flushes[1].resolve();
    await settle();
    rig.disconnect();
    rig.reconnect();
    assert.deepEqual(ranges(rig), [[1, 1]]);
  }));

Deno.test("outbox reports a notice that was lost with the connection again, until one has arrived", () =>
  withTimers(async (rig) => {
    rig.bus.room = 0;
    rig.send(1, 8);
    rig.bus.room = Infinity;
    rig.outbox.retry();
    assert.deepEqual(ranges(rig), [[1, 3]]);
    rig.disconnect();
    rig.reconnect();
    rig.disconnect();
    rig.reconnect();
    const notices = rig.heard().filter(([, what]) => typeof what !== "number");
    assert.deepEqual(notices.map(([seq]) => seq), [4, 10, 11]);
    assert.deepEqual(ranges(rig), [[1, 3], [1, 9], [1, 10]]);
    for (const [, what] of notices) {
      assert.ok(typeof what === "object");
      assert.equal(what.reason, "overflow");
      assert.match(what.detail, /Dropped 3 events/);
    }
    mock.timers.tick(50);
    rig.bus.flushes.at(-1)?.resolve();
    await settle();
    rig.send(9);
    rig.disconnect();
    rig.reconnect();
    assert.deepEqual(ranges(rig).at(-1), [12, 12]);
  }));

Deno.test("outbox that has ended asks no more", () =>
  withTimers((rig) => {
    rig.send(1);
    rig.outbox[Symbol.dispose]();
    mock.timers.tick(1_000);
    assert.equal(rig.bus.flushes.length, 0);
    return Promise.resolve();
  }));
