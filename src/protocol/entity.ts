/**
 * The kinds of entities, in one table.
 *
 * @module
 */
import { isObject } from "./json.ts";

/** Kind of an entity, as in keys. */
export type EntityKind =
  | "application"
  | "asterisk"
  | "bridge"
  | "channel"
  | "config"
  | "devicestate"
  | "endpoint"
  | "history"
  | "liverecording"
  | "logging"
  | "mailbox"
  | "module"
  | "playback"
  | "rest"
  | "sound"
  | "storedrecording"
  | "variable";

/** An entity as dialogs and event filters see it. */
export interface EntityRef {
  /** Its kind. */
  readonly kind: EntityKind;
  /** Its ID. */
  readonly id: string;
}

/** The properties of a kind of entity. */
interface EntityRow {
  /** Name in error texts. */
  readonly what: string;
  /** Name in the text of a missing ID, where it differs. */
  readonly missing?: string;
  /** Member of `data` in responses. */
  readonly data: string;
  /** Members of Asterisk's object that make up the ID, joined with a slash. */
  readonly id: readonly string[];
}

/** All kinds of entities. */
export const entities: Readonly<Record<EntityKind, EntityRow>> = {
  asterisk: { what: "asterisk", data: "asterisk", id: [] },
  application: { what: "application", data: "application", id: ["name"] },
  bridge: { what: "bridge", data: "bridge", id: ["id"] },
  channel: { what: "channel", data: "channel", id: ["id"] },
  config: { what: "config", data: "config", id: [] },
  devicestate: { what: "deviceState", missing: "device", data: "device_state", id: ["name"] },
  endpoint: { what: "endpoint", data: "endpoint", id: ["technology", "resource"] },
  history: { what: "history", data: "history", id: [] },
  liverecording: { what: "liveRecording", data: "live_recording", id: ["name"] },
  logging: { what: "logging", data: "log", id: ["channel"] },
  mailbox: { what: "mailbox", data: "mailbox", id: ["name"] },
  module: { what: "module", data: "module", id: ["name"] },
  playback: { what: "playback", data: "playback", id: ["id"] },
  rest: { what: "rest", data: "rest", id: [] },
  sound: { what: "sound", data: "sound", id: ["id"] },
  storedrecording: { what: "storedRecording", data: "stored_recording", id: ["name"] },
  variable: { what: "variable", data: "variable", id: [] },
};

/** The ID of an entity in an object of Asterisk; empty when the object names none. */
export function entityId(kind: EntityKind, object: unknown): string {
  if (!isObject(object)) return "";
  const parts = entities[kind].id.map((name) => object[name]);
  return parts.every((part) => typeof part === "string" && part) ? parts.join("/") : "";
}
