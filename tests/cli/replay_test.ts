import assert from "node:assert/strict";
import { linesOf, machineFiles } from "../../src/cli/files.ts";
import { main } from "../../src/cli/main.ts";
import { readEventMarks } from "../../src/protocol/headers.ts";
import { CliFixture, type Outcome } from "../testing/cli_fixture.ts";
import { withDeadline } from "../testing/deadline.ts";
import { createFakeIo } from "../testing/fake_io.ts";
import { receive, text } from "../testing/received.ts";
import { recordingLine } from "../testing/recording.ts";

const begun = Date.parse("2026-11-23T03:00:00.000Z");
const headers = (seq: number) => ({ "Ari-Node": "n1", "Ari-Epoch": "old", "Ari-Seq": `${seq}` });
const event = (type: string) =>
  `{"type":"${type}", "n":1.0,"asterisk_id":"n1","application":"demo"}`;

const line = (at: number, type: string, seq: number, subject = "ari.event.demo.n1") =>
  recordingLine({ at: begun + at, subject, headers: headers(seq), text: event(type) });

const recording = [
  line(0, "One", 11),
  line(0, "One", 11, "ari.dialogevent.d"),
  "no line of a recording\n",
  recordingLine({ at: begun, subject: "ari.command.demo", headers: {}, text: '{"kind":"X"}' }),
  "\r\n",
  line(300, "Two", 14),
].join("");

async function withFile(content: string, use: (path: string) => Promise<void>): Promise<void> {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(path, content);
    await use(path);
  } finally {
    await Deno.remove(path);
  }
}

Deno.test("replay publishes the events of a recording with their pauses and new numbers", async () => {
  await using fixture = await CliFixture.start();
  const heard = await receive(fixture.bus, "ari.>");
  const clock: number[] = [];
  fixture.bus.subscribe("ari.event.>", () => clock.push(performance.now()));
  await fixture.bus.flush();
  await withFile(recording, async (path) => {
    const { code, out, err } = await fixture.run(["replay", path]);
    assert.deepEqual([code, out], [0, ""]);
    assert.deepEqual(err.replace(/in \d+\.\d s/, "in … s").split("\n"), [
      "ari-proxy: Leaving out lines that are not of a recording: 3",
      "ari-proxy: Leaving out 1 message without an event",
      "ari-proxy: Replayed 3 events in … s",
      "",
    ]);
  });
  const events = (await heard.until((all) => all.some((message) => text(message).includes("Two"))))
    .filter(({ subject }) => subject.startsWith("ari.event") || subject.startsWith("ari.dialog"));
  assert.deepEqual(events.map((message) => [message.subject, text(message)]), [
    ["ari.event.demo.n1", event("One")],
    ["ari.dialogevent.d", event("One")],
    ["ari.event.demo.n1", event("Two")],
  ]);
  const marks = events.map((message) => readEventMarks(message.headers));
  assert.deepEqual(marks.map((mark) => mark?.seq), [1, 1, 2]);
  assert.notEqual(marks[0]?.epoch, "old");
  assert.ok(clock[1] - clock[0] >= 250, `${clock}`);
});

Deno.test("replay puts another application and node in their places, as fast and often as wanted", async () => {
  await using fixture = await CliFixture.start();
  const heard = await receive(fixture.bus, "ari.event.other.n2");
  await withFile(line(0, "One", 1) + line(86_400_000, "Two", 2), async (path) => {
    const { code, io } = fixture.begin([
      ...["replay", path, "--app", "other", "--node", "n2", "--speed", "max", "--loop"],
    ]);
    await heard.count(6);
    io.signal();
    assert.equal(await code, 0);
  });
  const [first] = heard.items.map((message) => JSON.parse(text(message)));
  assert.deepEqual(first, { type: "One", n: 1, asterisk_id: "n2", application: "other" });
  const seqs = heard.items.map((message) => readEventMarks(message.headers)?.seq);
  assert.deepEqual(seqs.slice(0, 6), [1, 2, 3, 4, 5, 6]);
});

Deno.test("replay is as much faster or slower as wanted, and renames only what it is told to", async () => {
  await using fixture = await CliFixture.start();
  const heard = await receive(fixture.bus, "ari.event.>");
  const pauseAt = async (speed: string, ms: number, more: string[] = []) => {
    const clock: number[] = [];
    const subscription = fixture.bus.subscribe("ari.event.>", () => clock.push(performance.now()));
    await fixture.bus.flush();
    await withFile(line(0, "One", 1) + line(ms, "Two", 2), async (path) => {
      const { code } = await fixture.run(["replay", path, "--speed", speed, ...more]);
      assert.equal(code, 0);
    });
    await fixture.bus.flush();
    subscription.close();
    return clock[1] - clock[0];
  };
  const fast = await pauseAt("10", 3_000, ["--app", "other"]);
  assert.ok(fast >= 200 && fast < 2_000, `${fast} ms at ten times the speed`);
  const slow = await pauseAt("0.5", 200, ["--node", "n2"]);
  assert.ok(slow >= 300 && slow < 2_000, `${slow} ms at half the speed`);
  const events = heard.items.map((message) => {
    const { asterisk_id, application } = JSON.parse(text(message));
    return [message.subject, asterisk_id, application];
  });
  const other = ["ari.event.other.n1", "n1", "other"];
  const second = ["ari.event.demo.n2", "n2", "demo"];
  assert.deepEqual(events, [other, other, second, second]);
});

Deno.test("replay gives copies for dialogs the number of their original, also long after it", async () => {
  await using fixture = await CliFixture.start();
  const heard = await receive(fixture.bus, "ari.>");
  const dialog = "ari.dialogevent.d";
  const without = { at: begun, subject: "ari.event.demo.n1", headers: {}, text: event("None") };
  const lines = [
    line(0, "Copy", 7, dialog),
    ...Array.from({ length: 1_001 }, (_, i) => line(0, "Any", i + 1)),
    line(0, "Copy", 1, dialog),
    line(0, "Copy", 2, dialog),
    line(0, "Copy", 2, "ari.dialogevent.e"),
    line(0, "Other", 1, "ari.event.demo.n2"),
    recordingLine(without),
    recordingLine({ ...without, subject: dialog }),
    line(0, "Last", 1, dialog),
  ];
  await withFile(lines.join(""), async (path) => {
    assert.equal((await fixture.run(["replay", path, "--speed", "max"])).code, 0);
  });
  const messages = await heard.until((all) =>
    all.some((message) => text(message).includes("Last"))
  );
  const numbers = messages.filter((message) => /"(Copy|Other|None)"/.test(text(message)))
    .map(({ subject, headers }) => [subject, readEventMarks(headers)?.seq]);
  assert.deepEqual(numbers, [
    [dialog, undefined],
    // Its original is too long ago.
    [dialog, undefined],
    [dialog, 2],
    ["ari.dialogevent.e", 2],
    ["ari.event.demo.n2", 1],
    ["ari.event.demo.n1", 1_002],
    [dialog, undefined],
  ]);
});

Deno.test("replay reads what people have edited, and fails when the bus refuses an event", async () => {
  await using fixture = await CliFixture.start();
  const heard = await receive(fixture.bus, "ari.event.demo.n1");
  const at = new Date(begun).toISOString();
  const subject = "ari.event.demo.n1";
  const lines = [
    { at, subject, text: "no event" },
    { event: { type: "First" }, at, subject, headers: { "Ari-Seq": 1, other: "x" } },
    { at, subject, headers: 7, event: { type: "Second" } },
    { at: "soon", subject, event: { type: "Bad" } },
    { at, subject: 7, event: { type: "Bad" } },
    { at, subject },
    { at, subject, event: { type: "Large", filler: "x".repeat(70 * 1024 * 1024) } },
    { at, subject, event: { type: "Last" } },
  ];
  const text_ = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
  await withFile(text_, async (path) => {
    const { code, err } = await fixture.run(["replay", path, "--speed", "max"]);
    assert.equal(code, 1);
    const [bad, refused, replayed, missing, ...more] = err.trimEnd().split("\n");
    assert.equal(bad, "ari-proxy: Leaving out lines that are not of a recording: 4,5,6");
    assert.match(refused, /^ari-proxy: Cannot publish an event on ari\.event\.demo\.n1: /);
    assert.match(replayed, /Replayed 4 events in/);
    assert.match(missing, /Not published: 1 event of /);
    assert.deepEqual(more, []);
  });
  const all = await heard.until((messages) => messages.some((it) => text(it).includes("Last")));
  assert.deepEqual(all.map(text), [
    ...["no event", '{"type":"First"}', '{"type":"Second"}', '{"type":"Last"}'],
  ]);
});

Deno.test("replay reports at most ten lines that it cannot read", async () => {
  await using fixture = await CliFixture.start();
  await withFile(line(0, "One", 1) + "odd\n".repeat(12), async (path) => {
    const { code, err } = await fixture.run(["replay", path]);
    assert.equal(code, 0);
    assert.match(err, /lines that are not of a recording: 2,3,4,5,6,7,8,9,10,11\n/);
  });
});

Deno.test("replay refuses the events of a running node, unless it is forced to", async () => {
  await using fixture = await CliFixture.start();
  await fixture.node("demo", { entityId: "n1" });
  await withFile(line(0, "One", 1), async (path) => {
    const { code, err } = await fixture.run(["replay", path]);
    assert.equal(code, 2);
    assert.match(
      err,
      /Cannot replay events of demo on n1: that node is running; give another name/,
    );
    assert.equal((await fixture.run(["replay", path, "--force"])).code, 0);
    assert.equal((await fixture.run(["replay", path, "--node", "n9"])).code, 0);
  });
});

Deno.test("replay waits for a bus that is lost, and goes on", async () => {
  await using fixture = await CliFixture.start();
  const many = Array.from({ length: 40 }, (_, i) => line(i * 50, "Some", i + 1)).join("");
  await withFile(many + line(2_000, "Last", 41), async (path) => {
    const heard = await receive(fixture.bus, "ari.event.>");
    const { code, io } = fixture.begin(["replay", path]);
    await heard.count(3);
    await fixture.server.kill();
    await io.stderr.until(/The bus is disconnected/);
    await fixture.server.restart();
    await fixture.connected();
    await heard.until((all) => all.some((message) => text(message).includes("Last")));
    assert.equal(await code, 0);
  });
});

Deno.test("replay shows how far it is on a terminal, and fails when a recording has become shorter", async () => {
  await using fixture = await CliFixture.start();
  const whole = line(0, "One", 1) + line(400, "Two", 2);
  await withFile(whole, async (path) => {
    const seen = fixture.begin(["replay", path], { terminal: true });
    await seen.io.stderr.until(/\r\[={12} {12}\] {2}50% {2}1 of 2 /);
    assert.equal(await seen.code, 0);
    assert.ok(seen.io.stderr.text.includes("\r\x1b[Kari-proxy: Replayed 2 events in"));

    for (const more of [[], ["--loop"]]) {
      const texts = [whole, whole.slice(0, whole.indexOf("\n") + 1)];
      const io = createFakeIo({ env: fixture.env });
      const read = () => Promise.resolve(new Blob([texts.shift() ?? ""]).stream());
      const args = ["replay", path, "--speed", "max", ...more];
      const code = main(args, { ...io, files: { ...machineFiles, read } });
      assert.equal(await withDeadline(code, { what: "the end of replay" }), 1);
      assert.match(io.stderr.text, /Replayed 1 event in/);
      assert.match(io.stderr.text, new RegExp(`Not published: 1 event of ${path}\n`));
    }
  });
});

Deno.test("replay refuses what is not a recording", async () => {
  await using fixture = await CliFixture.start();
  const refused = async (args: string[], message: RegExp) => {
    const { code, err }: Outcome = await fixture.run(["replay", ...args]);
    assert.equal(code, 2);
    assert.match(err, message);
  };
  await refused(["/nowhere/at/all"], /Cannot read \/nowhere\/at\/all: No such file/);
  await withFile("a letter\n", (path) => refused([path], /it is not a recording/));
  await withFile("", (path) => refused([path], /there are no events in it/));
  await withFile("", (path) => refused([path, "--speed", "0"], /neither max nor a number above 0/));
});

Deno.test("lines are those of the text, wherever its bytes are cut", async () => {
  const source = new TextEncoder().encode("é one\r\n\ntwo ✓\n\nlast");
  for (let size = 1; size <= source.length; size++) {
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let at = 0; at < source.length; at += size) {
          controller.enqueue(source.subarray(at, at + size));
        }
        controller.close();
      },
    });
    const lines = await Array.fromAsync(linesOf(stream));
    assert.deepEqual(lines, ["é one", "", "two ✓", "", "last"]);
  }
});
