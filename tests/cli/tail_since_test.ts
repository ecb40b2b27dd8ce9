import assert from "node:assert/strict";
import { machineFiles } from "../../src/cli/files.ts";
import { main } from "../../src/cli/main.ts";
import { readEventMarks } from "../../src/protocol/headers.ts";
import { parseJson } from "../../src/protocol/json.ts";
import { CliFixture, type FixtureNode } from "../testing/cli_fixture.ts";
import { withDeadline } from "../testing/deadline.ts";
import { createFakeIo } from "../testing/fake_io.ts";
import { receive } from "../testing/received.ts";
import { until } from "../testing/until.ts";
import { busNames } from "../testing/servers/bus_server.ts";

const channel = (id: string) => ({ id, name: `PJSIP/${id}`, state: "Up" });

/** Sends an event and waits until the bus has it. */
async function happen(
  fixture: CliFixture,
  { asterisk }: FixtureNode,
  event: Readonly<Record<string, unknown>>,
): Promise<void> {
  const heard = await receive(fixture.bus, "ari.event.>");
  asterisk.sendEvent({ ...event, application: "demo" });
  await heard.until((messages) =>
    messages.some(({ data }) => new TextDecoder().decode(data).includes(`"${event.type}"`))
  );
  // What comes next is of a later time, by the clock that proxies tell it with.
  const at = Date.now();
  await until(() => Date.now() > at, "the next millisecond");
}

const typesOf = (lines: readonly string[]) => lines.map((line) => JSON.parse(line).type);

Deno.test("tail --since shows the history of all nodes in the order of time, and goes on live", async () => {
  await using fixture = await CliFixture.start();
  const n1 = await fixture.node("demo", { entityId: "n1" });
  const n2 = await fixture.node("demo", { entityId: "n2" });
  await happen(fixture, n1, { type: "One", channel: channel("a") });
  await happen(fixture, n2, { type: "Two" });
  await happen(fixture, n1, { type: "Three" });
  const began = performance.now();
  const { code, io } = fixture.begin(["tail", "--app", "demo", "--since", "1m", "--count", "5"]);
  await io.stdout.until(/"Three"/);
  // Not the 5 s for which a node that does not answer would be waited for.
  assert.ok(performance.now() - began < 3_000);
  n2.asterisk.sendEvent({ type: "Four", application: "demo" });
  n1.asterisk.sendEvent({ type: "Five", application: "demo" });
  assert.equal(await code, 0);
  const types = typesOf(io.stdout.lines);
  const [first, second, ...rest] = types;
  assert.deepEqual([first, second], ["AriProxyGap", "AriProxyGap"]);
  assert.deepEqual(rest.slice(0, 3), ["One", "Two", "Three"]);
  assert.deepEqual(rest.slice(3).sort(), ["Five", "Four"]);
  assert.equal(io.stderr.text, "ari-proxy: Listening on ari.event.demo.>\n");

  const one = await fixture.run(["tail", "ari.event.*.n2", "--since", "1m", "--count", "2"]);
  assert.deepEqual(typesOf(one.out.trimEnd().split("\n")), ["AriProxyGap", "Two", "Four"]);
});

for (const on of busNames) {
  Deno.test(`${on}: tail --since has neither a hole nor a double between history and live events`, async () => {
    await using fixture = await CliFixture.start(on);
    const { asterisk } = await fixture.node("demo", { entityId: "n1" });
    const total = 6_000;
    const filler = "x".repeat(300);
    let sent = 0;
    const send = (count: number) => {
      for (let i = 0; i < count; i++) {
        asterisk.sendEvent({ type: "Numbered", n: ++sent, filler, application: "demo" });
      }
    };
    send(3_000);
    const { code, io } = fixture.begin(["tail", "--since", "1m", "--count", `${total + 1}`]);
    // What happens after this line comes twice: now, and in the parts of the past asked for later.
    await io.stderr.until(/Listening/);
    while (sent < total) {
      send(100);
      await fixture.bus.flush();
    }
    await until(() => io.stdout.text.includes(`"n":${total},`), "all that was sent");
    // One more, since tail ends with the last that it counts, whatever would come behind it.
    send(1);
    assert.equal(await withDeadline(code, { what: "all events" }), 0);
    const numbers = io.stdout.lines.map((line) => JSON.parse(line)).filter(({ n }) => n)
      .map(({ n }) => n);
    assert.deepEqual(numbers, Array.from({ length: total + 1 }, (_, i) => i + 1));
    assert.equal(io.stderr.text, "ari-proxy: Listening on ari.event.>\n");
  });
}

Deno.test("tail --since reports nodes without a history, and goes on with live events", async () => {
  await using fixture = await CliFixture.start();
  const { code, io } = fixture.begin(["tail", "--since", "1m"]);
  await io.stderr.until(/ari-proxy: No history: /);
  io.signal();
  assert.equal(await code, 0);

  // A proxy of the original, as far as this goes.
  const announcement = '{"node":"go","asterisk":"go","application":"demo"}';
  fixture.bus.subscribe("ari.ping", () => fixture.publish("ari.announce", announcement));
  fixture.bus.subscribe("ari.data", ({ replyTo }) => {
    if (replyTo) fixture.publish(replyTo, '{"error":"Not implemented"}');
  });
  await fixture.bus.flush();
  const shown = fixture.begin(["tail", "--since", "1m", "--count", "1"]);
  await shown.io.stderr.until(
    /No history from one of the nodes: it keeps no events/,
  );
  fixture.publish("ari.event.demo.go", '{"type":"Now"}');
  assert.equal(await shown.code, 0);
  assert.deepEqual(typesOf(shown.io.stdout.lines), ["Now"]);
});

Deno.test("tail --call with --since shows a call that is over, with what came before it was one", async () => {
  await using fixture = await CliFixture.start();
  const node = await fixture.node("demo", { entityId: "n1" });
  const { asterisk } = node;
  const bridge = (channels: string[]) => ({ id: "b", bridge_type: "mixing", channels });
  const send = (event: Record<string, unknown>) =>
    asterisk.sendEvent({ ...event, application: "demo" });
  send({ type: "StasisStart", channel: channel("other") });
  send({ type: "StasisStart", channel: channel("late") });
  send({ type: "StasisStart", channel: channel("a") });
  send({ type: "ChannelEnteredBridge", channel: channel("late"), bridge: bridge(["late"]) });
  send({ type: "ChannelEnteredBridge", channel: channel("a"), bridge: bridge(["late", "a"]) });
  send({ type: "ChannelDestroyed", channel: channel("a") });
  await happen(fixture, node, { type: "ChannelDestroyed", channel: channel("late") });
  const { code, out } = await fixture.run([
    ...["tail", "--call", "a", "--since", "1m", "--until-over", "--wait", "20s"],
    ...["--format", "{type} {channel.id}"],
  ]);
  assert.equal(code, 0);
  assert.deepEqual(out.trimEnd().split("\n"), [
    "StasisStart late",
    "StasisStart a",
    "ChannelEnteredBridge late",
    "ChannelEnteredBridge a",
    "ChannelDestroyed a",
    "ChannelDestroyed late",
  ]);
});

Deno.test("tail filters by an expression, writes by a template and records what it shows", async () => {
  await using fixture = await CliFixture.start();
  const file = await Deno.makeTempFile();
  try {
    const begin = () =>
      fixture.begin([
        ...["tail", "--where", 'type ~ /^Channel/ && channel.state == "Up"'],
        ...["--format", "{type:14}|{channel.id}|{none}", "--count", "1", "--record", file],
      ]);
    const headers = { "Ari-Node": "n1", "Ari-Epoch": "e", "Ari-Seq": "7" };
    const texts = [
      '{"type":"ChannelHold","channel":{"id":"1","state":"Down"}}',
      '{"type":"ChannelHold", "channel":{"id":"2","state":"Up"},"n":1.0}',
    ];
    for (let run = 1; run <= 2; run++) {
      const { code, io } = begin();
      await io.stderr.until(/Listening/);
      for (const text of texts) {
        fixture.bus.publish("ari.event.demo.n1", new TextEncoder().encode(text), { headers });
      }
      assert.equal(await code, 0);
      assert.equal(io.stdout.text, "ChannelHold   |2|\n");
      const lines = (await Deno.readTextFile(file)).trimEnd().split("\n");
      assert.equal(lines.length, run);
      const recorded = parseJson(lines[0]) as { at: string; subject: string; headers: never };
      assert.equal(recorded.subject, "ari.event.demo.n1");
      assert.deepEqual(readEventMarks(recorded.headers), { node: "n1", epoch: "e", seq: 7 });
      assert.ok(Math.abs(Date.parse(recorded.at) - Date.now()) < 60_000);
      assert.ok(lines[0].endsWith(`"event":${texts[1]}}`), lines[0]);
    }
  } finally {
    await Deno.remove(file);
  }
});

Deno.test("tail ends with an error when it cannot record", async () => {
  await using fixture = await CliFixture.start();
  const file = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(file, "a letter\n");
    const other = await fixture.run(["tail", "--record", file]);
    assert.equal(other.code, 1);
    assert.match(other.err, /^ari-proxy: Cannot record to .*: it is not a recording\n$/);
    assert.equal(await Deno.readTextFile(file), "a letter\n");
  } finally {
    await Deno.remove(file);
  }
  const missing = await fixture.run(["tail", "--record", "/nowhere/at/all"]);
  assert.match(missing.err, /^ari-proxy: Cannot record to \/nowhere\/at\/all: No such file/);
  const full = fixture.begin(["tail", "--record", "/dev/full"]);
  await full.io.stderr.until(/Listening/);
  fixture.publish("ari.event.demo.n1", '{"type":"Any"}');
  assert.equal(await full.code, 1);
  assert.match(full.io.stderr.text, /\nari-proxy: Cannot write to \/dev\/full: No space left/);
});

Deno.test("tail refuses contradicting flags before it connects", async () => {
  await using fixture = await CliFixture.start();
  const refused: [string[], RegExp][] = [
    [["--until-over"], /Cannot use --until-over alone: a call is needed with it/],
    [["--since", "1m", "--dialog", "d"], /Cannot use --since with --dialog/],
    [["--since", "soon"], /"soon" is not a time such as 5m/],
    [["--where", "type ="], /Cannot use --where: = is written == here\n.*type =\n.* {5}\^/],
    [["--format", "{"], /Cannot use --format: the brace has no partner/],
  ];
  for (const [args, message] of refused) {
    const { code, out, err } = await fixture.run(["tail", ...args, "--url", "nats://127.0.0.1:1"]);
    assert.deepEqual([code, out], [2, ""], args.join(" "));
    assert.match(err, message);
  }
});

Deno.test("tail --since repeats its request to a proxy that is busy", async () => {
  await using fixture = await CliFixture.start();
  const { bus } = fixture;
  const part = {
    application: "demo",
    node: "n1",
    epoch: "e",
    kept_from: "2026-11-26T10:00:00.000Z",
    last_seq: 1,
    more: false,
    events: [{ seq: 1, time: "2026-11-26T10:00:00.000Z", event: '{"type":"Kept"}' }],
  };
  let asked = 0;
  bus.subscribe("ari.data.demo", ({ replyTo = "" }) => {
    const busy = { error: "Busy: 100 requests for past events wait already" };
    const answer = ++asked === 1 ? busy : { error: "", data: { history: part } };
    bus.publish(replyTo, new TextEncoder().encode(JSON.stringify(answer)));
  });
  await bus.flush();
  const words = ["tail", "--app", "demo", "--since", "2026-11-26T09:00", "--count", "1"];
  const { code, out, err } = await fixture.run(words);
  assert.equal(code, 0, err);
  assert.deepEqual(typesOf(out.trimEnd().split("\n")), ["Kept"]);
  assert.equal(asked, 2);
});

for (const on of busNames) {
  Deno.test(`${on}: tail --since shows events once that are in the history and came over the bus`, async () => {
    await using fixture = await CliFixture.start(on);
    const { bus } = fixture;
    const send = (subject: string, text: string, headers = {}) =>
      bus.publish(subject, new TextEncoder().encode(text), { headers });
    const live = (seq: number, { epoch = "e", node = "n1" } = {}) =>
      send(`ari.event.demo.${node}`, `{"type":"${node}-${epoch}-${seq}"}`, {
        ...{ "Ari-Node": node, "Ari-Epoch": epoch, "Ari-Seq": `${seq}` },
      });
    const kept = (seq: number) => ({
      seq,
      time: `2026-11-26T10:00:00.00${seq}Z`,
      event: `{"type":"n1-e-${seq}"}`,
    });
    const about = { application: "demo", node: "n1", epoch: "e", kept_from: kept(1).time };
    const parts = [
      { ...about, last_seq: 2, more: true, events: [kept(1), kept(2)] },
      { ...about, last_seq: 4, more: false, events: [kept(3), kept(4)] },
    ];
    bus.subscribe("ari.data.>", async ({ replyTo = "" }) => {
      const history = parts.shift();
      // Before the first part, and while the second is asked for.
      for (const seq of history?.more ? [2, 3] : [4, 5]) live(seq);
      if (history?.more) {
        live(1, { epoch: "other" });
        live(1, { node: "n2" });
        send("ari.event.demo.n1", '{"type":"without number"}');
      }
      await bus.flush();
      send(replyTo, JSON.stringify({ error: "", data: { history } }));
      await bus.flush();
      if (!history?.more) [3, 4, 6].forEach((seq) => live(seq));
    });
    await bus.flush();
    const since = ["--since", "2026-11-26T09:00"];
    const { code, io } = fixture.begin(["tail", "--app", "demo", ...since, "--count", "9"]);
    assert.equal(await withDeadline(code, { what: "nine events" }), 0);
    const past = ["n1-e-1", "n1-e-2", "n1-e-3", "n1-e-4"];
    const now = ["n1-e-5", "n1-e-6", "n1-other-1", "n2-e-1", "without number"];
    const types = typesOf(io.stdout.lines);
    assert.deepEqual(types.slice(0, 4), past);
    assert.deepEqual(types.slice(4).sort(), now);
  });
}

Deno.test("tail reports that the file of a recording is too slow, and how many events it lacks", async () => {
  await using fixture = await CliFixture.start();
  const written: string[] = [];
  const go = Promise.withResolvers<void>();
  const append = () =>
    Promise.resolve({
      head: new Uint8Array(),
      torn: true,
      async write(data: Uint8Array) {
        await go.promise;
        const some = data.slice(0, 1_000_000);
        written.push(new TextDecoder().decode(some));
        return some.length;
      },
      [Symbol.dispose]: () => void written.push("closed"),
    });
  const io = createFakeIo({ env: fixture.env });
  const args = ["tail", "--record", "slow", "--count", "21"];
  const code = main(args, { ...io, files: { ...machineFiles, append } });
  await io.stderr.until(/Listening/);
  // At most 16 Mi characters wait, and one event more.
  const filler = "x".repeat(900_000);
  for (let n = 1; n <= 21; n++) {
    fixture.publish("ari.event.demo.n1", JSON.stringify({ type: "Large", n, filler }));
  }
  await io.stdout.until(/"n":21,/);
  assert.match(io.stderr.text, /\nari-proxy: Losing events: slow is written too slowly\n$/);
  go.resolve();
  assert.equal(await code, 0);
  assert.match(io.stderr.text, /\nari-proxy: Lost 2 events: slow was written too slowly\n$/);
  assert.equal(written.at(-1), "closed");
  const text = written.slice(0, -1).join("");
  assert.ok(text.startsWith('\n{"at":"'));
  const numbers = text.trim().split("\n").map((line) => JSON.parse(line).event.n);
  assert.deepEqual(numbers, Array.from({ length: 19 }, (_, i) => i + 1));
});

/** A proxy that answers requests for history, and counts them. */
async function historian(
  fixture: CliFixture,
  answer: (payload: { readonly after?: number; readonly epoch?: string }) => unknown,
) {
  const asked: unknown[] = [];
  fixture.bus.subscribe("ari.data.>", ({ data, replyTo = "" }) => {
    const { event_history: payload = {} } = JSON.parse(new TextDecoder().decode(data));
    asked.push(payload.after);
    const found = answer(payload);
    const response = typeof found === "string"
      ? { error: found }
      : { error: "", data: { history: found } };
    fixture.publish(replyTo, JSON.stringify(response));
  });
  await fixture.bus.flush();
  return asked;
}

const keptAt = (seq: number) => `2026-11-26T10:00:00.0${`${seq}`.padStart(2, "0")}Z`;
const kept = (seq: number) => ({ seq, time: keptAt(seq), event: `{"type":"E${seq}"}` });
const page = (seqs: readonly number[], more: object = {}) => ({
  ...{ application: "demo", node: "n1", epoch: "e", kept_from: keptAt(1) },
  ...{ last_seq: seqs.at(-1) ?? 0, more: false, events: seqs.map(kept), ...more },
});
const sinceArgs = ["tail", "--app", "demo", "--since", "2026-11-26T09:00", "--wait", "1ms"];

Deno.test("tail --since turns all pages of a history, also those without an event", async () => {
  await using fixture = await CliFixture.start();
  const pages = new Map<number | undefined, unknown>([
    [undefined, page([1, 2], { more: true })],
    [2, page([], { more: true, last_seq: 5 })],
    [5, page([6])],
  ]);
  const asked = await historian(fixture, ({ after }) => pages.get(after));
  const { code, out, err } = await fixture.run(sinceArgs);
  assert.equal(code, 0);
  assert.deepEqual(typesOf(out.trimEnd().split("\n")), ["E1", "E2", "E6"]);
  assert.deepEqual(asked, [undefined, 2, 5]);
  assert.equal(
    err,
    "ari-proxy: Listening on ari.event.demo.>\n" +
      "ari-proxy: Missed events on ari.event.demo.n1: numbers 3 to 5 did not arrive\n",
  );
});

Deno.test("tail --since reports where a history begins, and where it breaks off", async () => {
  await using fixture = await CliFixture.start();
  const dropped = { kept_from: keptAt(4) };
  let begin = page([4], { ...dropped, more: true });
  let next: unknown = "Not allowed here";
  const asked = await historian(fixture, ({ after }) => after === undefined ? begin : next);
  const begins = `ari-proxy: The history of demo on n1 begins at ${keptAt(4)}\n`;
  const listening = "ari-proxy: Listening on ari.event.demo.>\n";
  const first = await fixture.run(sinceArgs);
  assert.deepEqual(typesOf(first.out.trimEnd().split("\n")), ["E4"]);
  assert.equal(
    first.err,
    `${listening}${begins}ari-proxy: No more history from n1: Not allowed here\n`,
  );
  // The proxy was restarted, or tells the same page again.
  for (next of [page([5], { epoch: "f" }), page([4], { more: true }), { events: 7 }]) {
    const { code, out, err } = await fixture.run(sinceArgs);
    assert.deepEqual([code, typesOf(out.trimEnd().split("\n"))], [0, ["E4"]]);
    assert.equal(err, listening + begins);
  }
  assert.equal(asked.length, 8);
  // Nothing was dropped before the first number, nor where older events were not asked for.
  for (begin of [page([1]), page([4]), page([])]) {
    assert.equal((await fixture.run(sinceArgs)).err, listening);
  }
});

Deno.test("tail --since leaves out nodes that it does not listen on", async () => {
  await using fixture = await CliFixture.start();
  await historian(fixture, () => page([1]));
  const { code, out } = await fixture.run([
    ...["tail", "ari.event.demo.n2", "ari.event.other.*"],
    ...["--since", "2026-11-26T09:00", "--wait", "1ms"],
  ]);
  assert.deepEqual([code, out], [0, ""]);
});

Deno.test("tail --since waits for a slow reader before it shows more of the history", async () => {
  await using fixture = await CliFixture.start();
  await historian(fixture, () => page([1, 2]));
  const io = createFakeIo({ env: fixture.env });
  const flushing = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  io.stdout.pending = 256 * 1024 + 1;
  io.stdout.flush = () => {
    flushing.resolve();
    return go.promise;
  };
  const code = main([...sinceArgs.slice(0, -2), "--count", "2"], io);
  await flushing.promise;
  await fixture.bus.flush();
  assert.deepEqual(typesOf(io.stdout.lines), ["E1"]);
  io.stdout.pending = 256 * 1024;
  go.resolve();
  assert.equal(await code, 0);
  assert.deepEqual(typesOf(io.stdout.lines), ["E1", "E2"]);
});

Deno.test("tail --record goes on with a recording of which a crash has left the beginning", async () => {
  await using fixture = await CliFixture.start();
  const file = await Deno.makeTempFile();
  try {
    for (const left of ['{"', '{"at":"2026-1', ""]) {
      await Deno.writeTextFile(file, left);
      const { code, io } = fixture.begin(["tail", "--record", file, "--count", "1"]);
      await io.stderr.until(/Listening/);
      fixture.publish("ari.event.demo.n1", '{"type":"Any"}');
      assert.equal(await code, 0);
      const [first, ...lines] = (await Deno.readTextFile(file)).trimEnd().split("\n");
      if (left !== "") assert.equal(first, left);
      assert.equal(JSON.parse(lines[0] ?? first).event.type, "Any");
    }
  } finally {
    await Deno.remove(file);
  }
});
