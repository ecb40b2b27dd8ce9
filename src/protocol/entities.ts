/**
 * The kinds of entities, in one table, and what Asterisk tells of each of them.
 *
 * @module
 */
import { isObject, type JsonObject } from "./json.ts";
import { utcTime, wireTime } from "./time.ts";

/** Kind of an entity, as it stands in keys. */
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

/** What is particular to a kind of entity. */
export interface EntityRow {
  /** Name in error texts. */
  readonly what: string;
  /** Name in the text of a missing ID, where it differs. */
  readonly missing?: string;
  /** Member of `data` in answers. */
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

/** Members that are times, of any entity, and how they are told: `creationtime` in UTC. */
export const timeMembers: ReadonlyMap<string, (time: unknown) => string | undefined> = new Map([
  ["creationtime", utcTime],
  ["startup_time", wireTime],
  ["last_reload_time", wireTime],
]);

/** Name and number of a party. */
export interface CallerId {
  /** Name; absent or empty when unknown. */
  readonly name?: string;
  /** Number; absent or empty when unknown. */
  readonly number?: string;
}

/** Place in the dialplan. */
export interface DialplanPlace {
  /** Context. */
  readonly context?: string;
  /** Extension. */
  readonly exten?: string;
  /** Priority. */
  readonly priority?: number;
  /** Application of the dialplan; absent from Go proxies. */
  readonly app_name?: string;
  /** Its arguments; absent from Go proxies. */
  readonly app_data?: string;
}

/** A channel. */
export interface ChannelData {
  /** Unique ID. */
  readonly id: string;
  /** Name, as in `PJSIP/alice-00000001`. */
  readonly name: string;
  /** State: `Down`, `Ring`, `Ringing`, `Up`, `Busy` … */
  readonly state: string;
  /** Account code. */
  readonly accountcode?: string;
  /** Who calls. */
  readonly caller?: CallerId | null;
  /** Who is connected. */
  readonly connected?: CallerId | null;
  /** When it came to be, `YYYY-MM-DDThh:mm:ss.mmm±hhmm`. */
  readonly creationtime?: string;
  /** Where it is in the dialplan. */
  readonly dialplan?: DialplanPlace | null;
  /** Variables that `ari.conf` has Asterisk send along. */
  readonly channelvars?: Readonly<Record<string, string>> | null;
  /** Language; absent from Go proxies. */
  readonly language?: string;
  /** Identifier in its protocol, as SIP's Call-ID; absent from Go proxies. */
  readonly protocol_id?: string;
  /** Number of who forwarded the call; absent from Go proxies. */
  readonly caller_rdnis?: string;
  /** Tenant; absent from Go proxies. */
  readonly tenantid?: string;
}

/** A bridge. */
export interface BridgeData {
  /** Unique ID. */
  readonly id: string;
  /** Technology, as in `simple_bridge`. */
  readonly technology?: string;
  /** `mixing` or `holding`. */
  readonly bridge_type?: string;
  /** Class. */
  readonly bridge_class?: string;
  /** Who made it. */
  readonly creator?: string;
  /** Name its creator gave it. */
  readonly name?: string;
  /** IDs of the channels in it. */
  readonly channels?: readonly string[] | null;
  /** When it came to be; absent from Go proxies. */
  readonly creationtime?: string;
  /** Where its video comes from: `none`, `talker`, `sfu` or `single`; absent from Go proxies. */
  readonly video_mode?: string;
  /** ID of the channel that its video comes from; absent from Go proxies. */
  readonly video_source_id?: string;
  /** Variables that Asterisk sends along; absent from Go proxies. */
  readonly bridgevars?: Readonly<Record<string, string>> | null;
}

/** A Stasis application and what it is subscribed to. */
export interface ApplicationData {
  /** Name. */
  readonly name: string;
  /** IDs of bridges. */
  readonly bridge_ids?: readonly string[] | null;
  /** IDs of channels. */
  readonly channel_ids?: readonly string[] | null;
  /** Names of devices. */
  readonly device_names?: readonly string[] | null;
  /** Endpoints, `<tech>/<resource>`. */
  readonly endpoint_ids?: readonly string[] | null;
  /** Types of events that are let through, all if it is empty; absent from Go proxies. */
  readonly events_allowed?: readonly JsonObject[] | null;
  /** Types of events that are held back; absent from Go proxies. */
  readonly events_disallowed?: readonly JsonObject[] | null;
}

/** An Asterisk. */
export interface AsteriskData {
  /** How it was built. */
  readonly build?: JsonObject;
  /** Its configuration. */
  readonly config?: JsonObject;
  /** Since when it runs, and when it was last reloaded. */
  readonly status?: { readonly startup_time?: string; readonly last_reload_time?: string };
  /** Entity ID, which is the node, and version. */
  readonly system?: { readonly entity_id?: string; readonly version?: string };
}

/** An attribute of a configuration object. */
export interface ConfigTuple {
  /** Name. */
  readonly attribute: string;
  /** Value. */
  readonly value: string;
}

/** A configuration object; its members have capitals on the bus. */
export interface ConfigData {
  /** Class, as in `res_pjsip`. */
  readonly Class: string;
  /** Type, as in `endpoint`. */
  readonly Type: string;
  /** Name. */
  readonly Name: string;
  /** Attributes. */
  readonly Fields: readonly ConfigTuple[] | null;
}

/** State of a device. */
export interface DeviceStateData {
  /** Name of the device. */
  readonly name: string;
  /** `NOT_INUSE`, `INUSE`, `BUSY`, `RINGING` … */
  readonly state: string;
}

/** An endpoint. */
export interface EndpointData {
  /** Technology, as in `PJSIP`. */
  readonly technology: string;
  /** Name within the technology. */
  readonly resource: string;
  /** `online`, `offline`, or absent when unknown. */
  readonly state?: string;
  /** IDs of its channels. */
  readonly channel_ids?: readonly string[] | null;
}

/** A recording in progress. Durations are whole seconds. */
export interface LiveRecordingData {
  /** Name. */
  readonly name: string;
  /** Format, as in `wav`. */
  readonly format: string;
  /** `queued`, `recording`, `paused`, `done`, `failed`, `canceled`. */
  readonly state: string;
  /** What is recorded, `channel:<id>` or `bridge:<id>`. */
  readonly target_uri?: string;
  /** Why it failed. */
  readonly cause?: string;
  /** Length in seconds. */
  readonly duration?: number;
  /** Of it silence, in seconds. */
  readonly silence_duration?: number;
  /** Of it speech, in seconds. */
  readonly talking_duration?: number;
}

/** A channel of Asterisk's log. */
export interface LogData {
  /** Name. */
  readonly channel: string;
  /** Its levels, comma-separated. */
  readonly levels: string;
  /** Its type. */
  readonly types: string;
  /** Whether it is enabled. */
  readonly status: string;
}

/** A mailbox. */
export interface MailboxData {
  /** Name. */
  readonly name: string;
  /** Number of new messages. */
  readonly new_messages: number;
  /** Number of old messages. */
  readonly old_messages: number;
}

/** A module of Asterisk. */
export interface ModuleData {
  /** File name, as in `res_pjsip.so`. */
  readonly name: string;
  /** What it does. */
  readonly description: string;
  /** How well it is supported. */
  readonly support_level: string;
  /** How many use it. */
  readonly use_count: number;
  /** Whether it runs. */
  readonly status: string;
}

/** A playback. */
export interface PlaybackData {
  /** Unique ID. */
  readonly id: string;
  /** What is played, as in `sound:hello-world`. */
  readonly media_uri: string;
  /** `queued`, `playing`, `continuing`, `done`, `failed`. */
  readonly state: string;
  /** What is played next, of several; absent from Go proxies. */
  readonly next_media_uri?: string;
  /** Where it is played, `channel:<id>` or `bridge:<id>`. */
  readonly target_uri?: string;
  /** Language. */
  readonly language?: string;
}

/** A sound that can be played. */
export interface SoundData {
  /** ID. */
  readonly id: string;
  /** What it says. */
  readonly text?: string;
  /** In which formats and languages it is there. */
  readonly formats?: readonly { readonly format: string; readonly language: string }[] | null;
}

/** A recording that is done. */
export interface StoredRecordingData {
  /** Name. */
  readonly name: string;
  /** Format, as in `wav`. */
  readonly format: string;
}
