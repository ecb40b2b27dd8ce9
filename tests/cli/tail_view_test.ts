import assert from "node:assert/strict";
import { mock } from "node:test";
import { TailFilter } from "../../src/cli/tail/filter.ts";
import { HistoryGate } from "../../src/cli/tail/since.ts";
import { type EventMessage, EventRecorder } from "../../src/cli/events/recorder.ts";
import { TailView } from "../../src/cli/tail/view.ts";
import { FakeOutput } from "../testing/fake_io.ts";

const message = (text: string, headers = {}): EventMessage => ({
  subject: "ari.event.demo.n1",
  text,
  headers,
  at: 0,
});
const channelEvent = (type: string, id: string, more = {}) =>
  message(JSON.stringify({ type, channel: { id, name: `PJSIP/${id}` }, ...more }));
const gap = message(JSON.stringify({
  ...{ type: "AriProxyGap", reason: "overflow", count: 2, certain: true },
  ...{ application: "demo", asterisk_id: "n1" },
}));

type TailViewOptions = ConstructorParameters<typeof TailView>[0];
type TailFilterOptions = ConstructorParameters<typeof TailFilter>[0];

/** A view, and what it has written. */
function view(
  filter: TailFilterOptions = {},
  options: Partial<Omit<TailViewOptions, "io" | "filter" | "writer">> = {},
) {
  const stderr = new FakeOutput(false, 80);
  const written: string[] = [];
  const recorded: string[] = [];
  const it = new TailView({
    io: { stderr },
    filter: new TailFilter(filter),
    writer: { write: (_, text) => written.push(text) > 0, end: () => {} },
    recorder: { write: ({ text }: EventMessage) => void recorded.push(text) } as never,
    ...options,
  });
  return { it, stderr, written, recorded, [Symbol.dispose]: () => it[Symbol.dispose]() };
}

/** Runs a test with timers that it holds in its hands. */
function withTimers(test: (tick: (ms: number) => void) => void): void {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    test((ms) => mock.timers.tick(ms));
  } finally {
    mock.timers.reset();
  }
}

Deno.test("tail --until-over ends a second after the last event of a call that is over", () => {
  withTimers((tick) => {
    using shown = view({ call: "a" }, { untilOver: true });
    const { it } = shown;
    it.goLive();
    it.take(channelEvent("StasisStart", "a"));
    tick(60_000);
    assert.equal(it.enough.aborted, false);
    it.take(channelEvent("ChannelDestroyed", "a"));
    tick(999);
    it.take(channelEvent("ChannelHangupRequest", "a"));
    tick(999);
    assert.equal(it.enough.aborted, false);
    tick(1);
    assert.equal(it.enough.aborted, true);
    it.take(channelEvent("ChannelVarset", "a"));
    assert.deepEqual([shown.written.length, it.shown], [3, 3]);
  });
});

Deno.test("tail --until-over goes on with a call that has another channel in time", () => {
  withTimers((tick) => {
    using shown = view({ call: "a" }, { untilOver: true });
    const { it } = shown;
    it.goLive();
    it.take(channelEvent("StasisStart", "a"));
    it.take(channelEvent("ChannelDestroyed", "a"));
    tick(500);
    const [caller, peer] = ["a", "b"].map((id) => ({ id, name: `PJSIP/${id}` }));
    it.take(message(JSON.stringify({ type: "Dial", caller, peer })));
    tick(60_000);
    assert.equal(it.enough.aborted, false);
    it.take(channelEvent("ChannelDestroyed", "b"));
    it[Symbol.dispose]();
    tick(60_000);
    assert.equal(it.enough.aborted, false);
  });
});

Deno.test("tail --until-over shows all of the history before it ends", () => {
  withTimers((tick) => {
    using shown = view({ call: "a" }, { untilOver: true });
    const { it } = shown;
    it.take(channelEvent("StasisStart", "a"));
    it.take(channelEvent("ChannelDestroyed", "a"));
    tick(60_000);
    assert.equal(it.enough.aborted, false);
    it.goLive();
    tick(1_000);
    assert.equal(it.enough.aborted, true);
  });
  withTimers((tick) => {
    using shown = view({ call: "a" });
    shown.it.goLive();
    shown.it.take(channelEvent("StasisStart", "a"));
    shown.it.take(channelEvent("ChannelDestroyed", "a"));
    tick(60_000);
    assert.equal(shown.it.enough.aborted, false);
  });
});

Deno.test("tail --count counts what it shows, and neither notices nor what is dropped", () => {
  const wanted = channelEvent("StasisEnd", "a").text;
  using shown = view({ types: ["StasisEnd"] }, { count: 2, forProgram: true });
  const { it, stderr, written, recorded } = shown;
  it.take(channelEvent("StasisStart", "a"));
  it.take(gap);
  assert.equal(it.shown, 0);
  assert.equal(stderr.text, "ari-proxy: demo on n1: 2 events are missing, overflow\n");
  it.take(message(wanted));
  assert.equal(it.enough.aborted, false);
  it.take(message(wanted));
  it.take(message(wanted));
  assert.deepEqual([it.enough.aborted, it.shown], [true, 2]);
  assert.deepEqual(written, [wanted, wanted]);
  assert.deepEqual(recorded, [gap.text, wanted, wanted]);

  using slow = view({}, { count: 1, writer: { write: () => false, end: () => {} } } as never);
  slow.it.take(message(wanted));
  assert.deepEqual([slow.it.enough.aborted, slow.it.shown], [false, 0]);
});

Deno.test("tail writes gap notices among the events unless a program would take them for events", () => {
  const shows = (filter: TailFilterOptions, forProgram: boolean, formatted: boolean) => {
    using shown = view(filter, { forProgram, formatted });
    shown.it.take(gap);
    assert.equal(shown.stderr.text === "", shown.written.length === 1);
    return shown.written.length === 1;
  };
  const selective: TailFilterOptions[] = [
    { types: ["X"] },
    { channels: ["a"] },
    { where: "type" },
    { call: "a" },
  ];
  for (const filter of selective) {
    assert.deepEqual([shows(filter, false, false), shows(filter, true, false)], [true, false]);
  }
  assert.deepEqual([shows({}, true, false), shows({}, false, true)], [true, false]);
  assert.equal(shows({ where: 'type == "AriProxyGap"' }, true, true), true);
});

Deno.test("a recording on standard output is in it when it is flushed", async () => {
  const stdout = new FakeOutput(false, 80);
  const { promise, resolve } = Promise.withResolvers<void>();
  const texts: string[] = [];
  stdout.writeBytes = async (bytes) => {
    await promise;
    texts.push(new TextDecoder().decode(bytes));
  };
  await using recorder = await EventRecorder.open("-", { stdout });
  recorder.write(message('{"type":"Any"}'));
  let flushed = false;
  const flushing = recorder.flush().then(() => flushed = true);
  await new Promise((done) => setTimeout(done));
  assert.equal(flushed, false);
  resolve();
  await flushing;
  assert.equal(JSON.parse(texts.join("")).event.type, "Any");
});

Deno.test("a tail filter selects what is named, fulfils the expression and belongs to the call", () => {
  const filter = new TailFilter({ types: ["StasisStart"], where: 'channel.name ~ "PJSIP"' });
  const texts = [
    channelEvent("StasisStart", "a").text,
    channelEvent("StasisEnd", "a").text,
    '{"type":"StasisStart"}',
    "no event",
  ];
  assert.deepEqual(texts.map((text) => filter.accepts(text)), [true, false, false, false]);
  assert.deepEqual([filter.over, new TailFilter({}).isSelective], [false, false]);
  const call = new TailFilter({ call: "a" });
  assert.deepEqual(texts.map((text) => call.accepts(text)), [true, true, false, false]);
  assert.equal(call.over, true);
  const all = new TailFilter({});
  assert.deepEqual(texts.map((text) => all.accepts(text)), [true, true, true, true]);
});

Deno.test("tail --since holds back at most 64 Mi characters, and keeps what comes after", () => {
  const taken: string[] = [];
  const gate = new HistoryGate(({ text }) => taken.push(text));
  const large = "x".repeat(32 * 1024 * 1024);
  for (const text of [large, large]) gate.live(message(text));
  gate.live(message("last that fits"));
  gate.live(message("a"));
  gate.live(message("b"));
  assert.deepEqual(taken, []);
  gate.open();
  gate.live(message("c"));
  assert.deepEqual(taken, ["a", "b", "c"]);
});

Deno.test("a tail filter selects all events, types in any letter case, or events about channels", () => {
  const channel = { id: "1.1", name: "PJSIP/alice-00000001" };
  const start = JSON.stringify({ type: "StasisStart", channel });
  const bridge = { id: "b", channels: ["1.1", "1.2"] };
  const created = JSON.stringify({ type: "BridgeCreated", bridge });
  const passes = (options: TailFilterOptions) => {
    const filter = new TailFilter(options);
    return [start, created, "no event"].map((text) => filter.accepts(text));
  };
  assert.deepEqual(passes({}), [true, true, true]);
  assert.deepEqual(passes({ types: ["stasisstart, X"] }), [true, false, false]);
  assert.deepEqual(passes({ types: ["StasisStart", "BridgeCreated"] }), [true, true, false]);
  assert.deepEqual(passes({ channels: ["1.1"] }), [true, true, false]);
  assert.deepEqual(passes({ channels: ["1.2"] }), [false, true, false]);
  assert.deepEqual(passes({ types: ["StasisStart"], channels: ["1.2"] }), [false, false, false]);
});
