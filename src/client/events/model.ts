/**
 * The events as a client gets them: one union, told apart by `type`.
 *
 * @module
 */
import { isObject, type JsonObject } from "../../protocol/json.ts";
import type { EventBase } from "../../protocol/api/known_events.ts";
import type { AriProxyGapEvent } from "./gap_notice.ts";
import { type KnownEvent, knownEventTypes } from "../../protocol/api/known_events.ts";

/** An event of a type that the library does not know. */
export interface UnknownEvent extends EventBase {
  /** Stands for all types that are not known. */
  readonly type: "UnknownEvent";
  /** The type that Asterisk gave it. */
  readonly unknownType: string;
  /** The event as it came. */
  readonly event: JsonObject;
}

/** An event; its `type` tells which. */
export type AriEvent = KnownEvent | AriProxyGapEvent | UnknownEvent;

/** The type of an event. */
export type AriEventType = AriEvent["type"];

/** The event of a type, or the union of those of several types. */
export type EventOf<T extends AriEventType> = Extract<AriEvent, { readonly type: T }>;

const known: ReadonlySet<string> = new Set(knownEventTypes);

/**
 * The event in a message of the bus. Entities without an ID, which proxies in Go send for those that
 * are absent, are left out.
 *
 * @returns undefined for what is no event.
 */
export function toEvent(message: JsonObject): AriEvent | undefined {
  const { type } = message;
  if (typeof type !== "string" || !type) return undefined;
  // Proxies pass Asterisk's events on as they are, and Asterisk's description is what the types say.
  if (known.has(type)) return withoutZeroEntities(message) as unknown as KnownEvent;
  const text = (name: string): string => {
    const value = message[name];
    return typeof value === "string" ? value : "";
  };
  return {
    type: "UnknownEvent",
    unknownType: type,
    application: text("application"),
    timestamp: text("timestamp"),
    ...(text("asterisk_id") && { asterisk_id: text("asterisk_id") }),
    ...(text("dialog") && { dialog: text("dialog") }),
    event: message,
  };
}

function withoutZeroEntities(event: JsonObject): JsonObject {
  const empty = (value: unknown): boolean =>
    isObject(value) && (value.id === "" || value.technology === "" && value.resource === "");
  const values = Object.values(event);
  return values.some(empty)
    ? Object.fromEntries(Object.entries(event).filter(([, value]) => !empty(value)))
    : event;
}
