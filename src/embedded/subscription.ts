/**
 * One subscription of one client.
 *
 * @module
 */

import type { Publication } from "./publication.ts";

/** Whoever holds subscriptions. */
export interface Subscriber {
  /** Whether it wants what it publishes itself. */
  readonly echo: boolean;
  /** Delivers a message to one of its subscriptions. */
  deliver(subscription: Subscription, publication: Publication): void;
}

/** What a client has subscribed to. Texts have a character for each byte. */
export interface Subscription {
  /** Who gets the messages. */
  readonly subscriber: Subscriber;
  /** The subject, with or without wildcards. */
  readonly pattern: string;
  /** The queue group; undefined when it is in none. */
  readonly queue: string | undefined;
  /** The id that the client gave it. */
  readonly sid: string;
  /** Messages delivered so far. */
  delivered: number;
  /** Messages after which it ends. */
  max: number;
}
