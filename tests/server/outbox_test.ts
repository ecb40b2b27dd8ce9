import assert from "node:assert/strict";
import { mock } from "node:test";
import { readGap } from "../../src/protocol/notice.ts";
import { readEventMarks } from "../../src/protocol/headers.ts";
import { parseJson } from "../../src/protocol/json.ts";
import { NumberedStreams } from "../../src/server/events/numbering.ts";
import { Gap } from "../../src/server/events/gap.ts";
import { Outbox } from "../../src/server/events/outbox.ts";
import { FakeBus } from "../testing/fake_bus.ts";

type GapNotice = NonNullable<ReturnType<typeof readGap>>;

const now = Date.parse("2026-11-23T03:00:00.000Z");
const nowText = "2026-11-23T03:00:00.000+0000";

/** An outbox with room for five events of 100 bytes. */
class Rig implements Disposable {
  readonly bus = new FakeBus();
  readonly streams = new NumberedStreams();
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

  /** The bus is disconnected. */
  disconnect(): void {
    this.bus.connected = false;
    this.outbox.reportUnconfirmed("it was cut");
  }

  /** The bus is connected again. */
  reconnect(): void {
    this.bus.connected = true;
    this.outbox.retry();
  }

  /** What was received on a subject: number in the header, and number of the event or the notice. */
  received(subject = this.stream.subject): [seq: number | undefined, what: number | GapNotice][] {
    return this.bus.messages.filter((message) => message.subject === subject)
      .map(({ text, headers }) => {
        const parsed = parseJson(text) as { n: number };
        return [readEventMarks(headers)?.seq, readGap(parsed) ?? parsed.n];
      });
  }

  /** The only notice received on a subject. */
  notice(subject?: string): GapNotice {
    const notices = this.received(subject).map(([, what]) => what)
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

Deno.test("outbox publishes copies for dialogs with the numbers of their events", () => {
  using rig = new Rig();
  rig.send(1, 2, ["d1", "d2"]);
  assert.deepEqual(rig.received("ari.dialogevent.d1"), [[1, 1], [2, 2]]);
  assert.deepEqual(rig.received("ari.dialogevent.d2"), [[1, 1], [2, 2]]);
  assert.equal(rig.counts.published, 6);
});

Deno.test("outbox reports what it dropped in the place where it is missing", () => {
  using rig = new Rig();
  rig.send(1);
  rig.bus.room = 0;
  rig.send(2, 9);
  rig.bus.room = Infinity;
  rig.send(10);
  assert.deepEqual(rig.received().map(([seq]) => seq), [1, 5, 6, 7, 8, 9, 10, 11]);
  assert.deepEqual(rig.received().map(([, what]) => typeof what === "number" ? what : "notice"), [
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

Deno.test("outbox reports a long overflow in one notice, also when the bus takes a message at times", () => {
  using rig = new Rig();
  rig.bus.room = 0;
  rig.send(0, 50);
  rig.bus.room = 2;
  rig.send(51, 59);
  rig.bus.room = Infinity;
  rig.outbox.retry();
  const notices = rig.received().map(([, what]) => what).filter((what) => typeof what !== "number");
  assert.equal(notices.length, 2);
  const covered = notices.flatMap(({ first_seq = 0, last_seq = -1 }) =>
    Array.from({ length: last_seq - first_seq + 1 }, (_, i) => first_seq + i)
  );
  // Every number is received or named by a notice, once.
  const all = [...covered, ...rig.received().map(([seq = 0]) => seq)].sort((a, b) => a - b);
  assert.deepEqual(all, Array.from({ length: 62 }, (_, i) => i + 1));
});

Deno.test("outbox reports dropped copies to their dialogs, even when these are not bound any more", () => {
  using rig = new Rig();
  rig.bus.room = 0;
  rig.send(1, 3, ["d1"]);
  rig.send(4, 8);
  rig.bus.room = Infinity;
  rig.outbox.retry();
  assert.equal(rig.notice("ari.dialogevent.d1").reason, "overflow");
  assert.deepEqual(rig.received("ari.dialogevent.d1").map(([seq]) => seq), [4]);
  assert.equal(rig.counts.dropped, 6);
});

Deno.test("outbox continues with the copies where the bus took no more of them", () => {
  using rig = new Rig();
  rig.bus.room = 2;
  rig.send(1, 1, ["d1", "d2", "d3"]);
  assert.equal(rig.outbox.queued, 2);
  // What is dropped later does not affect them.
  rig.send(2, 8);
  rig.bus.room = Infinity;
  rig.outbox.retry();
  assert.deepEqual(rig.bus.messages.slice(0, 4).map(({ subject }) => subject), [
    "ari.event.calls.n1",
    "ari.dialogevent.d1",
    "ari.dialogevent.d2",
    "ari.dialogevent.d3",
  ]);
  assert.deepEqual(rig.received().map(([seq]) => seq), [1, 4, 5, 6, 7, 8, 9]);
});

Deno.test("outbox reports what may be lost with the connection before what it queued", async () => {
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
    assert.deepEqual(rig.received().map(([seq]) => seq), [1, 2, 3, 4, 5, 6]);
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

Deno.test("outbox reports nothing of a connection that broke when all was confirmed", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    using rig = new Rig();
    rig.send(1, 3);
    mock.timers.tick(50);
    rig.bus.flushes[0].resolve();
    await settle();
    rig.disconnect();
    rig.reconnect();
    assert.deepEqual(rig.received(), [[1, 1], [2, 2], [3, 3]]);
    // It does not flush without need.
    mock.timers.tick(1_000);
    assert.equal(rig.bus.flushes.length, 1);
  } finally {
    mock.timers.reset();
  }
});

Deno.test("outbox reports again what was in a notice that may be lost itself", () => {
  using rig = new Rig();
  rig.send(1);
  rig.disconnect();
  rig.reconnect();
  rig.send(2);
  rig.disconnect();
  rig.reconnect();
  const notices = rig.received().filter(([, what]) => typeof what !== "number");
  assert.deepEqual(notices.map(([seq]) => seq), [2, 4]);
  const [, last] = notices[1];
  assert.ok(typeof last === "object");
  assert.deepEqual([last.first_seq, last.last_seq, last.certain], [1, 3, false]);
});

Deno.test("outbox keeps the notice of a broken connection apart from what it dropped later", () => {
  using rig = new Rig();
  rig.send(1, 2);
  rig.disconnect();
  rig.send(3, 10);
  // Nothing was published since.
  rig.disconnect();
  rig.reconnect();
  const received = rig.received().map(([seq, what]) =>
    typeof what === "number" ? seq : [seq, what.reason, what.first_seq, what.last_seq]
  );
  assert.deepEqual(received, [
    ...[1, 2, [3, "bus", 1, 2], [7, "overflow", 4, 6]],
    ...[8, 9, 10, 11, 12],
  ]);
});

Deno.test("outbox counts and reports an event that the bus does not allow", () => {
  using rig = new Rig();
  rig.bus.maxPayload = 1_000;
  rig.send(1);
  rig.outbox.send(rig.stream, event(2, 1_001));
  assert.deepEqual(rig.received().map(([seq]) => seq), [1, 3]);
  const { reason, first_seq, last_seq, count, certain, detail } = rig.notice();
  assert.deepEqual([reason, first_seq, last_seq, count, certain], ["too_large", 2, 2, 1, true]);
  assert.match(detail, /1001 bytes/);
  assert.equal(rig.counts.dropped, 1);
});

Deno.test("outbox reports a copy that is too large where its event was not", () => {
  using rig = new Rig();
  rig.bus.maxPayload = 1_000;
  rig.outbox.send(rig.stream, event(1, 995), ["d1"]);
  assert.equal(rig.notice().certain, false);
  assert.equal(rig.notice("ari.dialogevent.d1").reason, "too_large");
});

Deno.test("outbox skips a dialog's subject that the bus never takes, and reports that", () => {
  using rig = new Rig();
  rig.send(1, 1, ["x".repeat(300), "d2"]);
  rig.send(2);
  assert.deepEqual(rig.received("ari.dialogevent.d2"), [[1, 1]]);
  assert.deepEqual(rig.received().map(([seq]) => seq), [1, 2, 3]);
  const { reason, first_seq, last_seq, certain, detail } = rig.notice();
  assert.deepEqual([reason, first_seq, last_seq, certain], ["too_large", 1, 1, false]);
  assert.equal(
    detail,
    "The bus does not take the subject of an event, or of its copy for a dialog",
  );
  assert.deepEqual(rig.counts, { published: 3, dropped: 1, unconfirmed: 0, notices: 1 });
  assert.deepEqual([...rig.reasons], ["impossible"]);
});

Deno.test("outbox reports to dialogs the events whose own subject the bus never takes", () => {
  using rig = new Rig();
  const stream = rig.streams.of({ app: "x".repeat(300), node: "n1" });
  rig.outbox.send(stream, event(1), ["d1"]);
  const { reason, first_seq, count, certain } = rig.notice("ari.dialogevent.d1");
  assert.deepEqual([reason, first_seq, count, certain], ["too_large", 1, 1, true]);
  rig.outbox.send(stream, event(2), ["d1"]);
  assert.equal(rig.outbox.queued, 0);
  assert.equal(rig.counts.dropped, 4);
});

Deno.test("outbox keeps notices in their places, and joins them to what it drops around them", () => {
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
  assert.deepEqual(rig.received().map(([seq]) => seq), [1, 2, 3, 4]);

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

Deno.test("outbox queues no more than its limit of notices while the bus is disconnected", () => {
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

Deno.test("outbox joins notices that follow each other while the bus is disconnected", () => {
  using rig = new Rig();
  rig.disconnect();
  for (const detail of ["Once", "Twice"]) {
    const missing = new Gap({ reason: "asterisk", detail, before: now, end: now });
    rig.outbox.report(rig.stream, missing);
  }
  rig.reconnect();
  assert.equal(rig.notice().detail, "Once; Twice");
});

/** Runs a test that controls the timers. */
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
  rig.received().flatMap(([, what]) =>
    typeof what === "number" ? [] : [[what.first_seq, what.last_seq]]
  );

Deno.test("outbox flushes again for what it published after a flush", () =>
  withTimers(async (rig) => {
    for (let round = 0; round < 3; round++) {
      rig.send(round + 1);
      mock.timers.tick(50);
      assert.equal(rig.bus.flushes.length, round + 1);
      rig.bus.flushes[round].resolve();
      await settle();
    }
    // It does not flush without need.
    mock.timers.tick(1_000);
    assert.equal(rig.bus.flushes.length, 3);
    rig.disconnect();
    rig.reconnect();
    assert.deepEqual(ranges(rig), []);
  }));

Deno.test("outbox flushes again after a flush that failed, and when something was published during one", () =>
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
    // The second one was published after the second flush.
    rig.disconnect();
    rig.reconnect();
    assert.deepEqual(ranges(rig), [[2, 2]]);
  }));

Deno.test("outbox confirms nothing by a flush of an earlier connection", () =>
  withTimers(async (rig) => {
    rig.send(1);
    mock.timers.tick(50);
    rig.disconnect();
    rig.bus.flushes[0].resolve();
    await settle();
    rig.reconnect();
    assert.deepEqual(ranges(rig), [[1, 1]]);
    // And flushes again on the next one.
    mock.timers.tick(50);
    assert.equal(rig.bus.flushes.length, 2);
    rig.bus.flushes[1].resolve();
    await settle();
    rig.disconnect();
    rig.reconnect();
    assert.deepEqual(ranges(rig), [[1, 1]]);
  }));

Deno.test("outbox reports a notice that was lost with the connection again, until it is confirmed", () =>
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
    const notices = rig.received().filter(([, what]) => typeof what !== "number");
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

Deno.test("outbox that has ended does not flush any more", () =>
  withTimers((rig) => {
    rig.send(1);
    rig.outbox[Symbol.dispose]();
    mock.timers.tick(1_000);
    assert.equal(rig.bus.flushes.length, 0);
    return Promise.resolve();
  }));
