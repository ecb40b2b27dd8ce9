import { isObject, type JsonObject } from "../json.ts";
import type { ReplyData, Rows } from "./columns.ts";

/** Which of the last events are requested. */
export interface EventHistoryPayload {
  /** Events from this time on, by the proxy's clock, in ISO 8601. @default all that are kept */
  readonly since?: string;
  /** The numbering that `after` belongs to; in another one `after` does not count. */
  readonly epoch?: string;
  /** Number of the last event that is known already. @default 0 */
  readonly after?: number;
  /** Most events. @default as many as one response holds */
  readonly limit?: number;
}

/** An event that was kept. */
export interface KeptEvent {
  /** Its number. */
  readonly seq: number;
  /** When it was published, by the proxy's clock, in ISO 8601. */
  readonly time: string;
  /** Its text, as it was published. */
  readonly event: string;
}

/** A chunk of the last events of an application and node, in order. */
export interface EventHistoryData {
  /** The application. */
  readonly application: string;
  /** The node. */
  readonly node: string;
  /** The numbering; empty before the first event. */
  readonly epoch: string;
  /** Number up to which this chunk goes; the next one follows after it. */
  readonly last_seq: number;
  /** Whether there is more after it. */
  readonly more: boolean;
  /** When the oldest event that is kept was published; absent when none is kept. */
  readonly kept_from?: string;
  /** The events. One that does not fit into a response is left out, as its number shows. */
  readonly events: readonly KeptEvent[];
}

/** The kinds about events. The proxy responds without Asterisk. */
export interface EventKinds {
  /** Returns the last events that a proxy keeps, in chunks. Proxies of the original do not have it. */
  EventHistory: ReplyData<EventHistoryData, EventHistoryPayload>;
}

export const eventRows: Rows<EventKinds> = {
  EventHistory: {
    class: "data",
    reply: "data",
    entity: "history",
    payload: {
      member: "event_history",
      shape: { since: "string?", epoch: "string?", after: "integer?", limit: "integer?" },
      optional: true,
    },
  },
};

/**
 * Reads a chunk of the last events.
 *
 * @returns undefined for what is not one.
 */
export function readHistory(value: unknown): EventHistoryData | undefined {
  if (!isObject(value) || !Array.isArray(value.events)) return undefined;
  const { application, node, epoch, last_seq, kept_from } = value;
  if (!text(application) || !text(node) || !text(epoch) || typeof last_seq !== "number") {
    return undefined;
  }
  return {
    application,
    node,
    epoch,
    last_seq,
    more: value.more === true,
    ...(text(kept_from) && { kept_from }),
    events: value.events.filter(isObject).flatMap(readKept),
  };
}

function readKept({ seq, time, event }: JsonObject): KeptEvent[] {
  return typeof seq === "number" && text(time) && text(event) ? [{ seq, time, event }] : [];
}

function text(value: unknown): value is string {
  return typeof value === "string";
}
