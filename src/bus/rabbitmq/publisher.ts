/**
 * The channels of a session to publish on, which are opened again when the broker closes them.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { Channel } from "amqplib";
import { backoff } from "../../common/backoff.ts";
import { pause } from "../../common/pause.ts";
import type { FrameWriter } from "./frame_writer.ts";
import type { MessageProperties, NumberedFrames } from "./frames.ts";
import { type ReplyAddress, USUAL } from "./message.ts";
import type { ChannelError, Session } from "./session.ts";
import { exchangeOf } from "./topology.ts";
import { errorText } from "../../common/error_text.ts";

/** Pauses before the channel is opened again, in milliseconds. */
const PAUSES = { first: 20, max: 5_000 };
const NOT_FOUND = 404;

/** Called with why a channel was closed, and whether messages in flight are lost by it. */
type OnChannelError = (reason: string, options?: { readonly lossy?: boolean }) => void;

/** A channel to publish on. */
class Publisher {
  readonly #session: Session;
  readonly #onError: OnChannelError;
  #channel: Channel | undefined;
  #writer: FrameWriter | undefined;
  #ready: Promise<void>;
  #failures = 0;

  constructor(session: Session, onError: OnChannelError) {
    this.#session = session;
    this.#onError = onError;
    this.#ready = this.#open();
  }

  /** Resolves when it can publish, or its session has ended. */
  get ready(): Promise<void> {
    return this.#ready;
  }

  /**
   * Sends a message.
   *
   * @returns false while the channel is not open.
   */
  publish(exchange: string, key: string, data: Uint8Array, properties: MessageProperties): boolean {
    if (this.#channel === undefined || !this.#session.open) return false;
    if (this.#writer !== undefined) this.#writer.publish(exchange, key, data, properties);
    else this.#channel.publish(exchange, key, asBuffer(data), { ...USUAL, ...properties });
    return true;
  }

  /**
   * Sends a numbered message.
   *
   * @returns false while the channel is not open.
   */
  publishNumbered(frames: NumberedFrames, number: string, data: Uint8Array): boolean {
    if (this.#writer === undefined) {
      return this.publish(frames.exchange, frames.key, data, { headers: frames.headers(number) });
    }
    if (this.#channel === undefined || !this.#session.open) return false;
    this.#writer.publishNumbered(frames, number, data);
    return true;
  }

  /**
   * Resolves when the broker has everything that was sent before.
   *
   * @throws The reason for the session's end.
   */
  async roundTrip(): Promise<void> {
    while (true) {
      await this.#ready;
      this.#session.signal.throwIfAborted();
      try {
        // A no-op. The broker works through a channel in order.
        await this.#channel?.prefetch(0);
        this.#failures = 0;
        return;
      } catch {
        // The channel was closed meanwhile, and what was in flight is as gone as if it had arrived.
      }
    }
  }

  async #open(): Promise<void> {
    while (this.#session.open) {
      try {
        const channel = await this.#session.channel((error) => this.#onClose(error));
        this.#writer = this.#session.frameWriter(channel);
        this.#channel = channel;
        return;
      } catch (error) {
        if (!this.#session.open) return;
        this.#onError(`Cannot open a channel: ${errorText(error)}`);
        await this.#pause();
      }
    }
  }

  #onClose(error: ChannelError | undefined): void {
    this.#channel = undefined;
    if (error === undefined || !this.#session.open) return;
    this.#onError(`RabbitMQ did not accept a message: ${error.message}`, { lossy: true });
    this.#ready = this.#reopen(error.code === NOT_FOUND);
  }

  async #reopen(declare: boolean): Promise<void> {
    await this.#pause();
    if (declare) await this.#session.declareExchanges().catch(() => {});
    await this.#open();
  }

  async #pause(): Promise<void> {
    // The end of the session ends it; the callers check for that themselves.
    await pause(backoff(this.#failures++, PAUSES), this.#session.signal).catch(() => {});
  }
}

/** The channels of a session to publish on; they are used as long as it is open. */
export class Publishers {
  readonly #session: Session;
  readonly #events: Publisher;
  /** For replies: the sender of a request chooses their destination, so their channel may be closed. */
  readonly #replies: Publisher;

  /** @param onError Called with why the broker closed a channel. */
  constructor(session: Session, onError: OnChannelError) {
    this.#session = session;
    this.#events = new Publisher(session, onError);
    // A client's own mistake closes it; events are not concerned.
    this.#replies = new Publisher(session, (reason) => onError(reason));
  }

  /** Resolves when they can publish, or the session has ended. */
  async ready(): Promise<void> {
    const ready = Promise.all([this.#events.ready, this.#replies.ready]);
    await Promise.race([ready, this.#session.ended]);
  }

  /**
   * Sends a message on a subject, or to the address that it denotes.
   *
   * @returns false when no channel is open for it.
   */
  publish(
    subject: string,
    to: ReplyAddress | undefined,
    data: Uint8Array,
    properties: MessageProperties,
  ): boolean {
    return to === undefined
      ? this.#events.publish(exchangeOf(subject), subject, data, properties)
      : this.#replies.publish("", to.queue, data, properties);
  }

  /**
   * Sends a numbered message.
   *
   * @returns false when no channel is open for it.
   */
  publishNumbered(frames: NumberedFrames, number: string, data: Uint8Array): boolean {
    const publisher = frames.exchange === "" ? this.#replies : this.#events;
    return publisher.publishNumbered(frames, number, data);
  }

  /**
   * Resolves when the broker has everything that was published before.
   *
   * @throws The reason for the session's end.
   */
  async roundTrip(): Promise<void> {
    await Promise.all([this.#events.roundTrip(), this.#replies.roundTrip()]);
  }
}

/** The bytes as the library takes them; nothing is copied. */
export function asBuffer(data: Uint8Array): Buffer {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}
