import assert from "node:assert/strict";
import { CliFixture, runMain } from "../testing/cli_fixture.ts";

/** The words that the program proposes for the last one of a command line. */
async function words(line: readonly string[], env: Record<string, string> = {}): Promise<string[]> {
  const { code, out, err } = await runMain(["__complete", "--", ...line], { env });
  assert.deepEqual([code, err], [0, ""], line.join(" "));
  return out.split("\n").slice(0, -1).map((row) => row.split("\t")[0]);
}

/** A place where nobody is, so that nothing is found on the bus of the machine. */
const nowhere = { MESSAGEBUS_URL: "nats://127.0.0.1:1" };

Deno.test("completion knows subcommands, flags, kinds, operations, fields and values", async () => {
  const cases: [string[], string[]][] = [
    [["complet"], ["completion"]],
    [["--ver"], ["--verbose", "--version"]],
    [["--log-le"], ["--log-level"]],
    [["tail", "--ty"], ["--type"]],
    [["tail", "--he"], ["--help"]],
    [["tail", "--", "--he"], []],
    [["tail", "--type", "Dial", "--ty"], ["--type"]],
    [["serve", "--log-format", ""], ["auto", "text", "json"]],
    [["serve", "--log-format=j"], ["--log-format=json"]],
    [["tail", "--type", "Dial,StasisE"], ["Dial,StasisEnd"]],
    [["nodes", "--config", ""], [":files"]],
    [["-u", "am"], ["amqp://", "amqps://"]],
    [["completion", ""], ["bash", "zsh", "fish"]],
    [["call", "channelhang"], ["ChannelHangup"]],
    [["call", "DEL"], ["DELETE"]],
    [["call", "ChannelDi"], ["ChannelDial"]],
    [["call", "po"], ["POST"]],
    [["call", "post", "/channels/{channelId}/mo"], [
      "/channels/{channelId}/move",
      "/channels/{channelId}/moh",
    ]],
    [["call", "POST", "/channels/1/move", "app=x", ""], ["appArgs="]],
    [["call", "POST", "/channels/1/mute", "direction=b"], ["direction=both"]],
    [["call", "ChannelHangup", "re"], ["reason=", "reason_code="]],
    [["call", "POST", "/nowhere", ""], []],
    [["call", "--json", "ChannelMute", "1.1", "d"], ["direction="]],
    [["call", "ChannelMute", "1.1", "direction="], [
      "direction=both",
      "direction=in",
      "direction=out",
    ]],
    [["call", "ChannelMute", "1.1", "direction=in", "d"], []],
    [["call", "ChannelRecord", "1.1", "Exists=o"], ["Exists=overwrite"]],
    [["call", "ChannelRecord", "1.1", "options.Beep="], [
      "options.Beep=true",
      "options.Beep=false",
    ]],
    [["call", "ChannelOriginate", "endpoint=x", "originate_request.v"], [
      "originate_request.variables.",
    ]],
    [["call", "get", "/recordings/l"], ["/recordings/live/"]],
    [["call", "get", "/recordings/live/"], []],
    [["call", "--describe", "get", "/recordings/l"], ["/recordings/live/{recordingName}"]],
    [["call", "POST", "/channels/1.1/pl"], ["/channels/1.1/play", "/channels/1.1/play/"]],
    [["call", "POST", "/channels/1.1/mo"], ["/channels/1.1/move", "/channels/1.1/moh"]],
    [["call", "POST", "/channels/1.1/mute", "direction=i"], ["direction=in"]],
    [["call", "--", "--js"], []],
    [["context", "s"], ["show"]],
    [["hel"], ["help"]],
    [["help", "ta"], ["tail"]],
    [["help", "context", "s"], ["show"]],
    [["context", "add", "lab", "--ur"], ["--url"]],
    [["context", "use", ""], []],
    [["replay", ""], [":files"]],
    [["replay", "x", "--sp"], ["--speed"]],
    [["tail", "--record", ""], [":files"]],
    [["zebra", ""], []],
    [["call", "Zebra", ""], []],
  ];
  for (const [line, wanted] of cases) {
    assert.deepEqual(await words(line, nowhere), wanted, line.join(" "));
  }
  assert.ok((await words(["call", ""], nowhere)).length > 100);
  assert.ok(!(await words([""], nowhere)).includes("__complete"));
});

Deno.test("completion knows nodes, applications and IDs that the bus knows", async () => {
  await using fixture = await CliFixture.start();
  const one = await fixture.node("demo", { entityId: "02:00:00:00:00:0a" });
  await fixture.node("other", { entityId: "02:00:00:00:00:0b" });
  const ids = ["1.1", "a;2", "bad\nname\u001b[31m"];
  one.asterisk.answer(({ method, path }) =>
    method === "GET" && path === "/channels"
      ? { status: 200, body: JSON.stringify(ids.map((id) => ({ id }))) }
      : undefined
  );
  // The bus has 300 ms to answer. Where this machine is busy it takes another try.
  const expect = async (line: string[], wanted: string[]) => {
    let found = await words(line, fixture.env);
    for (let tries = 0; tries < 20 && String(found) !== String(wanted); tries++) {
      found = await words(line, fixture.env);
    }
    assert.deepEqual(found, wanted, line.join(" "));
  };
  await expect(["nodes", "--app", ""], ["demo", "other"]);
  await expect(["call", "--node=02:00:00:00:00:0"], [
    "--node=02:00:00:00:00:0a",
    "--node=02:00:00:00:00:0b",
  ]);
  await expect(["tail", "--app", "demo", "--node", ""], ["02:00:00:00:00:0a"]);
  await expect(["tail", "ari.event.d"], [
    "ari.event.demo.>",
    "ari.event.demo.02:00:00:00:00:0a",
  ]);
  // What would be obeyed by a terminal is not proposed.
  await expect(["call", "ChannelMute", ""], ["1.1", "a;2", "direction="]);
  await expect(["call", "ChannelAnswer", "a"], ["a;2"]);
  await expect(["call", "POST", "/channels/a"], ["/channels/a%3B2"]);
  // A template is of no use among IDs.
  await expect(["call", "GET", "/channels/"], [
    "/channels/1.1",
    "/channels/a%3B2",
    "/channels/bad%0Aname%1B%5B31m",
  ]);
  await expect(["tail", "--channel", "1.1,a"], ["1.1,a;2"]);
  await expect(["call", "ChannelHold", "--id", "1"], ["1.1"]);
  await expect(["call", "BridgeDelete", "--id", ""], []);
});

Deno.test("completion gives up, quickly and without a word, when the bus is silent or settings are wrong", async () => {
  using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const taken = (async () => {
    const connections: Deno.Conn[] = [];
    try {
      for await (const connection of silent) connections.push(connection);
    } finally {
      connections.forEach((connection) => connection.close());
    }
  })();
  const begun = performance.now();
  const env = { MESSAGEBUS_URL: `nats://127.0.0.1:${silent.addr.port}` };
  assert.deepEqual(await words(["nodes", "--app", ""], env), []);
  // It is 300 ms; the rest is for a machine that has other things to do.
  assert.ok(performance.now() - begun < 3_000, `${performance.now() - begun} ms`);
  silent.close();
  await taken.catch(() => {});
  assert.deepEqual(await words(["nodes", "--app", ""], { MESSAGEBUS_URL: "zebra" }), []);
  assert.deepEqual(await words(["nodes", "--config", "/nowhere", "--app", ""]), []);
});

Deno.test("completion refuses a shell that it has no script for", async () => {
  const { code, err } = await runMain(["completion", "tcsh"]);
  assert.equal(code, 2);
  assert.equal(err, "ari-proxy: Unknown shell tcsh: there are bash, zsh, fish\n");
});
