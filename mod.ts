/**
 * Calls on any number of Asterisks, over a message bus.
 *
 * A proxy beside each Asterisk puts its REST interface (ARI) on the bus; this is the client side of
 * it. Requests go to the node that they concern, lists are those of all nodes, events come from
 * everywhere, and each new call goes to one of those who take calls.
 *
 * ```ts no-run
 * import { connect } from "@ari-proxy/ari-proxy";
 *
 * await using client = await connect({ app: "demo", url: "nats://127.0.0.1:4222" });
 * for await (const { channel } of client.calls()) {
 *   await channel.answer();
 *   await channel.play("sound:hello-world").finished;
 *   await channel.hangup();
 * }
 * ```
 *
 * What a request rejects with is an {@linkcode AriProxyError}; its `code` tells what to do about it.
 *
 * @module
 */
export { connect, type ConnectOptions } from "./src/client/connect.ts";
export { AriClient } from "./src/client/ari_client.ts";
export type {
  Answers,
  AriClientOnOptions,
  AriClientOptions,
  AriRequestOptions,
  DeriveOptions,
  EventsOptions,
  ListenOptions,
} from "./src/client/ari_client_options.ts";
export type { CallOptions } from "./src/client/client.ts";
export type { Member } from "./src/client/cluster.ts";
export type { NodeChange } from "./src/client/node_watch.ts";
export type { Announcement } from "./src/protocol/announcement.ts";

export { Handle } from "./src/client/handles/handle.ts";
export { EventfulHandle } from "./src/client/handles/handle.ts";
export {
  Channel,
  type ChannelDirection,
  type ContinueOptions,
  type DialOptions,
  type DtmfOptions,
  type SnoopOptions,
} from "./src/client/handles/channel.ts";
export { type AddChannelOptions, Bridge } from "./src/client/handles/bridge.ts";
export { Playback, type PlaybackCommand } from "./src/client/handles/playback.ts";
export { ActivePlayback, type PlayOptions } from "./src/client/handles/active_playback.ts";
export { LiveRecording } from "./src/client/handles/live_recording.ts";
export { ActiveRecording, type RecordOptions } from "./src/client/handles/active_recording.ts";
export { StoredRecording } from "./src/client/handles/stored_recording.ts";
export { Staged } from "./src/client/handles/staged.ts";
export { Endpoint } from "./src/client/handles/endpoint.ts";
export { DeviceState } from "./src/client/handles/device_state.ts";
export { Mailbox } from "./src/client/handles/mailbox.ts";
export { Sound } from "./src/client/handles/sound.ts";
export { Application } from "./src/client/handles/application.ts";
export { Module } from "./src/client/handles/module.ts";
export { LogChannel } from "./src/client/handles/log_channel.ts";
export { ConfigObject } from "./src/client/handles/config_object.ts";

export {
  FoundResource,
  type GetKind,
  ListedResource,
  type ListKind,
  Resource,
} from "./src/client/resources/resource.ts";
export type { ListOptions } from "./src/client/resources/listing.ts";
export {
  Channels,
  type ExternalMediaOptions,
  type NewChannelOptions,
  type OriginateOptions,
} from "./src/client/resources/channels.ts";
export { Bridges, type CreateBridgeOptions } from "./src/client/resources/bridges.ts";
export { Playbacks } from "./src/client/resources/playbacks.ts";
export { LiveRecordings, Recordings, StoredRecordings } from "./src/client/resources/recordings.ts";
export { Endpoints } from "./src/client/resources/endpoints.ts";
export { DeviceStates } from "./src/client/resources/device_states.ts";
export { Mailboxes } from "./src/client/resources/mailboxes.ts";
export { type ListSoundsOptions, Sounds } from "./src/client/resources/sounds.ts";
export { Applications } from "./src/client/resources/applications.ts";
export {
  AsteriskResource,
  Config,
  Logging,
  Modules,
  Variables,
} from "./src/client/resources/asterisk.ts";

export { type Call, Calls, type CallsOptions, type CallSource } from "./src/client/events/calls.ts";
export {
  type EventSource,
  EventStream,
  type EventStreamOptions,
} from "./src/client/events/event_stream.ts";
export type { AriEvent, AriEventType, EventOf, UnknownEvent } from "./src/client/events/types.ts";
export type { EventBase } from "./src/client/events/event_base.ts";
export type { TextMessage } from "./src/client/events/text_message.ts";
export type {
  AdditionalParam,
  ApplicationMoveFailedEvent,
  ApplicationRegisteredEvent,
  ApplicationReplacedEvent,
  ApplicationUnregisteredEvent,
  BridgeAttendedTransferEvent,
  BridgeBlindTransferEvent,
  BridgeCreatedEvent,
  BridgeDestroyedEvent,
  BridgeMergedEvent,
  BridgeVideoSourceChangedEvent,
  CallBroadcastEvent,
  CallClaimedEvent,
  ChannelCallerIdEvent,
  ChannelConnectedLineEvent,
  ChannelCreatedEvent,
  ChannelDestroyedEvent,
  ChannelDialplanEvent,
  ChannelDtmfReceivedEvent,
  ChannelEnteredBridgeEvent,
  ChannelHangupRequestEvent,
  ChannelHoldEvent,
  ChannelLeftBridgeEvent,
  ChannelStateChangeEvent,
  ChannelTalkingFinishedEvent,
  ChannelTalkingStartedEvent,
  ChannelToneDetectedEvent,
  ChannelTransferEvent,
  ChannelUnholdEvent,
  ChannelUsereventEvent,
  ChannelVarsetEvent,
  ContactInfo,
  ContactStatusChangeEvent,
  DeviceStateChangedEvent,
  DialEvent,
  EndpointStateChangeEvent,
  KnownEvent,
  MissingParamsEvent,
  Peer,
  PeerStatusChangeEvent,
  PlaybackContinuingEvent,
  PlaybackFinishedEvent,
  PlaybackStartedEvent,
  RecordingFailedEvent,
  RecordingFinishedEvent,
  RecordingStartedEvent,
  ReferredBy,
  ReferTo,
  RequiredDestination,
  RESTResponseEvent,
  StasisEndEvent,
  StasisStartEvent,
  TextMessageReceivedEvent,
} from "./src/client/events/generated.ts";

export {
  type Bus,
  BusError,
  type BusErrorCode,
  type BusHeaders,
  type BusMessage,
  type BusStatus,
  type BusSubscription,
  type PublishOptions,
  type RequestOptions,
  type SubscribeOptions,
} from "./src/bus/bus.ts";
export { connectBus, type ConnectBusOptions } from "./src/bus/connect.ts";
export type { NatsSettings, NatsTls } from "./src/bus/nats_options.ts";
export { AriProxyError, type ErrorCode } from "./src/protocol/errors.ts";
export type { EntityKind } from "./src/protocol/entities.ts";
export type { Coordinates, Key } from "./src/protocol/key.ts";
export type {
  ChannelCreatePayload,
  EventSourcePayload,
  ExternalMediaPayload,
  Kind,
  Kinds,
  MutePayload,
  NoPayload,
  OriginatePayload,
  Payload,
  PlayPayload,
  RecordPayload,
  ReplyData,
  ReplyKey,
  ReplyKeys,
  ReplyOk,
  Result,
  SnoopPayload,
  VariablePayload,
} from "./src/protocol/kinds.ts";
export type { RestData, RestPayload } from "./src/protocol/rest.ts";
export type {
  ApplicationData,
  AsteriskData,
  BridgeData,
  CallerId,
  ChannelData,
  ConfigData,
  ConfigTuple,
  DeviceStateData,
  DialplanPlace,
  EndpointData,
  LiveRecordingData,
  LogData,
  MailboxData,
  ModuleData,
  PlaybackData,
  SoundData,
  StoredRecordingData,
} from "./src/protocol/entities.ts";
export type { JsonObject } from "./src/protocol/json.ts";
