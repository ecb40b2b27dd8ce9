// deno-fmt-ignore-file -- a line for each operation and each parameter
/**
 * The types of all operations of Asterisk 22's REST interface.
 *
 * Made by `scripts/generate_api.ts` from Asterisk's own description; change the script, not this
 * file.
 *
 * @module
 */

import type { JsonObject } from "../json.ts";
import type { ApplicationData, AsteriskData, AsteriskPingData, BridgeData, ChannelData, ConfigTuple, DeviceStateData, EndpointData, LiveRecordingData, LogChannelData, MailboxData, ModuleData, PlaybackData, RtpStatistics, SoundData, StoredRecordingData, VariableData, VariablesData } from "./models.ts";
import type { NoParameters, RestEventFilter, RestTypes, RestVariablesToSet } from "./parameter_types.ts";

/** Parameters and result of each operation, by method and path. */
export interface RestOperations {
  /** Lists the Stasis applications. */
  readonly "GET /applications": RestTypes<NoParameters, readonly ApplicationData[]>;
  /** Reads a Stasis application and its subscriptions. */
  readonly "GET /applications/{applicationName}": RestTypes<{
    /** Name of the application. */ readonly applicationName: string;
  }, ApplicationData>;
  /** Subscribes an application to the events of channels, bridges, endpoints or devices. */
  readonly "POST /applications/{applicationName}/subscription": RestTypes<{
    /** Name of the application. */ readonly applicationName: string;
    /** Sources of events: `channel:<id>`, `bridge:<id>`, `endpoint:<tech>/<resource>`, `deviceState:<name>`. */ readonly eventSource: string | readonly string[];
  }, ApplicationData>;
  /** Ends an application's subscriptions to event sources. */
  readonly "DELETE /applications/{applicationName}/subscription": RestTypes<{
    /** Name of the application. */ readonly applicationName: string;
    /** Sources of events: `channel:<id>`, `bridge:<id>`, `endpoint:<tech>/<resource>`, `deviceState:<name>`. */ readonly eventSource: string | readonly string[];
  }, ApplicationData>;
  /** Sets which types of events an application gets; it replaces the former filter. */
  readonly "PUT /applications/{applicationName}/eventFilter": RestTypes<{
    /** Name of the application. */ readonly applicationName: string;
    /** Types of events that are let through and held back. */ readonly filter?: RestEventFilter;
  }, ApplicationData>;
  /** Reads the attributes of a configuration object. */
  readonly "GET /asterisk/config/dynamic/{configClass}/{objectType}/{id}": RestTypes<{
    /** Class of configuration, as in `res_pjsip`. */ readonly configClass: string;
    /** Type of the object, as in `endpoint`. */ readonly objectType: string;
    /** Name of the object. */ readonly id: string;
  }, readonly ConfigTuple[]>;
  /** Creates a configuration object, or changes its attributes. */
  readonly "PUT /asterisk/config/dynamic/{configClass}/{objectType}/{id}": RestTypes<{
    /** Class of configuration, as in `res_pjsip`. */ readonly configClass: string;
    /** Type of the object, as in `endpoint`. */ readonly objectType: string;
    /** Name of the object. */ readonly id: string;
    /** The attributes with their values. */ readonly fields?: readonly ConfigTuple[];
  }, readonly ConfigTuple[]>;
  /** Deletes a configuration object. */
  readonly "DELETE /asterisk/config/dynamic/{configClass}/{objectType}/{id}": RestTypes<{
    /** Class of configuration, as in `res_pjsip`. */ readonly configClass: string;
    /** Type of the object, as in `endpoint`. */ readonly objectType: string;
    /** Name of the object. */ readonly id: string;
  }, undefined>;
  /** Reads build, configuration and uptime of Asterisk. */
  readonly "GET /asterisk/info": RestTypes<{
    /** The parts to return; without it all. */ readonly only?: "build" | "system" | "config" | "status" | readonly ("build" | "system" | "config" | "status")[];
  }, AsteriskData>;
  /** Checks that Asterisk responds. */
  readonly "GET /asterisk/ping": RestTypes<NoParameters, AsteriskPingData>;
  /** Lists the modules. */
  readonly "GET /asterisk/modules": RestTypes<NoParameters, readonly ModuleData[]>;
  /** Reads a module. */
  readonly "GET /asterisk/modules/{moduleName}": RestTypes<{
    /** File name of the module, as in `res_pjsip.so`. */ readonly moduleName: string;
  }, ModuleData>;
  /** Loads a module. */
  readonly "POST /asterisk/modules/{moduleName}": RestTypes<{
    /** File name of the module, as in `res_pjsip.so`. */ readonly moduleName: string;
  }, undefined>;
  /** Unloads a module. */
  readonly "DELETE /asterisk/modules/{moduleName}": RestTypes<{
    /** File name of the module, as in `res_pjsip.so`. */ readonly moduleName: string;
  }, undefined>;
  /** Reloads a module. */
  readonly "PUT /asterisk/modules/{moduleName}": RestTypes<{
    /** File name of the module, as in `res_pjsip.so`. */ readonly moduleName: string;
  }, undefined>;
  /** Lists the channels of the log. */
  readonly "GET /asterisk/logging": RestTypes<NoParameters, readonly LogChannelData[]>;
  /** Adds a channel to the log. */
  readonly "POST /asterisk/logging/{logChannelName}": RestTypes<{
    /** Name of the log's channel. */ readonly logChannelName: string;
    /** Levels to log, separated by commas, as in `notice,warning,error`. */ readonly configuration: string;
  }, undefined>;
  /** Removes a channel from the log. */
  readonly "DELETE /asterisk/logging/{logChannelName}": RestTypes<{
    /** Name of the log's channel. */ readonly logChannelName: string;
  }, undefined>;
  /** Rotates the file of a channel of the log. */
  readonly "PUT /asterisk/logging/{logChannelName}/rotate": RestTypes<{
    /** Name of the log's channel. */ readonly logChannelName: string;
  }, undefined>;
  /** Reads a global variable or function. */
  readonly "GET /asterisk/variable": RestTypes<{
    /** Name of the variable or function. */ readonly variable: string;
  }, VariableData>;
  /** Sets a global variable. */
  readonly "POST /asterisk/variable": RestTypes<{
    /** Name of the variable or function. */ readonly variable: string;
    /** The value; without one the variable is emptied. */ readonly value?: string;
  }, undefined>;
  /** Lists the bridges. */
  readonly "GET /bridges": RestTypes<NoParameters, readonly BridgeData[]>;
  /** Creates a bridge, or renames one. */
  readonly "POST /bridges": RestTypes<{
    /** Its properties, separated by commas: `mixing`, `holding`, `dtmf_events`, `proxy_media`, `video_sfu`, `video_single`, `sdp_label`. */ readonly type?: string;
    /** ID for the bridge; without one Asterisk chooses it. */ readonly bridgeId?: string;
    /** Name for the bridge. */ readonly name?: string;
    /** Variables of the new bridge. */ readonly variables?: RestVariablesToSet;
  }, BridgeData>;
  /** Creates a bridge with an ID, or renames one. */
  readonly "POST /bridges/{bridgeId}": RestTypes<{
    /** Its properties, separated by commas: `mixing`, `holding`, `dtmf_events`, `proxy_media`, `video_sfu`, `video_single`, `sdp_label`. */ readonly type?: string;
    /** ID of the bridge. */ readonly bridgeId: string;
    /** Name for the bridge. */ readonly name?: string;
    /** Variables of the new bridge. */ readonly variables?: RestVariablesToSet;
  }, BridgeData>;
  /** Reads a bridge. */
  readonly "GET /bridges/{bridgeId}": RestTypes<{
    /** ID of the bridge. */ readonly bridgeId: string;
  }, BridgeData>;
  /** Destroys a bridge; the channels in it stay in the application. */
  readonly "DELETE /bridges/{bridgeId}": RestTypes<{
    /** ID of the bridge. */ readonly bridgeId: string;
  }, undefined>;
  /** Reads a variable of a bridge. */
  readonly "GET /bridges/{bridgeId}/variable": RestTypes<{
    /** ID of the bridge. */ readonly bridgeId: string;
    /** Name of the variable or function. */ readonly variable: string;
  }, VariableData>;
  /** Sets a variable of a bridge. */
  readonly "POST /bridges/{bridgeId}/variable": RestTypes<{
    /** ID of the bridge. */ readonly bridgeId: string;
    /** Name of the variable or function. */ readonly variable: string;
    /** The value; without one the variable is emptied. */ readonly value?: string;
    /** Whether later events report the variable. @default false */ readonly report_events?: boolean;
  }, undefined>;
  /** Reads several variables of a bridge. */
  readonly "GET /bridges/{bridgeId}/variables": RestTypes<{
    /** ID of the bridge. */ readonly bridgeId: string;
    /** Names of the variables. */ readonly variables: string | readonly string[];
  }, VariablesData>;
  /** Sets several variables of a bridge. */
  readonly "POST /bridges/{bridgeId}/variables": RestTypes<{
    /** ID of the bridge. */ readonly bridgeId: string;
    /** The variables with their values. */ readonly variables: RestVariablesToSet;
  }, undefined>;
  /** Adds channels to a bridge. */
  readonly "POST /bridges/{bridgeId}/addChannel": RestTypes<{
    /** ID of the bridge. */ readonly bridgeId: string;
    /** IDs of the channels. */ readonly channel: string | readonly string[];
    /** Role of the channel in the bridge, as in `announcer` or `participant`. */ readonly role?: string;
    /** Whether digits of the channel are kept from the others in the bridge. @default false */ readonly absorbDTMF?: boolean;
    /** Whether the channel is muted in the bridge. @default false */ readonly mute?: boolean;
    /** Whether the connected line of the channel is kept from the others. @default false */ readonly inhibitConnectedLineUpdates?: boolean;
  }, undefined>;
  /** Removes channels from a bridge. */
  readonly "POST /bridges/{bridgeId}/removeChannel": RestTypes<{
    /** ID of the bridge. */ readonly bridgeId: string;
    /** IDs of the channels. */ readonly channel: string | readonly string[];
  }, undefined>;
  /** Makes a channel the video source of a bridge. */
  readonly "POST /bridges/{bridgeId}/videoSource/{channelId}": RestTypes<{
    /** ID of the bridge. */ readonly bridgeId: string;
    /** ID of the channel. */ readonly channelId: string;
  }, undefined>;
  /** Leaves the video source of a bridge to Asterisk. */
  readonly "DELETE /bridges/{bridgeId}/videoSource": RestTypes<{
    /** ID of the bridge. */ readonly bridgeId: string;
  }, undefined>;
  /** Plays music on hold to a bridge. */
  readonly "POST /bridges/{bridgeId}/moh": RestTypes<{
    /** ID of the bridge. */ readonly bridgeId: string;
    /** Class of the music. */ readonly mohClass?: string;
  }, undefined>;
  /** Stops the music on hold of a bridge. */
  readonly "DELETE /bridges/{bridgeId}/moh": RestTypes<{
    /** ID of the bridge. */ readonly bridgeId: string;
  }, undefined>;
  /** Plays media to a bridge. */
  readonly "POST /bridges/{bridgeId}/play": RestTypes<{
    /** ID of the bridge. */ readonly bridgeId: string;
    /** What is played, one after the other, as in `sound:hello-world`. */ readonly media: string | readonly string[];
    /** Format of the channel that plays to the bridge. */ readonly announcer_format?: string;
    /** Language of sounds, as in `en`. */ readonly lang?: string;
    /** Where in the media to begin, in milliseconds. @default 0 */ readonly offsetms?: number;
    /** How far forward and reverse go, in milliseconds. @default 3000 */ readonly skipms?: number;
    /** ID for the playback; without one Asterisk chooses it. */ readonly playbackId?: string;
  }, PlaybackData>;
  /** Plays media to a bridge, under an ID. */
  readonly "POST /bridges/{bridgeId}/play/{playbackId}": RestTypes<{
    /** ID of the bridge. */ readonly bridgeId: string;
    /** ID for the playback. */ readonly playbackId: string;
    /** What is played, one after the other, as in `sound:hello-world`. */ readonly media: string | readonly string[];
    /** Format of the channel that plays to the bridge. */ readonly announcer_format?: string;
    /** Language of sounds, as in `en`. */ readonly lang?: string;
    /** Where in the media to begin, in milliseconds. @default 0 */ readonly offsetms?: number;
    /** How far forward and reverse go, in milliseconds. @default 3000 */ readonly skipms?: number;
  }, PlaybackData>;
  /** Records a bridge. */
  readonly "POST /bridges/{bridgeId}/record": RestTypes<{
    /** ID of the bridge. */ readonly bridgeId: string;
    /** Name for the recording. */ readonly name: string;
    /** Format, as in `wav`. */ readonly format: string;
    /** Format of the channel that records the bridge. */ readonly recorder_format?: string;
    /** Longest recording, in seconds; 0 sets no limit. @default 0 */ readonly maxDurationSeconds?: number;
    /** Silence that ends it, in seconds; 0 does not. @default 0 */ readonly maxSilenceSeconds?: number;
    /** What to do when there is a recording of this name. @default fail */ readonly ifExists?: "fail" | "overwrite" | "append";
    /** Whether to beep first. @default false */ readonly beep?: boolean;
    /** The digit that ends it. @default none */ readonly terminateOn?: "none" | "any" | "*" | "#";
  }, LiveRecordingData>;
  /** Lists the channels. */
  readonly "GET /channels": RestTypes<NoParameters, readonly ChannelData[]>;
  /** Calls an endpoint, and puts the new channel into an application or the dialplan. */
  readonly "POST /channels": RestTypes<{
    /** Endpoint to call, as in `PJSIP/alice`. */ readonly endpoint: string;
    /** Extension of the dialplan. */ readonly extension?: string;
    /** Context of the dialplan. */ readonly context?: string;
    /** Priority of the dialplan. */ readonly priority?: number;
    /** Label of the dialplan, in place of a priority. */ readonly label?: string;
    /** Application that gets the channel. */ readonly app?: string;
    /** Arguments for the application, separated by commas. */ readonly appArgs?: string;
    /** Caller ID to show, as in `"Alice" <100>`. */ readonly callerId?: string;
    /** How long to wait for an answer, in seconds. @default 30 */ readonly timeout?: number;
    /** Variables of the new channel. */ readonly variables?: RestVariablesToSet;
    /** ID for the channel; without one Asterisk chooses it. */ readonly channelId?: string;
    /** ID for the second half, if it is a Local channel. */ readonly otherChannelId?: string;
    /** ID of the channel that asks for the new one, which takes over from it. */ readonly originator?: string;
    /** Formats that the channel may use, separated by commas. */ readonly formats?: string;
  }, ChannelData>;
  /** Creates a channel in an application, without dialling. */
  readonly "POST /channels/create": RestTypes<{
    /** Endpoint to call, as in `PJSIP/alice`. */ readonly endpoint: string;
    /** Application that gets the channel. */ readonly app: string;
    /** Arguments for the application, separated by commas. */ readonly appArgs?: string;
    /** ID for the channel; without one Asterisk chooses it. */ readonly channelId?: string;
    /** ID for the second half, if it is a Local channel. */ readonly otherChannelId?: string;
    /** ID of the channel that asks for the new one, which takes over from it. */ readonly originator?: string;
    /** Formats that the channel may use, separated by commas. */ readonly formats?: string;
    /** Variables of the new channel. */ readonly variables?: RestVariablesToSet;
  }, ChannelData>;
  /** Reads a channel. */
  readonly "GET /channels/{channelId}": RestTypes<{
    /** ID of the channel. */ readonly channelId: string;
  }, ChannelData>;
  /** Calls an endpoint under an ID, and puts the new channel into an application or the dialplan. */
  readonly "POST /channels/{channelId}": RestTypes<{
    /** ID of the channel. */ readonly channelId: string;
    /** Endpoint to call, as in `PJSIP/alice`. */ readonly endpoint: string;
    /** Extension of the dialplan. */ readonly extension?: string;
    /** Context of the dialplan. */ readonly context?: string;
    /** Priority of the dialplan. */ readonly priority?: number;
    /** Label of the dialplan, in place of a priority. */ readonly label?: string;
    /** Application that gets the channel. */ readonly app?: string;
    /** Arguments for the application, separated by commas. */ readonly appArgs?: string;
    /** Caller ID to show, as in `"Alice" <100>`. */ readonly callerId?: string;
    /** How long to wait for an answer, in seconds. @default 30 */ readonly timeout?: number;
    /** Variables of the new channel. */ readonly variables?: RestVariablesToSet;
    /** ID for the second half, if it is a Local channel. */ readonly otherChannelId?: string;
    /** ID of the channel that asks for the new one, which takes over from it. */ readonly originator?: string;
    /** Formats that the channel may use, separated by commas. */ readonly formats?: string;
  }, ChannelData>;
  /** Hangs a channel up. */
  readonly "DELETE /channels/{channelId}": RestTypes<{
    /** ID of the channel. */ readonly channelId: string;
    /** Why it is hung up, as a number of Q.850; in place of a reason. */ readonly reason_code?: string;
    /** Why it is hung up. */ readonly reason?: "normal" | "busy" | "congestion" | "no_answer" | "timeout" | "rejected" | "unallocated" | "normal_unspecified" | "number_incomplete" | "codec_mismatch" | "interworking" | "failure" | "answered_elsewhere";
  }, undefined>;
  /** Continues a channel in the dialplan. */
  readonly "POST /channels/{channelId}/continue": RestTypes<{
    /** ID of the channel. */ readonly channelId: string;
    /** Context of the dialplan. */ readonly context?: string;
    /** Extension of the dialplan. */ readonly extension?: string;
    /** Priority of the dialplan. */ readonly priority?: number;
    /** Label of the dialplan, in place of a priority. */ readonly label?: string;
  }, undefined>;
  /** Moves a channel to another application. */
  readonly "POST /channels/{channelId}/move": RestTypes<{
    /** ID of the channel. */ readonly channelId: string;
    /** Application that gets the channel. */ readonly app: string;
    /** Arguments for the application, separated by commas. */ readonly appArgs?: string;
  }, undefined>;
  /** Sends the caller to another endpoint. */
  readonly "POST /channels/{channelId}/redirect": RestTypes<{
    /** ID of the channel. */ readonly channelId: string;
    /** Endpoint to send the caller to. */ readonly endpoint: string;
  }, undefined>;
  /** Answers a channel. */
  readonly "POST /channels/{channelId}/answer": RestTypes<{
    /** ID of the channel. */ readonly channelId: string;
  }, undefined>;
  /** Indicates ringing to the caller. */
  readonly "POST /channels/{channelId}/ring": RestTypes<{
    /** ID of the channel. */ readonly channelId: string;
  }, undefined>;
  /** Stops the ringing. */
  readonly "DELETE /channels/{channelId}/ring": RestTypes<{
    /** ID of the channel. */ readonly channelId: string;
  }, undefined>;
  /** Indicates progress to a channel. */
  readonly "POST /channels/{channelId}/progress": RestTypes<{
    /** ID of the channel. */ readonly channelId: string;
  }, undefined>;
  /** Sends DTMF digits to a channel. */
  readonly "POST /channels/{channelId}/dtmf": RestTypes<{
    /** ID of the channel. */ readonly channelId: string;
    /** The digits. */ readonly dtmf?: string;
    /** Pause before the digits, in milliseconds. @default 0 */ readonly before?: number;
    /** Pause between the digits, in milliseconds. @default 100 */ readonly between?: number;
    /** Length of each digit, in milliseconds. @default 100 */ readonly duration?: number;
    /** Pause after the digits, in milliseconds. @default 0 */ readonly after?: number;
  }, undefined>;
  /** Mutes a channel. */
  readonly "POST /channels/{channelId}/mute": RestTypes<{
    /** ID of the channel. */ readonly channelId: string;
    /** The direction of the sound, as the channel sees it. @default both */ readonly direction?: "both" | "in" | "out";
  }, undefined>;
  /** Unmutes a channel. */
  readonly "DELETE /channels/{channelId}/mute": RestTypes<{
    /** ID of the channel. */ readonly channelId: string;
    /** The direction of the sound, as the channel sees it. @default both */ readonly direction?: "both" | "in" | "out";
  }, undefined>;
  /** Puts a channel on hold. */
  readonly "POST /channels/{channelId}/hold": RestTypes<{
    /** ID of the channel. */ readonly channelId: string;
  }, undefined>;
  /** Takes a channel from hold. */
  readonly "DELETE /channels/{channelId}/hold": RestTypes<{
    /** ID of the channel. */ readonly channelId: string;
  }, undefined>;
  /** Plays music on hold to a channel. */
  readonly "POST /channels/{channelId}/moh": RestTypes<{
    /** ID of the channel. */ readonly channelId: string;
    /** Class of the music. */ readonly mohClass?: string;
  }, undefined>;
  /** Stops the music on hold of a channel. */
  readonly "DELETE /channels/{channelId}/moh": RestTypes<{
    /** ID of the channel. */ readonly channelId: string;
  }, undefined>;
  /** Plays silence to a channel. */
  readonly "POST /channels/{channelId}/silence": RestTypes<{
    /** ID of the channel. */ readonly channelId: string;
  }, undefined>;
  /** Stops the silence. */
  readonly "DELETE /channels/{channelId}/silence": RestTypes<{
    /** ID of the channel. */ readonly channelId: string;
  }, undefined>;
  /** Plays media to a channel. */
  readonly "POST /channels/{channelId}/play": RestTypes<{
    /** ID of the channel. */ readonly channelId: string;
    /** What is played, one after the other, as in `sound:hello-world`. */ readonly media: string | readonly string[];
    /** Language of sounds, as in `en`. */ readonly lang?: string;
    /** Where in the media to begin, in milliseconds. */ readonly offsetms?: number;
    /** How far forward and reverse go, in milliseconds. @default 3000 */ readonly skipms?: number;
    /** ID for the playback; without one Asterisk chooses it. */ readonly playbackId?: string;
  }, PlaybackData>;
  /** Plays media to a channel, under an ID. */
  readonly "POST /channels/{channelId}/play/{playbackId}": RestTypes<{
    /** ID of the channel. */ readonly channelId: string;
    /** ID for the playback. */ readonly playbackId: string;
    /** What is played, one after the other, as in `sound:hello-world`. */ readonly media: string | readonly string[];
    /** Language of sounds, as in `en`. */ readonly lang?: string;
    /** Where in the media to begin, in milliseconds. */ readonly offsetms?: number;
    /** How far forward and reverse go, in milliseconds. @default 3000 */ readonly skipms?: number;
  }, PlaybackData>;
  /** Records a channel. */
  readonly "POST /channels/{channelId}/record": RestTypes<{
    /** ID of the channel. */ readonly channelId: string;
    /** Name for the recording. */ readonly name: string;
    /** Format, as in `wav`. */ readonly format: string;
    /** Longest recording, in seconds; 0 sets no limit. @default 0 */ readonly maxDurationSeconds?: number;
    /** Silence that ends it, in seconds; 0 does not. @default 0 */ readonly maxSilenceSeconds?: number;
    /** What to do when there is a recording of this name. @default fail */ readonly ifExists?: "fail" | "overwrite" | "append";
    /** Whether to beep first. @default false */ readonly beep?: boolean;
    /** The digit that ends it. @default none */ readonly terminateOn?: "none" | "any" | "*" | "#";
  }, LiveRecordingData>;
  /** Reads a variable or function of a channel. */
  readonly "GET /channels/{channelId}/variable": RestTypes<{
    /** ID of the channel. */ readonly channelId: string;
    /** Name of the variable or function. */ readonly variable: string;
  }, VariableData>;
  /** Sets a variable or function of a channel. */
  readonly "POST /channels/{channelId}/variable": RestTypes<{
    /** ID of the channel. */ readonly channelId: string;
    /** Name of the variable or function. */ readonly variable: string;
    /** The value; without one the variable is emptied. */ readonly value?: string;
    /** Whether later events report the variable. @default false */ readonly report_events?: boolean;
  }, undefined>;
  /** Reads several variables or functions of a channel. */
  readonly "GET /channels/{channelId}/variables": RestTypes<{
    /** ID of the channel. */ readonly channelId: string;
    /** Names of the variables and functions. */ readonly variables: string | readonly string[];
  }, VariablesData>;
  /** Sets several variables or functions of a channel. */
  readonly "POST /channels/{channelId}/variables": RestTypes<{
    /** ID of the channel. */ readonly channelId: string;
    /** The variables with their values. */ readonly variables: RestVariablesToSet;
  }, undefined>;
  /** Listens in on a channel, or whispers to it. */
  readonly "POST /channels/{channelId}/snoop": RestTypes<{
    /** ID of the channel. */ readonly channelId: string;
    /** The direction of the sound to listen to. @default none */ readonly spy?: "none" | "both" | "out" | "in";
    /** The direction of the sound to whisper into. @default none */ readonly whisper?: "none" | "both" | "out" | "in";
    /** Application that gets the channel. */ readonly app: string;
    /** Arguments for the application, separated by commas. */ readonly appArgs?: string;
    /** ID for the channel that listens. */ readonly snoopId?: string;
  }, ChannelData>;
  /** Listens in on a channel, or whispers to it, by a channel with an ID. */
  readonly "POST /channels/{channelId}/snoop/{snoopId}": RestTypes<{
    /** ID of the channel. */ readonly channelId: string;
    /** ID for the channel that listens. */ readonly snoopId: string;
    /** The direction of the sound to listen to. @default none */ readonly spy?: "none" | "both" | "out" | "in";
    /** The direction of the sound to whisper into. @default none */ readonly whisper?: "none" | "both" | "out" | "in";
    /** Application that gets the channel. */ readonly app: string;
    /** Arguments for the application, separated by commas. */ readonly appArgs?: string;
  }, ChannelData>;
  /** Dials a channel that was created without dialling. */
  readonly "POST /channels/{channelId}/dial": RestTypes<{
    /** ID of the channel. */ readonly channelId: string;
    /** Channel that the call is for. */ readonly caller?: string;
    /** How long to wait for an answer, in seconds; 0 is without end. @default 0 */ readonly timeout?: number;
  }, undefined>;
  /** Reads the RTP statistics of a channel. */
  readonly "GET /channels/{channelId}/rtp_statistics": RestTypes<{
    /** ID of the channel. */ readonly channelId: string;
  }, RtpStatistics>;
  /** Creates a channel to a program that sends and receives media. */
  readonly "POST /channels/externalMedia": RestTypes<{
    /** ID for the channel; without one Asterisk chooses it. */ readonly channelId?: string;
    /** Application that gets the channel. */ readonly app: string;
    /** Variables of the new channel. */ readonly variables?: RestVariablesToSet;
    /** Host and port of the program, as in `127.0.0.1:4000`. */ readonly external_host?: string;
    /** How the media are packed. @default rtp */ readonly encapsulation?: "rtp" | "audiosocket" | "none";
    /** What carries the media. @default udp */ readonly transport?: "udp" | "tcp" | "websocket";
    /** Which side connects: Asterisk is the client or the server. @default client */ readonly connection_type?: "client" | "server";
    /** Format of the media, as in `ulaw`. */ readonly format: string;
    /** The directions of the media. @default both */ readonly direction?: "both";
    /** What the encapsulation needs, as the UUID of AudioSocket. */ readonly data?: string;
    /** What the transport needs. */ readonly transport_data?: string;
  }, ChannelData>;
  /** Reports the progress of a transfer to its requester. */
  readonly "POST /channels/{channelId}/transfer_progress": RestTypes<{
    /** ID of the channel. */ readonly channelId: string;
    /** The progress: `channel_progress`, `channel_answered`, `channel_unavailable` or `channel_declined`. */ readonly states: string;
  }, undefined>;
  /** Lists the devices that ARI controls. */
  readonly "GET /deviceStates": RestTypes<NoParameters, readonly DeviceStateData[]>;
  /** Reads the state of a device. */
  readonly "GET /deviceStates/{deviceName}": RestTypes<{
    /** Name of the device; those that ARI controls begin with `Stasis:`. */ readonly deviceName: string;
  }, DeviceStateData>;
  /** Sets the state of a device that ARI controls. */
  readonly "PUT /deviceStates/{deviceName}": RestTypes<{
    /** Name of the device; those that ARI controls begin with `Stasis:`. */ readonly deviceName: string;
    /** The state. */ readonly deviceState: "NOT_INUSE" | "INUSE" | "BUSY" | "INVALID" | "UNAVAILABLE" | "RINGING" | "RINGINUSE" | "ONHOLD";
  }, undefined>;
  /** Deletes a device that ARI controls. */
  readonly "DELETE /deviceStates/{deviceName}": RestTypes<{
    /** Name of the device; those that ARI controls begin with `Stasis:`. */ readonly deviceName: string;
  }, undefined>;
  /** Lists the endpoints. */
  readonly "GET /endpoints": RestTypes<NoParameters, readonly EndpointData[]>;
  /** Sends a text message to a URI. */
  readonly "PUT /endpoints/sendMessage": RestTypes<{
    /** The receiver: `pjsip:<endpoint>`, or `pjsip:<endpoint>/<URI>`. */ readonly to: string;
    /** URI of the sender. */ readonly from: string;
    /** The text. */ readonly body?: string;
    /** Headers to send along. */ readonly variables?: Readonly<Record<string, string>>;
  }, undefined>;
  /** Refers a URI to another place. */
  readonly "POST /endpoints/refer": RestTypes<{
    /** The receiver: `pjsip:<endpoint>`, or `pjsip:<endpoint>/<URI>`. */ readonly to: string;
    /** URI of the sender. */ readonly from: string;
    /** The target. */ readonly refer_to: string;
    /** Whether it is the endpoint itself, not its peer, that is referred. @default false */ readonly to_self?: boolean;
    /** Headers to send along; `display_name` goes before the URI. */ readonly variables?: Readonly<Record<string, string>>;
  }, undefined>;
  /** Lists the endpoints of a technology. */
  readonly "GET /endpoints/{tech}": RestTypes<{
    /** Technology of the endpoint, as in `PJSIP`. */ readonly tech: string;
  }, readonly EndpointData[]>;
  /** Reads an endpoint. */
  readonly "GET /endpoints/{tech}/{resource}": RestTypes<{
    /** Technology of the endpoint, as in `PJSIP`. */ readonly tech: string;
    /** Name of the endpoint within its technology. */ readonly resource: string;
  }, EndpointData>;
  /** Sends a text message to an endpoint. */
  readonly "PUT /endpoints/{tech}/{resource}/sendMessage": RestTypes<{
    /** Technology of the endpoint, as in `PJSIP`. */ readonly tech: string;
    /** Name of the endpoint within its technology. */ readonly resource: string;
    /** URI of the sender. */ readonly from: string;
    /** The text. */ readonly body?: string;
    /** Headers to send along. */ readonly variables?: Readonly<Record<string, string>>;
  }, undefined>;
  /** Refers an endpoint to another place. */
  readonly "POST /endpoints/{tech}/{resource}/refer": RestTypes<{
    /** Technology of the endpoint, as in `PJSIP`. */ readonly tech: string;
    /** Name of the endpoint within its technology. */ readonly resource: string;
    /** URI of the sender. */ readonly from: string;
    /** The target. */ readonly refer_to: string;
    /** Whether it is the endpoint itself, not its peer, that is referred. @default false */ readonly to_self?: boolean;
    /** Headers to send along; `display_name` goes before the URI. */ readonly variables?: Readonly<Record<string, string>>;
  }, undefined>;
  /** Sends a user event to an application. */
  readonly "POST /events/user/{eventName}": RestTypes<{
    /** Name of the event. */ readonly eventName: string;
    /** Application that gets the event. */ readonly application: string;
    /** Sources that the event is about: `channel:<id>`, `bridge:<id>`, `endpoint:<tech>/<resource>`, `deviceState:<name>`. */ readonly source?: string | readonly string[];
    /** What comes with the event. */ readonly variables?: JsonObject;
  }, undefined>;
  /** Claims a call that was offered to several applications. */
  readonly "POST /events/claim": RestTypes<{
    /** ID of the channel. */ readonly channelId: string;
    /** Application that claims the call. */ readonly application: string;
  }, undefined>;
  /** Lists the mailboxes. */
  readonly "GET /mailboxes": RestTypes<NoParameters, readonly MailboxData[]>;
  /** Reads a mailbox. */
  readonly "GET /mailboxes/{mailboxName}": RestTypes<{
    /** Name of the mailbox. */ readonly mailboxName: string;
  }, MailboxData>;
  /** Sets how many messages a mailbox has. */
  readonly "PUT /mailboxes/{mailboxName}": RestTypes<{
    /** Name of the mailbox. */ readonly mailboxName: string;
    /** Number of old messages. */ readonly oldMessages: number;
    /** Number of new messages. */ readonly newMessages: number;
  }, undefined>;
  /** Deletes a mailbox. */
  readonly "DELETE /mailboxes/{mailboxName}": RestTypes<{
    /** Name of the mailbox. */ readonly mailboxName: string;
  }, undefined>;
  /** Reads a playback. */
  readonly "GET /playbacks/{playbackId}": RestTypes<{
    /** ID of the playback. */ readonly playbackId: string;
  }, PlaybackData>;
  /** Stops a playback. */
  readonly "DELETE /playbacks/{playbackId}": RestTypes<{
    /** ID of the playback. */ readonly playbackId: string;
  }, undefined>;
  /** Pauses, resumes, winds or restarts a playback. */
  readonly "POST /playbacks/{playbackId}/control": RestTypes<{
    /** ID of the playback. */ readonly playbackId: string;
    /** What to do. */ readonly operation: "restart" | "pause" | "unpause" | "reverse" | "forward";
  }, undefined>;
  /** Lists the stored recordings. */
  readonly "GET /recordings/stored": RestTypes<NoParameters, readonly StoredRecordingData[]>;
  /** Reads a stored recording. */
  readonly "GET /recordings/stored/{recordingName}": RestTypes<{
    /** Name of the recording. */ readonly recordingName: string;
  }, StoredRecordingData>;
  /** Deletes a stored recording. */
  readonly "DELETE /recordings/stored/{recordingName}": RestTypes<{
    /** Name of the recording. */ readonly recordingName: string;
  }, undefined>;
  /** Reads the file of a stored recording. */
  readonly "GET /recordings/stored/{recordingName}/file": RestTypes<{
    /** Name of the recording. */ readonly recordingName: string;
  }, Uint8Array>;
  /** Copies a stored recording. */
  readonly "POST /recordings/stored/{recordingName}/copy": RestTypes<{
    /** Name of the recording. */ readonly recordingName: string;
    /** Name for the copy. */ readonly destinationRecordingName: string;
  }, StoredRecordingData>;
  /** Reads a live recording. */
  readonly "GET /recordings/live/{recordingName}": RestTypes<{
    /** Name of the recording. */ readonly recordingName: string;
  }, LiveRecordingData>;
  /** Stops a live recording and discards it. */
  readonly "DELETE /recordings/live/{recordingName}": RestTypes<{
    /** Name of the recording. */ readonly recordingName: string;
  }, undefined>;
  /** Stops a live recording and stores it. */
  readonly "POST /recordings/live/{recordingName}/stop": RestTypes<{
    /** Name of the recording. */ readonly recordingName: string;
  }, undefined>;
  /** Pauses a live recording. */
  readonly "POST /recordings/live/{recordingName}/pause": RestTypes<{
    /** Name of the recording. */ readonly recordingName: string;
  }, undefined>;
  /** Resumes a live recording. */
  readonly "DELETE /recordings/live/{recordingName}/pause": RestTypes<{
    /** Name of the recording. */ readonly recordingName: string;
  }, undefined>;
  /** Mutes a live recording: silence is recorded instead. */
  readonly "POST /recordings/live/{recordingName}/mute": RestTypes<{
    /** Name of the recording. */ readonly recordingName: string;
  }, undefined>;
  /** Unmutes a live recording. */
  readonly "DELETE /recordings/live/{recordingName}/mute": RestTypes<{
    /** Name of the recording. */ readonly recordingName: string;
  }, undefined>;
  /** Lists the sounds that can be played. */
  readonly "GET /sounds": RestTypes<{
    /** Only sounds in this language. */ readonly lang?: string;
    /** Only sounds in this format. */ readonly format?: string;
  }, readonly SoundData[]>;
  /** Reads a sound. */
  readonly "GET /sounds/{soundId}": RestTypes<{
    /** ID of the sound. */ readonly soundId: string;
  }, SoundData>;
}

/** An operation: method and path, as in `POST /channels/{channelId}/move`. */
export type RestOperation = keyof RestOperations | "GET /events";
