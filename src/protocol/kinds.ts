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
  ConfigData,
  ConfigTuple,
  DeviceStateData,
  EndpointData,
  LiveRecordingData,
  LogData,
  MailboxData,
  ModuleData,
  PlaybackData,
  SoundData,
  StoredRecordingData,
} from "./entities.ts";

/** No payload. */
export type None = undefined;

/** The types of a kind of request. */
export interface KindTypes {
  /** What the request carries beside kind and key. */
  readonly payload: object | None;
  /** What the answer carries beside the error. */
  readonly reply: "ok" | "key" | "keys" | "data";
  /** Type of the data, for the reply `data`. */
  readonly data?: unknown;
}

/** A request that is answered with success alone. */
export interface Ok<P = None> {
  /** Payload. */
  readonly payload: P;
  /** Reply. */
  readonly reply: "ok";
}

/** A request that is answered with the key of an entity. */
export interface One<P = None> {
  /** Payload. */
  readonly payload: P;
  /** Reply. */
  readonly reply: "key";
}

/** A request that is answered with the keys of any number of entities. */
export interface Many<P = None> {
  /** Payload. */
  readonly payload: P;
  /** Reply. */
  readonly reply: "keys";
}

/** A request that is answered with the data of an entity. */
export interface Data<D, P = None> {
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

/** What to play. */
export interface PlayPayload {
  /** ID for the playback; made up by the proxy when empty. */
  readonly playback_id: string;
  /** What to play, as in `sound:hello-world`. */
  readonly media_uri: string;
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
    /** Channel variables. */
    readonly variables?: Readonly<Record<string, string>>;
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
    /** Host and port to exchange media with. */
    readonly external_host: string;
    /** `rtp` (which holds when empty) or `audiosocket`. */
    readonly encapsulation?: string;
    /** `udp` (which holds when empty) or `tcp`. */
    readonly transport?: string;
    /** `client` (which holds when empty) or `server`. */
    readonly connection_type?: string;
    /** Format, as in `ulaw`. */
    readonly format: string;
    /** `both` holds when empty. */
    readonly direction?: string;
    /** Channel variables. */
    readonly variables?: Readonly<Record<string, string>>;
  };
}

/** Every kind of request with its payload and its reply. */
export interface Kinds {
  /** Lists the Stasis applications. */
  ApplicationList: Many;
  /** Tells what a Stasis application is subscribed to. */
  ApplicationData: Data<ApplicationData>;
  /** Checks that a Stasis application is there. */
  ApplicationGet: One;
  /** Subscribes a Stasis application to an event source. */
  ApplicationSubscribe: Ok<EventSourcePayload>;
  /** Ends a subscription of a Stasis application. */
  ApplicationUnsubscribe: Ok<EventSourcePayload>;

  /** Tells about the Asterisk: version, build, configuration, status. */
  AsteriskInfo: Data<AsteriskData>;
  /** Reads a global variable. */
  AsteriskVariableGet: Data<string>;
  /** Sets a global variable. */
  AsteriskVariableSet: Ok<{ readonly value: string }>;
  /** Reads a dynamic configuration object, `<class>/<type>/<name>`. */
  AsteriskConfigData: Data<ConfigData>;
  /** Creates or changes a dynamic configuration object. */
  AsteriskConfigUpdate: Ok<{ readonly tuples?: readonly ConfigTuple[] }>;
  /** Deletes a dynamic configuration object. */
  AsteriskConfigDelete: Ok;
  /** Lists the channels of the log. */
  AsteriskLoggingList: Many;
  /** Tells about a channel of the log. */
  AsteriskLoggingData: Data<LogData>;
  /** Checks that a channel of the log is there. */
  AsteriskLoggingGet: One;
  /** Adds a channel to the log. */
  AsteriskLoggingCreate: One<{
    /** Levels, comma-separated. */
    readonly config: string;
  }>;
  /** Rotates a channel of the log. */
  AsteriskLoggingRotate: Ok;
  /** Removes a channel from the log. */
  AsteriskLoggingDelete: Ok;
  /** Lists the modules. */
  AsteriskModuleList: Many;
  /** Tells about a module. */
  AsteriskModuleData: Data<ModuleData>;
  /** Checks that a module is there. */
  AsteriskModuleGet: One;
  /** Loads a module. */
  AsteriskModuleLoad: Ok;
  /** Reloads a module. */
  AsteriskModuleReload: Ok;
  /** Unloads a module. */
  AsteriskModuleUnload: Ok;

  /** Creates a bridge. */
  BridgeCreate: One<{ readonly type: string; readonly name?: string }>;
  /** Fixes the node for a bridge to be created. */
  BridgeStageCreate: One<{ readonly type: string; readonly name?: string }>;
  /** Lists the bridges. */
  BridgeList: Many;
  /** Tells about a bridge. */
  BridgeData: Data<BridgeData>;
  /** Checks that a bridge is there. */
  BridgeGet: One;
  /** Destroys a bridge. */
  BridgeDelete: Ok;
  /** Adds a channel to a bridge. */
  BridgeAddChannel: Ok<{
    readonly channel: string;
    readonly absorbDTMF?: boolean;
    readonly mute?: boolean;
    readonly role?: string;
  }>;
  /** Takes a channel out of a bridge. */
  BridgeRemoveChannel: Ok<{ readonly channel: string }>;
  /** Plays music on hold to a bridge. */
  BridgeMOH: Ok<{ readonly class: string }>;
  /** Stops the music on hold of a bridge. */
  BridgeStopMOH: Ok;
  /** Plays media to a bridge. */
  BridgePlay: One<PlayPayload>;
  /** Fixes the node for a playback to a bridge. */
  BridgeStagePlay: One<PlayPayload>;
  /** Records a bridge. */
  BridgeRecord: One<RecordPayload>;
  /** Fixes the node for a recording of a bridge. */
  BridgeStageRecord: One<RecordPayload>;
  /** Binds a bridge to the dialog of the key. */
  BridgeSubscribe: Ok;
  /** Does nothing; kept for the sake of older clients. */
  BridgeUnsubscribe: Ok;
  /** Makes a channel the video source of a bridge. */
  BridgeVideoSource: Ok<{ readonly channel: string }>;
  /** Lets a bridge pick its video source again. */
  BridgeVideoSourceDelete: Ok;

  /** Lists the channels. */
  ChannelList: Many;
  /** Tells about a channel. */
  ChannelData: Data<ChannelData>;
  /** Checks that a channel is there. */
  ChannelGet: One;
  /** Creates a channel without dialling. */
  ChannelCreate: One<ChannelCreatePayload>;
  /** Places a call. */
  ChannelOriginate: One<OriginatePayload>;
  /** Fixes the node for a call to be placed. */
  ChannelStageOriginate: One<OriginatePayload>;
  /** Answers a channel. */
  ChannelAnswer: Ok;
  /** Hangs a channel up as busy. */
  ChannelBusy: Ok;
  /** Hangs a channel up as congested. */
  ChannelCongestion: Ok;
  /** Hangs a channel up. */
  ChannelHangup: Ok<{
    /** `normal` (which holds when empty), `busy`, `congestion` … */
    readonly reason: string;
  }>;
  /** Sends a channel on in the dialplan. */
  ChannelContinue: Ok<
    { readonly context: string; readonly extension: string; readonly priority: number }
  >;
  /** Dials a channel that was created. */
  ChannelDial: Ok<{
    readonly caller: string;
    /** How long to ring, in nanoseconds. */
    readonly timeout: number;
  }>;
  /** Starts ringing. */
  ChannelRing: Ok;
  /** Stops ringing. */
  ChannelStopRing: Ok;
  /** Puts a channel on hold. */
  ChannelHold: Ok;
  /** Takes a channel from hold. */
  ChannelStopHold: Ok;
  /** Mutes a channel. */
  ChannelMute: Ok<MutePayload>;
  /** Unmutes a channel. */
  ChannelUnmute: Ok<MutePayload>;
  /** Plays music on hold to a channel. */
  ChannelMOH: Ok<{ readonly music: string }>;
  /** Stops the music on hold of a channel. */
  ChannelStopMOH: Ok;
  /** Plays silence to a channel. */
  ChannelSilence: Ok;
  /** Stops the silence of a channel. */
  ChannelStopSilence: Ok;
  /** Sends DTMF to a channel. */
  ChannelSendDTMF: Ok<{
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
  ChannelPlay: One<PlayPayload>;
  /** Fixes the node for a playback to a channel. */
  ChannelStagePlay: One<PlayPayload>;
  /** Records a channel. */
  ChannelRecord: One<RecordPayload>;
  /** Fixes the node for a recording of a channel. */
  ChannelStageRecord: One<RecordPayload>;
  /** Listens in on a channel. */
  ChannelSnoop: One<SnoopPayload>;
  /** Fixes the node for a snoop channel. */
  ChannelStageSnoop: One<SnoopPayload>;
  /** Makes a channel whose media come from and go to a host. */
  ChannelExternalMedia: One<ExternalMediaPayload>;
  /** Fixes the node for an external media channel. */
  ChannelStageExternalMedia: One<ExternalMediaPayload>;
  /** Binds a channel to the dialog of the key. */
  ChannelSubscribe: Ok;
  /** Reads a channel variable. */
  ChannelVariableGet: Data<string, VariablePayload>;
  /** Sets a channel variable. */
  ChannelVariableSet: Ok<VariablePayload>;
  /** Raises a user event on a channel. */
  ChannelUserEvent: Ok<{
    /** The event, of which only these members count. */
    readonly UserEvent: {
      /** Name of the event. */
      readonly eventname: string;
      /** Its variables: any JSON object. */
      readonly userevent?: unknown;
    };
  }>;

  /** Lists the device states that Asterisk's Stasis devices have. */
  DeviceStateList: Many;
  /** Tells the state of a device. */
  DeviceStateData: Data<DeviceStateData>;
  /** Checks that a device is there. */
  DeviceStateGet: One;
  /** Sets the state of a `Stasis:` device. */
  DeviceStateUpdate: Ok<{ readonly state: string }>;
  /** Deletes a `Stasis:` device. */
  DeviceStateDelete: Ok;
  /** Lists the endpoints. */
  EndpointList: Many;
  /** Lists the endpoints of a technology. */
  EndpointListByTech: Many<{ readonly tech: string }>;
  /** Tells about an endpoint, `<tech>/<resource>`. */
  EndpointData: Data<EndpointData>;
  /** Checks that an endpoint is there. */
  EndpointGet: One;
  /** Lists the mailboxes. */
  MailboxList: Many;
  /** Tells about a mailbox. */
  MailboxData: Data<MailboxData>;
  /** Checks that a mailbox is there. */
  MailboxGet: One;
  /** Sets the counts of a mailbox. */
  MailboxUpdate: Ok<{ readonly new: number; readonly old: number }>;
  /** Deletes a mailbox. */
  MailboxDelete: Ok;

  /** Tells about a playback. */
  PlaybackData: Data<PlaybackData>;
  /** Checks that a playback is there. */
  PlaybackGet: One;
  /** Controls a playback. */
  PlaybackControl: Ok<{
    /** `restart`, `pause`, `unpause`, `reverse` or `forward`. */
    readonly command: string;
  }>;
  /** Stops a playback. */
  PlaybackStop: Ok;
  /** Binds a playback to the dialog of the key. */
  PlaybackSubscribe: Ok;
  /** Tells about a live recording. */
  RecordingLiveData: Data<LiveRecordingData>;
  /** Checks that a live recording is there. */
  RecordingLiveGet: One;
  /** Stops a live recording and keeps it. */
  RecordingLiveStop: Ok;
  /** Pauses a live recording. */
  RecordingLivePause: Ok;
  /** Resumes a live recording. */
  RecordingLiveResume: Ok;
  /** Mutes a live recording. */
  RecordingLiveMute: Ok;
  /** Unmutes a live recording. */
  RecordingLiveUnmute: Ok;
  /** Stops a live recording and throws it away. */
  RecordingLiveScrap: Ok;
  /** Binds a live recording to the dialog of the key. */
  RecordingLiveSubscribe: Ok;
  /** Lists the stored recordings. */
  RecordingStoredList: Many;
  /** Tells about a stored recording. */
  RecordingStoredData: Data<StoredRecordingData>;
  /** Checks that a stored recording is there. */
  RecordingStoredGet: One;
  /** Copies a stored recording. */
  RecordingStoredCopy: One<{ readonly destination: string }>;
  /** Deletes a stored recording. */
  RecordingStoredDelete: Ok;
  /** Lists the sounds. */
  SoundList: Many<{ readonly filters?: { readonly lang?: string; readonly format?: string } }>;
  /** Tells about a sound. */
  SoundData: Data<SoundData>;
}

/** A kind of request. */
export type Kind = keyof Kinds;

/** The payload of a kind; undefined for those without one. */
export type Payload<K extends Kind> = Kinds[K]["payload"];

/** What a request of a kind results in. */
export type Result<K extends Kind> = Kinds[K] extends Data<infer D, Payload<K>> ? D
  : Kinds[K]["reply"] extends "key" ? import("./key.ts").Key
  : Kinds[K]["reply"] extends "keys" ? readonly import("./key.ts").Key[]
  : void;
