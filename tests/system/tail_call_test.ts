import assert from "node:assert/strict";
import { startMain } from "../testing/cli_fixture.ts";
import { withDeadline } from "../testing/deadline.ts";
import { RealCluster } from "../testing/real_cluster.ts";

const app = "demo";

Deno.test("tail --call shows a bridged call of a real Asterisk, live and afterwards", async () => {
  await using cluster = await RealCluster.start(["02:00:00:00:00:0a"], { app });
  const { client, events, server } = cluster;
  const env = { MESSAGEBUS_URL: server.url };
  const format = ["--format", "{type} {channel.id}{bridge.id}"];
  const call = ["tail", "--app", app, "--call", "call-a", "--until-over", ...format];
  const live = startMain(call, { env });
  await live.io.stderr.until(/Listening/);

  const bridge = await client.request("BridgeCreate", { id: "br" }, { type: "mixing" });
  for (const channelId of ["call-b", "call-a", "alone"]) {
    await client.request("ChannelOriginate", {}, {
      originate_request: { endpoint: "Local/echo@demo", app, channelId },
    });
    await events.next("StasisStart", { channel: { id: channelId } });
    if (channelId === "alone") break;
    await client.request("BridgeAddChannel", bridge.key ?? {}, { channel: channelId });
    await events.next("ChannelEnteredBridge", { channel: { id: channelId } });
  }
  for (const id of ["call-a", "alone", "call-b"]) {
    await client.request("ChannelHangup", { kind: "channel", id }, { reason: "" });
    await events.next("ChannelDestroyed", { channel: { id } });
  }
  assert.equal(await withDeadline(live.code, { what: "the end of the call" }), 0);
  const shown = live.io.stdout.lines;
  assert.equal(live.io.stderr.lines.length, 1, live.io.stderr.text);
  for (
    const line of [
      "StasisStart call-a",
      "ChannelEnteredBridge call-abr",
      "ChannelLeftBridge call-abr",
      "ChannelDestroyed call-a",
      "ChannelDestroyed call-b",
    ]
  ) assert.ok(shown.includes(line), `${line} in ${shown.join("\n")}`);
  assert.ok(!shown.includes("StasisStart call-b"));
  assert.deepEqual(shown.filter((line) => line.includes("alone")), []);

  // Afterwards it is known that the other channel belonged to the call from its beginning.
  const past = startMain([...call, "--since", "1m"], { env });
  assert.equal(await withDeadline(past.code, { what: "the end of what is past" }), 0);
  const lines = past.io.stdout.lines;
  assert.ok(lines.includes("StasisStart call-b"), lines.join("\n"));
  assert.ok(lines.includes("ChannelEnteredBridge call-bbr"));
  assert.deepEqual(shown.filter((line) => !lines.includes(line)), []);
  assert.deepEqual(lines.filter((line) => line.includes("alone")), []);
});
