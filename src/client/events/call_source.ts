import { decodeJson, isObject } from "../../protocol/json.ts";
import type { Key } from "../../protocol/key.ts";
import { callsQueue, eventSubscription } from "../../protocol/subjects.ts";
import { busFailure } from "../bus_failure.ts";
import type { ClientCore } from "../client_core.ts";
import { guarded } from "../guarded.ts";
import type { Channel } from "../handles/channel.ts";
import type { Scope } from "../lifetime.ts";
import type { Call, CallSource } from "../calls.ts";
import { originOf } from "./event_origin.ts";
import { type AriProxyGapEvent, gapNotice } from "./gap_notice.ts";
import { toEvent } from "./model.ts";

/** Options of {@linkcode callSource}. */
export interface CallSourceOptions {
  /** Application whose calls are wanted. */
  readonly app: string;
  /** Node that they come from. @default all nodes */
  readonly node?: string;
  /** Leaves the listeners when it aborts. @default none */
  readonly signal?: AbortSignal;
  /** Is told of gaps in the events. @default none */
  readonly onGap?: (gap: AriProxyGapEvent) => void;
  /** Makes the handle of a channel. */
  readonly channel: (key: Key) => Channel;
}

/**
 * What joins the listeners of an application, of whom each call goes to exactly one: they share a
 * queue group.
 *
 * @param scope What the source ends with.
 */
export function callSource(
  core: ClientCore,
  scope: Scope,
  { app, node, signal, channel, onGap }: CallSourceOptions,
): (take: (call: Call) => void, close: () => Promise<void>) => CallSource {
  const { bus } = core;
  return (take, close) => {
    const subscription = bus.subscribe(eventSubscription({ app, node }), ({ data }) => {
      const message = decodeJson(data);
      if (!isObject(message)) return;
      const gap = gapNotice(message);
      if (gap) return guarded(() => onGap?.(gap));
      const event = toEvent(message);
      if (event?.type !== "StasisStart") return;
      const handle = channel({ kind: "channel", id: event.channel.id, ...originOf(event) });
      take({ channel: handle, event, args: event.args });
    }, { queue: callsQueue(app) });
    const stop = () => void core.whileClosing(close());
    const leave = scope.onEnd(stop);
    if (signal?.aborted) stop();
    else signal?.addEventListener("abort", stop);
    const release = () => {
      leave();
      signal?.removeEventListener("abort", stop);
    };
    const ready = bus.flush().catch((error) => {
      throw busFailure(error);
    });
    return { subscription, ready, release };
  };
}
