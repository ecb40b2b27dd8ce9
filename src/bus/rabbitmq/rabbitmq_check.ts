/**
 * What RabbitMQ takes.
 *
 * @module
 */

import { BusError, type BusHeaders } from "../bus.ts";
import { type ReplyAddress, toTable } from "./message.ts";
import { checkRoutingKey } from "./topology.ts";
import { checkPublishSubject } from "../subjects.ts";

/** What a broker takes unless it is set up otherwise, in bytes; it does not tell. */
export const MAX_PAYLOAD = 16 * 1024 * 1024;

/** What else {@linkcode checkMessage} looks at. */
export interface CheckOptions {
  /**
   * Headers of the message.
   *
   * @default none
   */
  readonly headers?: BusHeaders;
  /**
   * Where it goes when it is an answer, whose subject is not sent.
   *
   * @default nowhere, it is none
   */
  readonly to?: ReplyAddress;
}

/**
 * Makes sure that a message can be sent.
 *
 * @throws {BusError} With the code `invalid` or `too_large`.
 */
export function checkMessage(
  subject: string,
  data: Uint8Array,
  { headers, to }: CheckOptions = {},
): void {
  checkAddress(subject, to);
  if (headers !== undefined) toTable(headers);
  checkSize(subject, data);
}

/**
 * Makes sure that a message can be sent on a subject, or to an address that it stands for.
 *
 * @throws {BusError} With the code `invalid`.
 */
export function checkAddress(subject: string, to: ReplyAddress | undefined): void {
  checkPublishSubject(subject);
  checkRoutingKey(to?.queue ?? subject);
  if (to?.correlationId !== undefined) checkRoutingKey(to.correlationId);
}

/**
 * Makes sure that a payload can be sent.
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
