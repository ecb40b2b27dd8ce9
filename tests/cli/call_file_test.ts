import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { CliFixture } from "../testing/cli_fixture.ts";
import { someBytes } from "../testing/some_bytes.ts";

const whole = someBytes(700_000);
const path = "/recordings/stored/r1/file";

Deno.test("call writes the file of a recording to standard output or in the place of a file", async () => {
  await using fixture = await CliFixture.start();
  const { asterisk } = await fixture.node("demo");
  asterisk.answer((call) =>
    call.path === path
      ? { status: 200, body: whole }
      : call.path === "/recordings/stored/r1"
      ? { status: 200, body: '{"name":"r1","format":"wav"}' }
      : { status: 404, body: '{"message":"Recording not found"}' }
  );
  for (const words of [["GET", path], ["RecordingStoredFile", "r1"]]) {
    const { code, io } = fixture.begin(["call", ...words]);
    assert.equal(await code, 0, io.stderr.text);
    assert.ok(Buffer.from(io.stdout.bytes).equals(whole), words[0]);
    assert.equal(io.stdout.text, "");
  }

  const folder = await Deno.makeTempDir();
  try {
    const output = `${folder}/r1.wav`;
    await Deno.writeTextFile(output, "old");
    const failed = await fixture.run(["call", "RecordingStoredFile", "r2", "--output", output]);
    assert.equal(failed.code, 3);
    assert.match(failed.err, /Recording not found/);
    assert.equal(await Deno.readTextFile(output), "old");
    const written = await fixture.run(["call", "GET", path, "--output", output]);
    assert.equal(written.code, 0);
    assert.deepEqual(JSON.parse(written.out), { output, size: whole.length });
    assert.ok(Buffer.from(await Deno.readFile(output)).equals(whole));
    const terminal = { terminal: true };
    const seen = await fixture.run(["call", "GET", path, "--output", output], terminal);
    assert.equal(seen.out, `Wrote ${whole.length} bytes to ${output}\n`);
    const nowhere = await fixture.run(["call", "GET", path, "--output", `${folder}/none/r1`]);
    assert.equal(nowhere.code, 2);
    assert.match(nowhere.err, /Cannot write /);
    assert.deepEqual(Array.from(Deno.readDirSync(folder), ({ name }) => name), ["r1.wav"]);

    const shown = await fixture.run(["call", "GET", path], terminal);
    assert.equal(shown.code, 2);
    assert.match(shown.err, /add --output FILE/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("call shows a single chunk of a file as any other answer", async () => {
  await using fixture = await CliFixture.start();
  const { asterisk } = await fixture.node("demo");
  asterisk.answer(() => ({ status: 200, body: whole }));
  const chunk = ["call", "RecordingStoredFile", "r1", "offset=10", "length=3"];
  const { out } = await fixture.run(chunk);
  const { stored_recording: data } = JSON.parse(out).data;
  assert.deepEqual([data.offset, data.size], [10, whole.length]);
  assert.deepEqual([...Buffer.from(data.content, "base64")], [...whole.subarray(10, 13)]);
  for (const args of [[...chunk, "--output", "x"], ["call", "ChannelList", "--output", "x"]]) {
    const wrong = await fixture.run(args);
    assert.equal(wrong.code, 2);
    assert.match(wrong.err, /Cannot use --output with/);
  }
});
