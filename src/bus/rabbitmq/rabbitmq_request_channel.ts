/**
 * A channel on which one request at a time is asked and answered.
 *
 * The answers of the original carry nothing that tells which request they belong to; only the
 * channel that they arrive on does. The broker addresses them by the consumer, so a channel that has
 * a new consumer after each request cannot take a late answer for that of the next one.
 *
 * @module
 */

import type { Channel, Message } from "amqplib";
import { BusError, type BusHeaders, type BusMessage } from "../bus.ts";
import { requestProperties, toBusMessage } from "./message.ts";
import { asBuffer } from "./publisher.ts";
import { type ChannelError, closeChannel, type RabbitmqSession } from "./session.ts";
import { exchangeOf } from "./topology.ts";
import { Requests } from "../requests.ts";

const ANSWERS = "amq.rabbitmq.reply-to";

type OnAnswer = (subject: string, answer: BusMessage | undefined) => void;

/** A channel for requests; made by {@linkcode openRequestChannel}. */
export class RabbitmqRequestChannel {
  /** Asks, and waits for the answers; for one request at a time. */
  readonly requests: Requests;
  /** How long the answers of the next request are waited for, in milliseconds. */
  patience = 0;
  /** Whether the channel can still be used. */
  open = true;

  readonly #channel: Channel;
  readonly #session: RabbitmqSession;
  readonly #prefix = crypto.randomUUID();
  #count = 0;
  #tag = "";
  #subject = "";
  #onAnswer: OnAnswer = () => {};
  /** Where answers to the request under way go, and its correlation id. */
  #flight: { readonly replyTo: string; readonly id: string } | undefined;

  constructor(channel: Channel, session: RabbitmqSession) {
    this.#channel = channel;
    this.#session = session;
    this.requests = new Requests({
      listen: (_, onAnswer) => {
        this.#onAnswer = onAnswer;
        return () => {};
      },
      send: (subject, data, replyTo, headers) => this.#send(subject, data, replyTo, headers),
    });
    channel.on("return", (message) => this.#take(message, undefined));
  }

  /** Begins to take answers. */
  async listen(): Promise<void> {
    const onMessage = (message: Message | null) => {
      if (message !== null) this.#take(message, toBusMessage(message));
    };
    this.#tag = (await this.#channel.consume(ANSWERS, onMessage, { noAck: true })).consumerTag;
  }

  /** Makes the channel ready for another request: no answer to a former one arrives any more. */
  async renew(): Promise<void> {
    this.#flight = undefined;
    await this.#channel.cancel(this.#tag);
    await this.listen();
  }

  /** Ends the channel. */
  async close(): Promise<void> {
    this.open = false;
    await closeChannel(this.#channel);
  }

  /** The channel was closed, by the broker alone if there is an error. */
  onClose(error: ChannelError | undefined): void {
    this.open = false;
    this.requests.fail(refusal(this.#subject, error));
  }

  #send(subject: string, data: Uint8Array, replyTo: string, headers?: BusHeaders): boolean {
    // What is sent now would be carried out when nobody waits for the answer any more.
    if (!this.open || this.#session.blocked !== undefined) return false;
    const id = `${this.#prefix}.${this.#count++}`;
    const properties = requestProperties({ headers, correlationId: id, timeout: this.patience });
    this.#subject = subject;
    this.#flight = { replyTo, id };
    this.#channel.publish(exchangeOf(subject), subject, asBuffer(data), properties);
    return true;
  }

  #take({ properties }: Message, answer: BusMessage | undefined): void {
    if (this.#flight === undefined) return;
    const { replyTo, id } = this.#flight;
    if (properties.correlationId !== undefined && properties.correlationId !== id) return;
    this.#onAnswer(replyTo, answer && { ...answer, subject: replyTo });
  }
}

/** Opens a channel. @throws What the broker or the end of the session says. */
export async function openRequestChannel(
  session: RabbitmqSession,
): Promise<RabbitmqRequestChannel> {
  const channel = await session.channel((error) => own.onClose(error));
  const own = new RabbitmqRequestChannel(channel, session);
  await own.listen();
  return own;
}

function refusal(subject: string, error: ChannelError | undefined): BusError {
  switch (error?.code) {
    case 403:
      return new BusError("denied", `Cannot request ${subject}: ${error.message}`, {
        unsent: true,
      });
    case 404:
      return new BusError("no_responders", `Cannot request ${subject}: ${error.message}`);
    default:
      return new BusError(
        "disconnected",
        `Cannot wait for an answer: ${error?.message ?? "the bus is disconnected"}`,
      );
  }
}
