/**
 * The message bus below the client: bytes by subject, on NATS or RabbitMQ. A program that has a bus
 * makes clients on it with `AriClient.fromBus`.
 *
 * ```ts no-run
 * import { AriClient } from "@ari-proxy/ari-proxy";
 * import { connectBus } from "@ari-proxy/ari-proxy/bus";
 *
 * await using bus = await connectBus("nats://127.0.0.1:4222");
 * bus.subscribe("ari.event.>", ({ subject }) => console.log(subject));
 * await using client = AriClient.fromBus(bus, { app: "demo" });
 * await client.settled;
 * ```
 *
 * @module
 */
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
} from "./bus.ts";
export { connectBus, type ConnectBusOptions } from "./connect.ts";
export {
  InProcessBroker,
  type InProcessBus,
  type InProcessInterest,
  type InProcessOptions,
} from "./memory.ts";
export type { ChangingText } from "./base.ts";
export type { NatsSettings, NatsTls } from "./nats/options.ts";
