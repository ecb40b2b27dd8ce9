/**
 * Pipes and standard streams in the place of files, with the permissions of an executable, to which
 * Deno refuses what is in `/dev` and `/proc`.
 *
 * @module
 */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { CliFixture } from "../testing/cli_fixture.ts";
import { withDeadline } from "../testing/deadline.ts";
import { receive, text } from "../testing/received.ts";
import { shippedCli } from "../testing/run_cli.ts";
import { someBytes } from "../testing/some_bytes.ts";
import { recordingLine } from "../testing/recording.ts";

const shipped = await shippedCli();
Deno.test.afterAll(async () => await shipped[Symbol.asyncDispose]());

/** Runs a script of bash in which `proxy` is the program, in a folder of its own. */
async function shell(script: string, env: Readonly<Record<string, string>> = {}) {
  const folder = await Deno.makeTempDir({ prefix: "ari-proxy-test-shell-" });
  try {
    const output = new Deno.Command("bash", {
      args: ["-c", `proxy() { $PROGRAM "$@"; }; ${script}`],
      cwd: folder,
      env: {
        TMPDIR: folder,
        ARI_PROXY_CONFIG: "/dev/null",
        ...env,
        PROGRAM: shipped.program.join(" "),
      },
      stdin: "null",
    }).output();
    const { code, stdout, stderr } = await withDeadline(output, { what: `end of ${script}` });
    const left = Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();
    const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    return { code, out, err, stdout, left };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const valueOf = (out: string, wanted: string) =>
  JSON.parse(out).find(({ name }: { name: string }) => name === wanted);

Deno.test("the configuration file and the file of a setting can be standard input", async () => {
  for (const path of ["-", "/dev/stdin", "/dev/fd/0"]) {
    const { code, out, err } = await shell(
      `echo 'ari: { username: anna }' | proxy serve --print-config --config ${path}`,
    );
    assert.deepEqual([code, err], [0, ""]);
    assert.deepEqual(valueOf(out, "ari.username"), {
      name: "ari.username",
      value: "anna",
      source: `file ${path}`,
    });
  }
  const secret = await shell("echo s | proxy serve --print-config --ari.password_file -");
  assert.equal(valueOf(secret.out, "ari.password").source, "flag --ari.password_file (-)");
  const certificate = await shell(
    "echo s | proxy serve --print-config --messagebus.ca_file /dev/stdin",
  );
  assert.match(certificate.err, /it holds no certificate/);
  const twice = await shell("echo '{}' | proxy call --batch - --dry-run --config -");
  assert.equal(twice.code, 2);
  assert.equal(twice.err, "ari-proxy: Cannot read standard input twice: two arguments name it\n");
});

Deno.test("replay and call --batch read what comes from a pipe, once", async () => {
  await using fixture = await CliFixture.start();
  const heard = await receive(fixture.bus, "ari.event.demo.n1");
  const line = (n: number) =>
    recordingLine({ at: n, subject: "ari.event.demo.n1", headers: {}, text: `{"type":"E${n}"}` });
  const recording = line(1) + line(2);
  const env = { ...fixture.env, RECORDING: recording.trimEnd() };
  const replays = [
    'proxy replay <(echo "$RECORDING")',
    'echo "$RECORDING" | proxy replay -',
    'echo "$RECORDING" | proxy replay /dev/stdin --speed max',
  ];
  for (const [index, script] of replays.entries()) {
    const { code, err, left } = await shell(script, env);
    assert.deepEqual([code, left], [0, []], `${script}: ${err}`);
    assert.match(err, /^ari-proxy: Replayed 2 events in/);
    const events = await heard.count(2 * (index + 1));
    assert.deepEqual(events.slice(-2).map(text), ['{"type":"E1"}', '{"type":"E2"}']);
  }
  const none = await shell("proxy replay - </dev/null", env);
  assert.deepEqual([none.code, none.err], [
    2,
    "ari-proxy: Cannot replay standard input: there are no events in it\n",
  ]);
  // With a bar on a terminal the requests are counted first, where they can be read again.
  const watched = await shell('export -f proxy; script -qefc "$BATCH" /dev/null; cat out', {
    BATCH: 'proxy call --dry-run --batch <(echo \'{"kind":"ChannelList"}\') >out',
    SHELL: "/bin/bash",
  });
  assert.match(watched.out, /"subject":"ari\.get"/);
});

Deno.test("replay that waits for a pipe ends when it is interrupted, and leaves nothing", async () => {
  const { out, err } = await shell([
    "mkfifo pipe; exec 3<>pipe",
    "(exec $PROGRAM replay pipe) & replay=$!",
    "until ls ari-proxy-* >/dev/null 2>&1; do sleep 0.05; done",
    "kill -INT $replay; wait $replay; echo $?; ls",
  ].join("\n"));
  assert.deepEqual([out, err], ["0\npipe\n", ""]);
});

Deno.test("files can be written to standard output", async () => {
  await using fixture = await CliFixture.start();
  const { asterisk } = await fixture.node("demo", { entityId: "n1" });
  const whole = someBytes(200_000);
  asterisk.answer((call) =>
    call.path.endsWith("/file")
      ? { status: 200, body: whole }
      : { status: 200, body: '{"name":"greet","format":"wav"}' }
  );
  const heard = await receive(fixture.bus, "ari.event.demo.n1");
  asterisk.sendEvent({ type: "Marker", application: "demo" });
  await heard.count(1);
  for (const path of ["-", "/dev/stdout"]) {
    const file = `proxy call GET /recordings/stored/greet/file --output ${path}`;
    const { code, stdout, err } = await shell(file, fixture.env);
    assert.deepEqual([code, err], [0, ""]);
    assert.ok(Buffer.from(stdout).equals(Buffer.from(whole)), path);
    const tail = await shell(`proxy tail --since 1m --count 1 --record ${path}`, fixture.env);
    assert.equal(tail.code, 0, tail.err);
    for (const line of tail.out.trimEnd().split("\n")) {
      assert.deepEqual(Object.keys(JSON.parse(line)), ["at", "subject", "headers", "event"]);
    }
  }
});

Deno.test("files that an executable cannot use are refused with advice that helps", async () => {
  await using fixture = await CliFixture.start();
  await fixture.node("demo");
  const advice = "special files cannot be used here; give - for standard input or output\n";
  for (
    const [script, what] of [
      ["proxy call RecordingStoredFile r1 --output /dev/full", "Cannot write /dev/full"],
      ["proxy tail --record /dev/full", "Cannot record to /dev/full"],
      ["proxy replay /proc/self/environ", "Cannot read /proc/self/environ"],
      ["proxy call --batch /dev/kmsg", "Cannot read /dev/kmsg"],
      ["proxy nodes --config /dev/full", "Cannot read the configuration file from flag --config"],
    ]
  ) {
    const { code, err } = await shell(script, fixture.env);
    assert.notEqual(code, 0);
    assert.equal(err, `ari-proxy: ${what}: ${advice}`);
  }
});
