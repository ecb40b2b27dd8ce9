/**
 * Connects each caller with the endpoint that the dialplan names: `Stasis(demo,PJSIP/bob)`.
 *
 *     ARI_APPLICATION=demo deno run -A examples/bridge.ts
 */
import type { AriClient, Call } from "@ari-proxy/ari-proxy";
import { run } from "./run.ts";

export async function main(client: AriClient, signal: AbortSignal): Promise<void> {
  for await (const call of client.calls({ signal })) {
    // The called channel enters the application as well; its caller's loop waits for it.
    if (call.args[0] === "callee") continue;
    connectParties(client, call).catch((error) => console.error(call.channel.id, error.message));
  }
}

async function connectParties(client: AriClient, call: Call): Promise<void> {
  const { channel: caller, args: [endpoint = ""] } = call;
  const { node } = caller;
  const callee = client.channels.prepare({
    endpoint,
    node,
    appArgs: "callee",
    originator: caller,
    timeout: 20_000,
  });
  const over = new AbortController();
  const { signal } = over;
  const end = () => over.abort();
  caller.ended({ signal }).then(end, end);
  // The loop ends when one of them has gone.
  await using answers = callee.events({ type: "StasisStart", signal });
  const bridge = await client.bridges.create({ node });
  try {
    await caller.ring();
    const channel = await callee.execute();
    channel.ended({ signal }).then(end, end);
    for await (const _answered of answers) {
      await caller.answer();
      await bridge.addChannel([caller, channel]);
    }
  } finally {
    // One of them has hung up; hang up the other one too.
    await Promise.allSettled([caller.hangup(), callee.handle.hangup(), bridge.destroy()]);
  }
}

if (import.meta.main) await run(main);
