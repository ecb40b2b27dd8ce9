import assert from "node:assert/strict";
import { CliFixture } from "../testing/cli_fixture.ts";
import { shippedCli, startCli } from "../testing/run_cli.ts";

Deno.test("the program writes neither colours nor cut lines into a pipe, with the permissions of an executable", async () => {
  await using fixture = await CliFixture.start();
  await fixture.node("demo", { entityId: "n1" });
  await using shipped = await shippedCli();
  const home = await Deno.makeTempDir();
  const env = { HOME: home, TERM: "xterm-256color", COLUMNS: "40" };
  const begin = (args: readonly string[]) => startCli(args, { env, program: shipped.program });
  const run = async (args: readonly string[]) => {
    await using process = begin(args);
    const code = await process.ended();
    assert.equal(code, 0, `${args.join(" ")}\n${process.err}`);
    // deno-lint-ignore no-control-regex -- escape sequences are what it looks for
    assert.doesNotMatch(process.out + process.err, /[\x1b\r…]/);
    return process.out;
  };
  try {
    await run(["context", "add", "lab", "--url", fixture.server.url, "--app", "demo", "--use"]);
    assert.equal(JSON.parse(await run(["context", "list"]))[0].name, "lab");
    assert.equal(JSON.parse(await run(["nodes"]))[0].node, "n1");
    const text = JSON.stringify({ type: "Long", filler: "ä".repeat(5_000) });
    const record = `${home}/events.ndjson`;
    for (
      const [more, wanted] of [[[], text], [
        ["--format", "{type:6}|{filler}"],
        `Long  |${"ä".repeat(5_000)}`,
      ]] as const
    ) {
      await using process = begin(["tail", "--record", record, "--count", "1", ...more]);
      await process.until(/Listening on ari\.event\.demo\.>/);
      fixture.publish("ari.event.demo.n1", text);
      assert.equal(await process.ended(), 0, process.err);
      assert.equal(process.out, `${wanted}\n`);
    }
    assert.equal((await Deno.readTextFile(record)).split("\n").length, 3);
    await run(["replay", record, "--node", "n2", "--speed", "max"]);
    const past = await run(["tail", "--since", "1m", "--wait", "1ms"]);
    assert.match(past, /^\{"type":"AriProxyGap",[^\n]*\}\n$/);
  } finally {
    await Deno.remove(home, { recursive: true });
  }
});
