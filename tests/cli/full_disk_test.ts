/**
 * What the program does when its standard output cannot be written. `/dev/full` stands in for a disk
 * that is full.
 *
 * @module
 */
import assert from "node:assert/strict";
import { CliFixture } from "../testing/cli_fixture.ts";
import { withDeadline } from "../testing/deadline.ts";
import { startFakeAsterisk } from "../testing/fake_asterisk.ts";
import { source } from "../testing/run_cli.ts";
import { receive } from "../testing/received.ts";
import { someBytes } from "../testing/some_bytes.ts";

const root = new URL("../../", import.meta.url);
const told = "ari-proxy: Cannot write standard output: No space left on device";

/** Starts the program with its standard output on a full disk. */
function start(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = new Deno.Command("sh", {
    args: ["-c", 'exec "$@" >/dev/full', "sh", ...source, ...args],
    cwd: root,
    env: { ARI_PROXY_CONFIG: "/dev/null", ...env },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const ended = async () => {
    const what = `the end of ${args.join(" ")}`;
    const { code, stderr } = await withDeadline(child.output(), { what });
    return { code, err: new TextDecoder().decode(stderr) };
  };
  return { child, ended };
}

Deno.test("a command fails with 1 and says why when its output cannot be written", async () => {
  await using fixture = await CliFixture.start();
  const { asterisk } = await fixture.node("demo");
  asterisk.answer((call) =>
    call.path.endsWith("/file")
      ? { status: 200, body: someBytes(100_000) }
      : { status: 200, body: '{"name":"greet","format":"wav"}' }
  );
  const file = ["call", "GET", "/recordings/stored/greet/file"];
  for (const args of [["call", "--list"], ["--help"], file, ["nodes"]]) {
    assert.deepEqual(
      await start(args, fixture.env).ended(),
      { code: 1, err: `${told}\n` },
      args.join(" "),
    );
  }
  const output = await fixture.run([...file, "--output", "/dev/full"]);
  assert.equal(output.code, 1);
  assert.match(output.err, /^ari-proxy: Cannot write \/dev\/full: No space left on device/);
});

Deno.test("serve goes on when its log cannot be written, and says so once", async () => {
  await using fixture = await CliFixture.start();
  await using asterisk = await startFakeAsterisk({ entityId: "n1" });
  const announced = await receive(fixture.bus, "ari.announce");
  const { child, ended } = start(["serve"], {
    ...fixture.env,
    ARI_APPLICATION: "demo",
    ARI_USERNAME: asterisk.username,
    ARI_PASSWORD: asterisk.password,
    ARI_HTTP_URL: asterisk.httpUrl,
    ARI_WEBSOCKET_URL: asterisk.websocketUrl,
  });
  await announced.count(1);
  const event = await receive(fixture.bus, "ari.event.demo.n1");
  asterisk.sendEvent({ type: "Marker", application: "demo" });
  await event.count(1);
  child.kill("SIGTERM");
  assert.deepEqual(await ended(), {
    code: 0,
    err: `${told}; going on, and trying again to write the log\n`,
  });
});
