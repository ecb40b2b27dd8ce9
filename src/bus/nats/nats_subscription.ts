/**
 * A subscription on a NATS connection.
 *
 * @module
 */

import type { NatsConnection } from "@nats-io/nats-core";
import type { BusMessage, BusSubscription } from "../bus.ts";
import { NatsMessage } from "./message.ts";

/** What a subscription needs of its connection. */
export interface NatsSubscriptionOptions {
  /** The library's connection. */
  readonly nats: NatsConnection;
  /** Takes the messages; does not throw. */
  readonly handler: (message: BusMessage) => void;
  /** Name of the queue group. @default every message comes */
  readonly queue?: string;
  /** Whether the connection stands at this moment. */
  readonly connected: () => boolean;
  /** Waits for what the server answers, and rejects when that takes too long. */
  readonly roundTrip: (answer: Promise<void>) => Promise<void>;
}

/** Subscribes, as {@linkcode BusSubscription} promises. */
export function subscribeNats(subject: string, options: NatsSubscriptionOptions): BusSubscription {
  const { nats, handler, queue, connected, roundTrip } = options;
  let open = true;
  const subscription = nats.subscribe(subject, {
    queue,
    callback: (error, message) => {
      if (error === null && open) handler(new NatsMessage(message));
    },
  });
  const close = () => {
    if (!open) return;
    open = false;
    subscription.unsubscribe();
  };
  let draining: Promise<void> | undefined;
  const drain = async () => {
    // The server answers the ping that follows after everything that it had delivered.
    if (open && connected()) await roundTrip(subscription.drain()).catch(() => {});
    close();
  };
  return { close, drain: () => draining ??= drain() };
}
