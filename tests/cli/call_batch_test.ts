import assert from "node:assert/strict";
import { main } from "../../src/cli/main.ts";
import { mapInOrder } from "../../src/cli/call/map_in_order.ts";
import { ProgressBar } from "../../src/cli/progress_bar.ts";
import { MovableClock } from "../testing/movable_clock.ts";
import { createFakeIo } from "../testing/fake_io.ts";
import { CliFixture, runMain } from "../testing/cli_fixture.ts";
import { withDeadline } from "../testing/deadline.ts";
import type { FakeAnswer, FakeAsterisk, RecordedCall } from "../testing/fake_asterisk.ts";
import { until } from "../testing/until.ts";

const node = "02:00:00:00:00:0f";
const at = { app: "demo", node };

function answer({ method, path }: RecordedCall): FakeAnswer | undefined {
  if (`${method} ${path}` === "DELETE /channels/gone") {
    return { status: 404, body: '{"message":"Channel not found"}' };
  }
  if (method === "DELETE" || path.endsWith("/move")) return { status: 204 };
  if (`${method} ${path}` === "GET /channels") return { status: 200, body: '[{"id":"1.1"}]' };
  return { status: 200, body: "{}" };
}

async function start(): Promise<{ fixture: CliFixture; asterisk: FakeAsterisk }> {
  const fixture = await CliFixture.start();
  const { asterisk } = await fixture.node("demo");
  asterisk.answer(answer);
  return { fixture, asterisk };
}

const lines = (...requests: readonly unknown[]) =>
  requests.map((request) => typeof request === "string" ? request : JSON.stringify(request))
    .join("\n");
const results = (out: string) => out.trimEnd().split("\n").map((line) => JSON.parse(line));

Deno.test("call --batch sends requests from standard input and writes their results in order", async () => {
  const { fixture, asterisk } = await start();
  await using _ = fixture;
  const stdin = lines(
    { kind: "channelhangup", id: "1.1", reason: "busy", tag: { row: 7 } },
    "",
    { kind: "ChannelHangup", id: "gone", fields: { reason: "busy" } },
    { call: "POST /channels/1.1/move", app: "other", key: at },
    "no request",
    { kind: "ChannelHangp", id: "1" },
    { kind: "ChannelHangup", id: "1", odd: 1 },
    { kind: "ChannelList" },
    {
      kind: "ChannelOriginate",
      key: { ...at, id: "new" },
      endpoint: "PJSIP/a",
      app: "demo",
      variables: { COLOUR: "blue", "SIZE.X": 3 },
    },
    { kind: "AsteriskConfigUpdate", id: "a/b/c", tuples: [{ attribute: "x", value: "y" }] },
  );
  const { code, out, err } = await fixture.run(["call", "--batch", "-", "--app", "demo"], {
    stdin,
  });
  assert.equal(code, 1);
  assert.equal(err, "ari-proxy: 9 requests, 4 failed\n");
  const all = results(out);
  assert.deepEqual(all.map(({ line, ok }) => [line, ok]), [
    [1, true],
    [3, false],
    [4, true],
    [5, false],
    [6, false],
    [7, false],
    [8, true],
    [9, true],
    [10, true],
  ]);
  assert.deepEqual(all[0], { line: 1, tag: { row: 7 }, ok: true, response: { error: "" } });
  assert.deepEqual(all[1], {
    line: 3,
    ok: false,
    error: "Non-2XX response: 404 Not Found: Channel not found",
    code: "not_found",
    outcome: "failed",
    node,
  });
  assert.equal(all[3].error, "It is not a JSON object");
  assert.match(all[4].error, /Unknown kind of request ChannelHangp; did you mean ChannelHangup\?/);
  assert.match(all[5].error, /Unknown field odd of ChannelHangup/);
  assert.deepEqual(all[6].response.keys.map(({ id }: { id: string }) => id), ["1.1"]);
  const originate = asterisk.calls.find(({ path }) => path === "/channels");
  const made = asterisk.calls.find(({ method, path }) =>
    method === "POST" && path.startsWith("/channels") && !path.endsWith("/move")
  );
  assert.ok(originate && made);
  assert.match(made.body ?? "", /"COLOUR":"blue","SIZE\.X":"3"/);
  assert.ok(asterisk.calls.some(({ body }) => body?.includes('"attribute":"x"')));
});

Deno.test("call --batch joins the lists of all nodes and says which of them failed or are missing", async () => {
  const { fixture, asterisk } = await start();
  await using _ = fixture;
  const other = await fixture.node("demo", { entityId: "n2" });
  const list = async () => {
    const stdin = lines({ kind: "ChannelList", key: { app: "demo" } });
    return results(
      (await fixture.run(["call", "--batch", "-", "--timeout", "500ms"], { stdin })).out,
    )[0];
  };
  other.asterisk.answer(answer);
  const both = await list();
  assert.deepEqual([both.response.keys.length, both.errors, both.missing], [
    2,
    undefined,
    undefined,
  ]);
  other.asterisk.answer(() => ({ status: 500 }));
  const one = await list();
  assert.deepEqual([one.ok, one.response.keys.length, one.missing], [true, 1, undefined]);
  assert.deepEqual(one.errors.map(({ node }: { node: string }) => node), ["n2"]);
  asterisk.answer(() => ({ status: 500 }));
  assert.equal((await list()).ok, false);
  asterisk.answer(answer);
  const go = Promise.withResolvers<void>();
  other.asterisk.answer(async () => {
    await go.promise;
    return { status: 200, body: "[]" };
  });
  const late = await list();
  go.resolve();
  assert.deepEqual([late.ok, late.errors, late.missing], [true, undefined, 1]);
});

Deno.test("call --batch keeps to its concurrency and waits with what is read for those under way", async () => {
  const { fixture, asterisk } = await start();
  await using _ = fixture;
  let underWay = 0;
  let most = 0;
  asterisk.answer(async () => {
    most = Math.max(most, ++underWay);
    await new Promise((resolve) => setTimeout(resolve, 1));
    underWay--;
    return { status: 204 };
  });
  const count = 300;
  let read = 0;
  let done = 0;
  let ahead = 0;
  const stdin = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      ahead = Math.max(ahead, read - done);
      if (read++ === count) return controller.close();
      const request = JSON.stringify({ kind: "ChannelHangup", id: `${read}`, key: at });
      controller.enqueue(new TextEncoder().encode(`${request}\n`));
    },
  }, { highWaterMark: 0 });
  const { code, io } = fixture.begin([
    ...["call", "--batch", "-", "--concurrency", "3", "--as-completed"],
  ], { stdin });
  const write = io.stdout.write.bind(io.stdout);
  io.stdout.write = (text) => {
    done++;
    write(text);
  };
  assert.equal(await withDeadline(code, { what: "the end of the batch" }), 0);
  const numbers = results(io.stdout.text).map(({ line }) => line).sort((a, b) => a - b);
  assert.deepEqual(numbers, Array.from({ length: count }, (_, i) => i + 1));
  assert.ok(most <= 3, `${most} were under way`);
  assert.ok(ahead <= 10, `${ahead} were read ahead`);
});

Deno.test("call --batch begins no more after a failure or an interruption, and finishes what it has begun", async () => {
  const { fixture, asterisk } = await start();
  await using _ = fixture;
  const many = (id: string) => ({ kind: "ChannelHangup", id, key: at, reason: "busy" });
  const failing = lines(many("1"), many("gone"), ...Array.from({ length: 50 }, () => many("2")));
  const args = ["call", "--batch", "-", "--concurrency", "1"];
  const failed = await fixture.run([...args, "--fail-fast"], { stdin: failing });
  assert.equal(failed.code, 1);
  assert.equal(failed.err, "ari-proxy: 2 requests, 1 failed; stopped before the end\n");

  const held = Promise.withResolvers<FakeAnswer>();
  asterisk.answer(() => held.promise);
  const before = asterisk.calls.length;
  const { code, io } = fixture.begin(args, { stdin: lines(...Array(50).fill(many("3"))) });
  await asterisk.until(() => asterisk.calls.length > before);
  io.signal();
  held.resolve({ status: 204 });
  assert.equal(await withDeadline(code, { what: "the end of the batch" }), 1);
  assert.equal(io.stdout.lines.length, 1);
  assert.equal(io.stderr.text, "ari-proxy: 1 request, none failed; stopped before the end\n");
  assert.equal(io.listeners, 0);

  const stuck = Promise.withResolvers<FakeAnswer>();
  asterisk.answer(() => stuck.promise);
  const calls = asterisk.calls.length;
  const hanging = fixture.begin(args, { stdin: lines(many("4"), many("5")) });
  await asterisk.until(() => asterisk.calls.length > calls);
  hanging.io.signal();
  hanging.io.signal();
  assert.equal(await withDeadline(hanging.code, { what: "the end of the batch" }), 1);
  assert.deepEqual(results(hanging.io.stdout.text), [{
    line: 1,
    ok: false,
    error: "Aborted: it was interrupted",
    code: "failed",
    outcome: "unknown",
  }]);
  stuck.resolve({ status: 204 });
});

Deno.test("call --batch reads a file, shows how far it is on a terminal, and sends nothing when dry", async () => {
  const { fixture, asterisk } = await start();
  await using _ = fixture;
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(path, lines({ kind: "ChannelHangup", id: "1.1" }, "{}"));
    const dry = await fixture.run(["call", "--batch", path, "--dry-run", "--app", "demo"]);
    const [first, second] = results(dry.out);
    assert.equal(dry.code, 1);
    assert.equal(first.subject, "ari.command.demo");
    assert.equal(first.request.kind, "ChannelHangup");
    assert.equal(second.error, "Missing kind: a text");
    assert.deepEqual(asterisk.calls, []);
  } finally {
    await Deno.remove(path);
  }
  const missing = await fixture.run(["call", "--batch", path]);
  assert.deepEqual([missing.code, missing.out], [2, ""]);
  assert.match(missing.err, /Cannot read .*: No such file/);
  const both = await fixture.run(["call", "ChannelList", "--batch", "-"]);
  assert.match(both.err, /Cannot use --batch together with a request/);
});

Deno.test("call --batch sums up what became of the requests, of many also how fast they were", async () => {
  const sum = async (count: number) => {
    const request = JSON.stringify({ kind: "ChannelHangup", id: "1.1" });
    const stdin = lines(...Array.from({ length: count }, () => request), "{}", "{}");
    return (await runMain(["call", "--batch", "-", "--dry-run"], { stdin })).err;
  };
  assert.equal(await sum(97), "ari-proxy: 99 requests, 2 failed\n");
  assert.match(
    await sum(4_998),
    /^ari-proxy: 5000 requests, 2 failed, in \d+\.\d s \(\d{3,} a second\)\n$/,
  );
  const one = await runMain(["call", "--batch", "-", "--dry-run"], {
    stdin: lines({ kind: "ChannelHangup", id: "1.1" }),
  });
  assert.equal(one.err, "ari-proxy: 1 request, none failed\n");
});

Deno.test("call --batch counts the requests of a file for its bar, and only those of a file", async () => {
  const { fixture, asterisk } = await start();
  await using _ = fixture;
  const go = Promise.withResolvers<void>();
  asterisk.answer(async () => {
    await go.promise;
    return { status: 204 };
  });
  const hangup = JSON.stringify({ kind: "ChannelHangup", id: "1.1", key: { app: "demo" } });
  const text = lines(hangup, "", hangup, hangup);
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(path, text);
    // The results go elsewhere; on the terminal of the results there is no bar.
    const begin = (file: string) => {
      const io = createFakeIo({ env: fixture.env, stdin: text });
      const { stderr } = createFakeIo({ terminal: true });
      const args = ["call", "--batch", file, "--concurrency", "1"];
      return { stderr, code: main(args, { ...io, stderr }) };
    };
    const ofFile = begin(path);
    await ofFile.stderr.until(/\] {2}0% {2}0 of 3 {2}0\/s/);
    const ofInput = begin("-");
    await ofInput.stderr.until(/\r0 done {2}0\/s/);
    go.resolve();
    assert.deepEqual([await ofFile.code, await ofInput.code], [0, 0]);
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("a bar on a terminal shows how far a batch is, and goes away", async () => {
  using clock = new MovableClock();
  const draw = async (progress: { done: number; failed: number; total?: number }) => {
    const { stderr } = createFakeIo({ terminal: true });
    using _bar = new ProgressBar(stderr, () => progress);
    clock.advance(progress.total === undefined ? 1_900 : 2_900);
    await stderr.until(/\/s/);
    return stderr.text;
  };
  assert.equal(
    await draw({ done: 30, failed: 2, total: 120 }),
    "\r[======                  ]  25%  30 of 120  10/s  2 failed\x1b[K",
  );
  assert.equal(await draw({ done: 30, failed: 0 }), "\r30 done  15/s\x1b[K");
  assert.match(await draw({ done: 0, failed: 0, total: 0 }), /100% {2}0 of 0 {2}0\/s/);
  const { stderr } = createFakeIo({ terminal: true });
  new ProgressBar(stderr, () => ({ done: 0, failed: 0 }))[Symbol.dispose]();
  assert.equal(stderr.text, "\r\x1b[K");
});

Deno.test("call --batch goes on after the bus was lost and has come back", async () => {
  const { fixture } = await start();
  await using _ = fixture;
  const first = Promise.withResolvers<void>();
  const rest = Promise.withResolvers<void>();
  const encoder = new TextEncoder();
  const request = (id: string) =>
    encoder.encode(`${JSON.stringify({ kind: "ChannelData", id, key: { app: "demo" } })}\n`);
  const stdin = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async start(controller) {
      controller.enqueue(request("1"));
      await first.promise;
      controller.enqueue(request("2"));
      await rest.promise;
      controller.close();
    },
  });
  const { code, io } = fixture.begin(["call", "--batch", "-", "--timeout", "15s"], { stdin });
  await io.stdout.until(/"line":1,"ok":true/);
  await fixture.server.kill();
  await io.stderr.until(/The bus is disconnected, waiting for it: /);
  first.resolve();
  await fixture.server.restart();
  await io.stdout.until(/"line":2/);
  rest.resolve();
  assert.equal(await withDeadline(code, { what: "the end of the batch" }), 0);
});

Deno.test("work in order begins nothing when as many results wait as may wait", async () => {
  const gate = Promise.withResolvers<void>();
  const begun: number[] = [];
  async function* items() {
    for (let i = 0; i < 10; i++) yield await Promise.resolve(i);
  }
  const working = mapInOrder(items(), {
    concurrency: 2,
    window: 5,
    signal: new AbortController().signal,
    work: async (item) => {
      begun.push(item);
      if (item === 0) await gate.promise;
      return item;
    },
    take: () => {},
  });
  await until(() => begun.length >= 6, "as many results as may wait");
  await new Promise((resolve) => setTimeout(resolve, 0));
  assert.deepEqual(begun, [0, 1, 2, 3, 4, 5]);
  gate.resolve();
  await working;
  assert.equal(begun.length, 10);
});

Deno.test("work in order hands results over in order, and begins nothing while too many wait", async () => {
  const gate = Promise.withResolvers<void>();
  let begun = 0;
  const handed: number[] = [];
  async function* items() {
    for (let i = 0; i < 20; i++) yield await Promise.resolve(i);
  }
  const working = mapInOrder(items(), {
    concurrency: 4,
    window: 5,
    signal: new AbortController().signal,
    work: async (item) => {
      begun++;
      if (item === 0) await gate.promise;
      else await Promise.resolve();
      return item;
    },
    take: (item) => void handed.push(item),
  });
  await until(() => begun >= 6, "the work behind what waits");
  await new Promise((resolve) => setTimeout(resolve, 0));
  assert.ok(begun <= 9, `${begun} were begun`);
  assert.deepEqual(handed, []);
  gate.resolve();
  await working;
  assert.deepEqual(handed, Array.from({ length: 20 }, (_, i) => i));
});
