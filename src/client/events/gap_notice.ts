import { type GapReason, gapType, readGap } from "../../protocol/notice.ts";
import type { JsonObject } from "../../protocol/json.ts";
import type { Missing } from "../../protocol/sequence.ts";
import type { EventBase } from "../../protocol/api/known_events.ts";
import { eventTime } from "./event_time.ts";

/**
 * Tells that events are missing. A proxy tells of those that it could not publish, and the client of
 * those that did not reach it. What depends on events looks how things are after one.
 */
export interface AriProxyGapEvent extends EventBase {
  /** Tells it from the events of Asterisk. */
  readonly type: "AriProxyGap";
  /**
   * Why events are missing. Of a proxy: `started`, it begins, and what came before it is not known;
   * `asterisk`, its event socket was away; `overflow`, too many events waited for the bus; `bus`, the
   * connection to the bus broke; `too_large`, an event was larger than the bus allows, or its subject longer. Of the client:
   * `missed`, the numbers of the events have a hole; `disconnected`, its connection to the bus was away;
   * `dropped`, the loop did not keep up and the buffer was full.
   */
  readonly reason: GapReason | "missed" | "disconnected" | "dropped";
  /** One line for people. */
  readonly detail: string;
  /** Time of the last event known to be before the gap; absent when unknown. */
  readonly from?: string;
  /** When the gap ended. */
  readonly to: string;
  /** The numbering that the numbers belong to. */
  readonly epoch?: string;
  /** Number of the first event concerned; absent when the missing events have no numbers. */
  readonly first_seq?: number;
  /** Number of the last event concerned. */
  readonly last_seq?: number;
  /** How many events are missing; absent when nobody knows. */
  readonly count?: number;
  /** Whether they are missing for certain; if not, none may be. */
  readonly certain: boolean;
}

/** The notice of a proxy in a message; undefined when it is none. */
export function gapNotice(message: JsonObject): AriProxyGapEvent | undefined {
  if (message.type !== gapType) return undefined;
  const notice = readGap(message);
  const { dialog } = message;
  return notice && { ...notice, ...(typeof dialog === "string" && { dialog }) };
}

/** The gap that the numbers of events tell of. */
export function missedGap(application: string, missing: Missing): AriProxyGapEvent {
  const { node, epoch, first, last, from, to } = missing;
  return {
    type: gapType,
    application,
    asterisk_id: node,
    timestamp: eventTime(),
    reason: "missed",
    detail: `Events ${first} to ${last} of this numbering did not arrive`,
    ...(from && { from }),
    to,
    epoch,
    first_seq: first,
    last_seq: last,
    count: last - first + 1,
    certain: true,
  };
}

/** The gap that an outage of the client's own connection leaves. @param since When it began. */
export function disconnectedGap(application: string, since: Date): AriProxyGapEvent {
  const to = eventTime();
  return {
    type: gapType,
    application,
    timestamp: to,
    reason: "disconnected",
    detail: "The connection to the bus was away; what came meanwhile is not delivered later",
    from: eventTime(since),
    to,
    certain: false,
  };
}

/** The gap that events which found no room leave. */
export function droppedGap(
  { count, first, last }: { count: number; first: EventBase; last: EventBase },
): AriProxyGapEvent {
  const timestamp = eventTime();
  const { asterisk_id } = first;
  return {
    type: gapType,
    application: first.application,
    ...(asterisk_id && asterisk_id === last.asterisk_id && { asterisk_id }),
    timestamp,
    reason: "dropped",
    detail: `The loop did not keep up, and ${count} events found no room`,
    from: first.timestamp,
    to: last.timestamp,
    count,
    certain: true,
  };
}
