/**
 * The type half of the operation table: every kind of request with its payload and its reply. The
 * value half is in `operations/`; the compiler checks one against the other.
 *
 * @module
 */
import type {
  ApplicationData,
  AsteriskData,
  BridgeData,
  ChannelData,
  ConfigTuple,
  DeviceStateData,
  EndpointData,
  LiveRecordingData,
  MailboxData,
  ModuleData,
  PlaybackData,
  SoundData,
  StoredRecordingData,
} from "./api/models.ts";
import type { EventHistoryData, EventHistoryPayload } from "./history.ts";
import type { FilePieceData, FilePiecePayload } from "./file_piece.ts";
import type { RestData, RestPayload } from "./rest.ts";
import type { RestVariablesToSet } from "./api/parameter_types.ts";

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

/** No payload. */
export type NoPayload = undefined;

/** A request that is answered with success alone. */
export interface ReplyOk<P = NoPayload> {
  /** Payload. */
  readonly payload: P;
  /** Reply. */
  readonly reply: "ok";
}

/** A request that is answered with the key of an entity. */
export interface ReplyKey<P = NoPayload> {
  /** Payload. */
  readonly payload: P;
  /** Reply. */
  readonly reply: "key";
}

/** A request that is answered with the keys of any number of entities. */
export interface ReplyKeys<P = NoPayload> {
  /** Payload. */
  readonly payload: P;
  /** Reply. */
  readonly reply: "keys";
}

/** A request that is answered with the data of an entity. */
export interface ReplyData<D, P = NoPayload> {
  /** Payload. */
  readonly payload: P;
  /** Reply. */
  readonly reply: "data";
  /** Type of the data. */
  readonly data: D;
}

/** An event source: `channel:<id>`, `bridge:<id>`, `endpoint:<tech>/<resource>`, `deviceState:<name>`. */
export interface EventSourcePayload {
  /** The event source. */
  readonly event_source: string;
  /** Further ones. The original's proxies pass them over. */
  readonly further_event_sources?: readonly string[];
}

/** What of itself an Asterisk is to tell. The original's proxies pass it over. */
export interface AsteriskInfoPayload {
  /** Parts: `build`, `system`, `config`, `status`; none asks for all. */
  readonly only?: readonly string[];
}

/** A bridge to create. */
export interface BridgeCreatePayload {
  /** Types, comma-separated: `mixing`, `holding`, `dtmf_events` … */
  readonly type: string;
  /** Name, for people. */
  readonly name?: string;
  /** Its variables. The original's proxies pass them over. */
  readonly variables?: RestVariablesToSet;
}

/** A channel for a bridge. */
export interface BridgeChannelPayload {
  /** ID of the channel. */
  readonly channel: string;
  /** IDs of further ones. The original's proxies pass them over. */
  readonly further_channels?: readonly string[];
}

/** A channel to add to a bridge. */
export interface BridgeAddChannelPayload extends BridgeChannelPayload {
  /** Whether its DTMF stays with the application. */
  readonly absorbDTMF?: boolean;
  /** Whether the others do not hear it. */
  readonly mute?: boolean;
  /** Its role in a holding bridge: `participant` or `announcer`. */
  readonly role?: string;
  /** Whether the others are not told its identity. The original's proxies pass it over. */
  readonly inhibitConnectedLineUpdates?: boolean;
}

/** What to record. */
export interface RecordPayload {
  /** Name of the recording; made up by the proxy when empty. */
  readonly name: string;
  /** How to record; capitals as on the bus. */
  readonly options?: {
    /** Format, as in `wav`. */
    readonly Format: string;
    /** Longest duration in nanoseconds; 0 is no limit. */
    readonly MaxDuration: number;
    /** Longest silence in nanoseconds; 0 is no limit. */
    readonly MaxSilence: number;
    /** What to do when it is there already: `fail`, `overwrite`, `append`. */
    readonly Exists: string;
    /** Whether to beep first. */
    readonly Beep: boolean;
    /** DTMF that ends it: `none`, `any`, `*`, `#`. */
    readonly Terminate: string;
  };
}

/** What of a bridge to record. */
export interface BridgeRecordPayload {
  /** Name of the recording; made up by the proxy when empty. */
  readonly name: string;
  /** How to record; capitals as on the bus. */
  readonly options?: NonNullable<RecordPayload["options"]> & {
    /**
     * Format of the channel that records, as in `slin16`, when the recording's own is not good enough.
     * The original's proxies pass it over.
     */
    readonly RecorderFormat?: string;
  };
}

/** What to play. */
export interface PlayPayload {
  /** ID for the playback; made up by the proxy when empty. */
  readonly playback_id: string;
  /** What to play, as in `sound:hello-world`. */
  readonly media_uri: string;
  /** What to play after it, one after the other. The original's proxies pass it over. */
  readonly further_media?: readonly string[];
  /** Language of sounds, as in `en`. The original's proxies pass it over. */
  readonly lang?: string;
  /** Where in the first media to begin, in milliseconds. The original's proxies pass it over. */
  readonly offsetms?: number;
  /** How far forward and back go, in milliseconds. The original's proxies pass it over. */
  readonly skipms?: number;
}

/** What to play to a bridge. */
export interface BridgePlayPayload extends PlayPayload {
  /**
   * Format of the channel that plays, as in `slin16`, when the bridge's own is not good enough. The
   * original's proxies pass it over.
   */
  readonly announcer_format?: string;
}

/** Which direction of a channel to mute. */
export interface MutePayload {
  /** `in`, `out` or `both` (which holds when empty). */
  readonly direction?: string;
}

/** A channel variable. */
export interface VariablePayload {
  /** Name, or a function such as `CALLERID(num)`. */
  readonly name: string;
  /** Value. */
  readonly value?: string;
}

/** A channel variable to set. */
export interface VariableSetPayload extends VariablePayload {
  /** Whether later events tell it. The original's proxies pass it over. */
  readonly report_events?: boolean;
}

/** How to hang up. */
export interface HangupPayload {
  /** `normal` (which holds when empty), `busy`, `congestion` … */
  readonly reason: string;
  /**
   * A number of Q.850 instead, as in `21`, or its name. The original's proxies pass it over.
   */
  readonly reason_code?: string;
}

/** Where in the dialplan a channel goes on. */
export interface ContinuePayload {
  /** Context. */
  readonly context: string;
  /** Extension. */
  readonly extension: string;
  /** Priority. */
  readonly priority: number;
  /** Label, instead of a priority. The original's proxies pass it over. */
  readonly label?: string;
}

/** A call to place. */
export interface OriginatePayload {
  /** The call, under a member of its own. */
  readonly originate_request: {
    /** Whom to call, as in `PJSIP/alice`. */
    readonly endpoint: string;
    /** How long to ring, in seconds; -1 is for ever. */
    readonly timeout?: number;
    /** Caller ID to show, `"Name" <number>`. */
    readonly callerId?: string;
    /** Dialplan context to enter when answered. */
    readonly context?: string;
    /** Dialplan extension. */
    readonly extension?: string;
    /** Dialplan priority. */
    readonly priority?: number;
    /** Dialplan label. */
    readonly label?: string;
    /** Stasis application to enter when answered. */
    readonly app?: string;
    /** Arguments for the application. */
    readonly appArgs?: string;
    /** Formats, comma-separated. */
    readonly formats?: string;
    /** ID for the channel; made up by the proxy when empty. */
    readonly channelId?: string;
    /** ID for the other half of a Local channel. */
    readonly otherChannelId?: string;
    /** ID of the channel on whose behalf it is. */
    readonly originator?: string;
    /** Channel variables; the original's proxies know texts only. */
    readonly variables?: RestVariablesToSet;
  };
}

/** A channel to create without dialling. */
export interface ChannelCreatePayload {
  /** The channel, under a member of its own. */
  readonly channel_create_request: {
    /** Whom to call, as in `PJSIP/alice`. */
    readonly endpoint: string;
    /** Stasis application that gets it. */
    readonly app: string;
    /** Arguments for the application. */
    readonly appArgs?: string;
    /** ID for the channel; made up by the proxy when empty. */
    readonly channelId?: string;
    /** ID for the other half of a Local channel. */
    readonly otherChannelId?: string;
    /** ID of the channel on whose behalf it is. */
    readonly originator?: string;
    /** Formats, comma-separated. */
    readonly formats?: string;
    /** Channel variables. The original's proxies pass them over. */
    readonly variables?: RestVariablesToSet;
  };
}

/** A snoop channel to make. */
export interface SnoopPayload {
  /** ID for the snoop channel; made up by the proxy when empty. */
  readonly snoop_id: string;
  /** How to snoop; without them only the proxy's application is set. */
  readonly options?: {
    /** Stasis application that gets the snoop channel. */
    readonly app: string;
    /** Arguments for the application. */
    readonly appArgs?: string;
    /** What to hear: `in`, `out`, `both`, `none`. */
    readonly spy?: string;
    /** Where to speak: `in`, `out`, `both`, `none`. */
    readonly whisper?: string;
  };
}

/** An external media channel to make. */
export interface ExternalMediaPayload {
  /** The options, under a member of their own. */
  readonly options: {
    /** ID for the channel; made up by the proxy when empty. */
    readonly channelId?: string;
    /** Stasis application; the proxy's own when empty. */
    readonly app?: string;
    /**
     * Host and port to exchange media with; for the transport `websocket` a connection of
     * `websocket_client.conf`, or nothing where that connects to Asterisk.
     */
    readonly external_host: string;
    /** `rtp` (which holds when empty), `audiosocket` or `none`. */
    readonly encapsulation?: string;
    /** `udp` (which holds when empty), `tcp` or `websocket`. */
    readonly transport?: string;
    /** `client` (which holds when empty) or `server`. */
    readonly connection_type?: string;
    /** Format, as in `ulaw`. */
    readonly format: string;
    /** `both` holds when empty. */
    readonly direction?: string;
    /** Channel variables; the original's proxies know texts only. */
    readonly variables?: RestVariablesToSet;
    /** For `audiosocket`: the UUID to begin with. The original's proxies pass it over. */
    readonly data?: string;
    /** For `websocket`: parameters of the transport. The original's proxies pass it over. */
    readonly transport_data?: string;
  };
}

/** Every kind of request with its payload and its reply. */
export interface Kinds {
  /** Lists the Stasis applications. */
  ApplicationList: ReplyKeys;
  /** Tells what a Stasis application is subscribed to. */
  ApplicationData: ReplyData<ApplicationData>;
  /** Checks that a Stasis application is there. */
  ApplicationGet: ReplyKey;
  /** Subscribes a Stasis application to an event source. */
  ApplicationSubscribe: ReplyOk<EventSourcePayload>;
  /** Ends a subscription of a Stasis application. */
  ApplicationUnsubscribe: ReplyOk<EventSourcePayload>;

  /** Tells about the Asterisk: version, build, configuration, status. */
  AsteriskInfo: ReplyData<AsteriskData, AsteriskInfoPayload>;
  /** Reads a global variable. */
  AsteriskVariableGet: ReplyData<string>;
  /** Sets a global variable. */
  AsteriskVariableSet: ReplyOk<{ readonly value: string }>;
  /** Reads a dynamic configuration object, `<class>/<type>/<name>`. */
  AsteriskConfigData: ReplyData<ConfigData>;
  /** Creates or changes a dynamic configuration object. */
  AsteriskConfigUpdate: ReplyOk<{ readonly tuples?: readonly ConfigTuple[] }>;
  /** Deletes a dynamic configuration object. */
  AsteriskConfigDelete: ReplyOk;
  /** Lists the channels of the log. */
  AsteriskLoggingList: ReplyKeys;
  /** Tells about a channel of the log. */
  AsteriskLoggingData: ReplyData<LogData>;
  /** Checks that a channel of the log is there. */
  AsteriskLoggingGet: ReplyKey;
  /** Adds a channel to the log. */
  AsteriskLoggingCreate: ReplyKey<{
    /** Levels, comma-separated. */
    readonly config: string;
  }>;
  /** Rotates a channel of the log. */
  AsteriskLoggingRotate: ReplyOk;
  /** Removes a channel from the log. */
  AsteriskLoggingDelete: ReplyOk;
  /** Lists the modules. */
  AsteriskModuleList: ReplyKeys;
  /** Tells about a module. */
  AsteriskModuleData: ReplyData<ModuleData>;
  /** Checks that a module is there. */
  AsteriskModuleGet: ReplyKey;
  /** Loads a module. */
  AsteriskModuleLoad: ReplyOk;
  /** Reloads a module. */
  AsteriskModuleReload: ReplyOk;
  /** Unloads a module. */
  AsteriskModuleUnload: ReplyOk;

  /** Creates a bridge. */
  BridgeCreate: ReplyKey<BridgeCreatePayload>;
  /** Fixes the node for a bridge to be created. */
  BridgeStageCreate: ReplyKey<BridgeCreatePayload>;
  /** Lists the bridges. */
  BridgeList: ReplyKeys;
  /** Tells about a bridge. */
  BridgeData: ReplyData<BridgeData>;
  /** Checks that a bridge is there. */
  BridgeGet: ReplyKey;
  /** Destroys a bridge. */
  BridgeDelete: ReplyOk;
  /** Adds a channel to a bridge. */
  BridgeAddChannel: ReplyOk<BridgeAddChannelPayload>;
  /** Takes a channel out of a bridge. */
  BridgeRemoveChannel: ReplyOk<BridgeChannelPayload>;
  /** Plays music on hold to a bridge. */
  BridgeMOH: ReplyOk<{ readonly class: string }>;
  /** Stops the music on hold of a bridge. */
  BridgeStopMOH: ReplyOk;
  /** Plays media to a bridge. */
  BridgePlay: ReplyKey<BridgePlayPayload>;
  /** Fixes the node for a playback to a bridge. */
  BridgeStagePlay: ReplyKey<BridgePlayPayload>;
  /** Records a bridge. */
  BridgeRecord: ReplyKey<BridgeRecordPayload>;
  /** Fixes the node for a recording of a bridge. */
  BridgeStageRecord: ReplyKey<BridgeRecordPayload>;
  /** Binds a bridge to the dialog of the key. */
  BridgeSubscribe: ReplyOk;
  /** Does nothing; kept for the sake of older clients. */
  BridgeUnsubscribe: ReplyOk;
  /** Makes a channel the video source of a bridge. */
  BridgeVideoSource: ReplyOk<{ readonly channel: string }>;
  /** Lets a bridge pick its video source again. */
  BridgeVideoSourceDelete: ReplyOk;

  /** Lists the channels. */
  ChannelList: ReplyKeys;
  /** Tells about a channel. */
  ChannelData: ReplyData<ChannelData>;
  /** Checks that a channel is there. */
  ChannelGet: ReplyKey;
  /** Creates a channel without dialling. */
  ChannelCreate: ReplyKey<ChannelCreatePayload>;
  /** Places a call. */
  ChannelOriginate: ReplyKey<OriginatePayload>;
  /** Fixes the node for a call to be placed. */
  ChannelStageOriginate: ReplyKey<OriginatePayload>;
  /** Answers a channel. */
  ChannelAnswer: ReplyOk;
  /** Hangs a channel up as busy. */
  ChannelBusy: ReplyOk;
  /** Hangs a channel up as congested. */
  ChannelCongestion: ReplyOk;
  /** Hangs a channel up. */
  ChannelHangup: ReplyOk<HangupPayload>;
  /** Sends a channel on in the dialplan. */
  ChannelContinue: ReplyOk<ContinuePayload>;
  /** Dials a channel that was created. */
  ChannelDial: ReplyOk<{
    readonly caller: string;
    /** How long to ring, in nanoseconds. */
    readonly timeout: number;
  }>;
  /** Starts ringing. */
  ChannelRing: ReplyOk;
  /** Stops ringing. */
  ChannelStopRing: ReplyOk;
  /** Puts a channel on hold. */
  ChannelHold: ReplyOk;
  /** Takes a channel from hold. */
  ChannelStopHold: ReplyOk;
  /** Mutes a channel. */
  ChannelMute: ReplyOk<MutePayload>;
  /** Unmutes a channel. */
  ChannelUnmute: ReplyOk<MutePayload>;
  /** Plays music on hold to a channel. */
  ChannelMOH: ReplyOk<{ readonly music: string }>;
  /** Stops the music on hold of a channel. */
  ChannelStopMOH: ReplyOk;
  /** Plays silence to a channel. */
  ChannelSilence: ReplyOk;
  /** Stops the silence of a channel. */
  ChannelStopSilence: ReplyOk;
  /** Sends DTMF to a channel. */
  ChannelSendDTMF: ReplyOk<{
    readonly dtmf: string;
    /** Durations in nanoseconds; Asterisk's own defaults hold for those that are 0. */
    readonly options?: {
      readonly Before: number;
      readonly Between: number;
      readonly Duration: number;
      readonly After: number;
    };
  }>;
  /** Plays media to a channel. */
  ChannelPlay: ReplyKey<PlayPayload>;
  /** Fixes the node for a playback to a channel. */
  ChannelStagePlay: ReplyKey<PlayPayload>;
  /** Records a channel. */
  ChannelRecord: ReplyKey<RecordPayload>;
  /** Fixes the node for a recording of a channel. */
  ChannelStageRecord: ReplyKey<RecordPayload>;
  /** Listens in on a channel. */
  ChannelSnoop: ReplyKey<SnoopPayload>;
  /** Fixes the node for a snoop channel. */
  ChannelStageSnoop: ReplyKey<SnoopPayload>;
  /** Makes a channel whose media come from and go to a host. */
  ChannelExternalMedia: ReplyKey<ExternalMediaPayload>;
  /** Fixes the node for an external media channel. */
  ChannelStageExternalMedia: ReplyKey<ExternalMediaPayload>;
  /** Binds a channel to the dialog of the key. */
  ChannelSubscribe: ReplyOk;
  /** Reads a channel variable. */
  ChannelVariableGet: ReplyData<string, VariablePayload>;
  /** Sets a channel variable. */
  ChannelVariableSet: ReplyOk<VariableSetPayload>;
  /** Raises a user event on a channel. */
  ChannelUserEvent: ReplyOk<{
    /** The event, of which only these members count. */
    readonly UserEvent: {
      /** Name of the event. */
      readonly eventname: string;
      /** Its variables: any JSON object. */
      readonly userevent?: unknown;
    };
  }>;

  /** Lists the device states that Asterisk's Stasis devices have. */
  DeviceStateList: ReplyKeys;
  /** Tells the state of a device. */
  DeviceStateData: ReplyData<DeviceStateData>;
  /** Checks that a device is there. */
  DeviceStateGet: ReplyKey;
  /** Sets the state of a `Stasis:` device. */
  DeviceStateUpdate: ReplyOk<{ readonly state: string }>;
  /** Deletes a `Stasis:` device. */
  DeviceStateDelete: ReplyOk;
  /** Lists the endpoints. */
  EndpointList: ReplyKeys;
  /** Lists the endpoints of a technology. */
  EndpointListByTech: ReplyKeys<{ readonly tech: string }>;
  /** Tells about an endpoint, `<tech>/<resource>`. */
  EndpointData: ReplyData<EndpointData>;
  /** Checks that an endpoint is there. */
  EndpointGet: ReplyKey;
  /** Lists the mailboxes. */
  MailboxList: ReplyKeys;
  /** Tells about a mailbox. */
  MailboxData: ReplyData<MailboxData>;
  /** Checks that a mailbox is there. */
  MailboxGet: ReplyKey;
  /** Sets the counts of a mailbox. */
  MailboxUpdate: ReplyOk<{ readonly new: number; readonly old: number }>;
  /** Deletes a mailbox. */
  MailboxDelete: ReplyOk;

  /** Tells about a playback. */
  PlaybackData: ReplyData<PlaybackData>;
  /** Checks that a playback is there. */
  PlaybackGet: ReplyKey;
  /** Controls a playback. */
  PlaybackControl: ReplyOk<{
    /** `restart`, `pause`, `unpause`, `reverse` or `forward`. */
    readonly command: string;
  }>;
  /** Stops a playback. */
  PlaybackStop: ReplyOk;
  /** Binds a playback to the dialog of the key. */
  PlaybackSubscribe: ReplyOk;
  /** Tells about a live recording. */
  RecordingLiveData: ReplyData<LiveRecordingData>;
  /** Checks that a live recording is there. */
  RecordingLiveGet: ReplyKey;
  /** Stops a live recording and keeps it. */
  RecordingLiveStop: ReplyOk;
  /** Pauses a live recording. */
  RecordingLivePause: ReplyOk;
  /** Resumes a live recording. */
  RecordingLiveResume: ReplyOk;
  /** Mutes a live recording. */
  RecordingLiveMute: ReplyOk;
  /** Unmutes a live recording. */
  RecordingLiveUnmute: ReplyOk;
  /** Stops a live recording and throws it away. */
  RecordingLiveScrap: ReplyOk;
  /** Binds a live recording to the dialog of the key. */
  RecordingLiveSubscribe: ReplyOk;
  /** Lists the stored recordings. */
  RecordingStoredList: ReplyKeys;
  /** Tells about a stored recording. */
  RecordingStoredData: ReplyData<StoredRecordingData>;
  /** Checks that a stored recording is there. */
  RecordingStoredGet: ReplyKey;
  /** Copies a stored recording. */
  RecordingStoredCopy: ReplyKey<{ readonly destination: string }>;
  /** Reads a piece of the file of a stored recording. Proxies in Go do not know it. */
  RecordingStoredFile: ReplyData<FilePieceData, FilePiecePayload>;
  /** Deletes a stored recording. */
  RecordingStoredDelete: ReplyOk;
  /** Lists the sounds. */
  SoundList: ReplyKeys<{ readonly filters?: { readonly lang?: string; readonly format?: string } }>;
  /** Tells about a sound. */
  SoundData: ReplyData<SoundData>;

  /** Carries any call to Asterisk's REST interface. Proxies in Go do not know it. */
  Rest: ReplyData<RestData, RestPayload>;

  /** Tells the last events that a proxy keeps, part by part. Proxies in Go do not know it. */
  EventHistory: ReplyData<EventHistoryData, EventHistoryPayload>;
}

/** A kind of request. */
export type Kind = keyof Kinds;

/** The payload of a kind; undefined for those without one. */
export type Payload<K extends Kind> = Kinds[K]["payload"];

/** What a request of a kind results in. */
export type Result<K extends Kind> = Kinds[K] extends ReplyData<infer D, Payload<K>> ? D
  : Kinds[K]["reply"] extends "key" ? import("./key.ts").Key
  : Kinds[K]["reply"] extends "keys" ? readonly import("./key.ts").Key[]
  : void;
