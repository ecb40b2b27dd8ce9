import assert from "node:assert/strict";
import { withDeadline } from "../testing/deadline.ts";

const root = new URL("../../", import.meta.url);

/** Reads a stream until its text contains a mark, or without one until its end. */
async function read(reader: ReadableStreamDefaultReader<string>, mark?: string): Promise<string> {
  let text = "";
  while (mark === undefined || !text.includes(mark)) {
    const { value, done } = await reader.read();
    if (done) break;
    text += value;
  }
  return text;
}

/** Processes whose command line has a text in it. */
async function running(text: string): Promise<string[]> {
  const { stdout } = await new Deno.Command("ps", { args: ["-eo", "args"] }).output();
  return new TextDecoder().decode(stdout).split("\n").filter((line) => line.includes(text));
}

Deno.test("the demo places a call, shows it, and leaves nothing behind after Ctrl-C", async () => {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "demo"],
    cwd: root,
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  // The last line that it writes before it waits.
  const text = await withDeadline(read(reader, "run -A cli.ts call"), {
    what: "the demo",
    timeout: 60_000,
  });
  assert.match(text, /\$ ari-proxy nodes[\s\S]*"node":"02:00:00:00:00:0a"/);
  assert.match(text, /"type":"StasisStart"[\s\S]*"type":"PlaybackStarted"/);
  assert.match(text, /\$ ari-proxy call ChannelList\n[\s\S]*"id":"demo-call"/);
  const port = /MESSAGEBUS_URL=nats:\/\/127\.0\.0\.1:(\d+)/.exec(text)?.[1] ?? "";
  assert.notEqual(port, "");
  const proxies = () => running(`serve --embedded.listen 127.0.0.1:${port}`);
  assert.notDeepEqual(await proxies(), [], "no proxy to look for");

  child.kill("SIGINT");
  await read(reader);
  const { code } = await child.status;
  assert.equal(code, 0);
  assert.deepEqual(await proxies(), []);
});
