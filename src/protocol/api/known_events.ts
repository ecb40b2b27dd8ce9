/**
 * The events of Asterisk 22.
 *
 * Made by `scripts/generate_api.ts` from Asterisk's own description; change the script, not this
 * file.
 *
 * @module
 */

import type { JsonObject } from "../json.ts";
import type {
  BridgeData,
  ChannelData,
  DeviceStateData,
  EndpointData,
  LiveRecordingData,
  PlaybackData,
} from "./models.ts";

/** What every event has. */
export interface EventBase {
  /**
   * Application that it was sent to. Of a connection for a single call it has the channel's name behind a
   * colon, as in `calls:PJSIP/alice-00000001`; keys and handles have the application alone.
   */
  readonly application: string;
  /** When it happened, `YYYY-MM-DDThh:mm:ss.mmm±hhmm`. */
  readonly timestamp: string;
  /** Node that it comes from. */
  readonly asterisk_id?: string;
  /** Dialog that it was copied for; absent from an event that is not such a copy. */
  readonly dialog?: string;
}

/** A text message, as it is in events on the bus. */
export interface TextMessage {
  /** Who sent it, a URI. */
  readonly from: string;
  /** Whom it is for, a URI. */
  readonly to: string;
  /** The text. */
  readonly body: string;
  /** Variables that came with it. */
  readonly variables?: readonly { readonly key: string; readonly value: string }[] | null;
}

/** A channel could not be moved to another application. */
export interface ApplicationMoveFailedEvent extends EventBase {
  /** The type. */
  readonly type: "ApplicationMoveFailed";
  /** Arguments that were given to the application. */
  readonly args: readonly string[];
  /** The channel. */
  readonly channel: ChannelData;
  /** Where it leads. */
  readonly destination: string;
}

/** A Stasis application has been registered. */
export interface ApplicationRegisteredEvent extends EventBase {
  /** The type. */
  readonly type: "ApplicationRegistered";
}

/** Another ARI WebSocket has replaced that of the application. */
export interface ApplicationReplacedEvent extends EventBase {
  /** The type. */
  readonly type: "ApplicationReplaced";
}

/** A Stasis application has been unregistered. */
export interface ApplicationUnregisteredEvent extends EventBase {
  /** The type. */
  readonly type: "ApplicationUnregistered";
}

/** An attended transfer was attempted. */
export interface BridgeAttendedTransferEvent extends EventBase {
  /** The type. */
  readonly type: "BridgeAttendedTransfer";
  /** Application it leads to. */
  readonly destination_application?: string;
  /** Bridge it leads to. */
  readonly destination_bridge?: string;
  /** First half of the link between two bridges. */
  readonly destination_link_first_leg?: ChannelData;
  /** Second half of the link between two bridges. */
  readonly destination_link_second_leg?: ChannelData;
  /** Bridge of the three-way call that came of it. */
  readonly destination_threeway_bridge?: BridgeData;
  /** Channel that stays in the three-way call. */
  readonly destination_threeway_channel?: ChannelData;
  /** What it leads to: `bridge`, `application`, `link`, `threeway`, `fail`. */
  readonly destination_type: string;
  /** Whether it was requested from outside Asterisk. */
  readonly is_external: boolean;
  /** The channel that it replaces. */
  readonly replace_channel?: ChannelData;
  /** Its result: `Success`, `Fail`, `Invalid`, `Not Permitted`. */
  readonly result: string;
  /** Whom it leads to. */
  readonly transfer_target?: ChannelData;
  /** Who is transferred. */
  readonly transferee?: ChannelData;
  /** First call of who transfers. */
  readonly transferer_first_leg: ChannelData;
  /** Bridge of the first call. */
  readonly transferer_first_leg_bridge?: BridgeData;
  /** Second call of who transfers. */
  readonly transferer_second_leg: ChannelData;
  /** Bridge of the second call. */
  readonly transferer_second_leg_bridge?: BridgeData;
}

/** A blind transfer was attempted. */
export interface BridgeBlindTransferEvent extends EventBase {
  /** The type. */
  readonly type: "BridgeBlindTransfer";
  /** The bridge. */
  readonly bridge?: BridgeData;
  /** The channel. */
  readonly channel: ChannelData;
  /** Dialplan context it leads to. */
  readonly context: string;
  /** Dialplan extension it leads to. */
  readonly exten: string;
  /** Whether it was requested from outside Asterisk. */
  readonly is_external: boolean;
  /** The channel that it replaces. */
  readonly replace_channel?: ChannelData;
  /** Its result: `Success`, `Fail`, `Invalid`, `Not Permitted`. */
  readonly result: string;
  /** Who is transferred. */
  readonly transferee?: ChannelData;
}

/** A bridge has been created. */
export interface BridgeCreatedEvent extends EventBase {
  /** The type. */
  readonly type: "BridgeCreated";
  /** The bridge. */
  readonly bridge: BridgeData;
}

/** A bridge has been destroyed. */
export interface BridgeDestroyedEvent extends EventBase {
  /** The type. */
  readonly type: "BridgeDestroyed";
  /** The bridge. */
  readonly bridge: BridgeData;
}

/** One bridge has been merged into another. */
export interface BridgeMergedEvent extends EventBase {
  /** The type. */
  readonly type: "BridgeMerged";
  /** The bridge. */
  readonly bridge: BridgeData;
  /** The bridge that was merged into the other. */
  readonly bridge_from: BridgeData;
}

/** The video source of a bridge has changed. */
export interface BridgeVideoSourceChangedEvent extends EventBase {
  /** The type. */
  readonly type: "BridgeVideoSourceChanged";
  /** The bridge. */
  readonly bridge: BridgeData;
  /** ID of the channel that was the source before. */
  readonly old_video_source_id?: string;
}

/** A call is offered to several applications, of which one can claim it. */
export interface CallBroadcastEvent extends EventBase {
  /** The type. */
  readonly type: "CallBroadcast";
  /** Who is called. */
  readonly called?: string;
  /** Who calls. */
  readonly caller?: string;
  /** The channel. */
  readonly channel: ChannelData;
}

/** A call that was offered to several applications has been claimed. */
export interface CallClaimedEvent extends EventBase {
  /** The type. */
  readonly type: "CallClaimed";
  /** The channel. */
  readonly channel: ChannelData;
  /** Application that claimed it. */
  readonly winner_app: string;
}

/** The caller ID of a channel has changed. */
export interface ChannelCallerIdEvent extends EventBase {
  /** The type. */
  readonly type: "ChannelCallerId";
  /** Presentation of the caller ID, as a number. */
  readonly caller_presentation: number;
  /** Presentation of the caller ID, in words. */
  readonly caller_presentation_txt: string;
  /** The channel. */
  readonly channel: ChannelData;
}

/** The connected line of a channel has changed. */
export interface ChannelConnectedLineEvent extends EventBase {
  /** The type. */
  readonly type: "ChannelConnectedLine";
  /** The channel. */
  readonly channel: ChannelData;
}

/** A channel has been created. */
export interface ChannelCreatedEvent extends EventBase {
  /** The type. */
  readonly type: "ChannelCreated";
  /** The channel. */
  readonly channel: ChannelData;
}

/** A channel has been destroyed: it is hung up. */
export interface ChannelDestroyedEvent extends EventBase {
  /** The type. */
  readonly type: "ChannelDestroyed";
  /** Why, as a cause of Q.850. */
  readonly cause: number;
  /** The cause in words. */
  readonly cause_txt: string;
  /** The channel. */
  readonly channel: ChannelData;
  /** Why, as its protocol says it. */
  readonly tech_cause?: number;
}

/** A channel has moved in the dialplan. */
export interface ChannelDialplanEvent extends EventBase {
  /** The type. */
  readonly type: "ChannelDialplan";
  /** The channel. */
  readonly channel: ChannelData;
  /** Application of the dialplan. */
  readonly dialplan_app: string;
  /** Arguments of the application of the dialplan. */
  readonly dialplan_app_data: string;
}

/** A channel has received a DTMF digit; it comes when the digit ends. */
export interface ChannelDtmfReceivedEvent extends EventBase {
  /** The type. */
  readonly type: "ChannelDtmfReceived";
  /** The channel. */
  readonly channel: ChannelData;
  /** The digit: `0` to `9`, `A` to `D`, `*`, `#`. */
  readonly digit: string;
  /** How long, in milliseconds. */
  readonly duration_ms: number;
}

/** A channel has entered a bridge. */
export interface ChannelEnteredBridgeEvent extends EventBase {
  /** The type. */
  readonly type: "ChannelEnteredBridge";
  /** The bridge. */
  readonly bridge: BridgeData;
  /** The channel. */
  readonly channel?: ChannelData;
}

/** The hangup of a channel was requested. */
export interface ChannelHangupRequestEvent extends EventBase {
  /** The type. */
  readonly type: "ChannelHangupRequest";
  /** Why, as a cause of Q.850. */
  readonly cause?: number;
  /** The channel. */
  readonly channel: ChannelData;
  /** Whether the hangup is a soft one. */
  readonly soft?: boolean;
  /** Why, as its protocol says it. */
  readonly tech_cause?: number;
}

/** A channel has asked to be put on hold. */
export interface ChannelHoldEvent extends EventBase {
  /** The type. */
  readonly type: "ChannelHold";
  /** The channel. */
  readonly channel: ChannelData;
  /** Class of the music on hold. */
  readonly musicclass?: string;
}

/** A channel has left a bridge. */
export interface ChannelLeftBridgeEvent extends EventBase {
  /** The type. */
  readonly type: "ChannelLeftBridge";
  /** The bridge. */
  readonly bridge: BridgeData;
  /** The channel. */
  readonly channel: ChannelData;
}

/** The state of a channel has changed. */
export interface ChannelStateChangeEvent extends EventBase {
  /** The type. */
  readonly type: "ChannelStateChange";
  /** The channel. */
  readonly channel: ChannelData;
}

/** Talking on a channel has ended. */
export interface ChannelTalkingFinishedEvent extends EventBase {
  /** The type. */
  readonly type: "ChannelTalkingFinished";
  /** The channel. */
  readonly channel: ChannelData;
  /** How long, in milliseconds. */
  readonly duration: number;
}

/** Talking on a channel has begun. */
export interface ChannelTalkingStartedEvent extends EventBase {
  /** The type. */
  readonly type: "ChannelTalkingStarted";
  /** The channel. */
  readonly channel: ChannelData;
}

/** A tone has been detected on a channel. */
export interface ChannelToneDetectedEvent extends EventBase {
  /** The type. */
  readonly type: "ChannelToneDetected";
  /** The channel. */
  readonly channel: ChannelData;
}

/** A channel's peer requests a transfer, which the application has to carry out. */
export interface ChannelTransferEvent extends EventBase {
  /** The type. */
  readonly type: "ChannelTransfer";
  /** The target. */
  readonly refer_to: ReferTo;
  /** The requester. */
  readonly referred_by: ReferredBy;
  /** State. */
  readonly state?: string;
}

/** A channel has asked to be taken from hold. */
export interface ChannelUnholdEvent extends EventBase {
  /** The type. */
  readonly type: "ChannelUnhold";
  /** The channel. */
  readonly channel: ChannelData;
}

/** An event that a program or the dialplan raised. */
export interface ChannelUsereventEvent extends EventBase {
  /** The type. */
  readonly type: "ChannelUserevent";
  /** The bridge. */
  readonly bridge?: BridgeData;
  /** The channel. */
  readonly channel?: ChannelData;
  /** The endpoint. */
  readonly endpoint?: EndpointData;
  /** Name of the event. */
  readonly eventname: string;
  /** What came with it; its values are mostly texts. */
  readonly userevent: JsonObject;
}

/** A variable has been set; without a channel, a global one. */
export interface ChannelVarsetEvent extends EventBase {
  /** The type. */
  readonly type: "ChannelVarset";
  /** The channel. */
  readonly channel?: ChannelData;
  /** Its value. */
  readonly value: string;
  /** Name of the variable. */
  readonly variable: string;
}

/** The status of a contact of an endpoint has changed. */
export interface ContactStatusChangeEvent extends EventBase {
  /** The type. */
  readonly type: "ContactStatusChange";
  /** The contact. */
  readonly contact_info: ContactInfo;
  /** The endpoint. */
  readonly endpoint: EndpointData;
}

/** The state of a device has changed. */
export interface DeviceStateChangedEvent extends EventBase {
  /** The type. */
  readonly type: "DeviceStateChanged";
  /** The device and its state. */
  readonly device_state: DeviceStateData;
}

/** A dialling operation has made progress. */
export interface DialEvent extends EventBase {
  /** The type. */
  readonly type: "Dial";
  /** The channel that dials. */
  readonly caller?: ChannelData;
  /** Its status: empty at the start, `ANSWER`, `BUSY`, `NOANSWER` … */
  readonly dialstatus: string;
  /** What is dialled. */
  readonly dialstring?: string;
  /** Where it is forwarded to. */
  readonly forward?: string;
  /** The channel of the forwarded call. */
  readonly forwarded?: ChannelData;
  /** The channel that is dialled. */
  readonly peer: ChannelData;
}

/** The state of an endpoint has changed. */
export interface EndpointStateChangeEvent extends EventBase {
  /** The type. */
  readonly type: "EndpointStateChange";
  /** The endpoint. */
  readonly endpoint: EndpointData;
}

/** A message to Asterisk lacked parameters. */
export interface MissingParamsEvent extends EventBase {
  /** The type. */
  readonly type: "MissingParams";
  /** Names of the parameters. */
  readonly params: readonly string[];
}

/** The status of a peer of an endpoint has changed. */
export interface PeerStatusChangeEvent extends EventBase {
  /** The type. */
  readonly type: "PeerStatusChange";
  /** The endpoint. */
  readonly endpoint: EndpointData;
  /** The peer. */
  readonly peer: Peer;
}

/** A playback continues with its next media. */
export interface PlaybackContinuingEvent extends EventBase {
  /** The type. */
  readonly type: "PlaybackContinuing";
  /** The playback. */
  readonly playback: PlaybackData;
}

/** A playback has ended. */
export interface PlaybackFinishedEvent extends EventBase {
  /** The type. */
  readonly type: "PlaybackFinished";
  /** The playback. */
  readonly playback: PlaybackData;
}

/** A playback has begun. */
export interface PlaybackStartedEvent extends EventBase {
  /** The type. */
  readonly type: "PlaybackStarted";
  /** The playback. */
  readonly playback: PlaybackData;
}

/** The response to a REST request over the ARI WebSocket. */
export interface RESTResponseEvent extends EventBase {
  /** The type. */
  readonly type: "RESTResponse";
  /** Type of the content. */
  readonly content_type?: string;
  /** The content. */
  readonly message_body?: string;
  /** Reason phrase. */
  readonly reason_phrase: string;
  /** ID of the request. */
  readonly request_id: string;
  /** HTTP status. */
  readonly status_code: number;
  /** ID of the transaction. */
  readonly transaction_id: string;
  /** URI. */
  readonly uri: string;
}

/** A recording has failed. */
export interface RecordingFailedEvent extends EventBase {
  /** The type. */
  readonly type: "RecordingFailed";
  /** The recording. */
  readonly recording: LiveRecordingData;
}

/** A recording has ended. */
export interface RecordingFinishedEvent extends EventBase {
  /** The type. */
  readonly type: "RecordingFinished";
  /** The recording. */
  readonly recording: LiveRecordingData;
}

/** A recording has begun. */
export interface RecordingStartedEvent extends EventBase {
  /** The type. */
  readonly type: "RecordingStarted";
  /** The recording. */
  readonly recording: LiveRecordingData;
}

/** A channel has left the application. */
export interface StasisEndEvent extends EventBase {
  /** The type. */
  readonly type: "StasisEnd";
  /** The channel. */
  readonly channel: ChannelData;
}

/** A channel has entered the application: a new call. */
export interface StasisStartEvent extends EventBase {
  /** The type. */
  readonly type: "StasisStart";
  /** Arguments that were given to the application. */
  readonly args: readonly string[];
  /** The channel. */
  readonly channel: ChannelData;
  /** The channel that it replaces. */
  readonly replace_channel?: ChannelData;
}

/** A text message was received. */
export interface TextMessageReceivedEvent extends EventBase {
  /** The type. */
  readonly type: "TextMessageReceived";
  /** The endpoint. */
  readonly endpoint?: EndpointData;
  /** The message. */
  readonly message: TextMessage;
}

/** The target of a transfer. */
export interface ReferTo {
  /** The bridge. */
  readonly bridge?: BridgeData;
  /** The channel that it is connected with. */
  readonly connected_channel?: ChannelData;
  /** Channel it leads to. */
  readonly destination_channel?: ChannelData;
  /** The requested destination. */
  readonly requested_destination: RequiredDestination;
}

/** The requester of a transfer. */
export interface ReferredBy {
  /** The bridge. */
  readonly bridge?: BridgeData;
  /** The channel that it is connected with. */
  readonly connected_channel?: ChannelData;
  /** The channel that requested it. */
  readonly source_channel: ChannelData;
}

/** A contact of an endpoint. */
export interface ContactInfo {
  /** Address of record. */
  readonly aor: string;
  /** `Reachable`, `Unreachable`, `NonQualified` … */
  readonly contact_status: string;
  /** Round-trip time, in microseconds. */
  readonly roundtrip_usec?: string;
  /** URI. */
  readonly uri: string;
}

/** A peer of an endpoint. */
export interface Peer {
  /** Its address. */
  readonly address?: string;
  /** Why it has this status. */
  readonly cause?: string;
  /** `Reachable`, `Registered`, `Unreachable` … */
  readonly peer_status: string;
  /** Its port. */
  readonly port?: string;
  /** When it was last seen. */
  readonly time?: string;
}

/** A destination as its protocol names it. */
export interface RequiredDestination {
  /** Further parameters of the protocol. */
  readonly additional_protocol_params?: readonly AdditionalParam[];
  /** Where it leads. */
  readonly destination?: string;
  /** Identifier of the call in its protocol. */
  readonly protocol_id?: string;
}

/** A parameter of a protocol. */
export interface AdditionalParam {
  /** Name. */
  readonly parameter_name: string;
  /** Value. */
  readonly parameter_value: string;
}

/** Every event that Asterisk is known to send. */
export type KnownEvent =
  | ApplicationMoveFailedEvent
  | ApplicationRegisteredEvent
  | ApplicationReplacedEvent
  | ApplicationUnregisteredEvent
  | BridgeAttendedTransferEvent
  | BridgeBlindTransferEvent
  | BridgeCreatedEvent
  | BridgeDestroyedEvent
  | BridgeMergedEvent
  | BridgeVideoSourceChangedEvent
  | CallBroadcastEvent
  | CallClaimedEvent
  | ChannelCallerIdEvent
  | ChannelConnectedLineEvent
  | ChannelCreatedEvent
  | ChannelDestroyedEvent
  | ChannelDialplanEvent
  | ChannelDtmfReceivedEvent
  | ChannelEnteredBridgeEvent
  | ChannelHangupRequestEvent
  | ChannelHoldEvent
  | ChannelLeftBridgeEvent
  | ChannelStateChangeEvent
  | ChannelTalkingFinishedEvent
  | ChannelTalkingStartedEvent
  | ChannelToneDetectedEvent
  | ChannelTransferEvent
  | ChannelUnholdEvent
  | ChannelUsereventEvent
  | ChannelVarsetEvent
  | ContactStatusChangeEvent
  | DeviceStateChangedEvent
  | DialEvent
  | EndpointStateChangeEvent
  | MissingParamsEvent
  | PeerStatusChangeEvent
  | PlaybackContinuingEvent
  | PlaybackFinishedEvent
  | PlaybackStartedEvent
  | RESTResponseEvent
  | RecordingFailedEvent
  | RecordingFinishedEvent
  | RecordingStartedEvent
  | StasisEndEvent
  | StasisStartEvent
  | TextMessageReceivedEvent;

/** The types of all known events. */
export const knownEventTypes: readonly KnownEvent["type"][] = [
  "ApplicationMoveFailed",
  "ApplicationRegistered",
  "ApplicationReplaced",
  "ApplicationUnregistered",
  "BridgeAttendedTransfer",
  "BridgeBlindTransfer",
  "BridgeCreated",
  "BridgeDestroyed",
  "BridgeMerged",
  "BridgeVideoSourceChanged",
  "CallBroadcast",
  "CallClaimed",
  "ChannelCallerId",
  "ChannelConnectedLine",
  "ChannelCreated",
  "ChannelDestroyed",
  "ChannelDialplan",
  "ChannelDtmfReceived",
  "ChannelEnteredBridge",
  "ChannelHangupRequest",
  "ChannelHold",
  "ChannelLeftBridge",
  "ChannelStateChange",
  "ChannelTalkingFinished",
  "ChannelTalkingStarted",
  "ChannelToneDetected",
  "ChannelTransfer",
  "ChannelUnhold",
  "ChannelUserevent",
  "ChannelVarset",
  "ContactStatusChange",
  "DeviceStateChanged",
  "Dial",
  "EndpointStateChange",
  "MissingParams",
  "PeerStatusChange",
  "PlaybackContinuing",
  "PlaybackFinished",
  "PlaybackStarted",
  "RESTResponse",
  "RecordingFailed",
  "RecordingFinished",
  "RecordingStarted",
  "StasisEnd",
  "StasisStart",
  "TextMessageReceived",
];
