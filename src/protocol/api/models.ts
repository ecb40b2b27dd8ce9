/**
 * The types of what Asterisk 22 returns.
 *
 * Made by `scripts/generate_api.ts` from Asterisk's own description; change the script, not this
 * file.
 *
 * @module
 */

import type { JsonObject } from "../json.ts";

/** A Stasis application and what it is subscribed to. */
export interface ApplicationData {
  /** Name. */
  readonly name: string;
  /** IDs of channels. */
  readonly channel_ids: readonly string[];
  /** IDs of bridges. */
  readonly bridge_ids: readonly string[];
  /** Endpoints, `<tech>/<resource>`. */
  readonly endpoint_ids: readonly string[];
  /** Names of devices. */
  readonly device_names: readonly string[];
  /** Types of events that are let through; all if it is empty. */
  readonly events_allowed: readonly JsonObject[];
  /** Types of events that are held back. */
  readonly events_disallowed: readonly JsonObject[];
}

/** A bridge. */
export interface BridgeData {
  /** Unique ID. */
  readonly id: string;
  /** Technology, as in `simple_bridge`. */
  readonly technology: string;
  /** Kind of bridge. */
  readonly bridge_type: "mixing" | "holding" | (string & Record<never, never>);
  /** Class. */
  readonly bridge_class: string;
  /** Creator. */
  readonly creator: string;
  /** Name. */
  readonly name: string;
  /** IDs of the channels in it. */
  readonly channels: readonly string[];
  /** Where its video comes from: `none`, `talker`, `sfu` or `single`. */
  readonly video_mode?: string;
  /** ID of the channel that its video comes from. */
  readonly video_source_id?: string;
  /** Creation time, `YYYY-MM-DDThh:mm:ss.mmm±hhmm`. */
  readonly creationtime: string;
  /** Variables that Asterisk sends along. */
  readonly bridgevars?: Readonly<Record<string, string>>;
}

/** A channel of Asterisk's log. */
export interface LogChannelData {
  /** Name. */
  readonly channel: string;
  /** Type. */
  readonly type: string;
  /** Whether it is enabled. */
  readonly status: string;
  /** Its levels. */
  readonly configuration: string;
}

/** A channel. */
export interface ChannelData {
  /** Unique ID. */
  readonly id: string;
  /** Identifier in its protocol, as SIP's Call-ID. */
  readonly protocol_id: string;
  /** Name. */
  readonly name: string;
  /** State. */
  readonly state:
    | "Down"
    | "Rsrved"
    | "OffHook"
    | "Dialing"
    | "Ring"
    | "Ringing"
    | "Up"
    | "Busy"
    | "Dialing Offhook"
    | "Pre-ring"
    | "Unknown"
    | (string & Record<never, never>);
  /** Who calls. */
  readonly caller: CallerId;
  /** Who is connected. */
  readonly connected: CallerId;
  /** Account code. */
  readonly accountcode: string;
  /** Where it is in the dialplan. */
  readonly dialplan: DialplanPlace;
  /** Creation time, `YYYY-MM-DDThh:mm:ss.mmm±hhmm`. */
  readonly creationtime: string;
  /** Language. */
  readonly language: string;
  /** Variables that Asterisk sends along. */
  readonly channelvars?: Readonly<Record<string, string>>;
  /** Number of who forwarded the call. */
  readonly caller_rdnis?: string;
  /** Tenant. */
  readonly tenantid?: string;
}

/** A format and language of a sound. */
export interface SoundFormat {
  /** Language. */
  readonly language: string;
  /** Format, as in `wav`. */
  readonly format: string;
}

/** A mailbox. */
export interface MailboxData {
  /** Name. */
  readonly name: string;
  /** Number of old messages. */
  readonly old_messages: number;
  /** Number of new messages. */
  readonly new_messages: number;
}

/** A module of Asterisk. */
export interface ModuleData {
  /** Name. */
  readonly name: string;
  /** What it does. */
  readonly description: string;
  /** How many use it. */
  readonly use_count: number;
  /** Whether it runs. */
  readonly status: string;
  /** How well it is supported. */
  readonly support_level: string;
}

/** A playback. */
export interface PlaybackData {
  /** Unique ID. */
  readonly id: string;
  /** What is played, as in `sound:hello-world`. */
  readonly media_uri: string;
  /** What is played next. */
  readonly next_media_uri?: string;
  /** What it is for, `channel:<id>` or `bridge:<id>`. */
  readonly target_uri: string;
  /** Language. */
  readonly language?: string;
  /** State. */
  readonly state:
    | "queued"
    | "playing"
    | "continuing"
    | "done"
    | "failed"
    | (string & Record<never, never>);
}

/** A recording in progress. Durations are whole seconds. */
export interface LiveRecordingData {
  /** Name. */
  readonly name: string;
  /** Format, as in `wav`. */
  readonly format: string;
  /** What it is for, `channel:<id>` or `bridge:<id>`. */
  readonly target_uri: string;
  /** State. */
  readonly state:
    | "queued"
    | "recording"
    | "paused"
    | "done"
    | "failed"
    | "canceled"
    | (string & Record<never, never>);
  /** Length in seconds. */
  readonly duration?: number;
  /** Of it speech, in seconds. */
  readonly talking_duration?: number;
  /** Of it silence, in seconds. */
  readonly silence_duration?: number;
  /** Why it failed. */
  readonly cause?: string;
}

/** A recording that is done. */
export interface StoredRecordingData {
  /** Name. */
  readonly name: string;
  /** Format, as in `wav`. */
  readonly format: string;
}

/** A sign of life. */
export interface AsteriskPingData {
  /** Entity ID, which is the node. */
  readonly asterisk_id: string;
  /** `pong`. */
  readonly ping: string;
  /** When it was asked. */
  readonly timestamp: string;
}

/** A sound that can be played. */
export interface SoundData {
  /** Unique ID. */
  readonly id: string;
  /** The text. */
  readonly text?: string;
  /** Its formats and languages. */
  readonly formats: readonly SoundFormat[];
}

/** An Asterisk; without the parts that were not requested. */
export interface AsteriskData {
  /** How it was built. */
  readonly build?: BuildInfo;
  /** Its identity. */
  readonly system?: SystemInfo;
  /** How it is configured. */
  readonly config?: ConfigInfo;
  /** Start and last reload. */
  readonly status?: StatusInfo;
}

/** An attribute of a configuration object. */
export interface ConfigTuple {
  /** Name. */
  readonly attribute: string;
  /** Value. */
  readonly value: string;
}

/** An endpoint. */
export interface EndpointData {
  /** Technology, as in `PJSIP`. */
  readonly technology: string;
  /** Name within the technology. */
  readonly resource: string;
  /** State. */
  readonly state?: "unknown" | "offline" | "online" | (string & Record<never, never>);
  /** IDs of channels. */
  readonly channel_ids: readonly string[];
}

/** How Asterisk is configured. */
export interface ConfigInfo {
  /** Name. */
  readonly name: string;
  /** Language, unless another is set. */
  readonly default_language: string;
  /** Most channels at a time. */
  readonly max_channels?: number;
  /** Most open files. */
  readonly max_open_files?: number;
  /** Highest load. */
  readonly max_load?: number;
  /** Whom it runs as. */
  readonly setid: SetId;
}

/** How Asterisk was built. */
export interface BuildInfo {
  /** Operating system. */
  readonly os: string;
  /** Version of the kernel. */
  readonly kernel: string;
  /** Options of the build. */
  readonly options: string;
  /** Type of the machine. */
  readonly machine: string;
  /** When. */
  readonly date: string;
  /** User. */
  readonly user: string;
}

/** Identity of an Asterisk. */
export interface SystemInfo {
  /** Version. */
  readonly version: string;
  /** Entity ID, which is the node. */
  readonly entity_id: string;
}

/** Name and number of a party. */
export interface CallerId {
  /** Name. */
  readonly name: string;
  /** Number. */
  readonly number: string;
}

/** Place in the dialplan. */
export interface DialplanPlace {
  /** Context. */
  readonly context: string;
  /** Extension. */
  readonly exten: string;
  /** Priority. */
  readonly priority: number;
  /** Application of the dialplan. */
  readonly app_name: string;
  /** Its arguments. */
  readonly app_data: string;
}

/** RTP statistics: `tx` is sent, `rx` received; times are seconds. */
export interface RtpStatistics {
  /** Packets sent. */
  readonly txcount: number;
  /** Packets received. */
  readonly rxcount: number;
  /** Sent jitter. */
  readonly txjitter?: number;
  /** Received jitter. */
  readonly rxjitter?: number;
  /** Highest jitter, as reported by the other side. */
  readonly remote_maxjitter?: number;
  /** Lowest jitter, as reported by the other side. */
  readonly remote_minjitter?: number;
  /** Mean jitter, as reported by the other side. */
  readonly remote_normdevjitter?: number;
  /** Standard deviation of the jitter, as reported by the other side. */
  readonly remote_stdevjitter?: number;
  /** Highest jitter, here. */
  readonly local_maxjitter?: number;
  /** Lowest jitter, here. */
  readonly local_minjitter?: number;
  /** Mean jitter, here. */
  readonly local_normdevjitter?: number;
  /** Standard deviation of the jitter, here. */
  readonly local_stdevjitter?: number;
  /** Packets lost on the way there. */
  readonly txploss: number;
  /** Packets lost on the way here. */
  readonly rxploss: number;
  /** Highest loss of packets, as reported by the other side. */
  readonly remote_maxrxploss?: number;
  /** Lowest loss of packets, as reported by the other side. */
  readonly remote_minrxploss?: number;
  /** Mean loss of packets, as reported by the other side. */
  readonly remote_normdevrxploss?: number;
  /** Standard deviation of the loss of packets, as reported by the other side. */
  readonly remote_stdevrxploss?: number;
  /** Highest loss of packets, here. */
  readonly local_maxrxploss?: number;
  /** Lowest loss of packets, here. */
  readonly local_minrxploss?: number;
  /** Mean loss of packets, here. */
  readonly local_normdevrxploss?: number;
  /** Standard deviation of the loss of packets, here. */
  readonly local_stdevrxploss?: number;
  /** Last round-trip time. */
  readonly rtt?: number;
  /** Highest round-trip time. */
  readonly maxrtt?: number;
  /** Lowest round-trip time. */
  readonly minrtt?: number;
  /** Mean round-trip time. */
  readonly normdevrtt?: number;
  /** Standard deviation of the round-trip time. */
  readonly stdevrtt?: number;
  /** Identifier of what is sent. */
  readonly local_ssrc: number;
  /** Identifier of what is received. */
  readonly remote_ssrc: number;
  /** Bytes sent. */
  readonly txoctetcount: number;
  /** Bytes received. */
  readonly rxoctetcount: number;
  /** ID of the channel. */
  readonly channel_uniqueid: string;
}

/** Start and last reload of Asterisk. */
export interface StatusInfo {
  /** Start time. */
  readonly startup_time: string;
  /** Time of the last reload. */
  readonly last_reload_time: string;
}

/** State of a device. */
export interface DeviceStateData {
  /** Name. */
  readonly name: string;
  /** State. */
  readonly state:
    | "UNKNOWN"
    | "NOT_INUSE"
    | "INUSE"
    | "BUSY"
    | "INVALID"
    | "UNAVAILABLE"
    | "RINGING"
    | "RINGINUSE"
    | "ONHOLD"
    | (string & Record<never, never>);
}

/** The user that Asterisk runs as. */
export interface SetId {
  /** User. */
  readonly user: string;
  /** Its group. */
  readonly group: string;
}

/** Value of a variable. */
export interface VariableData {
  /** Value. */
  readonly value: string;
}

/** Values of variables. */
export interface VariablesData {
  /** Values by name. */
  readonly variables: JsonObject;
}
