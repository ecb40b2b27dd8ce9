// deno-fmt-ignore-file -- a line for each operation and each parameter
/**
 * All operations of Asterisk 22's REST interface with their parameters, as values.
 *
 * Made by `scripts/generate_api.ts` from Asterisk's own description; change the script, not this
 * file.
 *
 * @module
 */

import type { RestOperation } from "./operation_types.ts";

/** Asterisk's description of an operation of its REST interface. */
export interface OperationDescription {
  /** What it does. */
  readonly doc: string;
  /** Versions of Asterisk that introduced it. */
  readonly since: readonly string[];
  /** What it returns, by Asterisk's name; `void` for nothing, `binary` for the bytes of a file. */
  readonly result: string;
  /** Whether it opens the ARI WebSocket, and so cannot be called. */
  readonly socket?: true;
  /** Its parameters by name. */
  readonly parameters: Readonly<Record<string, ParameterDescription>>;
}

/** A parameter of an operation. */
export interface ParameterDescription {
  /** What it means. */
  readonly doc: string;
  /** Where it is: in the path, in the query, as a member of the body, or as the whole body. */
  readonly place: "path" | "query" | "member" | "body";
  /** What it holds; `json` is an object or a list. */
  readonly type: "string" | "integer" | "boolean" | "json";
  /** Whether it cannot be left out. */
  readonly required?: true;
  /** Whether there can be several values. */
  readonly multiple?: true;
  /** The values that it can have. */
  readonly values?: readonly string[];
  /** The least value of a number. */
  readonly min?: number;
  /** What holds when it is left out. */
  readonly default?: string;
}

/** The operations by method and path. */
export const description: Readonly<Record<RestOperation, OperationDescription>> = {
  "GET /applications": {"doc":"Lists the Stasis applications.","since":["13.0.0"],"result":"list of Application","parameters":{}},
  "GET /applications/{applicationName}": {"doc":"Reads a Stasis application and its subscriptions.","since":["13.0.0"],"result":"Application","parameters":{
    "applicationName": {"doc":"Name of the application.","place":"path","type":"string","required":true},
  }},
  "POST /applications/{applicationName}/subscription": {"doc":"Subscribes an application to the events of channels, bridges, endpoints or devices.","since":["13.0.0"],"result":"Application","parameters":{
    "applicationName": {"doc":"Name of the application.","place":"path","type":"string","required":true},
    "eventSource": {"doc":"Sources of events: `channel:<id>`, `bridge:<id>`, `endpoint:<tech>/<resource>`, `deviceState:<name>`.","place":"query","type":"string","required":true,"multiple":true},
  }},
  "DELETE /applications/{applicationName}/subscription": {"doc":"Ends an application's subscriptions to event sources.","since":["13.0.0"],"result":"Application","parameters":{
    "applicationName": {"doc":"Name of the application.","place":"path","type":"string","required":true},
    "eventSource": {"doc":"Sources of events: `channel:<id>`, `bridge:<id>`, `endpoint:<tech>/<resource>`, `deviceState:<name>`.","place":"query","type":"string","required":true,"multiple":true},
  }},
  "PUT /applications/{applicationName}/eventFilter": {"doc":"Sets which types of events an application gets; it replaces the former filter.","since":["13.26.0","16.3.0"],"result":"Application","parameters":{
    "applicationName": {"doc":"Name of the application.","place":"path","type":"string","required":true},
    "filter": {"doc":"Types of events that are let through and held back.","place":"body","type":"json"},
  }},
  "GET /asterisk/config/dynamic/{configClass}/{objectType}/{id}": {"doc":"Reads the attributes of a configuration object.","since":["13.5.0"],"result":"list of ConfigTuple","parameters":{
    "configClass": {"doc":"Class of configuration, as in `res_pjsip`.","place":"path","type":"string","required":true},
    "objectType": {"doc":"Type of the object, as in `endpoint`.","place":"path","type":"string","required":true},
    "id": {"doc":"Name of the object.","place":"path","type":"string","required":true},
  }},
  "PUT /asterisk/config/dynamic/{configClass}/{objectType}/{id}": {"doc":"Creates a configuration object, or changes its attributes.","since":["13.5.0"],"result":"list of ConfigTuple","parameters":{
    "configClass": {"doc":"Class of configuration, as in `res_pjsip`.","place":"path","type":"string","required":true},
    "objectType": {"doc":"Type of the object, as in `endpoint`.","place":"path","type":"string","required":true},
    "id": {"doc":"Name of the object.","place":"path","type":"string","required":true},
    "fields": {"doc":"The attributes with their values.","place":"member","type":"json"},
  }},
  "DELETE /asterisk/config/dynamic/{configClass}/{objectType}/{id}": {"doc":"Deletes a configuration object.","since":["13.5.0"],"result":"void","parameters":{
    "configClass": {"doc":"Class of configuration, as in `res_pjsip`.","place":"path","type":"string","required":true},
    "objectType": {"doc":"Type of the object, as in `endpoint`.","place":"path","type":"string","required":true},
    "id": {"doc":"Name of the object.","place":"path","type":"string","required":true},
  }},
  "GET /asterisk/info": {"doc":"Reads build, configuration and uptime of Asterisk.","since":["12.0.0"],"result":"AsteriskInfo","parameters":{
    "only": {"doc":"The parts to return; without it all.","place":"query","type":"string","multiple":true,"values":["build","system","config","status"]},
  }},
  "GET /asterisk/ping": {"doc":"Checks that Asterisk responds.","since":["13.25.0","16.2.0"],"result":"AsteriskPing","parameters":{}},
  "GET /asterisk/modules": {"doc":"Lists the modules.","since":["13.5.0"],"result":"list of Module","parameters":{}},
  "GET /asterisk/modules/{moduleName}": {"doc":"Reads a module.","since":["13.5.0"],"result":"Module","parameters":{
    "moduleName": {"doc":"File name of the module, as in `res_pjsip.so`.","place":"path","type":"string","required":true},
  }},
  "POST /asterisk/modules/{moduleName}": {"doc":"Loads a module.","since":["13.5.0"],"result":"void","parameters":{
    "moduleName": {"doc":"File name of the module, as in `res_pjsip.so`.","place":"path","type":"string","required":true},
  }},
  "DELETE /asterisk/modules/{moduleName}": {"doc":"Unloads a module.","since":["13.5.0"],"result":"void","parameters":{
    "moduleName": {"doc":"File name of the module, as in `res_pjsip.so`.","place":"path","type":"string","required":true},
  }},
  "PUT /asterisk/modules/{moduleName}": {"doc":"Reloads a module.","since":["13.5.0"],"result":"void","parameters":{
    "moduleName": {"doc":"File name of the module, as in `res_pjsip.so`.","place":"path","type":"string","required":true},
  }},
  "GET /asterisk/logging": {"doc":"Lists the channels of the log.","since":["13.6.0"],"result":"list of LogChannel","parameters":{}},
  "POST /asterisk/logging/{logChannelName}": {"doc":"Adds a channel to the log.","since":["13.6.0"],"result":"void","parameters":{
    "logChannelName": {"doc":"Name of the log's channel.","place":"path","type":"string","required":true},
    "configuration": {"doc":"Levels to log, separated by commas, as in `notice,warning,error`.","place":"query","type":"string","required":true},
  }},
  "DELETE /asterisk/logging/{logChannelName}": {"doc":"Removes a channel from the log.","since":["13.6.0"],"result":"void","parameters":{
    "logChannelName": {"doc":"Name of the log's channel.","place":"path","type":"string","required":true},
  }},
  "PUT /asterisk/logging/{logChannelName}/rotate": {"doc":"Rotates the file of a channel of the log.","since":["13.6.0"],"result":"void","parameters":{
    "logChannelName": {"doc":"Name of the log's channel.","place":"path","type":"string","required":true},
  }},
  "GET /asterisk/variable": {"doc":"Reads a global variable or function.","since":["12.0.0"],"result":"Variable","parameters":{
    "variable": {"doc":"Name of the variable or function.","place":"query","type":"string","required":true},
  }},
  "POST /asterisk/variable": {"doc":"Sets a global variable.","since":["12.0.0"],"result":"void","parameters":{
    "variable": {"doc":"Name of the variable or function.","place":"query","type":"string","required":true},
    "value": {"doc":"The value; without one the variable is emptied.","place":"query","type":"string"},
  }},
  "GET /bridges": {"doc":"Lists the bridges.","since":["12.0.0"],"result":"list of Bridge","parameters":{}},
  "POST /bridges": {"doc":"Creates a bridge, or renames one.","since":["12.0.0"],"result":"Bridge","parameters":{
    "type": {"doc":"Its properties, separated by commas: `mixing`, `holding`, `dtmf_events`, `proxy_media`, `video_sfu`, `video_single`, `sdp_label`.","place":"query","type":"string"},
    "bridgeId": {"doc":"ID for the bridge; without one Asterisk chooses it.","place":"query","type":"string"},
    "name": {"doc":"Name for the bridge.","place":"query","type":"string"},
    "variables": {"doc":"Variables of the new bridge.","place":"member","type":"json"},
  }},
  "POST /bridges/{bridgeId}": {"doc":"Creates a bridge with an ID, or renames one.","since":["12.2.0"],"result":"Bridge","parameters":{
    "type": {"doc":"Its properties, separated by commas: `mixing`, `holding`, `dtmf_events`, `proxy_media`, `video_sfu`, `video_single`, `sdp_label`.","place":"query","type":"string"},
    "bridgeId": {"doc":"ID of the bridge.","place":"path","type":"string","required":true},
    "name": {"doc":"Name for the bridge.","place":"query","type":"string"},
    "variables": {"doc":"Variables of the new bridge.","place":"member","type":"json"},
  }},
  "GET /bridges/{bridgeId}": {"doc":"Reads a bridge.","since":["12.0.0"],"result":"Bridge","parameters":{
    "bridgeId": {"doc":"ID of the bridge.","place":"path","type":"string","required":true},
  }},
  "DELETE /bridges/{bridgeId}": {"doc":"Destroys a bridge; the channels in it stay in the application.","since":["12.0.0"],"result":"void","parameters":{
    "bridgeId": {"doc":"ID of the bridge.","place":"path","type":"string","required":true},
  }},
  "GET /bridges/{bridgeId}/variable": {"doc":"Reads a variable of a bridge.","since":["20.20.0","22.10.0","23.4.0"],"result":"Variable","parameters":{
    "bridgeId": {"doc":"ID of the bridge.","place":"path","type":"string","required":true},
    "variable": {"doc":"Name of the variable or function.","place":"query","type":"string","required":true},
  }},
  "POST /bridges/{bridgeId}/variable": {"doc":"Sets a variable of a bridge.","since":["20.20.0","22.10.0","23.4.0"],"result":"void","parameters":{
    "bridgeId": {"doc":"ID of the bridge.","place":"path","type":"string","required":true},
    "variable": {"doc":"Name of the variable or function.","place":"query","type":"string","required":true},
    "value": {"doc":"The value; without one the variable is emptied.","place":"query","type":"string"},
    "report_events": {"doc":"Whether later events report the variable.","place":"query","type":"boolean","default":"false"},
  }},
  "GET /bridges/{bridgeId}/variables": {"doc":"Reads several variables of a bridge.","since":["20.20.0","22.10.0","23.4.0"],"result":"Variables","parameters":{
    "bridgeId": {"doc":"ID of the bridge.","place":"path","type":"string","required":true},
    "variables": {"doc":"Names of the variables.","place":"query","type":"string","required":true,"multiple":true},
  }},
  "POST /bridges/{bridgeId}/variables": {"doc":"Sets several variables of a bridge.","since":["20.20.0","22.10.0","23.4.0"],"result":"void","parameters":{
    "bridgeId": {"doc":"ID of the bridge.","place":"path","type":"string","required":true},
    "variables": {"doc":"The variables with their values.","place":"member","type":"json","required":true},
  }},
  "POST /bridges/{bridgeId}/addChannel": {"doc":"Adds channels to a bridge.","since":["12.0.0"],"result":"void","parameters":{
    "bridgeId": {"doc":"ID of the bridge.","place":"path","type":"string","required":true},
    "channel": {"doc":"IDs of the channels.","place":"query","type":"string","required":true,"multiple":true},
    "role": {"doc":"Role of the channel in the bridge, as in `announcer` or `participant`.","place":"query","type":"string"},
    "absorbDTMF": {"doc":"Whether digits of the channel are kept from the others in the bridge.","place":"query","type":"boolean","default":"false"},
    "mute": {"doc":"Whether the channel is muted in the bridge.","place":"query","type":"boolean","default":"false"},
    "inhibitConnectedLineUpdates": {"doc":"Whether the connected line of the channel is kept from the others.","place":"query","type":"boolean","default":"false"},
  }},
  "POST /bridges/{bridgeId}/removeChannel": {"doc":"Removes channels from a bridge.","since":["12.0.0"],"result":"void","parameters":{
    "bridgeId": {"doc":"ID of the bridge.","place":"path","type":"string","required":true},
    "channel": {"doc":"IDs of the channels.","place":"query","type":"string","required":true,"multiple":true},
  }},
  "POST /bridges/{bridgeId}/videoSource/{channelId}": {"doc":"Makes a channel the video source of a bridge.","since":["13.13.0","14.2.0"],"result":"void","parameters":{
    "bridgeId": {"doc":"ID of the bridge.","place":"path","type":"string","required":true},
    "channelId": {"doc":"ID of the channel.","place":"path","type":"string","required":true},
  }},
  "DELETE /bridges/{bridgeId}/videoSource": {"doc":"Leaves the video source of a bridge to Asterisk.","since":["13.13.0","14.2.0"],"result":"void","parameters":{
    "bridgeId": {"doc":"ID of the bridge.","place":"path","type":"string","required":true},
  }},
  "POST /bridges/{bridgeId}/moh": {"doc":"Plays music on hold to a bridge.","since":["12.0.0"],"result":"void","parameters":{
    "bridgeId": {"doc":"ID of the bridge.","place":"path","type":"string","required":true},
    "mohClass": {"doc":"Class of the music.","place":"query","type":"string"},
  }},
  "DELETE /bridges/{bridgeId}/moh": {"doc":"Stops the music on hold of a bridge.","since":["12.0.0"],"result":"void","parameters":{
    "bridgeId": {"doc":"ID of the bridge.","place":"path","type":"string","required":true},
  }},
  "POST /bridges/{bridgeId}/play": {"doc":"Plays media to a bridge.","since":["12.0.0"],"result":"Playback","parameters":{
    "bridgeId": {"doc":"ID of the bridge.","place":"path","type":"string","required":true},
    "media": {"doc":"What is played, one after the other, as in `sound:hello-world`.","place":"query","type":"string","required":true,"multiple":true},
    "announcer_format": {"doc":"Format of the channel that plays to the bridge.","place":"query","type":"string"},
    "lang": {"doc":"Language of sounds, as in `en`.","place":"query","type":"string"},
    "offsetms": {"doc":"Where in the media to begin, in milliseconds.","place":"query","type":"integer","min":0,"default":"0"},
    "skipms": {"doc":"How far forward and reverse go, in milliseconds.","place":"query","type":"integer","min":0,"default":"3000"},
    "playbackId": {"doc":"ID for the playback; without one Asterisk chooses it.","place":"query","type":"string"},
  }},
  "POST /bridges/{bridgeId}/play/{playbackId}": {"doc":"Plays media to a bridge, under an ID.","since":["12.3.0"],"result":"Playback","parameters":{
    "bridgeId": {"doc":"ID of the bridge.","place":"path","type":"string","required":true},
    "playbackId": {"doc":"ID for the playback.","place":"path","type":"string","required":true},
    "media": {"doc":"What is played, one after the other, as in `sound:hello-world`.","place":"query","type":"string","required":true,"multiple":true},
    "announcer_format": {"doc":"Format of the channel that plays to the bridge.","place":"query","type":"string"},
    "lang": {"doc":"Language of sounds, as in `en`.","place":"query","type":"string"},
    "offsetms": {"doc":"Where in the media to begin, in milliseconds.","place":"query","type":"integer","min":0,"default":"0"},
    "skipms": {"doc":"How far forward and reverse go, in milliseconds.","place":"query","type":"integer","min":0,"default":"3000"},
  }},
  "POST /bridges/{bridgeId}/record": {"doc":"Records a bridge.","since":["12.0.0"],"result":"LiveRecording","parameters":{
    "bridgeId": {"doc":"ID of the bridge.","place":"path","type":"string","required":true},
    "name": {"doc":"Name for the recording.","place":"query","type":"string","required":true},
    "format": {"doc":"Format, as in `wav`.","place":"query","type":"string","required":true},
    "recorder_format": {"doc":"Format of the channel that records the bridge.","place":"query","type":"string"},
    "maxDurationSeconds": {"doc":"Longest recording, in seconds; 0 sets no limit.","place":"query","type":"integer","min":0,"default":"0"},
    "maxSilenceSeconds": {"doc":"Silence that ends it, in seconds; 0 does not.","place":"query","type":"integer","min":0,"default":"0"},
    "ifExists": {"doc":"What to do when there is a recording of this name.","place":"query","type":"string","values":["fail","overwrite","append"],"default":"fail"},
    "beep": {"doc":"Whether to beep first.","place":"query","type":"boolean","default":"false"},
    "terminateOn": {"doc":"The digit that ends it.","place":"query","type":"string","values":["none","any","*","#"],"default":"none"},
  }},
  "GET /channels": {"doc":"Lists the channels.","since":["12.0.0"],"result":"list of Channel","parameters":{}},
  "POST /channels": {"doc":"Calls an endpoint, and puts the new channel into an application or the dialplan.","since":["12.0.0"],"result":"Channel","parameters":{
    "endpoint": {"doc":"Endpoint to call, as in `PJSIP/alice`.","place":"query","type":"string","required":true},
    "extension": {"doc":"Extension of the dialplan.","place":"query","type":"string"},
    "context": {"doc":"Context of the dialplan.","place":"query","type":"string"},
    "priority": {"doc":"Priority of the dialplan.","place":"query","type":"integer"},
    "label": {"doc":"Label of the dialplan, in place of a priority.","place":"query","type":"string"},
    "app": {"doc":"Application that gets the channel.","place":"query","type":"string"},
    "appArgs": {"doc":"Arguments for the application, separated by commas.","place":"query","type":"string"},
    "callerId": {"doc":"Caller ID to show, as in `\"Alice\" <100>`.","place":"query","type":"string"},
    "timeout": {"doc":"How long to wait for an answer, in seconds.","place":"query","type":"integer","default":"30"},
    "variables": {"doc":"Variables of the new channel.","place":"member","type":"json"},
    "channelId": {"doc":"ID for the channel; without one Asterisk chooses it.","place":"query","type":"string"},
    "otherChannelId": {"doc":"ID for the second half, if it is a Local channel.","place":"query","type":"string"},
    "originator": {"doc":"ID of the channel that asks for the new one, which takes over from it.","place":"query","type":"string"},
    "formats": {"doc":"Formats that the channel may use, separated by commas.","place":"query","type":"string"},
  }},
  "POST /channels/create": {"doc":"Creates a channel in an application, without dialling.","since":["14.0.0"],"result":"Channel","parameters":{
    "endpoint": {"doc":"Endpoint to call, as in `PJSIP/alice`.","place":"query","type":"string","required":true},
    "app": {"doc":"Application that gets the channel.","place":"query","type":"string","required":true},
    "appArgs": {"doc":"Arguments for the application, separated by commas.","place":"query","type":"string"},
    "channelId": {"doc":"ID for the channel; without one Asterisk chooses it.","place":"query","type":"string"},
    "otherChannelId": {"doc":"ID for the second half, if it is a Local channel.","place":"query","type":"string"},
    "originator": {"doc":"ID of the channel that asks for the new one, which takes over from it.","place":"query","type":"string"},
    "formats": {"doc":"Formats that the channel may use, separated by commas.","place":"query","type":"string"},
    "variables": {"doc":"Variables of the new channel.","place":"member","type":"json"},
  }},
  "GET /channels/{channelId}": {"doc":"Reads a channel.","since":["12.0.0"],"result":"Channel","parameters":{
    "channelId": {"doc":"ID of the channel.","place":"path","type":"string","required":true},
  }},
  "POST /channels/{channelId}": {"doc":"Calls an endpoint under an ID, and puts the new channel into an application or the dialplan.","since":["12.2.0"],"result":"Channel","parameters":{
    "channelId": {"doc":"ID of the channel.","place":"path","type":"string","required":true},
    "endpoint": {"doc":"Endpoint to call, as in `PJSIP/alice`.","place":"query","type":"string","required":true},
    "extension": {"doc":"Extension of the dialplan.","place":"query","type":"string"},
    "context": {"doc":"Context of the dialplan.","place":"query","type":"string"},
    "priority": {"doc":"Priority of the dialplan.","place":"query","type":"integer"},
    "label": {"doc":"Label of the dialplan, in place of a priority.","place":"query","type":"string"},
    "app": {"doc":"Application that gets the channel.","place":"query","type":"string"},
    "appArgs": {"doc":"Arguments for the application, separated by commas.","place":"query","type":"string"},
    "callerId": {"doc":"Caller ID to show, as in `\"Alice\" <100>`.","place":"query","type":"string"},
    "timeout": {"doc":"How long to wait for an answer, in seconds.","place":"query","type":"integer","default":"30"},
    "variables": {"doc":"Variables of the new channel.","place":"member","type":"json"},
    "otherChannelId": {"doc":"ID for the second half, if it is a Local channel.","place":"query","type":"string"},
    "originator": {"doc":"ID of the channel that asks for the new one, which takes over from it.","place":"query","type":"string"},
    "formats": {"doc":"Formats that the channel may use, separated by commas.","place":"query","type":"string"},
  }},
  "DELETE /channels/{channelId}": {"doc":"Hangs a channel up.","since":["12.0.0"],"result":"void","parameters":{
    "channelId": {"doc":"ID of the channel.","place":"path","type":"string","required":true},
    "reason_code": {"doc":"Why it is hung up, as a number of Q.850; in place of a reason.","place":"query","type":"string"},
    "reason": {"doc":"Why it is hung up.","place":"query","type":"string","values":["normal","busy","congestion","no_answer","timeout","rejected","unallocated","normal_unspecified","number_incomplete","codec_mismatch","interworking","failure","answered_elsewhere"]},
  }},
  "POST /channels/{channelId}/continue": {"doc":"Continues a channel in the dialplan.","since":["12.0.0"],"result":"void","parameters":{
    "channelId": {"doc":"ID of the channel.","place":"path","type":"string","required":true},
    "context": {"doc":"Context of the dialplan.","place":"query","type":"string"},
    "extension": {"doc":"Extension of the dialplan.","place":"query","type":"string"},
    "priority": {"doc":"Priority of the dialplan.","place":"query","type":"integer"},
    "label": {"doc":"Label of the dialplan, in place of a priority.","place":"query","type":"string"},
  }},
  "POST /channels/{channelId}/move": {"doc":"Moves a channel to another application.","since":["13.26.0","16.3.0"],"result":"void","parameters":{
    "channelId": {"doc":"ID of the channel.","place":"path","type":"string","required":true},
    "app": {"doc":"Application that gets the channel.","place":"query","type":"string","required":true},
    "appArgs": {"doc":"Arguments for the application, separated by commas.","place":"query","type":"string"},
  }},
  "POST /channels/{channelId}/redirect": {"doc":"Sends the caller to another endpoint.","since":["13.3.0"],"result":"void","parameters":{
    "channelId": {"doc":"ID of the channel.","place":"path","type":"string","required":true},
    "endpoint": {"doc":"Endpoint to send the caller to.","place":"query","type":"string","required":true},
  }},
  "POST /channels/{channelId}/answer": {"doc":"Answers a channel.","since":["12.0.0"],"result":"void","parameters":{
    "channelId": {"doc":"ID of the channel.","place":"path","type":"string","required":true},
  }},
  "POST /channels/{channelId}/ring": {"doc":"Indicates ringing to the caller.","since":["12.0.0"],"result":"void","parameters":{
    "channelId": {"doc":"ID of the channel.","place":"path","type":"string","required":true},
  }},
  "DELETE /channels/{channelId}/ring": {"doc":"Stops the ringing.","since":["12.0.0"],"result":"void","parameters":{
    "channelId": {"doc":"ID of the channel.","place":"path","type":"string","required":true},
  }},
  "POST /channels/{channelId}/progress": {"doc":"Indicates progress to a channel.","since":["22.6.0","21.11.0","20.16.0"],"result":"void","parameters":{
    "channelId": {"doc":"ID of the channel.","place":"path","type":"string","required":true},
  }},
  "POST /channels/{channelId}/dtmf": {"doc":"Sends DTMF digits to a channel.","since":["12.0.0"],"result":"void","parameters":{
    "channelId": {"doc":"ID of the channel.","place":"path","type":"string","required":true},
    "dtmf": {"doc":"The digits.","place":"query","type":"string"},
    "before": {"doc":"Pause before the digits, in milliseconds.","place":"query","type":"integer","default":"0","min":0},
    "between": {"doc":"Pause between the digits, in milliseconds.","place":"query","type":"integer","default":"100","min":0},
    "duration": {"doc":"Length of each digit, in milliseconds.","place":"query","type":"integer","default":"100","min":0},
    "after": {"doc":"Pause after the digits, in milliseconds.","place":"query","type":"integer","default":"0","min":0},
  }},
  "POST /channels/{channelId}/mute": {"doc":"Mutes a channel.","since":["12.0.0"],"result":"void","parameters":{
    "channelId": {"doc":"ID of the channel.","place":"path","type":"string","required":true},
    "direction": {"doc":"The direction of the sound, as the channel sees it.","place":"query","type":"string","values":["both","in","out"],"default":"both"},
  }},
  "DELETE /channels/{channelId}/mute": {"doc":"Unmutes a channel.","since":["12.0.0"],"result":"void","parameters":{
    "channelId": {"doc":"ID of the channel.","place":"path","type":"string","required":true},
    "direction": {"doc":"The direction of the sound, as the channel sees it.","place":"query","type":"string","values":["both","in","out"],"default":"both"},
  }},
  "POST /channels/{channelId}/hold": {"doc":"Puts a channel on hold.","since":["12.0.0"],"result":"void","parameters":{
    "channelId": {"doc":"ID of the channel.","place":"path","type":"string","required":true},
  }},
  "DELETE /channels/{channelId}/hold": {"doc":"Takes a channel from hold.","since":["12.0.0"],"result":"void","parameters":{
    "channelId": {"doc":"ID of the channel.","place":"path","type":"string","required":true},
  }},
  "POST /channels/{channelId}/moh": {"doc":"Plays music on hold to a channel.","since":["12.0.0"],"result":"void","parameters":{
    "channelId": {"doc":"ID of the channel.","place":"path","type":"string","required":true},
    "mohClass": {"doc":"Class of the music.","place":"query","type":"string"},
  }},
  "DELETE /channels/{channelId}/moh": {"doc":"Stops the music on hold of a channel.","since":["12.0.0"],"result":"void","parameters":{
    "channelId": {"doc":"ID of the channel.","place":"path","type":"string","required":true},
  }},
  "POST /channels/{channelId}/silence": {"doc":"Plays silence to a channel.","since":["12.0.0"],"result":"void","parameters":{
    "channelId": {"doc":"ID of the channel.","place":"path","type":"string","required":true},
  }},
  "DELETE /channels/{channelId}/silence": {"doc":"Stops the silence.","since":["12.0.0"],"result":"void","parameters":{
    "channelId": {"doc":"ID of the channel.","place":"path","type":"string","required":true},
  }},
  "POST /channels/{channelId}/play": {"doc":"Plays media to a channel.","since":["12.0.0"],"result":"Playback","parameters":{
    "channelId": {"doc":"ID of the channel.","place":"path","type":"string","required":true},
    "media": {"doc":"What is played, one after the other, as in `sound:hello-world`.","place":"query","type":"string","required":true,"multiple":true},
    "lang": {"doc":"Language of sounds, as in `en`.","place":"query","type":"string"},
    "offsetms": {"doc":"Where in the media to begin, in milliseconds.","place":"query","type":"integer"},
    "skipms": {"doc":"How far forward and reverse go, in milliseconds.","place":"query","type":"integer","default":"3000"},
    "playbackId": {"doc":"ID for the playback; without one Asterisk chooses it.","place":"query","type":"string"},
  }},
  "POST /channels/{channelId}/play/{playbackId}": {"doc":"Plays media to a channel, under an ID.","since":["12.2.0"],"result":"Playback","parameters":{
    "channelId": {"doc":"ID of the channel.","place":"path","type":"string","required":true},
    "playbackId": {"doc":"ID for the playback.","place":"path","type":"string","required":true},
    "media": {"doc":"What is played, one after the other, as in `sound:hello-world`.","place":"query","type":"string","required":true,"multiple":true},
    "lang": {"doc":"Language of sounds, as in `en`.","place":"query","type":"string"},
    "offsetms": {"doc":"Where in the media to begin, in milliseconds.","place":"query","type":"integer"},
    "skipms": {"doc":"How far forward and reverse go, in milliseconds.","place":"query","type":"integer","default":"3000"},
  }},
  "POST /channels/{channelId}/record": {"doc":"Records a channel.","since":["12.0.0"],"result":"LiveRecording","parameters":{
    "channelId": {"doc":"ID of the channel.","place":"path","type":"string","required":true},
    "name": {"doc":"Name for the recording.","place":"query","type":"string","required":true},
    "format": {"doc":"Format, as in `wav`.","place":"query","type":"string","required":true},
    "maxDurationSeconds": {"doc":"Longest recording, in seconds; 0 sets no limit.","place":"query","type":"integer","min":0,"default":"0"},
    "maxSilenceSeconds": {"doc":"Silence that ends it, in seconds; 0 does not.","place":"query","type":"integer","min":0,"default":"0"},
    "ifExists": {"doc":"What to do when there is a recording of this name.","place":"query","type":"string","values":["fail","overwrite","append"],"default":"fail"},
    "beep": {"doc":"Whether to beep first.","place":"query","type":"boolean","default":"false"},
    "terminateOn": {"doc":"The digit that ends it.","place":"query","type":"string","values":["none","any","*","#"],"default":"none"},
  }},
  "GET /channels/{channelId}/variable": {"doc":"Reads a variable or function of a channel.","since":["12.0.0"],"result":"Variable","parameters":{
    "channelId": {"doc":"ID of the channel.","place":"path","type":"string","required":true},
    "variable": {"doc":"Name of the variable or function.","place":"query","type":"string","required":true},
  }},
  "POST /channels/{channelId}/variable": {"doc":"Sets a variable or function of a channel.","since":["12.0.0"],"result":"void","parameters":{
    "channelId": {"doc":"ID of the channel.","place":"path","type":"string","required":true},
    "variable": {"doc":"Name of the variable or function.","place":"query","type":"string","required":true},
    "value": {"doc":"The value; without one the variable is emptied.","place":"query","type":"string"},
    "report_events": {"doc":"Whether later events report the variable.","place":"query","type":"boolean","default":"false"},
  }},
  "GET /channels/{channelId}/variables": {"doc":"Reads several variables or functions of a channel.","since":["20.20.0","22.10.0","23.4.0"],"result":"Variables","parameters":{
    "channelId": {"doc":"ID of the channel.","place":"path","type":"string","required":true},
    "variables": {"doc":"Names of the variables and functions.","place":"query","type":"string","required":true,"multiple":true},
  }},
  "POST /channels/{channelId}/variables": {"doc":"Sets several variables or functions of a channel.","since":["20.20.0","22.10.0","23.4.0"],"result":"void","parameters":{
    "channelId": {"doc":"ID of the channel.","place":"path","type":"string","required":true},
    "variables": {"doc":"The variables with their values.","place":"member","type":"json","required":true},
  }},
  "POST /channels/{channelId}/snoop": {"doc":"Listens in on a channel, or whispers to it.","since":["12.0.0"],"result":"Channel","parameters":{
    "channelId": {"doc":"ID of the channel.","place":"path","type":"string","required":true},
    "spy": {"doc":"The direction of the sound to listen to.","place":"query","type":"string","values":["none","both","out","in"],"default":"none"},
    "whisper": {"doc":"The direction of the sound to whisper into.","place":"query","type":"string","values":["none","both","out","in"],"default":"none"},
    "app": {"doc":"Application that gets the channel.","place":"query","type":"string","required":true},
    "appArgs": {"doc":"Arguments for the application, separated by commas.","place":"query","type":"string"},
    "snoopId": {"doc":"ID for the channel that listens.","place":"query","type":"string"},
  }},
  "POST /channels/{channelId}/snoop/{snoopId}": {"doc":"Listens in on a channel, or whispers to it, by a channel with an ID.","since":["12.2.0"],"result":"Channel","parameters":{
    "channelId": {"doc":"ID of the channel.","place":"path","type":"string","required":true},
    "snoopId": {"doc":"ID for the channel that listens.","place":"path","type":"string","required":true},
    "spy": {"doc":"The direction of the sound to listen to.","place":"query","type":"string","values":["none","both","out","in"],"default":"none"},
    "whisper": {"doc":"The direction of the sound to whisper into.","place":"query","type":"string","values":["none","both","out","in"],"default":"none"},
    "app": {"doc":"Application that gets the channel.","place":"query","type":"string","required":true},
    "appArgs": {"doc":"Arguments for the application, separated by commas.","place":"query","type":"string"},
  }},
  "POST /channels/{channelId}/dial": {"doc":"Dials a channel that was created without dialling.","since":["14.0.0"],"result":"void","parameters":{
    "channelId": {"doc":"ID of the channel.","place":"path","type":"string","required":true},
    "caller": {"doc":"Channel that the call is for.","place":"query","type":"string"},
    "timeout": {"doc":"How long to wait for an answer, in seconds; 0 is without end.","place":"query","type":"integer","min":0,"default":"0"},
  }},
  "GET /channels/{channelId}/rtp_statistics": {"doc":"Reads the RTP statistics of a channel.","since":["13.27.0","16.4.0"],"result":"RTPstat","parameters":{
    "channelId": {"doc":"ID of the channel.","place":"path","type":"string","required":true},
  }},
  "POST /channels/externalMedia": {"doc":"Creates a channel to a program that sends and receives media.","since":["16.6.0","17.1.0"],"result":"Channel","parameters":{
    "channelId": {"doc":"ID for the channel; without one Asterisk chooses it.","place":"query","type":"string"},
    "app": {"doc":"Application that gets the channel.","place":"query","type":"string","required":true},
    "variables": {"doc":"Variables of the new channel.","place":"member","type":"json"},
    "external_host": {"doc":"Host and port of the program, as in `127.0.0.1:4000`.","place":"query","type":"string"},
    "encapsulation": {"doc":"How the media are packed.","place":"query","type":"string","values":["rtp","audiosocket","none"],"default":"rtp"},
    "transport": {"doc":"What carries the media.","place":"query","type":"string","values":["udp","tcp","websocket"],"default":"udp"},
    "connection_type": {"doc":"Which side connects: Asterisk is the client or the server.","place":"query","type":"string","values":["client","server"],"default":"client"},
    "format": {"doc":"Format of the media, as in `ulaw`.","place":"query","type":"string","required":true},
    "direction": {"doc":"The directions of the media.","place":"query","type":"string","values":["both"],"default":"both"},
    "data": {"doc":"What the encapsulation needs, as the UUID of AudioSocket.","place":"query","type":"string"},
    "transport_data": {"doc":"What the transport needs.","place":"query","type":"string"},
  }},
  "POST /channels/{channelId}/transfer_progress": {"doc":"Reports the progress of a transfer to its requester.","since":["22.3.0","21.8.0","20.13.0"],"result":"void","parameters":{
    "channelId": {"doc":"ID of the channel.","place":"path","type":"string","required":true},
    "states": {"doc":"The progress: `channel_progress`, `channel_answered`, `channel_unavailable` or `channel_declined`.","place":"query","type":"string","required":true},
  }},
  "GET /deviceStates": {"doc":"Lists the devices that ARI controls.","since":["12.0.0"],"result":"list of DeviceState","parameters":{}},
  "GET /deviceStates/{deviceName}": {"doc":"Reads the state of a device.","since":["12.0.0"],"result":"DeviceState","parameters":{
    "deviceName": {"doc":"Name of the device; those that ARI controls begin with `Stasis:`.","place":"path","type":"string","required":true},
  }},
  "PUT /deviceStates/{deviceName}": {"doc":"Sets the state of a device that ARI controls.","since":["12.0.0"],"result":"void","parameters":{
    "deviceName": {"doc":"Name of the device; those that ARI controls begin with `Stasis:`.","place":"path","type":"string","required":true},
    "deviceState": {"doc":"The state.","place":"query","type":"string","required":true,"values":["NOT_INUSE","INUSE","BUSY","INVALID","UNAVAILABLE","RINGING","RINGINUSE","ONHOLD"]},
  }},
  "DELETE /deviceStates/{deviceName}": {"doc":"Deletes a device that ARI controls.","since":["12.0.0"],"result":"void","parameters":{
    "deviceName": {"doc":"Name of the device; those that ARI controls begin with `Stasis:`.","place":"path","type":"string","required":true},
  }},
  "GET /endpoints": {"doc":"Lists the endpoints.","since":["12.0.0"],"result":"list of Endpoint","parameters":{}},
  "PUT /endpoints/sendMessage": {"doc":"Sends a text message to a URI.","since":["13.0.0"],"result":"void","parameters":{
    "to": {"doc":"The receiver: `pjsip:<endpoint>`, or `pjsip:<endpoint>/<URI>`.","place":"query","type":"string","required":true},
    "from": {"doc":"URI of the sender.","place":"query","type":"string","required":true},
    "body": {"doc":"The text.","place":"query","type":"string"},
    "variables": {"doc":"Headers to send along.","place":"member","type":"json"},
  }},
  "POST /endpoints/refer": {"doc":"Refers a URI to another place.","since":["18.20.0","20.5.0"],"result":"void","parameters":{
    "to": {"doc":"The receiver: `pjsip:<endpoint>`, or `pjsip:<endpoint>/<URI>`.","place":"query","type":"string","required":true},
    "from": {"doc":"URI of the sender.","place":"query","type":"string","required":true},
    "refer_to": {"doc":"The target.","place":"query","type":"string","required":true},
    "to_self": {"doc":"Whether it is the endpoint itself, not its peer, that is referred.","place":"query","type":"boolean","default":"false"},
    "variables": {"doc":"Headers to send along; `display_name` goes before the URI.","place":"member","type":"json"},
  }},
  "GET /endpoints/{tech}": {"doc":"Lists the endpoints of a technology.","since":["12.0.0"],"result":"list of Endpoint","parameters":{
    "tech": {"doc":"Technology of the endpoint, as in `PJSIP`.","place":"path","type":"string","required":true},
  }},
  "GET /endpoints/{tech}/{resource}": {"doc":"Reads an endpoint.","since":["12.0.0"],"result":"Endpoint","parameters":{
    "tech": {"doc":"Technology of the endpoint, as in `PJSIP`.","place":"path","type":"string","required":true},
    "resource": {"doc":"Name of the endpoint within its technology.","place":"path","type":"string","required":true},
  }},
  "PUT /endpoints/{tech}/{resource}/sendMessage": {"doc":"Sends a text message to an endpoint.","since":["13.0.0"],"result":"void","parameters":{
    "tech": {"doc":"Technology of the endpoint, as in `PJSIP`.","place":"path","type":"string","required":true},
    "resource": {"doc":"Name of the endpoint within its technology.","place":"path","type":"string","required":true},
    "from": {"doc":"URI of the sender.","place":"query","type":"string","required":true},
    "body": {"doc":"The text.","place":"query","type":"string"},
    "variables": {"doc":"Headers to send along.","place":"member","type":"json"},
  }},
  "POST /endpoints/{tech}/{resource}/refer": {"doc":"Refers an endpoint to another place.","since":["18.20.0","20.5.0"],"result":"void","parameters":{
    "tech": {"doc":"Technology of the endpoint, as in `PJSIP`.","place":"path","type":"string","required":true},
    "resource": {"doc":"Name of the endpoint within its technology.","place":"path","type":"string","required":true},
    "from": {"doc":"URI of the sender.","place":"query","type":"string","required":true},
    "refer_to": {"doc":"The target.","place":"query","type":"string","required":true},
    "to_self": {"doc":"Whether it is the endpoint itself, not its peer, that is referred.","place":"query","type":"boolean","default":"false"},
    "variables": {"doc":"Headers to send along; `display_name` goes before the URI.","place":"member","type":"json"},
  }},
  "GET /events": {"doc":"Opens the ARI WebSocket. The proxy does it; it cannot be called.","since":["12.0.0"],"result":"Message","socket":true,"parameters":{
    "app": {"doc":"Applications to listen for.","place":"query","type":"string","required":true,"multiple":true},
    "subscribeAll": {"doc":"Whether the applications get the events of everything.","place":"query","type":"boolean"},
  }},
  "POST /events/user/{eventName}": {"doc":"Sends a user event to an application.","since":["12.3.0"],"result":"void","parameters":{
    "eventName": {"doc":"Name of the event.","place":"path","type":"string","required":true},
    "application": {"doc":"Application that gets the event.","place":"query","type":"string","required":true},
    "source": {"doc":"Sources that the event is about: `channel:<id>`, `bridge:<id>`, `endpoint:<tech>/<resource>`, `deviceState:<name>`.","place":"query","type":"string","multiple":true},
    "variables": {"doc":"What comes with the event.","place":"member","type":"json"},
  }},
  "POST /events/claim": {"doc":"Claims a call that was offered to several applications.","since":["20.17.0","22.7.0","23.1.0"],"result":"void","parameters":{
    "channelId": {"doc":"ID of the channel.","place":"query","type":"string","required":true},
    "application": {"doc":"Application that claims the call.","place":"query","type":"string","required":true},
  }},
  "GET /mailboxes": {"doc":"Lists the mailboxes.","since":["12.1.0"],"result":"list of Mailbox","parameters":{}},
  "GET /mailboxes/{mailboxName}": {"doc":"Reads a mailbox.","since":["12.1.0"],"result":"Mailbox","parameters":{
    "mailboxName": {"doc":"Name of the mailbox.","place":"path","type":"string","required":true},
  }},
  "PUT /mailboxes/{mailboxName}": {"doc":"Sets how many messages a mailbox has.","since":["12.1.0"],"result":"void","parameters":{
    "mailboxName": {"doc":"Name of the mailbox.","place":"path","type":"string","required":true},
    "oldMessages": {"doc":"Number of old messages.","place":"query","type":"integer","required":true},
    "newMessages": {"doc":"Number of new messages.","place":"query","type":"integer","required":true},
  }},
  "DELETE /mailboxes/{mailboxName}": {"doc":"Deletes a mailbox.","since":["12.1.0"],"result":"void","parameters":{
    "mailboxName": {"doc":"Name of the mailbox.","place":"path","type":"string","required":true},
  }},
  "GET /playbacks/{playbackId}": {"doc":"Reads a playback.","since":["12.0.0"],"result":"Playback","parameters":{
    "playbackId": {"doc":"ID of the playback.","place":"path","type":"string","required":true},
  }},
  "DELETE /playbacks/{playbackId}": {"doc":"Stops a playback.","since":["12.0.0"],"result":"void","parameters":{
    "playbackId": {"doc":"ID of the playback.","place":"path","type":"string","required":true},
  }},
  "POST /playbacks/{playbackId}/control": {"doc":"Pauses, resumes, winds or restarts a playback.","since":["12.0.0"],"result":"void","parameters":{
    "playbackId": {"doc":"ID of the playback.","place":"path","type":"string","required":true},
    "operation": {"doc":"What to do.","place":"query","type":"string","required":true,"values":["restart","pause","unpause","reverse","forward"]},
  }},
  "GET /recordings/stored": {"doc":"Lists the stored recordings.","since":["12.0.0"],"result":"list of StoredRecording","parameters":{}},
  "GET /recordings/stored/{recordingName}": {"doc":"Reads a stored recording.","since":["12.0.0"],"result":"StoredRecording","parameters":{
    "recordingName": {"doc":"Name of the recording.","place":"path","type":"string","required":true},
  }},
  "DELETE /recordings/stored/{recordingName}": {"doc":"Deletes a stored recording.","since":["12.0.0"],"result":"void","parameters":{
    "recordingName": {"doc":"Name of the recording.","place":"path","type":"string","required":true},
  }},
  "GET /recordings/stored/{recordingName}/file": {"doc":"Reads the file of a stored recording.","since":["14.0.0"],"result":"binary","parameters":{
    "recordingName": {"doc":"Name of the recording.","place":"path","type":"string","required":true},
  }},
  "POST /recordings/stored/{recordingName}/copy": {"doc":"Copies a stored recording.","since":["12.5.0"],"result":"StoredRecording","parameters":{
    "recordingName": {"doc":"Name of the recording.","place":"path","type":"string","required":true},
    "destinationRecordingName": {"doc":"Name for the copy.","place":"query","type":"string","required":true},
  }},
  "GET /recordings/live/{recordingName}": {"doc":"Reads a live recording.","since":["12.0.0"],"result":"LiveRecording","parameters":{
    "recordingName": {"doc":"Name of the recording.","place":"path","type":"string","required":true},
  }},
  "DELETE /recordings/live/{recordingName}": {"doc":"Stops a live recording and discards it.","since":["12.0.0"],"result":"void","parameters":{
    "recordingName": {"doc":"Name of the recording.","place":"path","type":"string","required":true},
  }},
  "POST /recordings/live/{recordingName}/stop": {"doc":"Stops a live recording and stores it.","since":["12.0.0"],"result":"void","parameters":{
    "recordingName": {"doc":"Name of the recording.","place":"path","type":"string","required":true},
  }},
  "POST /recordings/live/{recordingName}/pause": {"doc":"Pauses a live recording.","since":["12.0.0"],"result":"void","parameters":{
    "recordingName": {"doc":"Name of the recording.","place":"path","type":"string","required":true},
  }},
  "DELETE /recordings/live/{recordingName}/pause": {"doc":"Resumes a live recording.","since":["12.0.0"],"result":"void","parameters":{
    "recordingName": {"doc":"Name of the recording.","place":"path","type":"string","required":true},
  }},
  "POST /recordings/live/{recordingName}/mute": {"doc":"Mutes a live recording: silence is recorded instead.","since":["12.0.0"],"result":"void","parameters":{
    "recordingName": {"doc":"Name of the recording.","place":"path","type":"string","required":true},
  }},
  "DELETE /recordings/live/{recordingName}/mute": {"doc":"Unmutes a live recording.","since":["12.0.0"],"result":"void","parameters":{
    "recordingName": {"doc":"Name of the recording.","place":"path","type":"string","required":true},
  }},
  "GET /sounds": {"doc":"Lists the sounds that can be played.","since":["12.0.0"],"result":"list of Sound","parameters":{
    "lang": {"doc":"Only sounds in this language.","place":"query","type":"string"},
    "format": {"doc":"Only sounds in this format.","place":"query","type":"string"},
  }},
  "GET /sounds/{soundId}": {"doc":"Reads a sound.","since":["12.0.0"],"result":"Sound","parameters":{
    "soundId": {"doc":"ID of the sound.","place":"path","type":"string","required":true},
  }},
};
