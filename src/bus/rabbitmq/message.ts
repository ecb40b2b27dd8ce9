/**
 * Messages between AMQP's form and ours.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { Message, Options } from "amqplib";
import { BusError, type BusHeaders, type BusMessage } from "../bus.ts";
import { checkHeaders } from "../base.ts";
import { checkPublishSubject } from "../subjects.ts";
import { checkRoutingKey } from "./topology.ts";

/** First part of the subjects that denote the reply queue of a request. */
const REPLY = "_REPLY.";
/**
 * First part of the subjects that denote a queue of the protocol: a response to it would be taken for an
 * event, an announcement or a request. The proxy refuses such reply subjects, and what is published on
 * them reaches no queue.
 */
const OWN_QUEUE = "ari.queue.";
/** Names of the queues that proxies and clients, those in Go included, consume other messages from. */
const ownQueues = /^(?:ari\.|ari-proxy\.|ariproxy-|ARIProxy)/;
/** The most bytes of headers, which have to fit into one frame with the other properties. */
const MAX_HEADERS = 32 * 1024;
/** With these, RabbitMQ would send copies to other queues. */
const ROUTING_HEADERS: readonly string[] = ["CC", "BCC"];
/** The properties of every message except a request; as in the original, nothing is written to disk. */
export const USUAL: Options.Publish = { contentType: "application/json", deliveryMode: 1 };

/** Largest message that a broker accepts by default, in bytes; it does not announce its limit. */
export const MAX_PAYLOAD = 16 * 1024 * 1024;

/** Where the reply to a request goes. */
export interface ReplyAddress {
  /** The queue, which is reached through the default exchange. */
  readonly queue: string;
  /** The correlation ID of the request, to be sent back. */
  readonly correlationId?: string;
}

/** Makes a message of a delivery. */
export function toBusMessage({ content, fields, properties }: Message): BusMessage {
  const headers = toRecord(properties.headers);
  return {
    subject: fields.routingKey,
    // Without Buffer's own methods, two of which mean something else than Uint8Array's.
    data: new Uint8Array(content.buffer, content.byteOffset, content.byteLength),
    ...(properties.replyTo
      ? { replyTo: replySubject(properties.replyTo, properties.correlationId) }
      : {}),
    ...(headers === undefined ? {} : { headers }),
  };
}

/** The subject on which the reply to a request has to be published. */
function replySubject(queue: string, correlationId: string | undefined): string {
  if (ownQueues.test(queue)) return `${OWN_QUEUE}${encode(queue)}`;
  return `${REPLY}${encode(queue)}${correlationId ? `.${encode(correlationId)}` : ""}`;
}

/** Where a message on a reply subject goes; undefined for other subjects. */
export function replyAddress(subject: string): ReplyAddress | undefined {
  if (!subject.startsWith(REPLY)) return undefined;
  const [, queue, correlationId] = subject.split(".");
  return {
    queue: decode(queue),
    ...(correlationId === undefined ? {} : { correlationId: decode(correlationId) }),
  };
}

/**
 * The properties of a request. The reply comes to the channel that the request is published on. The
 * request expires with its timeout, so that it is not carried out later, and is returned when there is
 * no queue for it.
 *
 * @param options Headers; an ID that is sent back with the reply; the timeout, in milliseconds.
 * @throws {BusError} With the code `invalid` or `too_large`, for its headers.
 */
export function requestProperties(options: {
  readonly headers?: BusHeaders;
  readonly correlationId: string;
  readonly timeout: number;
}): Options.Publish {
  const { headers, correlationId, timeout } = options;
  return {
    contentType: "application/json",
    replyTo: "amq.rabbitmq.reply-to",
    correlationId,
    // The broker accepts at most 32 bits.
    expiration: Math.min(Math.max(1, Math.ceil(timeout)), 0xffff_ffff),
    mandatory: true,
    ...(headers === undefined ? {} : { headers: toTable(headers) }),
  };
}

/**
 * Checks that headers can be sent.
 *
 * @throws {BusError} With the code `invalid` or `too_large`.
 */
export function toTable(headers: BusHeaders): BusHeaders {
  checkHeaders(headers);
  let size = 0;
  for (const name in headers) {
    if (name.length > 255 || ROUTING_HEADERS.includes(name)) {
      throw new BusError(
        "invalid",
        `Cannot send the header ${name.slice(0, 80)}: RabbitMQ does not accept its name`,
      );
    }
    size += name.length + 3 * headers[name].length;
  }
  if (size > MAX_HEADERS) {
    throw new BusError("too_large", `Cannot send the headers: they are over ${MAX_HEADERS} bytes`);
  }
  return headers;
}

function toRecord(table: Readonly<Record<string, unknown>> | undefined): BusHeaders | undefined {
  let record: Record<string, string> | undefined;
  for (const name in table) {
    const value = table[name];
    // Other programs send other types; what is not a single value is left out.
    if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") {
      continue;
    }
    record ??= {};
    record[name] = `${value}`;
  }
  return record;
}

function encode(text: string): string {
  return Buffer.from(text).toString("base64url");
}

function decode(text: string): string {
  return Buffer.from(text, "base64url").toString();
}

/**
 * Checks that a message can be sent.
 *
 * @param options Headers, and where it goes when it is a response, whose subject is not sent.
 * @throws {BusError} With the code `invalid` or `too_large`.
 */
export function checkMessage(
  subject: string,
  data: Uint8Array,
  { headers, to }: { readonly headers?: BusHeaders; readonly to?: ReplyAddress } = {},
): void {
  checkAddress(subject, to);
  if (headers !== undefined) toTable(headers);
  checkSize(subject, data);
}

/**
 * Checks that a message can be sent on a subject, or to the address that it denotes.
 *
 * @throws {BusError} With the code `invalid`.
 */
export function checkAddress(subject: string, to: ReplyAddress | undefined): void {
  checkPublishSubject(subject);
  checkRoutingKey(to?.queue ?? subject);
  if (to?.correlationId !== undefined) checkRoutingKey(to.correlationId);
}

/**
 * Checks that a payload can be sent.
 *
 * @throws {BusError} With the code `too_large`.
 */
export function checkSize(subject: string, data: Uint8Array): void {
  if (data.length > MAX_PAYLOAD) {
    throw new BusError(
      "too_large",
      `Cannot publish on ${subject}: ${data.length} bytes are over ${MAX_PAYLOAD} bytes`,
    );
  }
}
