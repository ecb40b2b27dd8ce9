/**
 * The types of all operations of Asterisk 22's REST interface.
 *
 * Made by `scripts/generate_api.ts` from Asterisk's own description; change the script, not this
 * file.
 *
 * @module
 */

import type { ConfigTuple } from "../entities.ts";
import type { JsonObject } from "../json.ts";
import type { NoParameters, RestEventFilter, RestVariablesToSet } from "../rest_types.ts";
import type {
  RestApplication,
  RestAsteriskInfo,
  RestAsteriskPing,
  RestBridge,
  RestChannel,
  RestDeviceState,
  RestEndpoint,
  RestLiveRecording,
  RestLogChannel,
  RestMailbox,
  RestModule,
  RestPlayback,
  RestRTPstat,
  RestSound,
  RestStoredRecording,
  RestVariable,
  RestVariables,
} from "./models.ts";

/** Parameters and result of each operation, by method and path. */
export interface RestOperations {
  /** Lists the Stasis applications that are there. */
  readonly "GET /applications": {
    /** Its parameters. */
    readonly parameters: NoParameters;
    /** Its result. */
    readonly result: readonly RestApplication[];
  };
  /** Tells what a Stasis application is subscribed to. */
  readonly "GET /applications/{applicationName}": {
    /** Its parameters. */
    readonly parameters: {
      /** Name of the application. */
      readonly applicationName: string;
    };
    /** Its result. */
    readonly result: RestApplication;
  };
  /** Subscribes an application to the events of channels, bridges, endpoints or devices. */
  readonly "POST /applications/{applicationName}/subscription": {
    /** Its parameters. */
    readonly parameters: {
      /** Name of the application. */
      readonly applicationName: string;
      /** Sources of events: `channel:<id>`, `bridge:<id>`, `endpoint:<tech>/<resource>`, `deviceState:<name>`. */
      readonly eventSource: string | readonly string[];
    };
    /** Its result. */
    readonly result: RestApplication;
  };
  /** Ends an application's subscriptions to event sources. */
  readonly "DELETE /applications/{applicationName}/subscription": {
    /** Its parameters. */
    readonly parameters: {
      /** Name of the application. */
      readonly applicationName: string;
      /** Sources of events: `channel:<id>`, `bridge:<id>`, `endpoint:<tech>/<resource>`, `deviceState:<name>`. */
      readonly eventSource: string | readonly string[];
    };
    /** Its result. */
    readonly result: RestApplication;
  };
  /** Says which types of events an application gets; it replaces what was said before. */
  readonly "PUT /applications/{applicationName}/eventFilter": {
    /** Its parameters. */
    readonly parameters: {
      /** Name of the application. */
      readonly applicationName: string;
      /** Types of events that are let through and held back. */
      readonly filter?: RestEventFilter;
    };
    /** Its result. */
    readonly result: RestApplication;
  };
  /** Reads the attributes of a configuration object. */
  readonly "GET /asterisk/config/dynamic/{configClass}/{objectType}/{id}": {
    /** Its parameters. */
    readonly parameters: {
      /** Class of configuration, as in `res_pjsip`. */
      readonly configClass: string;
      /** Type of the object, as in `endpoint`. */
      readonly objectType: string;
      /** Name of the object. */
      readonly id: string;
    };
    /** Its result. */
    readonly result: readonly ConfigTuple[];
  };
  /** Makes a configuration object, or changes its attributes. */
  readonly "PUT /asterisk/config/dynamic/{configClass}/{objectType}/{id}": {
    /** Its parameters. */
    readonly parameters: {
      /** Class of configuration, as in `res_pjsip`. */
      readonly configClass: string;
      /** Type of the object, as in `endpoint`. */
      readonly objectType: string;
      /** Name of the object. */
      readonly id: string;
      /** The attributes with their values. */
      readonly fields?: readonly ConfigTuple[];
    };
    /** Its result. */
    readonly result: readonly ConfigTuple[];
  };
  /** Deletes a configuration object. */
  readonly "DELETE /asterisk/config/dynamic/{configClass}/{objectType}/{id}": {
    /** Its parameters. */
    readonly parameters: {
      /** Class of configuration, as in `res_pjsip`. */
      readonly configClass: string;
      /** Type of the object, as in `endpoint`. */
      readonly objectType: string;
      /** Name of the object. */
      readonly id: string;
    };
    /** Its result. */
    readonly result: undefined;
  };
  /** Tells how Asterisk was built and configured, and since when it runs. */
  readonly "GET /asterisk/info": {
    /** Its parameters. */
    readonly parameters: {
      /** The parts that are wanted; without it all. */
      readonly only?:
        | "build"
        | "system"
        | "config"
        | "status"
        | readonly ("build" | "system" | "config" | "status")[];
    };
    /** Its result. */
    readonly result: RestAsteriskInfo;
  };
  /** Tells that Asterisk answers. */
  readonly "GET /asterisk/ping": {
    /** Its parameters. */
    readonly parameters: NoParameters;
    /** Its result. */
    readonly result: RestAsteriskPing;
  };
  /** Lists the modules. */
  readonly "GET /asterisk/modules": {
    /** Its parameters. */
    readonly parameters: NoParameters;
    /** Its result. */
    readonly result: readonly RestModule[];
  };
  /** Tells how a module is. */
  readonly "GET /asterisk/modules/{moduleName}": {
    /** Its parameters. */
    readonly parameters: {
      /** File name of the module, as in `res_pjsip.so`. */
      readonly moduleName: string;
    };
    /** Its result. */
    readonly result: RestModule;
  };
  /** Loads a module. */
  readonly "POST /asterisk/modules/{moduleName}": {
    /** Its parameters. */
    readonly parameters: {
      /** File name of the module, as in `res_pjsip.so`. */
      readonly moduleName: string;
    };
    /** Its result. */
    readonly result: undefined;
  };
  /** Unloads a module. */
  readonly "DELETE /asterisk/modules/{moduleName}": {
    /** Its parameters. */
    readonly parameters: {
      /** File name of the module, as in `res_pjsip.so`. */
      readonly moduleName: string;
    };
    /** Its result. */
    readonly result: undefined;
  };
  /** Makes a module read its configuration again. */
  readonly "PUT /asterisk/modules/{moduleName}": {
    /** Its parameters. */
    readonly parameters: {
      /** File name of the module, as in `res_pjsip.so`. */
      readonly moduleName: string;
    };
    /** Its result. */
    readonly result: undefined;
  };
  /** Lists the channels of the log. */
  readonly "GET /asterisk/logging": {
    /** Its parameters. */
    readonly parameters: NoParameters;
    /** Its result. */
    readonly result: readonly RestLogChannel[];
  };
  /** Adds a channel to the log. */
  readonly "POST /asterisk/logging/{logChannelName}": {
    /** Its parameters. */
    readonly parameters: {
      /** Name of the log's channel. */
      readonly logChannelName: string;
      /** Levels to log, separated by commas, as in `notice,warning,error`. */
      readonly configuration: string;
    };
    /** Its result. */
    readonly result: undefined;
  };
  /** Removes a channel of the log. */
  readonly "DELETE /asterisk/logging/{logChannelName}": {
    /** Its parameters. */
    readonly parameters: {
      /** Name of the log's channel. */
      readonly logChannelName: string;
    };
    /** Its result. */
    readonly result: undefined;
  };
  /** Begins a new file for a channel of the log. */
  readonly "PUT /asterisk/logging/{logChannelName}/rotate": {
    /** Its parameters. */
    readonly parameters: {
      /** Name of the log's channel. */
      readonly logChannelName: string;
    };
    /** Its result. */
    readonly result: undefined;
  };
  /** Reads a global variable or function. */
  readonly "GET /asterisk/variable": {
    /** Its parameters. */
    readonly parameters: {
      /** Name of the variable or function. */
      readonly variable: string;
    };
    /** Its result. */
    readonly result: RestVariable;
  };
  /** Sets a global variable. */
  readonly "POST /asterisk/variable": {
    /** Its parameters. */
    readonly parameters: {
      /** Name of the variable or function. */
      readonly variable: string;
      /** The value; without one the variable is emptied. */
      readonly value?: string;
    };
    /** Its result. */
    readonly result: undefined;
  };
  /** Lists the bridges. */
  readonly "GET /bridges": {
    /** Its parameters. */
    readonly parameters: NoParameters;
    /** Its result. */
    readonly result: readonly RestBridge[];
  };
  /** Makes a bridge, or changes the name of one. */
  readonly "POST /bridges": {
    /** Its parameters. */
    readonly parameters: {
      /** Its properties, separated by commas: `mixing`, `holding`, `dtmf_events`, `proxy_media`, `video_sfu`, `video_single`, `sdp_label`. */
      readonly type?: string;
      /** ID for the bridge; without one Asterisk makes it. */
      readonly bridgeId?: string;
      /** Name for the bridge. */
      readonly name?: string;
      /** Variables of the new bridge. */
      readonly variables?: RestVariablesToSet;
    };
    /** Its result. */
    readonly result: RestBridge;
  };
  /** Makes a bridge with an ID, or changes the name of one. */
  readonly "POST /bridges/{bridgeId}": {
    /** Its parameters. */
    readonly parameters: {
      /** Its properties, separated by commas: `mixing`, `holding`, `dtmf_events`, `proxy_media`, `video_sfu`, `video_single`, `sdp_label`. */
      readonly type?: string;
      /** ID of the bridge. */
      readonly bridgeId: string;
      /** Name for the bridge. */
      readonly name?: string;
      /** Variables of the new bridge. */
      readonly variables?: RestVariablesToSet;
    };
    /** Its result. */
    readonly result: RestBridge;
  };
  /** Tells how a bridge is. */
  readonly "GET /bridges/{bridgeId}": {
    /** Its parameters. */
    readonly parameters: {
      /** ID of the bridge. */
      readonly bridgeId: string;
    };
    /** Its result. */
    readonly result: RestBridge;
  };
  /** Destroys a bridge; the channels in it stay in the application. */
  readonly "DELETE /bridges/{bridgeId}": {
    /** Its parameters. */
    readonly parameters: {
      /** ID of the bridge. */
      readonly bridgeId: string;
    };
    /** Its result. */
    readonly result: undefined;
  };
  /** Reads a variable of a bridge. */
  readonly "GET /bridges/{bridgeId}/variable": {
    /** Its parameters. */
    readonly parameters: {
      /** ID of the bridge. */
      readonly bridgeId: string;
      /** Name of the variable or function. */
      readonly variable: string;
    };
    /** Its result. */
    readonly result: RestVariable;
  };
  /** Sets a variable of a bridge. */
  readonly "POST /bridges/{bridgeId}/variable": {
    /** Its parameters. */
    readonly parameters: {
      /** ID of the bridge. */
      readonly bridgeId: string;
      /** Name of the variable or function. */
      readonly variable: string;
      /** The value; without one the variable is emptied. */
      readonly value?: string;
      /** Whether later events tell the variable. @default false */
      readonly report_events?: boolean;
    };
    /** Its result. */
    readonly result: undefined;
  };
  /** Reads several variables of a bridge. */
  readonly "GET /bridges/{bridgeId}/variables": {
    /** Its parameters. */
    readonly parameters: {
      /** ID of the bridge. */
      readonly bridgeId: string;
      /** Names of the variables. */
      readonly variables: string | readonly string[];
    };
    /** Its result. */
    readonly result: RestVariables;
  };
  /** Sets several variables of a bridge. */
  readonly "POST /bridges/{bridgeId}/variables": {
    /** Its parameters. */
    readonly parameters: {
      /** ID of the bridge. */
      readonly bridgeId: string;
      /** The variables with their values. */
      readonly variables: RestVariablesToSet;
    };
    /** Its result. */
    readonly result: undefined;
  };
  /** Puts channels into a bridge. */
  readonly "POST /bridges/{bridgeId}/addChannel": {
    /** Its parameters. */
    readonly parameters: {
      /** ID of the bridge. */
      readonly bridgeId: string;
      /** IDs of the channels. */
      readonly channel: string | readonly string[];
      /** Role of the channel in the bridge, as in `announcer` or `participant`. */
      readonly role?: string;
      /** Whether digits of the channel are kept from the others in the bridge. @default false */
      readonly absorbDTMF?: boolean;
      /** Whether the channel is muted in the bridge. @default false */
      readonly mute?: boolean;
      /** Whether the connected line of the channel is kept from the others. @default false */
      readonly inhibitConnectedLineUpdates?: boolean;
    };
    /** Its result. */
    readonly result: undefined;
  };
  /** Takes channels out of a bridge. */
  readonly "POST /bridges/{bridgeId}/removeChannel": {
    /** Its parameters. */
    readonly parameters: {
      /** ID of the bridge. */
      readonly bridgeId: string;
      /** IDs of the channels. */
      readonly channel: string | readonly string[];
    };
    /** Its result. */
    readonly result: undefined;
  };
  /** Makes a channel the video source of a bridge. */
  readonly "POST /bridges/{bridgeId}/videoSource/{channelId}": {
    /** Its parameters. */
    readonly parameters: {
      /** ID of the bridge. */
      readonly bridgeId: string;
      /** ID of the channel. */
      readonly channelId: string;
    };
    /** Its result. */
    readonly result: undefined;
  };
  /** Leaves the video source of a bridge to Asterisk. */
  readonly "DELETE /bridges/{bridgeId}/videoSource": {
    /** Its parameters. */
    readonly parameters: {
      /** ID of the bridge. */
      readonly bridgeId: string;
    };
    /** Its result. */
    readonly result: undefined;
  };
  /** Plays music on hold to a bridge. */
  readonly "POST /bridges/{bridgeId}/moh": {
    /** Its parameters. */
    readonly parameters: {
      /** ID of the bridge. */
      readonly bridgeId: string;
      /** Class of the music. */
      readonly mohClass?: string;
    };
    /** Its result. */
    readonly result: undefined;
  };
  /** Ends the music on hold of a bridge. */
  readonly "DELETE /bridges/{bridgeId}/moh": {
    /** Its parameters. */
    readonly parameters: {
      /** ID of the bridge. */
      readonly bridgeId: string;
    };
    /** Its result. */
    readonly result: undefined;
  };
  /** Plays media to a bridge. */
  readonly "POST /bridges/{bridgeId}/play": {
    /** Its parameters. */
    readonly parameters: {
      /** ID of the bridge. */
      readonly bridgeId: string;
      /** What is played, one after the other, as in `sound:hello-world`. */
      readonly media: string | readonly string[];
      /** Format of the channel that plays to the bridge. */
      readonly announcer_format?: string;
      /** Language of sounds, as in `en`. */
      readonly lang?: string;
      /** Where in the media to begin, in milliseconds. @default 0 */
      readonly offsetms?: number;
      /** How far to wind forward and back, in milliseconds. @default 3000 */
      readonly skipms?: number;
      /** ID for the playback; without one Asterisk makes it. */
      readonly playbackId?: string;
    };
    /** Its result. */
    readonly result: RestPlayback;
  };
  /** Plays media to a bridge, under an ID. */
  readonly "POST /bridges/{bridgeId}/play/{playbackId}": {
    /** Its parameters. */
    readonly parameters: {
      /** ID of the bridge. */
      readonly bridgeId: string;
      /** ID for the playback. */
      readonly playbackId: string;
      /** What is played, one after the other, as in `sound:hello-world`. */
      readonly media: string | readonly string[];
      /** Format of the channel that plays to the bridge. */
      readonly announcer_format?: string;
      /** Language of sounds, as in `en`. */
      readonly lang?: string;
      /** Where in the media to begin, in milliseconds. @default 0 */
      readonly offsetms?: number;
      /** How far to wind forward and back, in milliseconds. @default 3000 */
      readonly skipms?: number;
    };
    /** Its result. */
    readonly result: RestPlayback;
  };
  /** Records what is heard in a bridge. */
  readonly "POST /bridges/{bridgeId}/record": {
    /** Its parameters. */
    readonly parameters: {
      /** ID of the bridge. */
      readonly bridgeId: string;
      /** Name for the recording. */
      readonly name: string;
      /** Format, as in `wav`. */
      readonly format: string;
      /** Format of the channel that records the bridge. */
      readonly recorder_format?: string;
      /** Longest recording, in seconds; 0 sets no limit. @default 0 */
      readonly maxDurationSeconds?: number;
      /** Silence that ends it, in seconds; 0 does not. @default 0 */
      readonly maxSilenceSeconds?: number;
      /** What to do when there is a recording of this name. @default fail */
      readonly ifExists?: "fail" | "overwrite" | "append";
      /** Whether a beep is heard when it begins. @default false */
      readonly beep?: boolean;
      /** The digit that ends it. @default none */
      readonly terminateOn?: "none" | "any" | "*" | "#";
    };
    /** Its result. */
    readonly result: RestLiveRecording;
  };
  /** Lists the channels. */
  readonly "GET /channels": {
    /** Its parameters. */
    readonly parameters: NoParameters;
    /** Its result. */
    readonly result: readonly RestChannel[];
  };
  /** Calls an endpoint, and puts the new channel into an application or the dialplan. */
  readonly "POST /channels": {
    /** Its parameters. */
    readonly parameters: {
      /** Endpoint to call, as in `PJSIP/alice`. */
      readonly endpoint: string;
      /** Extension of the dialplan. */
      readonly extension?: string;
      /** Context of the dialplan. */
      readonly context?: string;
      /** Priority of the dialplan. */
      readonly priority?: number;
      /** Label of the dialplan, in place of a priority. */
      readonly label?: string;
      /** Application that gets the channel. */
      readonly app?: string;
      /** Arguments for the application, separated by commas. */
      readonly appArgs?: string;
      /** Caller ID to show, as in `"Alice" <100>`. */
      readonly callerId?: string;
      /** How long to wait for an answer, in seconds. @default 30 */
      readonly timeout?: number;
      /** Variables of the new channel. */
      readonly variables?: RestVariablesToSet;
      /** ID for the channel; without one Asterisk makes it. */
      readonly channelId?: string;
      /** ID for the second half, if it is a Local channel. */
      readonly otherChannelId?: string;
      /** ID of the channel that asks for the new one, which takes over from it. */
      readonly originator?: string;
      /** Formats that the channel may use, separated by commas. */
      readonly formats?: string;
    };
    /** Its result. */
    readonly result: RestChannel;
  };
  /** Makes a channel that does not dial yet, in an application. */
  readonly "POST /channels/create": {
    /** Its parameters. */
    readonly parameters: {
      /** Endpoint to call, as in `PJSIP/alice`. */
      readonly endpoint: string;
      /** Application that gets the channel. */
      readonly app: string;
      /** Arguments for the application, separated by commas. */
      readonly appArgs?: string;
      /** ID for the channel; without one Asterisk makes it. */
      readonly channelId?: string;
      /** ID for the second half, if it is a Local channel. */
      readonly otherChannelId?: string;
      /** ID of the channel that asks for the new one, which takes over from it. */
      readonly originator?: string;
      /** Formats that the channel may use, separated by commas. */
      readonly formats?: string;
      /** Variables of the new channel. */
      readonly variables?: RestVariablesToSet;
    };
    /** Its result. */
    readonly result: RestChannel;
  };
  /** Tells how a channel is. */
  readonly "GET /channels/{channelId}": {
    /** Its parameters. */
    readonly parameters: {
      /** ID of the channel. */
      readonly channelId: string;
    };
    /** Its result. */
    readonly result: RestChannel;
  };
  /** Calls an endpoint under an ID, and puts the new channel into an application or the dialplan. */
  readonly "POST /channels/{channelId}": {
    /** Its parameters. */
    readonly parameters: {
      /** ID of the channel. */
      readonly channelId: string;
      /** Endpoint to call, as in `PJSIP/alice`. */
      readonly endpoint: string;
      /** Extension of the dialplan. */
      readonly extension?: string;
      /** Context of the dialplan. */
      readonly context?: string;
      /** Priority of the dialplan. */
      readonly priority?: number;
      /** Label of the dialplan, in place of a priority. */
      readonly label?: string;
      /** Application that gets the channel. */
      readonly app?: string;
      /** Arguments for the application, separated by commas. */
      readonly appArgs?: string;
      /** Caller ID to show, as in `"Alice" <100>`. */
      readonly callerId?: string;
      /** How long to wait for an answer, in seconds. @default 30 */
      readonly timeout?: number;
      /** Variables of the new channel. */
      readonly variables?: RestVariablesToSet;
      /** ID for the second half, if it is a Local channel. */
      readonly otherChannelId?: string;
      /** ID of the channel that asks for the new one, which takes over from it. */
      readonly originator?: string;
      /** Formats that the channel may use, separated by commas. */
      readonly formats?: string;
    };
    /** Its result. */
    readonly result: RestChannel;
  };
  /** Hangs a channel up. */
  readonly "DELETE /channels/{channelId}": {
    /** Its parameters. */
    readonly parameters: {
      /** ID of the channel. */
      readonly channelId: string;
      /** Why it is hung up, as a number of Q.850; in place of a reason. */
      readonly reason_code?: string;
      /** Why it is hung up. */
      readonly reason?:
        | "normal"
        | "busy"
        | "congestion"
        | "no_answer"
        | "timeout"
        | "rejected"
        | "unallocated"
        | "normal_unspecified"
        | "number_incomplete"
        | "codec_mismatch"
        | "interworking"
        | "failure"
        | "answered_elsewhere";
    };
    /** Its result. */
    readonly result: undefined;
  };
  /** Lets a channel go on in the dialplan. */
  readonly "POST /channels/{channelId}/continue": {
    /** Its parameters. */
    readonly parameters: {
      /** ID of the channel. */
      readonly channelId: string;
      /** Context of the dialplan. */
      readonly context?: string;
      /** Extension of the dialplan. */
      readonly extension?: string;
      /** Priority of the dialplan. */
      readonly priority?: number;
      /** Label of the dialplan, in place of a priority. */
      readonly label?: string;
    };
    /** Its result. */
    readonly result: undefined;
  };
  /** Moves a channel to another application. */
  readonly "POST /channels/{channelId}/move": {
    /** Its parameters. */
    readonly parameters: {
      /** ID of the channel. */
      readonly channelId: string;
      /** Application that gets the channel. */
      readonly app: string;
      /** Arguments for the application, separated by commas. */
      readonly appArgs?: string;
    };
    /** Its result. */
    readonly result: undefined;
  };
  /** Sends the caller to another endpoint. */
  readonly "POST /channels/{channelId}/redirect": {
    /** Its parameters. */
    readonly parameters: {
      /** ID of the channel. */
      readonly channelId: string;
      /** Endpoint to send the caller to. */
      readonly endpoint: string;
    };
    /** Its result. */
    readonly result: undefined;
  };
  /** Answers a channel. */
  readonly "POST /channels/{channelId}/answer": {
    /** Its parameters. */
    readonly parameters: {
      /** ID of the channel. */
      readonly channelId: string;
    };
    /** Its result. */
    readonly result: undefined;
  };
  /** Lets the caller hear ringing. */
  readonly "POST /channels/{channelId}/ring": {
    /** Its parameters. */
    readonly parameters: {
      /** ID of the channel. */
      readonly channelId: string;
    };
    /** Its result. */
    readonly result: undefined;
  };
  /** Ends the ringing. */
  readonly "DELETE /channels/{channelId}/ring": {
    /** Its parameters. */
    readonly parameters: {
      /** ID of the channel. */
      readonly channelId: string;
    };
    /** Its result. */
    readonly result: undefined;
  };
  /** Tells a channel that the call makes progress. */
  readonly "POST /channels/{channelId}/progress": {
    /** Its parameters. */
    readonly parameters: {
      /** ID of the channel. */
      readonly channelId: string;
    };
    /** Its result. */
    readonly result: undefined;
  };
  /** Sends DTMF digits to a channel. */
  readonly "POST /channels/{channelId}/dtmf": {
    /** Its parameters. */
    readonly parameters: {
      /** ID of the channel. */
      readonly channelId: string;
      /** The digits. */
      readonly dtmf?: string;
      /** Pause before the digits, in milliseconds. @default 0 */
      readonly before?: number;
      /** Pause between the digits, in milliseconds. @default 100 */
      readonly between?: number;
      /** Length of each digit, in milliseconds. @default 100 */
      readonly duration?: number;
      /** Pause after the digits, in milliseconds. @default 0 */
      readonly after?: number;
    };
    /** Its result. */
    readonly result: undefined;
  };
  /** Mutes a channel. */
  readonly "POST /channels/{channelId}/mute": {
    /** Its parameters. */
    readonly parameters: {
      /** ID of the channel. */
      readonly channelId: string;
      /** The direction of the sound, as the channel sees it. @default both */
      readonly direction?: "both" | "in" | "out";
    };
    /** Its result. */
    readonly result: undefined;
  };
  /** Ends the muting of a channel. */
  readonly "DELETE /channels/{channelId}/mute": {
    /** Its parameters. */
    readonly parameters: {
      /** ID of the channel. */
      readonly channelId: string;
      /** The direction of the sound, as the channel sees it. @default both */
      readonly direction?: "both" | "in" | "out";
    };
    /** Its result. */
    readonly result: undefined;
  };
  /** Puts a channel on hold. */
  readonly "POST /channels/{channelId}/hold": {
    /** Its parameters. */
    readonly parameters: {
      /** ID of the channel. */
      readonly channelId: string;
    };
    /** Its result. */
    readonly result: undefined;
  };
  /** Takes a channel from hold. */
  readonly "DELETE /channels/{channelId}/hold": {
    /** Its parameters. */
    readonly parameters: {
      /** ID of the channel. */
      readonly channelId: string;
    };
    /** Its result. */
    readonly result: undefined;
  };
  /** Plays music on hold to a channel. */
  readonly "POST /channels/{channelId}/moh": {
    /** Its parameters. */
    readonly parameters: {
      /** ID of the channel. */
      readonly channelId: string;
      /** Class of the music. */
      readonly mohClass?: string;
    };
    /** Its result. */
    readonly result: undefined;
  };
  /** Ends the music on hold of a channel. */
  readonly "DELETE /channels/{channelId}/moh": {
    /** Its parameters. */
    readonly parameters: {
      /** ID of the channel. */
      readonly channelId: string;
    };
    /** Its result. */
    readonly result: undefined;
  };
  /** Plays silence to a channel. */
  readonly "POST /channels/{channelId}/silence": {
    /** Its parameters. */
    readonly parameters: {
      /** ID of the channel. */
      readonly channelId: string;
    };
    /** Its result. */
    readonly result: undefined;
  };
  /** Ends the silence. */
  readonly "DELETE /channels/{channelId}/silence": {
    /** Its parameters. */
    readonly parameters: {
      /** ID of the channel. */
      readonly channelId: string;
    };
    /** Its result. */
    readonly result: undefined;
  };
  /** Plays media to a channel. */
  readonly "POST /channels/{channelId}/play": {
    /** Its parameters. */
    readonly parameters: {
      /** ID of the channel. */
      readonly channelId: string;
      /** What is played, one after the other, as in `sound:hello-world`. */
      readonly media: string | readonly string[];
      /** Language of sounds, as in `en`. */
      readonly lang?: string;
      /** Where in the media to begin, in milliseconds. */
      readonly offsetms?: number;
      /** How far to wind forward and back, in milliseconds. @default 3000 */
      readonly skipms?: number;
      /** ID for the playback; without one Asterisk makes it. */
      readonly playbackId?: string;
    };
    /** Its result. */
    readonly result: RestPlayback;
  };
  /** Plays media to a channel, under an ID. */
  readonly "POST /channels/{channelId}/play/{playbackId}": {
    /** Its parameters. */
    readonly parameters: {
      /** ID of the channel. */
      readonly channelId: string;
      /** ID for the playback. */
      readonly playbackId: string;
      /** What is played, one after the other, as in `sound:hello-world`. */
      readonly media: string | readonly string[];
      /** Language of sounds, as in `en`. */
      readonly lang?: string;
      /** Where in the media to begin, in milliseconds. */
      readonly offsetms?: number;
      /** How far to wind forward and back, in milliseconds. @default 3000 */
      readonly skipms?: number;
    };
    /** Its result. */
    readonly result: RestPlayback;
  };
  /** Records what a channel says. */
  readonly "POST /channels/{channelId}/record": {
    /** Its parameters. */
    readonly parameters: {
      /** ID of the channel. */
      readonly channelId: string;
      /** Name for the recording. */
      readonly name: string;
      /** Format, as in `wav`. */
      readonly format: string;
      /** Longest recording, in seconds; 0 sets no limit. @default 0 */
      readonly maxDurationSeconds?: number;
      /** Silence that ends it, in seconds; 0 does not. @default 0 */
      readonly maxSilenceSeconds?: number;
      /** What to do when there is a recording of this name. @default fail */
      readonly ifExists?: "fail" | "overwrite" | "append";
      /** Whether a beep is heard when it begins. @default false */
      readonly beep?: boolean;
      /** The digit that ends it. @default none */
      readonly terminateOn?: "none" | "any" | "*" | "#";
    };
    /** Its result. */
    readonly result: RestLiveRecording;
  };
  /** Reads a variable or function of a channel. */
  readonly "GET /channels/{channelId}/variable": {
    /** Its parameters. */
    readonly parameters: {
      /** ID of the channel. */
      readonly channelId: string;
      /** Name of the variable or function. */
      readonly variable: string;
    };
    /** Its result. */
    readonly result: RestVariable;
  };
  /** Sets a variable or function of a channel. */
  readonly "POST /channels/{channelId}/variable": {
    /** Its parameters. */
    readonly parameters: {
      /** ID of the channel. */
      readonly channelId: string;
      /** Name of the variable or function. */
      readonly variable: string;
      /** The value; without one the variable is emptied. */
      readonly value?: string;
      /** Whether later events tell the variable. @default false */
      readonly report_events?: boolean;
    };
    /** Its result. */
    readonly result: undefined;
  };
  /** Reads several variables or functions of a channel. */
  readonly "GET /channels/{channelId}/variables": {
    /** Its parameters. */
    readonly parameters: {
      /** ID of the channel. */
      readonly channelId: string;
      /** Names of the variables and functions. */
      readonly variables: string | readonly string[];
    };
    /** Its result. */
    readonly result: RestVariables;
  };
  /** Sets several variables or functions of a channel. */
  readonly "POST /channels/{channelId}/variables": {
    /** Its parameters. */
    readonly parameters: {
      /** ID of the channel. */
      readonly channelId: string;
      /** The variables with their values. */
      readonly variables: RestVariablesToSet;
    };
    /** Its result. */
    readonly result: undefined;
  };
  /** Listens in on a channel, or whispers to it. */
  readonly "POST /channels/{channelId}/snoop": {
    /** Its parameters. */
    readonly parameters: {
      /** ID of the channel. */
      readonly channelId: string;
      /** The direction of the sound to listen to. @default none */
      readonly spy?: "none" | "both" | "out" | "in";
      /** The direction of the sound to whisper into. @default none */
      readonly whisper?: "none" | "both" | "out" | "in";
      /** Application that gets the channel. */
      readonly app: string;
      /** Arguments for the application, separated by commas. */
      readonly appArgs?: string;
      /** ID for the channel that listens. */
      readonly snoopId?: string;
    };
    /** Its result. */
    readonly result: RestChannel;
  };
  /** Listens in on a channel, or whispers to it, by a channel with an ID. */
  readonly "POST /channels/{channelId}/snoop/{snoopId}": {
    /** Its parameters. */
    readonly parameters: {
      /** ID of the channel. */
      readonly channelId: string;
      /** ID for the channel that listens. */
      readonly snoopId: string;
      /** The direction of the sound to listen to. @default none */
      readonly spy?: "none" | "both" | "out" | "in";
      /** The direction of the sound to whisper into. @default none */
      readonly whisper?: "none" | "both" | "out" | "in";
      /** Application that gets the channel. */
      readonly app: string;
      /** Arguments for the application, separated by commas. */
      readonly appArgs?: string;
    };
    /** Its result. */
    readonly result: RestChannel;
  };
  /** Dials a channel that was made without dialling. */
  readonly "POST /channels/{channelId}/dial": {
    /** Its parameters. */
    readonly parameters: {
      /** ID of the channel. */
      readonly channelId: string;
      /** Channel that the call is for. */
      readonly caller?: string;
      /** How long to wait for an answer, in seconds; 0 has no end. @default 0 */
      readonly timeout?: number;
    };
    /** Its result. */
    readonly result: undefined;
  };
  /** Tells figures about a channel's RTP. */
  readonly "GET /channels/{channelId}/rtp_statistics": {
    /** Its parameters. */
    readonly parameters: {
      /** ID of the channel. */
      readonly channelId: string;
    };
    /** Its result. */
    readonly result: RestRTPstat;
  };
  /** Makes a channel to a program that sends and receives media. */
  readonly "POST /channels/externalMedia": {
    /** Its parameters. */
    readonly parameters: {
      /** ID for the channel; without one Asterisk makes it. */
      readonly channelId?: string;
      /** Application that gets the channel. */
      readonly app: string;
      /** Variables of the new channel. */
      readonly variables?: RestVariablesToSet;
      /** Host and port of the program, as in `127.0.0.1:4000`. */
      readonly external_host?: string;
      /** How the media are packed. @default rtp */
      readonly encapsulation?: "rtp" | "audiosocket" | "none";
      /** What carries the media. @default udp */
      readonly transport?: "udp" | "tcp" | "websocket";
      /** Which side connects: Asterisk is the client or the server. @default client */
      readonly connection_type?: "client" | "server";
      /** Format of the media, as in `ulaw`. */
      readonly format: string;
      /** The directions of the media. @default both */
      readonly direction?: "both";
      /** What the encapsulation needs, as the UUID of AudioSocket. */
      readonly data?: string;
      /** What the transport needs. */
      readonly transport_data?: string;
    };
    /** Its result. */
    readonly result: RestChannel;
  };
  /** Tells who asked for a transfer how far it has come. */
  readonly "POST /channels/{channelId}/transfer_progress": {
    /** Its parameters. */
    readonly parameters: {
      /** ID of the channel. */
      readonly channelId: string;
      /** How far it is: `channel_progress`, `channel_answered`, `channel_unavailable` or `channel_declined`. */
      readonly states: string;
    };
    /** Its result. */
    readonly result: undefined;
  };
  /** Lists the devices that ARI controls. */
  readonly "GET /deviceStates": {
    /** Its parameters. */
    readonly parameters: NoParameters;
    /** Its result. */
    readonly result: readonly RestDeviceState[];
  };
  /** Tells the state of a device. */
  readonly "GET /deviceStates/{deviceName}": {
    /** Its parameters. */
    readonly parameters: {
      /** Name of the device; those that ARI controls begin with `Stasis:`. */
      readonly deviceName: string;
    };
    /** Its result. */
    readonly result: RestDeviceState;
  };
  /** Sets the state of a device that ARI controls. */
  readonly "PUT /deviceStates/{deviceName}": {
    /** Its parameters. */
    readonly parameters: {
      /** Name of the device; those that ARI controls begin with `Stasis:`. */
      readonly deviceName: string;
      /** The state. */
      readonly deviceState:
        | "NOT_INUSE"
        | "INUSE"
        | "BUSY"
        | "INVALID"
        | "UNAVAILABLE"
        | "RINGING"
        | "RINGINUSE"
        | "ONHOLD";
    };
    /** Its result. */
    readonly result: undefined;
  };
  /** Deletes a device that ARI controls. */
  readonly "DELETE /deviceStates/{deviceName}": {
    /** Its parameters. */
    readonly parameters: {
      /** Name of the device; those that ARI controls begin with `Stasis:`. */
      readonly deviceName: string;
    };
    /** Its result. */
    readonly result: undefined;
  };
  /** Lists the endpoints. */
  readonly "GET /endpoints": {
    /** Its parameters. */
    readonly parameters: NoParameters;
    /** Its result. */
    readonly result: readonly RestEndpoint[];
  };
  /** Sends a text message to a URI. */
  readonly "PUT /endpoints/sendMessage": {
    /** Its parameters. */
    readonly parameters: {
      /** The receiver: `pjsip:<endpoint>`, or `pjsip:<endpoint>/<URI>`. */
      readonly to: string;
      /** URI of the sender. */
      readonly from: string;
      /** The text. */
      readonly body?: string;
      /** Headers to send along. */
      readonly variables?: Readonly<Record<string, string>>;
    };
    /** Its result. */
    readonly result: undefined;
  };
  /** Refers a URI to another place. */
  readonly "POST /endpoints/refer": {
    /** Its parameters. */
    readonly parameters: {
      /** The receiver: `pjsip:<endpoint>`, or `pjsip:<endpoint>/<URI>`. */
      readonly to: string;
      /** URI of the sender. */
      readonly from: string;
      /** Where it shall lead. */
      readonly refer_to: string;
      /** Whether it is the endpoint itself, not its peer, that is referred. @default false */
      readonly to_self?: boolean;
      /** Headers to send along; `display_name` goes before the URI. */
      readonly variables?: Readonly<Record<string, string>>;
    };
    /** Its result. */
    readonly result: undefined;
  };
  /** Lists the endpoints of a technology. */
  readonly "GET /endpoints/{tech}": {
    /** Its parameters. */
    readonly parameters: {
      /** Technology of the endpoint, as in `PJSIP`. */
      readonly tech: string;
    };
    /** Its result. */
    readonly result: readonly RestEndpoint[];
  };
  /** Tells how an endpoint is. */
  readonly "GET /endpoints/{tech}/{resource}": {
    /** Its parameters. */
    readonly parameters: {
      /** Technology of the endpoint, as in `PJSIP`. */
      readonly tech: string;
      /** Name of the endpoint within its technology. */
      readonly resource: string;
    };
    /** Its result. */
    readonly result: RestEndpoint;
  };
  /** Sends a text message to an endpoint. */
  readonly "PUT /endpoints/{tech}/{resource}/sendMessage": {
    /** Its parameters. */
    readonly parameters: {
      /** Technology of the endpoint, as in `PJSIP`. */
      readonly tech: string;
      /** Name of the endpoint within its technology. */
      readonly resource: string;
      /** URI of the sender. */
      readonly from: string;
      /** The text. */
      readonly body?: string;
      /** Headers to send along. */
      readonly variables?: Readonly<Record<string, string>>;
    };
    /** Its result. */
    readonly result: undefined;
  };
  /** Refers an endpoint to another place. */
  readonly "POST /endpoints/{tech}/{resource}/refer": {
    /** Its parameters. */
    readonly parameters: {
      /** Technology of the endpoint, as in `PJSIP`. */
      readonly tech: string;
      /** Name of the endpoint within its technology. */
      readonly resource: string;
      /** URI of the sender. */
      readonly from: string;
      /** Where it shall lead. */
      readonly refer_to: string;
      /** Whether it is the endpoint itself, not its peer, that is referred. @default false */
      readonly to_self?: boolean;
      /** Headers to send along; `display_name` goes before the URI. */
      readonly variables?: Readonly<Record<string, string>>;
    };
    /** Its result. */
    readonly result: undefined;
  };
  /** Sends a user event to an application. */
  readonly "POST /events/user/{eventName}": {
    /** Its parameters. */
    readonly parameters: {
      /** Name of the event. */
      readonly eventName: string;
      /** Application that shall get the event. */
      readonly application: string;
      /** Sources that the event is about: `channel:<id>`, `bridge:<id>`, `endpoint:<tech>/<resource>`, `deviceState:<name>`. */
      readonly source?: string | readonly string[];
      /** What comes with the event. */
      readonly variables?: JsonObject;
    };
    /** Its result. */
    readonly result: undefined;
  };
  /** Takes a call that was offered to several applications. */
  readonly "POST /events/claim": {
    /** Its parameters. */
    readonly parameters: {
      /** ID of the channel. */
      readonly channelId: string;
      /** Application that takes the call. */
      readonly application: string;
    };
    /** Its result. */
    readonly result: undefined;
  };
  /** Lists the mailboxes. */
  readonly "GET /mailboxes": {
    /** Its parameters. */
    readonly parameters: NoParameters;
    /** Its result. */
    readonly result: readonly RestMailbox[];
  };
  /** Tells how a mailbox is. */
  readonly "GET /mailboxes/{mailboxName}": {
    /** Its parameters. */
    readonly parameters: {
      /** Name of the mailbox. */
      readonly mailboxName: string;
    };
    /** Its result. */
    readonly result: RestMailbox;
  };
  /** Sets how many messages a mailbox has. */
  readonly "PUT /mailboxes/{mailboxName}": {
    /** Its parameters. */
    readonly parameters: {
      /** Name of the mailbox. */
      readonly mailboxName: string;
      /** Number of old messages. */
      readonly oldMessages: number;
      /** Number of new messages. */
      readonly newMessages: number;
    };
    /** Its result. */
    readonly result: undefined;
  };
  /** Deletes a mailbox. */
  readonly "DELETE /mailboxes/{mailboxName}": {
    /** Its parameters. */
    readonly parameters: {
      /** Name of the mailbox. */
      readonly mailboxName: string;
    };
    /** Its result. */
    readonly result: undefined;
  };
  /** Tells how a playback is. */
  readonly "GET /playbacks/{playbackId}": {
    /** Its parameters. */
    readonly parameters: {
      /** ID of the playback. */
      readonly playbackId: string;
    };
    /** Its result. */
    readonly result: RestPlayback;
  };
  /** Stops a playback. */
  readonly "DELETE /playbacks/{playbackId}": {
    /** Its parameters. */
    readonly parameters: {
      /** ID of the playback. */
      readonly playbackId: string;
    };
    /** Its result. */
    readonly result: undefined;
  };
  /** Pauses, resumes, winds or restarts a playback. */
  readonly "POST /playbacks/{playbackId}/control": {
    /** Its parameters. */
    readonly parameters: {
      /** ID of the playback. */
      readonly playbackId: string;
      /** What to do. */
      readonly operation: "restart" | "pause" | "unpause" | "reverse" | "forward";
    };
    /** Its result. */
    readonly result: undefined;
  };
  /** Lists the stored recordings. */
  readonly "GET /recordings/stored": {
    /** Its parameters. */
    readonly parameters: NoParameters;
    /** Its result. */
    readonly result: readonly RestStoredRecording[];
  };
  /** Tells how a stored recording is. */
  readonly "GET /recordings/stored/{recordingName}": {
    /** Its parameters. */
    readonly parameters: {
      /** Name of the recording. */
      readonly recordingName: string;
    };
    /** Its result. */
    readonly result: RestStoredRecording;
  };
  /** Deletes a stored recording. */
  readonly "DELETE /recordings/stored/{recordingName}": {
    /** Its parameters. */
    readonly parameters: {
      /** Name of the recording. */
      readonly recordingName: string;
    };
    /** Its result. */
    readonly result: undefined;
  };
  /** Reads the file of a stored recording. */
  readonly "GET /recordings/stored/{recordingName}/file": {
    /** Its parameters. */
    readonly parameters: {
      /** Name of the recording. */
      readonly recordingName: string;
    };
    /** Its result. */
    readonly result: Uint8Array;
  };
  /** Copies a stored recording. */
  readonly "POST /recordings/stored/{recordingName}/copy": {
    /** Its parameters. */
    readonly parameters: {
      /** Name of the recording. */
      readonly recordingName: string;
      /** Name for the copy. */
      readonly destinationRecordingName: string;
    };
    /** Its result. */
    readonly result: RestStoredRecording;
  };
  /** Tells how a live recording is. */
  readonly "GET /recordings/live/{recordingName}": {
    /** Its parameters. */
    readonly parameters: {
      /** Name of the recording. */
      readonly recordingName: string;
    };
    /** Its result. */
    readonly result: RestLiveRecording;
  };
  /** Stops a live recording and throws it away. */
  readonly "DELETE /recordings/live/{recordingName}": {
    /** Its parameters. */
    readonly parameters: {
      /** Name of the recording. */
      readonly recordingName: string;
    };
    /** Its result. */
    readonly result: undefined;
  };
  /** Stops a live recording and stores it. */
  readonly "POST /recordings/live/{recordingName}/stop": {
    /** Its parameters. */
    readonly parameters: {
      /** Name of the recording. */
      readonly recordingName: string;
    };
    /** Its result. */
    readonly result: undefined;
  };
  /** Pauses a live recording. */
  readonly "POST /recordings/live/{recordingName}/pause": {
    /** Its parameters. */
    readonly parameters: {
      /** Name of the recording. */
      readonly recordingName: string;
    };
    /** Its result. */
    readonly result: undefined;
  };
  /** Resumes a live recording. */
  readonly "DELETE /recordings/live/{recordingName}/pause": {
    /** Its parameters. */
    readonly parameters: {
      /** Name of the recording. */
      readonly recordingName: string;
    };
    /** Its result. */
    readonly result: undefined;
  };
  /** Mutes a live recording: silence is recorded instead. */
  readonly "POST /recordings/live/{recordingName}/mute": {
    /** Its parameters. */
    readonly parameters: {
      /** Name of the recording. */
      readonly recordingName: string;
    };
    /** Its result. */
    readonly result: undefined;
  };
  /** Ends the muting of a live recording. */
  readonly "DELETE /recordings/live/{recordingName}/mute": {
    /** Its parameters. */
    readonly parameters: {
      /** Name of the recording. */
      readonly recordingName: string;
    };
    /** Its result. */
    readonly result: undefined;
  };
  /** Lists the sounds that can be played. */
  readonly "GET /sounds": {
    /** Its parameters. */
    readonly parameters: {
      /** Only sounds in this language. */
      readonly lang?: string;
      /** Only sounds in this format. */
      readonly format?: string;
    };
    /** Its result. */
    readonly result: readonly RestSound[];
  };
  /** Tells about a sound. */
  readonly "GET /sounds/{soundId}": {
    /** Its parameters. */
    readonly parameters: {
      /** ID of the sound. */
      readonly soundId: string;
    };
    /** Its result. */
    readonly result: RestSound;
  };
}

/** An operation: method and path, as in `POST /channels/{channelId}/move`. */
export type RestOperation = keyof RestOperations | "GET /events";
