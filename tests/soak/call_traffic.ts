/**
 * Callers, and workers that take the calls.
 *
 * @module
 */
import type { AriClient } from "../../src/client/client.ts";
import { withDeadline } from "../testing/deadline.ts";

/** The longest that a request of the library may take; beyond its own timeouts, in milliseconds. */
const PATIENCE = 30_000;

/** What became of requests and calls. */
export class Tally {
  /** Requests begun. */
  begun = 0;
  /** Requests that ended well. */
  succeeded = 0;
  /** Requests that ended with an error, by its code. */
  readonly failed: Record<string, number> = {};
  /** Requests that did not end. */
  hung = 0;
  /** Calls that were placed, taken and ended. */
  calls = 0;

  /** Counts the outcome of a request. */
  async count<T>(request: Promise<T>): Promise<T | undefined> {
    this.begun++;
    try {
      const result = await withDeadline(request, { what: "an outcome", timeout: PATIENCE });
      this.succeeded++;
      return result;
    } catch (error) {
      const code = codeOf(error);
      if (code === undefined) this.hung++;
      else this.failed[code] = (this.failed[code] ?? 0) + 1;
      return undefined;
    }
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error ? String(error.code) : undefined;
}

/** Takes calls until the signal aborts: answers, plays, hangs up. */
export async function work(client: AriClient, tally: Tally, signal: AbortSignal): Promise<void> {
  const under = new Set<Promise<void>>();
  for await (const { channel } of client.calls({ signal })) {
    const call = (async () => {
      await tally.count(channel.answer());
      const playback = channel.play("sound:hello-world");
      await tally.count(playback.started);
      await tally.count(playback.stop());
      await tally.count(channel.hangup());
    })().finally(() => under.delete(call));
    under.add(call);
  }
  await Promise.all(under);
}

/** Places one call, waits until a worker has handled it, and ends it if none does. */
export async function placeCall(client: AriClient, tally: Tally): Promise<void> {
  const call = client.channels.prepare({ endpoint: "Local/answer@demo" });
  await using events = call.events({ types: ["StasisStart", "ChannelDestroyed"] });
  const channel = await tally.count(call.execute());
  if (!channel) return;
  const destroyed = (async () => {
    for await (const event of events) if (event.type === "ChannelDestroyed") return true;
    return false;
  })();
  try {
    if (await withDeadline(destroyed, { what: "the end of a call", timeout: 8_000 })) tally.calls++;
  } catch {
    // Its worker has gone, or its end was not reported.
    await tally.count(channel.hangup());
  }
}
