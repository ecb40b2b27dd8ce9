/**
 * Records what a caller says and plays it back. A key, 3 s of silence, or the seconds that the dialplan
 * allows end the recording: `Stasis(demo,60)`.
 *
 *     ARI_APPLICATION=demo deno run -A examples/recorder.ts
 */
import type { AriClient, Call } from "@ari-proxy/ari-proxy";
import { run } from "./run.ts";

export async function main(client: AriClient, signal: AbortSignal): Promise<void> {
  for await (const call of client.calls({ signal })) {
    record(call).catch((error) => console.error(call.channel.id, error.message));
  }
}

async function record({ channel, args: [seconds = "60"] }: Call): Promise<void> {
  await channel.answer();
  const recording = channel.record(`call-${channel.id}`, {
    beep: true,
    maxDuration: Number(seconds) * 1_000,
    maxSilence: 3_000,
    terminateOn: "any",
    ifExists: "overwrite",
  });
  const { recording: { duration = 0 } } = await recording.finished;
  console.log(`${recording.id}: ${duration} s on ${recording.node}`);
  try {
    // An empty recording cannot be played.
    if (duration > 0) await channel.play(`recording:${recording.id}`).finished;
  } finally {
    await channel.hangup();
  }
}

if (import.meta.main) await run(main);
