import { AriProxyError, connect } from "@ari-proxy/ari-proxy";

await using client = await connect({ app: "demo" });

// Each new call goes to exactly one of the subscribed programs.
for await (const { channel, args } of client.calls()) {
  try {
    await channel.answer();
    await channel.play("sound:hello-world").finished;
    const recording = channel.record("", { maxDuration: 5_000, terminateOn: "#" });
    await recording.finished;
    console.log(channel.node, args, recording.id);
    await channel.hangup();
  } catch (error) {
    // The caller may hang up at any time.
    if (!(error instanceof AriProxyError && error.code === "not_found")) throw error;
  }
}
