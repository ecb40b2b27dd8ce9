/**
 * Calls on any number of Asterisks, over a message bus.
 *
 * A proxy beside each Asterisk puts its REST interface (ARI) on the bus; this is the client side of
 * it: requests go to the node that they concern, and the cluster tells who is there.
 *
 * ```ts no-run
 * import { Client, connectBus } from "@ari-proxy/ari-proxy";
 *
 * await using bus = await connectBus("nats://127.0.0.1:4222");
 * using client = new Client(bus, { app: "demo" });
 * const { key } = await client.request("ChannelOriginate", {}, {
 *   originate_request: { endpoint: "PJSIP/alice", app: "demo" },
 * });
 * if (key) await client.request("ChannelHangup", key, { reason: "normal" });
 * ```
 *
 * @module
 */
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
export {
  type CallOptions,
  Client,
  type ClientOptions,
  type Gathered,
} from "./src/client/client.ts";
export { Cluster, type ClusterOptions, type Member } from "./src/client/cluster.ts";
export { AriProxyError, type ErrorCode } from "./src/protocol/errors.ts";
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
  SnoopPayload,
  VariablePayload,
} from "./src/protocol/kinds.ts";
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
export type { Response } from "./src/protocol/response.ts";
