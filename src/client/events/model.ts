/**
 * The events as a client gets them: one union, discriminated by `type`.
 *
 * @module
 */
import { configuredApplication } from "../../common/application_name.ts";
import {
  type EventBase,
  type KnownEvent,
  knownEventTypes,
} from "../../protocol/api/known_events.ts";
import { isObject, type JsonObject } from "../../protocol/json.ts";
import type { Key } from "../../protocol/key.ts";
import type { AriProxyGapEvent } from "./gap_notice.ts";

/** An event of a type that the library does not define. */
export interface UnknownEvent extends EventBase {
  /** Matches all types that the library does not define. */
  readonly type: "UnknownEvent";
  /** The type that Asterisk gave it. */
  readonly unknownType: string;
  /** The event as it arrived. */
  readonly event: JsonObject;
}

/** An event, discriminated by its `type`. */
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
 * @returns undefined for what is not an event.
 */
export function toEvent(message: JsonObject): AriEvent | undefined {
  const { type } = message;
  if (typeof type !== "string" || !type) return undefined;
  // Proxies pass Asterisk's events on unchanged, and the types are made from Asterisk's description.
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

/**
 * The coordinates and the dialog of an event, as keys have them. The application is the one that the
 * proxy serves, also where the event names the connection of a single call, as in
 * `calls:PJSIP/alice-00000001`.
 */
export function originOf(
  { application, asterisk_id: node, dialog }: Pick<
    EventBase,
    "application" | "asterisk_id" | "dialog"
  >,
): Key {
  const app = configuredApplication(application);
  return { ...(app && { app }), ...(node && { node }), ...(dialog && { dialog }) };
}
