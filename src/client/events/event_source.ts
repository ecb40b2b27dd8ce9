import type { Key } from "../../protocol/key.ts";
import { eventSubscription } from "../../protocol/subjects.ts";
import type { EventsOptions } from "../ari_client_options.ts";
import { busFailure } from "../bus_failure.ts";
import type { Scope } from "../lifetime.ts";
import type { EventHub } from "./hub.ts";
import type { EventSource } from "../event_stream.ts";
import type { AriEvent, AriEventType, EventOf } from "./model.ts";

/**
 * The events that pass the options, from a place, and the gaps among all events of the place.
 *
 * @param scope What the source ends with.
 * @throws {AriProxyError} With the code `invalid` for a place that cannot be part of a subject.
 */
export function eventSource<T extends AriEventType>(
  hub: EventHub,
  scope: Scope,
  options: EventsOptions<T> & {
    /** Application, node and dialog that they come from. */
    readonly place: Key;
  },
): EventSource<EventOf<T>> {
  const { type, place, key = {}, keys = [key], prepare, signal } = options;
  const wanted = type === undefined ? options.types : [type, ...options.types ?? []];
  const types: ReadonlySet<string> | undefined = wanted && new Set(wanted);
  const ofType = (event: AriEvent): event is EventOf<T> => types?.has(event.type) ?? true;
  const elsewhere = (node: string | undefined) => place.node && node && node !== place.node;
  const subject = eventSubscription(place);
  return {
    asEvent: (gap) => ofType(gap) ? gap : undefined,
    open(deliver, end, tell) {
      const listening = hub.listen(subject, {
        keys,
        onGap(gap) {
          if (!elsewhere(gap.asterisk_id)) tell(gap);
        },
        onEvent(delivery) {
          if (elsewhere(delivery.node)) return;
          // Most events are of another type, and that is the cheapest to see.
          if (types && !types.has(delivery.type) && !types.has("UnknownEvent")) return;
          const { event } = delivery;
          if (event && ofType(event)) deliver(event);
        },
      });
      const stop = () => end();
      const leave = scope.onEnd(stop);
      if (signal?.aborted) stop();
      else signal?.addEventListener("abort", stop);
      const close = () => {
        listening.close();
        leave();
        signal?.removeEventListener("abort", stop);
      };
      return { ready: prepared(listening.ready, prepare, end), close };
    },
  };
}

/** Resolves when a subscription stands and what has to be done for it has succeeded. */
async function prepared(
  listening: Promise<void>,
  prepare: (() => Promise<void>) | undefined,
  end: (failure: { readonly error: unknown }) => void,
): Promise<void> {
  try {
    await listening;
  } catch (error) {
    throw busFailure(error);
  }
  try {
    await prepare?.();
  } catch (error) {
    end({ error });
    throw error;
  }
}
