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
export type { AllNodesOptions } from "./src/client/all_nodes.ts";
export { AriClient, type DeriveOptions, type FromBusOptions } from "./src/client/client.ts";
export { type AriClientOptions, ClusterClient } from "./src/client/cluster.ts";
export type { Answers, AriRequestOptions } from "./src/client/requester.ts";
export {
  type EventsOptions,
  EventStream,
  type EventStreamOptions,
} from "./src/client/event_stream.ts";
export { type Call, Calls, type ListenOptions } from "./src/client/calls.ts";
export type { ClusterNode, NodeChange } from "./src/client/nodes.ts";
export type { AnnouncedCounts, Announcement } from "./src/protocol/announcement.ts";
export { EventfulHandle, Handle, Prepared } from "./src/client/handles/handle.ts";
export {
  Channel,
  type ChannelDirection,
  type ContinueOptions,
  type DialOptions,
  type DtmfOptions,
  type HangupOptions,
  type HangupReason,
  type SetVariableOptions,
  type SnoopOptions,
  type TransferState,
} from "./src/client/handles/channel.ts";
export type { ChannelEnd, ChannelEndOptions } from "./src/client/handles/channel_end.ts";
export { type AddChannelOptions, Bridge, type BridgeMembers } from "./src/client/handles/bridge.ts";
export {
  ActivePlayback,
  type BridgePlayOptions,
  Playback,
  type PlaybackCommand,
  type PlayOptions,
} from "./src/client/handles/playback.ts";
export {
  ActiveRecording,
  type BridgeRecordOptions,
  LiveRecording,
  type RecordOptions,
  StoredRecording,
} from "./src/client/handles/recording.ts";
export { RecordingFile, type RecordingFileOptions } from "./src/client/handles/recording_file.ts";
export {
  Endpoint,
  Endpoints,
  type MessageOptions,
  type ReferOptions,
} from "./src/client/resources/endpoints.ts";
export { DeviceState, DeviceStates } from "./src/client/resources/device_states.ts";
export { Mailbox, Mailboxes } from "./src/client/resources/mailboxes.ts";
export { type ListSoundsOptions, Sound, Sounds } from "./src/client/resources/sounds.ts";
export {
  Application,
  Applications,
  type UserEventOptions,
} from "./src/client/resources/applications.ts";
export {
  type AsteriskInfoOptions,
  AsteriskResource,
  Config,
  ConfigObject,
  LogChannel,
  Logging,
  Module,
  Modules,
  Variables,
} from "./src/client/resources/system.ts";
export {
  FoundResource,
  type GetKind,
  ListedResource,
  type ListKind,
  type ListOptions,
  Resource,
} from "./src/client/resources/resource.ts";
export {
  Channels,
  type ExternalMediaOptions,
  type NewChannelOptions,
  type OriginateOptions,
} from "./src/client/resources/channels.ts";
export { Bridges, type CreateBridgeOptions } from "./src/client/resources/bridges.ts";
export { Playbacks } from "./src/client/resources/playbacks.ts";
export { LiveRecordings, Recordings, StoredRecordings } from "./src/client/resources/recordings.ts";
export type { AriEvent, AriEventType, EventOf, UnknownEvent } from "./src/client/events/model.ts";
export type { AriProxyGapEvent } from "./src/client/events/gap_notice.ts";
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
  EventBase,
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
  TextMessage,
  TextMessageReceivedEvent,
} from "./src/protocol/api/known_events.ts";
export {
  type Bus,
  BusError,
  type BusErrorCode,
  type BusErrorOptions,
  type BusHeaders,
  type BusMessage,
  type BusPublisher,
  type BusStatus,
  type BusSubscription,
  type PublisherOptions,
  type PublishOptions,
  type RequestOptions,
  type SubscribeOptions,
} from "./src/bus/bus.ts";
export { connectBus, type ConnectBusOptions } from "./src/bus/connect.ts";
export type { ChangingText } from "./src/bus/base.ts";
export type { NatsSettings, NatsTls } from "./src/bus/nats/options.ts";
export {
  AriProxyError,
  type AriProxyErrorOptions,
  type ErrorCode,
  type Outcome,
} from "./src/protocol/errors.ts";
export type { EntityKind } from "./src/protocol/entity.ts";
export type { GapReason } from "./src/protocol/notice.ts";
export type { Coordinates, Key } from "./src/protocol/key.ts";
export type { FilePieceData, FilePiecePayload } from "./src/protocol/kinds/recordings.ts";
export type {
  EventHistoryData,
  EventHistoryPayload,
  KeptEvent,
} from "./src/protocol/kinds/event_history.ts";
export type { AsteriskInfoPayload, ConfigData, LogData } from "./src/protocol/kinds/system.ts";
export type {
  BridgeAddChannelPayload,
  BridgeChannelPayload,
  BridgeCreatePayload,
  BridgePlayPayload,
  BridgeRecordPayload,
} from "./src/protocol/kinds/bridges.ts";
export type {
  ChannelCreatePayload,
  ExternalMediaPayload,
  OriginatePayload,
  SnoopPayload,
} from "./src/protocol/kinds/channel_creation.ts";
export type {
  ContinuePayload,
  HangupPayload,
  MutePayload,
  VariablePayload,
  VariableSetPayload,
} from "./src/protocol/kinds/channels.ts";
export type { EventSourcePayload } from "./src/protocol/kinds/applications.ts";
export type { Kind, Kinds, Payload, Result } from "./src/protocol/kinds/kinds.ts";
export type {
  NoPayload,
  ReplyData,
  ReplyKey,
  ReplyKeys,
  ReplyOk,
} from "./src/protocol/kinds/columns.ts";
export type { PlayPayload, RecordPayload } from "./src/protocol/kinds/media_rows.ts";
export type { RestData, RestPayload } from "./src/protocol/kinds/any_operation.ts";
export type {
  ApplicationData,
  AsteriskData,
  AsteriskPingData,
  BridgeData,
  BuildInfo,
  CallerId,
  ChannelData,
  ConfigInfo,
  ConfigTuple,
  DeviceStateData,
  DialplanPlace,
  EndpointData,
  LiveRecordingData,
  LogChannelData,
  MailboxData,
  ModuleData,
  PlaybackData,
  RtpStatistics,
  SetId,
  SoundData,
  SoundFormat,
  StatusInfo,
  StoredRecordingData,
  SystemInfo,
  VariableData,
  VariablesData,
} from "./src/protocol/api/models.ts";
export type { RestOperation, RestOperations } from "./src/protocol/api/operation_types.ts";
export type {
  NoParameters,
  RestEventFilter,
  RestTypes,
  RestVariablesToSet,
} from "./src/protocol/api/parameter_types.ts";
export type {
  RestArguments,
  RestCall,
  RestParameters,
  RestRequestOptions,
  RestResult,
} from "./src/client/rest_request.ts";
export type { JsonObject } from "./src/protocol/json.ts";
