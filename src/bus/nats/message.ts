/**
 * Messages between NATS's form and ours.
 *
 * @module
 */

import type { Msg } from "@nats-io/nats-core";
import type { MsgHdrs } from "@nats-io/nats-core/internal";
import type { BusHeaders, BusMessage } from "../bus.ts";

/** A message as it came from NATS. Its parts are decoded when they are asked for. */
export class NatsMessage implements BusMessage {
  readonly #message: Msg;
  #headers: BusHeaders | undefined;

  constructor(message: Msg) {
    this.#message = message;
  }

  get subject(): string {
    return this.#message.subject;
  }

  get data(): Uint8Array {
    return this.#message.data;
  }

  get replyTo(): string | undefined {
    return this.#message.reply || undefined;
  }

  get headers(): BusHeaders | undefined {
    return this.#headers ??= toRecord(this.#message.headers);
  }
}

/** Whether a message is the server's notice that nobody listens where a request went. */
export function saysNoResponders(message: Msg): boolean {
  return message.data.length === 0 && message.headers?.code === 503;
}

function toRecord(headers: MsgHdrs | undefined): BusHeaders | undefined {
  // A status of the server comes as headers without a name.
  if (headers === undefined || headers.keys().length === 0) return undefined;
  const record: Record<string, string> = {};
  // A name with several values keeps its first, as the contract knows one a name.
  for (const [name, values] of headers) record[name] = values[0];
  return record;
}
