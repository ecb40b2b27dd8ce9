/**
 * The types of what is said on the bus: kinds of requests with their payloads and results, Asterisk's
 * operations, models and events. Programs that only handle calls do not need them; tools that send
 * requests of any kind, or read the bus, do.
 *
 * @module
 */

// Kinds of requests: their payloads and what they result in
export type { FileChunkData, FileChunkPayload, RecordingKinds } from "./kinds/recordings.ts";
export type {
  EventHistoryData,
  EventHistoryPayload,
  EventKinds,
  KeptEvent,
} from "./kinds/event_history.ts";
export type { AsteriskInfoPayload, AsteriskKinds, ConfigData, LogData } from "./kinds/system.ts";
export type {
  BridgeAddChannelPayload,
  BridgeChannelPayload,
  BridgeCreatePayload,
  BridgeKinds,
  BridgePlayPayload,
  BridgeRecordPayload,
} from "./kinds/bridges.ts";
export type {
  ChannelCreatePayload,
  ChannelCreationKinds,
  ExternalMediaPayload,
  OriginatePayload,
  SnoopPayload,
} from "./kinds/channel_creation.ts";
export type {
  ChannelKinds,
  ContinuePayload,
  HangupPayload,
  MutePayload,
  VariablePayload,
  VariableSetPayload,
} from "./kinds/channels.ts";
export type { ApplicationKinds, EventSourcePayload } from "./kinds/applications.ts";
export type { Kind, Kinds, Payload, Result } from "./kinds/kinds.ts";
export type { NoPayload, ReplyData, ReplyKey, ReplyKeys, ReplyOk } from "./kinds/columns.ts";
export type { PlayPayload, RecordPayload } from "./kinds/media_rows.ts";
export type { RestData, RestKinds, RestPayload } from "./kinds/any_operation.ts";
export type { DeviceStateKinds } from "./kinds/device_states.ts";
export type { EndpointKinds } from "./kinds/endpoints.ts";
export type { MailboxKinds } from "./kinds/mailboxes.ts";
export type { PlaybackKinds } from "./kinds/playbacks.ts";
export type { SoundKinds } from "./kinds/sounds.ts";

// Operations of Asterisk's REST interface
export type { RestOperation, RestOperations } from "./api/operation_types.ts";
export type {
  NoParameters,
  RestEventFilter,
  RestTypes,
  RestVariablesToSet,
} from "./api/parameter_types.ts";

// Models of Asterisk
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
} from "./api/models.ts";

// Events of Asterisk
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
} from "./api/known_events.ts";

// Keys, announcements and gaps
export type { Coordinates, Key } from "./key.ts";
export type { EntityKind } from "./entity.ts";
export type { GapReason } from "./notice.ts";
export type { AnnouncedCounts, Announcement } from "./announcement.ts";
export type { JsonObject } from "./json.ts";
