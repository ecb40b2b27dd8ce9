import assert from "node:assert/strict";
import { createTailWriter } from "../../src/cli/tail/writer.ts";
import { AbortListeners } from "../testing/abort_listeners.ts";
import { CliFixture } from "../testing/cli_fixture.ts";
import { withDeadline } from "../testing/deadline.ts";
import { FakeOutput } from "../testing/fake_io.ts";

const channel = { id: "1.1", name: "PJSIP/a-1", state: "Up" };
const event = (type: string, more: Record<string, unknown> = {}) =>
  JSON.stringify({
    type,
    timestamp: "2026-11-22T22:18:58.338+0000",
    ...more,
    asterisk_id: "n1",
    application: "demo",
  });

/** Publishes a marker again and again until the program has shown it, and so listens. */
async function listening(
  fixture: CliFixture,
  shown: FakeOutput,
  marker: string,
  subject = "ari.event.demo.n1",
): Promise<void> {
  let over = false;
  const seen = shown.until(new RegExp(marker)).finally(() => over = true);
  while (!over) {
    fixture.publish(subject, event(marker));
    await fixture.bus.flush();
  }
  await seen;
}

/** What tail says first. */
const listeningLine = "ari-proxy: Listening on ari.event.>\n";

const withoutMarkers = (lines: readonly string[]) =>
  lines.filter((line) => !line.includes("Marker"));

Deno.test("tail writes events as they came, one a line, until it is interrupted", async () => {
  await using fixture = await CliFixture.start();
  const { code, io } = fixture.begin(["tail"]);
  await listening(fixture, io.stdout, "MarkerOne");
  const texts = [
    event("StasisStart", { channel }),
    '{"type": "Odd",  "x":"\\u00e9 é"}',
    "no event",
    '{"type":"Wide",\n  "a": "b\\nc"\n}\n',
  ];
  texts.forEach((text) => fixture.publish("ari.event.demo.n1", text));
  await io.stdout.until(/Wide/);
  io.signal();
  assert.equal(await code, 0);
  assert.deepEqual(withoutMarkers(io.stdout.lines), [
    ...texts.slice(0, 3),
    '{"type":"Wide",   "a": "b\\nc" }',
  ]);
  assert.equal(io.stderr.text, listeningLine);
  assert.equal(io.listeners, 0);
});

Deno.test("tail reports gaps whatever it filters, apart from what a program reads, and which numbers are missing", async () => {
  await using fixture = await CliFixture.start();
  const begin = (...args: string[]) => fixture.begin(["tail", "--count", "2", ...args]);
  const ends = ["--type", "StasisEnd"];
  const shown = begin(...ends);
  const formatted = begin("--where", 'type != "ChannelVarset"', "--format", "{type} {reason}");
  const named = begin("--type", "stasisend,ariproxygap");
  const all = begin();
  const seen = fixture.begin(["tail", "--count", "2", ...ends], {
    terminal: true,
    env: { NO_COLOR: "1" },
  });
  const everyone = [shown, formatted, named, all, seen];
  for (const { io } of everyone) await io.stderr.until(/Listening/);
  const publish = (seq: number, text: string) =>
    fixture.bus.publish("ari.event.demo.n1", new TextEncoder().encode(text), {
      headers: { "Ari-Node": "n1", "Ari-Epoch": "e", "Ari-Seq": `${seq}` },
    });
  const gap = event("AriProxyGap", {
    reason: "overflow",
    detail: "too many events waited",
    to: "2026-11-22T22:18:58.338+0000",
    epoch: "e",
    first_seq: 2,
    last_seq: 4,
    count: 3,
    certain: true,
  });
  publish(1, event("StasisEnd", { channel }));
  publish(5, gap);
  publish(8, event("ChannelVarset"));
  publish(9, event("StasisEnd", { channel }));
  for (const { code } of everyone) assert.equal(await code, 0);
  const end = event("StasisEnd", { channel });
  assert.deepEqual(shown.io.stdout.lines, [end, end]);
  assert.deepEqual(formatted.io.stdout.lines, ["StasisEnd ", "StasisEnd "]);
  const missed = "ari-proxy: Missed events on ari.event.demo.n1: numbers 6 to 7 did not arrive\n";
  for (const { io } of [shown, formatted]) {
    const [listening, notice, numbers] = io.stderr.text.split(/(?<=\n)/);
    assert.deepEqual([listening, numbers], [listeningLine, missed]);
    assert.match(
      notice,
      /^ari-proxy: demo on n1: 3 events are missing, overflow, too many events waited, to \d\d:\d\d:58\.338\n$/,
    );
  }
  // Who asks for notices gets them as events, and who keeps nothing out gets all.
  assert.deepEqual(named.io.stdout.lines, [end, gap]);
  assert.deepEqual(all.io.stdout.lines, [end, gap, event("ChannelVarset")]);
  assert.match(seen.io.stdout.lines[1], / AriProxyGap .* 3 events are missing /);
  assert.equal(seen.io.stderr.text, listeningLine + missed);
});

Deno.test("tail shows aligned lines on a terminal, and other messages with their subject", async () => {
  await using fixture = await CliFixture.start();
  const { code, io } = fixture.begin(["tail", "ari.>"], {
    terminal: true,
    env: { NO_COLOR: "1" },
  });
  await io.stderr.until(/^ari-proxy: Listening on ari\.>\n$/);
  await listening(fixture, io.stdout, "MarkerOne");
  fixture.publish("ari.event.demo.n1", event("StasisEnd", { channel }));
  fixture.publish("ari.ping", '{"kind":"\x1b[31m"}');
  await io.stdout.until(/ari\.ping/);
  io.signal("SIGTERM");
  assert.equal(await code, 0);
  const [first, second] = withoutMarkers(io.stdout.lines);
  assert.match(first, /^\d\d:\d\d:58\.338 {2}n1 {2}demo {2}StasisEnd {13}PJSIP\/a-1 \(1\.1\) Up$/);
  assert.equal(second, 'ari.ping  {"kind":"\ufffd[31m"}');
});

Deno.test("tail shows only the types and channels that are wanted", async () => {
  await using fixture = await CliFixture.start();
  const { code, io } = fixture.begin(
    ["tail", "--type", "MarkerOne", "--type", "stasisstart,StasisEnd", "--app", "demo"],
  );
  const other = fixture.begin(["tail", "--channel", "1.1", "--count", "1"]);
  await listening(fixture, io.stdout, "MarkerOne");
  const publish = (type: string, id: string) =>
    fixture.publish("ari.event.demo.n1", event(type, { channel: { ...channel, id } }));
  publish("StasisStart", "1.2");
  publish("ChannelVarset", "1.2");
  publish("StasisEnd", "1.2");
  await io.stdout.until(/StasisEnd/);
  io.signal();
  assert.equal(await code, 0);
  const types = withoutMarkers(io.stdout.lines).map((line) => JSON.parse(line).type);
  assert.deepEqual(types, ["StasisStart", "StasisEnd"]);

  let over = false;
  other.code.then(() => over = true);
  while (!over) {
    publish("ChannelVarset", "1.1");
    await fixture.bus.flush();
  }
  assert.equal(await other.code, 0);
  assert.equal(other.io.stdout.lines.length, 1);
});

Deno.test("tail ends after its time: with 0, or with 7 when too few events came", async () => {
  await using fixture = await CliFixture.start();
  assert.deepEqual(await fixture.run(["tail", "--wait", "50ms"]), {
    code: 0,
    out: "",
    err: listeningLine,
  });
  assert.deepEqual(await fixture.run(["tail", "--wait", "50ms", "--count", "2"]), {
    code: 7,
    out: "",
    err: listeningLine + "ari-proxy: Only 0 of 2 events arrived in time\n",
  });
});

Deno.test("tail --until-over ends with 7 when the call was not over in time", async () => {
  await using fixture = await CliFixture.start();
  assert.deepEqual(await fixture.run(["tail", "--call", "a", "--until-over", "--wait", "50ms"]), {
    code: 7,
    out: "",
    err: listeningLine + "ari-proxy: The call of a was not over in time\n",
  });
});

Deno.test("tail colours its lines on a terminal that has colours, and writes JSON there with --json", async () => {
  await using fixture = await CliFixture.start();
  const shown = async (args: string[], env: Record<string, string>) => {
    const { code, io } = fixture.begin(["tail", "--count", "1", ...args], { terminal: true, env });
    await io.stderr.until(/Listening/);
    fixture.publish("ari.event.demo.n1", event("StasisEnd", { channel }));
    assert.equal(await code, 0);
    return io.stdout.text;
  };
  assert.ok((await shown([], {})).includes("\x1b[1mStasisEnd"));
  assert.ok(!(await shown([], { NO_COLOR: "1" })).includes("\x1b"));
  assert.ok(!(await shown([], { TERM: "dumb" })).includes("\x1b"));
  assert.equal(await shown(["--json"], {}), `${event("StasisEnd", { channel })}\n`);
  assert.equal(await shown(["--format", "{type}|{none}"], {}), "StasisEnd|\n");
});

Deno.test("tail, nodes and replay leave no listener on signals, and none for SIGINT", async () => {
  await using fixture = await CliFixture.start();
  const file = await Deno.makeTempFile();
  try {
    const line = { at: new Date(0), subject: "ari.event.demo.n1", event: { type: "Any" } };
    await Deno.writeTextFile(file, `${JSON.stringify(line)}\n`.repeat(3));
    using listeners = new AbortListeners();
    for (
      const args of [
        ["tail", "--wait", "1ms"],
        ["tail", "--since", "1m", "--wait", "1ms"],
        ["nodes", "--wait", "1ms"],
        ["replay", file, "--force"],
      ]
    ) {
      const { code, io } = fixture.begin(args);
      await code;
      assert.deepEqual([listeners.count, io.listeners], [0, 0], args.join(" "));
    }
  } finally {
    await Deno.remove(file);
  }
});

Deno.test("tail listens on the subject of application, node and dialog", async () => {
  await using fixture = await CliFixture.start();
  const cases: [string[], string][] = [
    [["--app", "demo"], "ari.event.demo.>"],
    [["--app", "demo", "--node", "n1"], "ari.event.demo.n1"],
    [["--node", "n1"], "ari.event.elsewhere.n1"],
    [["--dialog", "d1"], "ari.dialogevent.d1"],
    [["ari.event.*.n1", "ari.ping", "ari.ping"], "ari.event.*.n1, ari.ping"],
    [[], "ari.event.>"],
  ];
  for (const [args, subject] of cases) {
    const { err } = await fixture.run(["tail", ...args, "--wait", "1ms"], {
      terminal: true,
      env: { ARI_APPLICATION: "elsewhere" },
    });
    assert.equal(err, `ari-proxy: Listening on ${subject}\n`);
  }
});

Deno.test("tail reports when the bus is disconnected and when it is connected again, and goes on", async () => {
  await using fixture = await CliFixture.startOwn();
  const { code, io } = fixture.begin(["tail"]);
  await listening(fixture, io.stdout, "MarkerOne");
  await fixture.server.kill();
  await io.stderr.until(/ari-proxy: The bus is disconnected, events may be missing: /);
  await fixture.server.restart();
  await io.stderr.until(/ari-proxy: The bus is connected again: 127\.0\.0\.1:\d+\n/);
  await fixture.connected();
  await listening(fixture, io.stdout, "MarkerTwo");
  io.signal();
  assert.equal(await code, 0);
});

Deno.test("tail ends quietly when its reader goes away", async () => {
  await using fixture = await CliFixture.start();
  const { code, io } = fixture.begin(["tail"]);
  await listening(fixture, io.stdout, "MarkerOne");
  io.stdout.close();
  assert.equal(await withDeadline(code, { what: "the end of tail" }), 0);
  assert.equal(io.stderr.text, listeningLine);
});

Deno.test("tail reports in two lines that there is no bus, and what to do", async () => {
  const url = await CliFixture.startOwn().then(async (fixture) => {
    await fixture[Symbol.asyncDispose]();
    return fixture.server.url;
  });
  await using fixture = await CliFixture.start();
  const { code, out, err } = await fixture.run(["tail", "-u", url]);
  assert.deepEqual([code, out], [1, ""]);
  const [line, advice] = err.trimEnd().split("\n");
  assert.match(line, /^ari-proxy: Cannot reach (NATS|RabbitMQ) at 127\.0\.0\.1:\d+: /);
  assert.match(advice, /^ari-proxy: Start a server there, .* or name another with --url/);
});

Deno.test("a tail writer drops events while its reader is too slow, and reports how many", () => {
  const stdout = new FakeOutput(false, 80);
  const stderr = new FakeOutput(false, 80);
  const writer = createTailWriter({ stdout, stderr, env: () => undefined }, { limit: 10 });
  assert.equal(writer.write("s", "one"), true);
  stdout.pending = 11;
  assert.equal(writer.write("s", "two"), false);
  assert.equal(writer.write("s", "three"), false);
  stdout.pending = 0;
  assert.equal(writer.write("s", "four"), true);
  assert.deepEqual(stdout.lines, ["one", "four"]);
  const began = "ari-proxy: Losing events: the output is read too slowly\n";
  const lost = (count: number) =>
    `ari-proxy: Lost ${count} events: the output was read too slowly\n`;
  assert.equal(stderr.text, began + lost(2));
  stdout.pending = 11;
  writer.write("s", "five");
  writer.end();
  assert.equal(stderr.text, began + lost(2) + began + lost(1));
});

Deno.test("a tail writer lets 16 Mi characters wait, and nothing more", () => {
  const stdout = new FakeOutput(false, 80);
  const stderr = new FakeOutput(false, 80);
  const writer = createTailWriter({ stdout, stderr, env: () => undefined });
  stdout.pending = 16 * 1024 * 1024;
  assert.equal(writer.write("s", "one"), true);
  stdout.pending++;
  assert.equal(writer.write("s", "two"), false);
  stdout.pending = 0;
  writer.write("s", "no event\nat all");
  assert.deepEqual(stdout.lines, ["one", "no event", "at all"]);
});

Deno.test("tail suggests a subject where nothing would be shown", async () => {
  await using fixture = await CliFixture.start();
  const run = (subject: string) => fixture.run(["tail", subject, "--wait", "1ms"]);
  const meant = async (subject: string) => {
    const { code, err } = await run(subject);
    assert.equal(code, 0);
    const [line, ...more] = err.trimEnd().split("\n").toReversed();
    assert.equal(line, `ari-proxy: Listening on ${subject}`);
    assert.ok(more.length <= 1, err);
    const start =
      `Events come on ari.event.APPLICATION.NODE, and none on ${subject}; did you mean `;
    return more[0]?.replace(`ari-proxy: ${start}`, "").replace(/\?$/, "");
  };
  const cases: Readonly<Record<string, string | undefined>> = {
    "demo": "ari.event.demo.>",
    "demo.>": "ari.event.demo.>",
    "event.demo.>": "ari.event.demo.>",
    "ari": "ari.>",
    "ari.event": "ari.event.>",
    "ari.event.demo": "ari.event.demo.>",
    "ari.event.demo.n1": undefined,
    "ari.event.*": "ari.event.*.>",
    "ari.event.>": undefined,
    "ari.event.demo.>": undefined,
    "*.event.demo.*": undefined,
    "ari.dialogevent.d": undefined,
    "ari.command.demo": undefined,
    ">": undefined,
  };
  for (const [subject, wanted] of Object.entries(cases)) {
    assert.equal(await meant(subject), wanted, subject);
  }
  for (const subject of ["#", "ari.event.#", "ari.#.n1"]) {
    const { code, err } = await run(subject);
    assert.equal(code, 2);
    assert.match(err, /write > for all that follows, and \* for one part\n$/);
  }
});

Deno.test("tail asks whether an unknown type of events is meant, and listens to it", async () => {
  await using fixture = await CliFixture.start();
  const words = ["tail", "--type", "StasisEnd,stasisstart,StasisStrt", "--count", "1"];
  const tail = fixture.begin(words);
  await tail.io.stderr.until(/Listening on/);
  fixture.publish("ari.event.demo.n1", '{"type":"StasisStrt"}');
  assert.equal(await tail.code, 0);
  assert.deepEqual(tail.io.stderr.text.match(/^.*No event.*$/gm), [
    "ari-proxy: No event of Asterisk 22 is called StasisStrt; did you mean StasisStart?",
  ]);
});
