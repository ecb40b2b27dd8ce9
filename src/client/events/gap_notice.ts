import type { EventBase } from "../../protocol/api/known_events.ts";
import { type GapReason, gapType, readGap } from "../../protocol/notice.ts";
import type { JsonObject } from "../../protocol/json.ts";
import type { Missing } from "../../protocol/sequence.ts";
import { utcTime } from "../../protocol/time.ts";

/** A time as events have it, in UTC. @param time The present by default. */
export function eventTime(time: Date = new Date()): string {
  return utcTime(time.toISOString()) ?? "";
}

/**
 * Reports that events are missing. A proxy reports those that it could not publish, and the client those
 * that did not reach it. A program that depends on events should check the present state after one.
 */
export interface AriProxyGapEvent extends EventBase {
  /** Discriminates it from the events of Asterisk. */
  readonly type: "AriProxyGap";
  /**
   * Why events are missing. Of a proxy: `started`, it starts, and events before that are unknown to it;
   * `asterisk`, its event WebSocket was disconnected; `overflow`, too many events waited for the bus;
   * `bus`, the connection to the bus was lost; `too_large`, an event was larger than the bus allows, or
   * its subject longer. Of the client: `missed`, the numbers of the events have a gap; `disconnected`,
   * its connection to the bus was lost; `dropped`, the loop did not keep up and the buffer was full.
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
  /** How many events are missing; absent when that is unknown. */
  readonly count?: number;
  /** Whether they are missing for certain; if not, none may be. */
  readonly certain: boolean;
}

/** The notice of a proxy in a message; undefined for any other message. */
export function gapNotice(message: JsonObject): AriProxyGapEvent | undefined {
  if (message.type !== gapType) return undefined;
  const notice = readGap(message);
  const { dialog } = message;
  return notice && { ...notice, ...(typeof dialog === "string" && { dialog }) };
}

/** The gap that the numbers of events show. */
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

/** The gap after an outage of the client's own connection. @param since When it began. */
export function disconnectedGap(application: string, since: Date): AriProxyGapEvent {
  const to = eventTime();
  return {
    type: gapType,
    application,
    timestamp: to,
    reason: "disconnected",
    detail: "The connection to the bus was lost; events during the outage are not delivered later",
    from: eventTime(since),
    to,
    certain: false,
  };
}

/** The gap of events that a full buffer dropped. */
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
    detail: `The loop did not keep up, and the full buffer dropped ${count} events`,
    from: first.timestamp,
    to: last.timestamp,
    count,
    certain: true,
  };
}
