import { deferred } from "../../common/deferred.ts";
import { AriProxyError, type ErrorCode } from "../../protocol/errors.ts";
import type { Key } from "../../protocol/key.ts";
import type { ClusterClient } from "../cluster.ts";
import type { AriRequestOptions } from "../requester.ts";
import type { ChannelDestroyedEvent, StasisEndEvent } from "../../protocol/api/known_events.ts";
import { EndProbe, isEndOf, onNodeEnd } from "../end_probe.ts";

/**
 * The event of the end of a channel in an application: it has left the application, or was hung up before
 * it entered it.
 */
export type ChannelEnd = ChannelDestroyedEvent | StasisEndEvent;

/** Options of {@linkcode Channel.ended}. */
export interface ChannelEndOptions {
  /**
   * Aborts the waiting, which then rejects with the signal's reason.
   *
   * @default none
   */
  readonly signal?: AbortSignal;
}

/** Waits for the end of a channel in its application. */
export async function channelEnd(
  client: ClusterClient,
  key: Key,
  { signal }: ChannelEndOptions,
): Promise<ChannelEnd | undefined> {
  signal?.throwIfAborted();
  const { app, kind, id } = key;
  const outcome = deferred<ChannelEnd | undefined>();
  // It may be rejected after it is over.
  outcome.promise.catch(() => {});
  const over = new AbortController();
  // It is known after the first response.
  let { node } = key;
  const probe = new EndProbe({
    look: async () => {
      const limits = { signal: over.signal };
      const found = await client.request("ChannelGet", { ...key, dialog: "" }, undefined, limits);
      node = found.node ?? node;
      if (app) await assertHeard(client, { ...key, node }, limits);
    },
    onGone: () => outcome.resolve(undefined),
    signal: over.signal,
  });
  // Events of the node and not of the dialog, to which the channel need not be bound.
  const events = client.events({
    types: ["ChannelDestroyed", "StasisEnd"],
    keys: [{ kind, id }],
    key: { app, node },
    dialog: "",
    ...(signal && { signal }),
    onGap: () => probe.hint(),
  });
  const stop = onNodeEnd(client, () => ({ app, node }), () => {
    const text = `Cannot wait for the end of the channel ${id}: the node is gone`;
    outcome.reject(new AriProxyError("no_node", text, { outcome: "unknown" }));
  });
  const read = async () => {
    for await (const event of events) if (isEndOf(event, key)) return event;
    signal?.throwIfAborted();
    throw new AriProxyError("closed", "The client is closed", { outcome: "unknown" });
  };
  try {
    // Without a connection the stream begins with the next one, and with a gap.
    await events.ready.catch(() => {});
    probe.begin();
    // It may have ended before.
    probe.hint();
    read().then(outcome.resolve, outcome.reject);
    return await outcome.promise;
  } finally {
    over.abort();
    events.close();
    stop();
  }
}

/** The name of a subscription of an application to all channels. */
const allChannels = "__AST_CHANNEL_ALL_TOPIC";

/** Codes of failures after which it looks again. */
const passing: readonly ErrorCode[] = [
  "asterisk_down",
  "busy",
  "no_node",
  "timeout",
  "unreachable",
];

/**
 * Checks that the application of a channel still gets its events: those of one that continues in the
 * dialplan it does not get, unless a client has created it, and then the event of its end will arrive.
 *
 * @throws {AriProxyError} With the code `not_found` when it does not.
 */
async function assertHeard(
  client: ClusterClient,
  { id = "", app = "", node }: Key,
  limits: AriRequestOptions,
): Promise<void> {
  const place = { kind: "application", id: app, app, ...(node && { node }), dialog: "" };
  const ask = () => client.request("ApplicationData", place, undefined, limits);
  const { channel_ids: heard } = await ask().catch((error) => {
    // The application of a single call has another name there, and a policy may deny the request.
    if (!(error instanceof AriProxyError) || passing.includes(error.code)) throw error;
    return { channel_ids: undefined };
  });
  if (heard && !heard.includes(allChannels) && !heard.includes(id)) {
    throw new AriProxyError("not_found", `The channel ${id} has left ${app}`);
  }
}
