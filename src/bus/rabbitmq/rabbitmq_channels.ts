/**
 * What a bus uses a session with.
 *
 * @module
 */

import { BusError } from "../bus.ts";
import type { MessageProperties, NumberedFrames } from "./frames.ts";
import { RabbitmqRequestChannels } from "./request_channels.ts";
import type { ReplyAddress } from "./message.ts";
import { type PublisherTrouble, RabbitmqPublisher } from "./publisher.ts";
import type { RabbitmqSession } from "./session.ts";
import { exchangeOf } from "./topology.ts";

/** A message to publish. */
export interface OutgoingMessage {
  /** Its subject. */
  readonly subject: string;
  /** Where it goes when it is an answer; undefined when it is none. */
  readonly to: ReplyAddress | undefined;
  /** Its payload. */
  readonly data: Uint8Array;
  /** Its properties. */
  readonly properties: MessageProperties;
}

/** The channels of a session for publishing and asking; they live as long as it. */
export class RabbitmqChannels {
  /** The session. */
  readonly session: RabbitmqSession;
  /** For requests. */
  readonly pool: RabbitmqRequestChannels;
  readonly #publisher: RabbitmqPublisher;
  /** For answers: whoever sends a request says where they go, so their channel may be closed. */
  readonly #answers: RabbitmqPublisher;

  /** @param onError Is told why the broker closed a channel. */
  constructor(session: RabbitmqSession, onError: PublisherTrouble) {
    this.session = session;
    this.pool = new RabbitmqRequestChannels(session);
    this.#publisher = new RabbitmqPublisher(session, onError);
    // A client's own mistake closes it; events are not concerned.
    this.#answers = new RabbitmqPublisher(session, (reason) => onError(reason));
  }

  /** Resolves when it can publish, or its session has ended. */
  async ready(): Promise<void> {
    const { session } = this;
    await Promise.race([
      Promise.all([this.#publisher.ready, this.#answers.ready]),
      session.ended,
    ]);
  }

  /**
   * Sends a message.
   *
   * @returns false when no channel is open for it.
   */
  publish({ subject, to, data, properties }: OutgoingMessage): boolean {
    return to === undefined
      ? this.#publisher.publish(exchangeOf(subject), subject, data, properties)
      : this.#answers.publish("", to.queue, data, properties);
  }

  /**
   * Sends a numbered message.
   *
   * @returns false when no channel is open for it.
   */
  publishNumbered(frames: NumberedFrames, number: string, data: Uint8Array): boolean {
    return this.#publisher.publishNumbered(frames, number, data);
  }

  /**
   * Resolves when the broker has everything that was published before.
   *
   * @throws The reason for the session's end.
   */
  async roundTrip(): Promise<void> {
    await Promise.all([this.#publisher.roundTrip(), this.#answers.roundTrip()]);
  }
}

/** The error of what cannot be done without a session. */
export function disconnected(what: string): BusError {
  return new BusError("disconnected", `Cannot ${what}: the bus is disconnected`);
}
