import { type Deferred, deferred } from "../common/deferred.ts";
import { AriProxyError } from "../protocol/errors.ts";
import type { Key } from "../protocol/key.ts";
import { anySignal } from "./any_signal.ts";
import type { AriClient } from "./ari_client.ts";
import type { AriEvent } from "./events/types.ts";

/** What is to be done, and how events tell that it goes on. */
export interface FollowPlan<E extends AriEvent> {
  /** What it is, for error texts, as in `play sound:hello-world`. */
  readonly what: string;
  /** Where the events come from. */
  readonly place: Key;
  /** What the events concern: that which is made, and that which it is made on. */
  readonly keys: readonly Key[];
  /** Sends the request, once no event can be missed any more. */
  readonly send: () => Promise<void>;
  /** Tells whether the event is that of its start. */
  readonly starts: (event: AriEvent) => boolean;
  /** The event if it is that of its end. @throws {AriProxyError} When it has failed. */
  readonly ends: (event: AriEvent) => E | undefined;
  /** Asks whether it is still there. @throws {AriProxyError} With the code `not_found` when it is not. */
  readonly probe: () => Promise<unknown>;
  /** Gives up waiting. */
  readonly signal?: AbortSignal;
}

/** How something goes on. */
export interface Followed<E> {
  /** Resolves when it has started, or ended without. */
  readonly started: Promise<void>;
  /** Resolves with the event of its end. */
  readonly finished: Promise<E>;
}

/**
 * Does something and follows it through its events, to which it subscribes first. Nobody has to look
 * at the promises: what is rejected and not looked at is no unhandled rejection.
 */
export function follow<E extends AriEvent>(client: AriClient, plan: FollowPlan<E>): Followed<E> {
  const started = deferred();
  const finished = run(client, plan, started);
  finished.then(() => started.resolve(), started.reject);
  started.promise.catch(() => {});
  return { started: started.promise, finished };
}

async function run<E extends AriEvent>(
  client: AriClient,
  plan: FollowPlan<E>,
  started: Deferred<void>,
): Promise<E> {
  const { what, place, keys, signal } = plan;
  const lost = new AbortController();
  const either = anySignal([signal, lost.signal]);
  // Events of the node and not of the dialog, which not every proxy copies for all entities.
  const events = client.events({
    keys: keys.map((key) => ({ ...key, dialog: "" })),
    key: { app: place.app, node: place.node },
    dialog: "",
    signal: either.signal,
  });
  const stop = watchLoss(client, plan, (error) => lost.abort(error));
  try {
    await events.ready;
    await plan.send();
    for await (const event of events) {
      if (plan.starts(event)) started.resolve();
      const end = plan.ends(event);
      if (end) return end;
    }
  } finally {
    events.close();
    either.release();
    stop();
  }
  either.signal.throwIfAborted();
  throw new AriProxyError("closed", `Cannot ${what} to its end: the client is closed`);
}

/** Looks for what makes it possible that the event of the end never comes. */
function watchLoss<E extends AriEvent>(
  client: AriClient,
  { what, place, probe }: FollowPlan<E>,
  lost: (error: AriProxyError) => void,
): () => void {
  const stopNodes = client.onNode(({ type, node }) => {
    if (type === "join" || node.node !== place.node || node.app !== place.app) return;
    lost(new AriProxyError("no_node", `Cannot ${what} to its end: the node is gone`));
  });
  const stopStatus = client.onStatus(async ({ type }) => {
    if (type !== "connected") return;
    try {
      await probe();
    } catch (error) {
      if (!(error instanceof AriProxyError) || error.code !== "not_found") return;
      const text = `Cannot ${what} to its end: that came while the bus was disconnected`;
      lost(new AriProxyError("not_found", text, { cause: error }));
    }
  });
  return () => {
    stopNodes();
    stopStatus();
  };
}

/** The error of something whose channel or bridge has gone, if the event tells that. */
export function goneError(event: AriEvent, target: Key, what: string): AriProxyError | undefined {
  const gone = event.type === "ChannelDestroyed" && target.kind === "channel"
    ? event.channel.id
    : event.type === "BridgeDestroyed" && target.kind === "bridge"
    ? event.bridge.id
    : undefined;
  return gone === target.id && gone !== undefined
    ? new AriProxyError("not_found", `Cannot ${what}: the ${target.kind} is gone`)
    : undefined;
}
