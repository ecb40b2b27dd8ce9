import { type Deferred, deferred } from "../common/deferred.ts";
import { pause } from "../common/pause.ts";
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
  // The end may be among what is missing.
  const gaps = lookAfterGaps(plan, (error) => lost.abort(error));
  // Events of the node and not of the dialog, which not every proxy copies for all entities.
  const events = client.events({
    keys: keys.map((key) => ({ ...key, dialog: "" })),
    key: { app: place.app, node: place.node },
    dialog: "",
    signal: either.signal,
    onGap: () => gaps.tell(),
  });
  const stop = watchNode(client, plan, (error) => lost.abort(error));
  try {
    await events.ready;
    await plan.send();
    gaps.begin();
    for await (const event of events) {
      if (plan.starts(event)) started.resolve();
      const end = plan.ends(event);
      if (end) return end;
    }
  } finally {
    events.close();
    gaps.end();
    either.release();
    stop();
  }
  either.signal.throwIfAborted();
  throw new AriProxyError("closed", `Cannot ${what} to its end: the client is closed`, {
    outcome: "unknown",
  });
}

/** How long an event may be on its way when the one who is asked knows of its cause, in milliseconds. */
const underWay = 500;

/** Looks after each gap whether it is still there, from its beginning on. */
function lookAfterGaps<E extends AriEvent>(
  { what, probe }: FollowPlan<E>,
  lost: (error: AriProxyError) => void,
): { tell(): void; begin(): void; end(): void } {
  const over = new AbortController();
  let begun = false;
  let looking = false;
  const look = async () => {
    if (looking) return;
    looking = true;
    try {
      await probe();
    } catch (error) {
      if (!(error instanceof AriProxyError) || error.code !== "not_found") return;
      await pause(underWay, over.signal).catch(() => {});
      const text = `Cannot ${what} to its end: that was among events that were missed`;
      lost(new AriProxyError("not_found", text, { cause: error, outcome: "unknown" }));
    } finally {
      looking = false;
    }
  };
  return {
    // What is not there yet has missed nothing.
    tell: () => void (begun && look()),
    begin: () => begun = true,
    end: () => over.abort(),
  };
}

/** Looks out for the end of the node. */
function watchNode<E extends AriEvent>(
  client: AriClient,
  { what, place }: FollowPlan<E>,
  lost: (error: AriProxyError) => void,
): () => void {
  return client.onNode(({ type, node }) => {
    if (type === "join" || node.node !== place.node || node.app !== place.app) return;
    const text = `Cannot ${what} to its end: the node is gone`;
    lost(new AriProxyError("no_node", text, { outcome: "unknown" }));
  });
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
