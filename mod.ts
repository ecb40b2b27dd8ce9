/**
 * Calls on any number of Asterisks, over a message bus.
 *
 * A proxy beside each Asterisk puts its REST interface (ARI) on the bus; this is the client side of
 * it. Requests go to the node that they concern, lists are those of all nodes, events come from
 * everywhere, and each new call goes to one of the clients that accept calls.
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
 * A request rejects with an {@linkcode AriProxyError}; its `code` identifies the cause.
 *
 * @module
 */

// Connect, and what a client does
export { connect, type ConnectOptions } from "./src/client/connect.ts";
export type { ConnectBusOptions } from "./src/bus/connect.ts";
export { AriClient, type DeriveOptions, type FromBusOptions } from "./src/client/client.ts";
export { type AriClientOptions, ClusterClient } from "./src/client/cluster.ts";
export type { AriRequestOptions, GatheredResults } from "./src/client/requester.ts";
export type { AllNodesOptions } from "./src/client/all_nodes.ts";
export type { Coordinates, Key } from "./src/protocol/key.ts";
export type { EntityKind } from "./src/protocol/entity.ts";

// Errors
export {
  AriProxyError,
  type AriProxyErrorOptions,
  type ErrorCode,
  type Outcome,
} from "./src/protocol/errors.ts";

// Nodes and the connection
export type { ClusterNode, NodeChange } from "./src/client/nodes.ts";
export type { AnnouncedCounts, Announcement } from "./src/protocol/announcement.ts";
export type { BusStatus } from "./src/bus/bus.ts";

// Calls and events; the type of any event is `EventOf<"TYPE">`
export { type Call, Calls, type ListenOptions } from "./src/client/calls.ts";
export {
  type EventsOptions,
  EventStream,
  type EventStreamOptions,
} from "./src/client/event_stream.ts";
export type { AriEvent, AriEventType, EventOf, UnknownEvent } from "./src/client/events/model.ts";
export type {
  ChannelDestroyedEvent,
  EventBase,
  KnownEvent,
  PlaybackFinishedEvent,
  RecordingFinishedEvent,
  StasisEndEvent,
  StasisStartEvent,
  TextMessage,
} from "./src/protocol/api/known_events.ts";
export type { AriProxyGapEvent } from "./src/client/events/gap_notice.ts";
export type { GapReason } from "./src/protocol/notice.ts";

// Channels
export {
  Channels,
  type ExternalMediaOptions,
  type NewChannelOptions,
  type OriginateOptions,
} from "./src/client/resources/channels.ts";
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
export type {
  CallerId,
  ChannelData,
  DialplanPlace,
  RtpStatistics,
} from "./src/protocol/api/models.ts";
export type { ChannelEnd, ChannelEndOptions } from "./src/client/handles/channel_end.ts";

// Bridges
export { Bridges, type CreateBridgeOptions } from "./src/client/resources/bridges.ts";
export { type AddChannelOptions, Bridge, type BridgeMembers } from "./src/client/handles/bridge.ts";
export type { BridgeData } from "./src/protocol/api/models.ts";

// Playbacks, recordings and sounds
export { Playbacks } from "./src/client/resources/playbacks.ts";
export {
  ActivePlayback,
  type BridgePlayOptions,
  Playback,
  type PlaybackCommand,
  type PlayOptions,
} from "./src/client/handles/playback.ts";
export type {
  LiveRecordingData,
  PlaybackData,
  SoundData,
  SoundFormat,
  StoredRecordingData,
} from "./src/protocol/api/models.ts";
export { LiveRecordings, Recordings, StoredRecordings } from "./src/client/resources/recordings.ts";
export {
  ActiveRecording,
  type BridgeRecordOptions,
  LiveRecording,
  type RecordOptions,
  StoredRecording,
} from "./src/client/handles/recording.ts";
export { RecordingFile, type RecordingFileOptions } from "./src/client/handles/recording_file.ts";
export { type ListSoundsOptions, Sound, Sounds } from "./src/client/resources/sounds.ts";

// Endpoints, mailboxes, device states and applications
export {
  Endpoint,
  Endpoints,
  type MessageOptions,
  type ReferOptions,
} from "./src/client/resources/endpoints.ts";
export type {
  ApplicationData,
  DeviceStateData,
  EndpointData,
  MailboxData,
} from "./src/protocol/api/models.ts";
export { Mailbox, Mailboxes } from "./src/client/resources/mailboxes.ts";
export { DeviceState, DeviceStates } from "./src/client/resources/device_states.ts";
export {
  Application,
  Applications,
  type UserEventOptions,
} from "./src/client/resources/applications.ts";
export type { RestEventFilter } from "./src/protocol/api/parameter_types.ts";

// Asterisk itself
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
export type {
  AsteriskData,
  AsteriskPingData,
  BuildInfo,
  ConfigInfo,
  ConfigTuple,
  ModuleData,
  SetId,
  StatusInfo,
  SystemInfo,
} from "./src/protocol/api/models.ts";
export type { LogData } from "./src/protocol/kinds/system.ts";

// What handles and resources have in common
export { EventfulHandle, Handle, Prepared } from "./src/client/handles/handle.ts";
export {
  FoundResource,
  type GetKind,
  ListedResource,
  type ListKind,
  type ListOptions,
  Resource,
} from "./src/client/resources/resource.ts";

// Operations of the REST interface, and what is sent as it is
export type {
  RestArguments,
  RestCall,
  RestParameters,
  RestRequestOptions,
  RestResult,
} from "./src/client/rest_request.ts";
export type { RestVariablesToSet } from "./src/protocol/api/parameter_types.ts";
export type { JsonObject } from "./src/protocol/json.ts";
