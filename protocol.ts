/**
 * The types of what is said on the bus: kinds of requests with their payloads and results, Asterisk's
 * operations, models and events. Programs that only handle calls do not need them; tools that send
 * requests of any kind, or read the bus, do.
 *
 * ```ts no-run
 * import { connect } from "@ari-proxy/ari-proxy";
 * import type { Kind } from "@ari-proxy/ari-proxy/protocol";
 *
 * const lists: Kind[] = ["ChannelList", "BridgeList"];
 * await using client = await connect({ app: "demo" });
 * for (const kind of lists) console.log(kind, await client.request(kind));
 * ```
 *
 * @module
 */

// Kinds of requests: their payloads and what they result in
export type {
  FilePieceData,
  FilePiecePayload,
  RecordingKinds,
} from "./src/protocol/kinds/recordings.ts";
export type {
  EventHistoryData,
  EventHistoryPayload,
  EventKinds,
  KeptEvent,
} from "./src/protocol/kinds/event_history.ts";
export type {
  AsteriskInfoPayload,
  AsteriskKinds,
  ConfigData,
  LogData,
} from "./src/protocol/kinds/system.ts";
export type {
  BridgeAddChannelPayload,
  BridgeChannelPayload,
  BridgeCreatePayload,
  BridgeKinds,
  BridgePlayPayload,
  BridgeRecordPayload,
} from "./src/protocol/kinds/bridges.ts";
export type {
  ChannelCreatePayload,
  ChannelCreationKinds,
  ExternalMediaPayload,
  OriginatePayload,
  SnoopPayload,
} from "./src/protocol/kinds/channel_creation.ts";
export type {
  ChannelKinds,
  ContinuePayload,
  HangupPayload,
  MutePayload,
  VariablePayload,
  VariableSetPayload,
} from "./src/protocol/kinds/channels.ts";
export type { ApplicationKinds, EventSourcePayload } from "./src/protocol/kinds/applications.ts";
export type { Kind, Kinds, Payload, Result } from "./src/protocol/kinds/kinds.ts";
export type {
  NoPayload,
  ReplyData,
  ReplyKey,
  ReplyKeys,
  ReplyOk,
} from "./src/protocol/kinds/columns.ts";
export type { PlayPayload, RecordPayload } from "./src/protocol/kinds/media_rows.ts";
export type { RestData, RestKinds, RestPayload } from "./src/protocol/kinds/any_operation.ts";
export type { DeviceStateKinds } from "./src/protocol/kinds/device_states.ts";
export type { EndpointKinds } from "./src/protocol/kinds/endpoints.ts";
export type { MailboxKinds } from "./src/protocol/kinds/mailboxes.ts";
export type { PlaybackKinds } from "./src/protocol/kinds/playbacks.ts";
export type { SoundKinds } from "./src/protocol/kinds/sounds.ts";

// Operations of Asterisk's REST interface
export type { RestOperation, RestOperations } from "./src/protocol/api/operation_types.ts";
export type {
  NoParameters,
  RestEventFilter,
  RestTypes,
  RestVariablesToSet,
} from "./src/protocol/api/parameter_types.ts";

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
} from "./src/protocol/api/models.ts";

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
} from "./src/protocol/api/known_events.ts";

// Keys, announcements and gaps
export type { Coordinates, Key } from "./src/protocol/key.ts";
export type { EntityKind } from "./src/protocol/entity.ts";
export type { GapReason } from "./src/protocol/notice.ts";
export type { AnnouncedCounts, Announcement } from "./src/protocol/announcement.ts";
export type { JsonObject } from "./src/protocol/json.ts";
