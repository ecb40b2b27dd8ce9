/**
 * A channel to publish on that is opened again when the broker closes it.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { Channel } from "amqplib";
import { backoff } from "../../common/backoff.ts";
import { pause } from "../../common/pause.ts";
import type { MessageProperties, NumberedFrames } from "./frames.ts";
import { USUAL } from "./message.ts";
import type { RabbitmqFrameWriter } from "./rabbitmq_frame_writer.ts";
import type { ChannelError, RabbitmqSession } from "./session.ts";
import { errorText } from "../../common/error_text.ts";

/** Pauses before the channel is opened again, in milliseconds. */
const PAUSES = { first: 20, max: 5_000 };
const NOT_FOUND = 404;

/** Is told what is wrong, and whether messages on their way are lost by it. */
export type PublisherTrouble = (reason: string, options?: { readonly lossy?: boolean }) => void;

/** Publishes on a session, as long as that stands. */
export class RabbitmqPublisher {
  readonly #session: RabbitmqSession;
  readonly #onError: PublisherTrouble;
  #channel: Channel | undefined;
  #writer: RabbitmqFrameWriter | undefined;
  #ready: Promise<void>;
  #failures = 0;

  /**
   * @param onError Is told what is wrong.
   */
  constructor(session: RabbitmqSession, onError: PublisherTrouble) {
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
        // Sets what is set already. The broker works through a channel in order.
        await this.#channel?.prefetch(0);
        this.#failures = 0;
        return;
      } catch {
        // The channel was closed meanwhile, and what was on its way is as gone as if it had arrived.
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
    this.#onError(`RabbitMQ did not take a message: ${error.message}`, { lossy: true });
    this.#ready = this.#reopen(error.code === NOT_FOUND);
  }

  async #reopen(declare: boolean): Promise<void> {
    await this.#pause();
    if (declare) await this.#session.declareExchanges().catch(() => {});
    await this.#open();
  }

  async #pause(): Promise<void> {
    // The end of the session ends it; those who wait look after that themselves.
    await pause(backoff(this.#failures++, PAUSES), this.#session.signal).catch(() => {});
  }
}

/** The bytes as the library wants them; nothing is copied. */
export function asBuffer(data: Uint8Array): Buffer {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}
