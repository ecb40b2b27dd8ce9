/**
 * Two workers share the calls of an application: each takes one at a time, and each call goes to one of
 * them. The same holds for workers in other processes and on other machines.
 *
 *     ARI_APPLICATION=demo deno run -A examples/queue_agent.ts
 */
import type { AriClient } from "@ari-proxy/ari-proxy";
import { run } from "./run.ts";

export async function main(client: AriClient, signal: AbortSignal): Promise<void> {
  await Promise.all(["alice", "bob"].map((name) => work(client, name, signal)));
}

async function work(client: AriClient, name: string, signal: AbortSignal): Promise<void> {
  for await (const { channel } of client.calls({ signal })) {
    try {
      await channel.setVariable("AGENT", name);
      await channel.answer();
      await channel.play("sound:hello-world").finished;
      await channel.hangup();
    } catch (error) {
      // A caller who hangs up early does not stop the worker.
      console.error(name, channel.id, error instanceof Error ? error.message : error);
    }
  }
}

if (import.meta.main) await run(main);
