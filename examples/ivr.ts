/**
 * A menu: the caller presses 1 to hear a greeting, 2 to hear the number that was called from, and 9 to
 * hang up.
 *
 *     ARI_APPLICATION=demo deno run -A examples/ivr.ts
 */
import type { AriClient, Call } from "@ari-proxy/ari-proxy";
import { run } from "./run.ts";

export async function main(client: AriClient, signal: AbortSignal): Promise<void> {
  for await (const call of client.calls({ signal })) {
    // Calls are handled in parallel.
    menu(call).catch((error) => console.error(call.channel.id, error.message));
  }
}

async function menu({ channel, event }: Call): Promise<void> {
  // The loop over the keys ends with the call, whichever side hangs up.
  const signal = channel.untilEnd();
  await using keys = channel.events({ type: "ChannelDtmfReceived", signal });
  await keys.ready;
  await channel.answer();
  let prompt = channel.play("sound:hello-world");
  for await (const { digit } of keys) {
    // It may have ended already.
    await prompt.stop().catch(() => {});
    prompt = channel.play(media(digit));
    if (digit !== "9") continue;
    await prompt.finished;
    await channel.hangup();
  }

  function media(digit: string): string {
    if (digit === "1") return "sound:hello-world";
    if (digit === "2") return `digits:${event.channel.caller?.number || "0"}`;
    return digit === "9" ? "sound:vm-goodbye" : "sound:demo-instruct";
  }
}

if (import.meta.main) await run(main);
